"""What is said of a match on its page, what goes away by it, and the secretariat's page of quality."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.matching.feedback.models import MatchAnswer, MatchReview
from tests.matching.pairs import match
from tests.pages import CheckingClient

NewClient = Callable[[], CheckingClient]
SignInWith = Callable[..., Any]


class Scene:
    """A need, a donor's programme that fits it, and a browser for each kind of person."""

    def __init__(self, world: Any, new_client: NewClient, sign_in: SignInWith, **tier: Any) -> None:
        self.world, self.tx = world, world.tx
        self.new_client, self.sign_in = new_client, sign_in
        self.need = world.need(world.organisation("state"), title="Scanner pour Dakar")
        self.offer = world.programme(world.organisation("donor"), title="Ports of Africa", **tier)
        match(world, self.need, self.offer)
        self.address = f"/needs/{self.need.ref}/matches/programme/{self.offer.ref}"

    def somebody(self, organisation: Any, role: str = "editor") -> CheckingClient:
        client = self.new_client()
        self.sign_in(client, self.world.account(organisation, role))
        return client

    def donor(self) -> CheckingClient:
        return self.somebody(self.offer.organisation)

    def office(self) -> CheckingClient:
        return self.somebody(self.world.organisation("secretariat"))

    def say(self, client: CheckingClient, says: str, **fields: str) -> Any:
        prefix = f"{self.offer.organisation.ref}-"
        data = {f"{prefix}{name}": text for name, text in {"says": says, **fields}.items()}
        return client.post(f"{self.address}/answer", data=data)


@pytest.fixture
def scene(world: Any, new_client: NewClient, sign_in: SignInWith) -> Scene:
    return Scene(world, new_client, sign_in)


def test_the_two_sides_are_asked_and_nobody_else(scene: Scene, client: CheckingClient) -> None:
    asked = "What do you say?"
    assert asked in scene.donor().get(scene.address).text
    assert asked in scene.somebody(scene.need.organisation).get(scene.address).text
    for other in (
        client, scene.office(), scene.somebody(scene.offer.organisation, "member"),
        scene.somebody(scene.world.organisation("donor")),
    ):  # fmt: skip
        assert asked not in other.get(scene.address).text


def test_not_a_fit_goes_from_the_lists_and_can_be_brought_back(scene: Scene, client: CheckingClient) -> None:
    donor = scene.donor()
    assert scene.say(donor, "not_fit", reason="dates").status_code == 303
    listed = f"/needs/{scene.need.ref}/matches"
    for address in (listed, f"/needs/{scene.need.ref}", f"/programmes/{scene.offer.ref}"):
        assert "1 hidden by your organisation: show" in donor.get(address).text, address
        assert "hidden by your organisation" not in client.get(address).text, address
    assert "The dates do not suit" in donor.get(scene.address).text
    assert "The dates do not suit" not in client.get(scene.address).text
    assert donor.post(f"{scene.address}/withdraw").status_code == 303
    assert "hidden by your organisation" not in donor.get(listed).text


def test_what_lacks_something_is_said_at_its_field_and_kept(scene: Scene) -> None:
    donor = scene.donor()
    page = scene.say(donor, "not_fit", reason="other")
    assert page.status_code == 422
    assert "Say in a few words why it does not fit." in page.text
    assert scene.say(donor, "not_fit").status_code == 422
    assert scene.tx.scalars(select(MatchAnswer)).all() == []


def test_strangers_are_refused(scene: Scene, client: CheckingClient) -> None:
    stranger = scene.somebody(scene.world.organisation("donor"))
    assert scene.say(stranger, "useful").status_code == 403
    assert stranger.post(f"{scene.address}/review", data={"review-verdict": "down"}).status_code == 403
    assert stranger.get("/quality").status_code == 403
    assert client.get("/quality").status_code == 302
    assert scene.tx.scalars(select(MatchAnswer)).all() == scene.tx.scalars(select(MatchReview)).all() == []


def test_the_secretariat_reads_and_decides(scene: Scene) -> None:
    office = scene.office()
    empty = office.get("/quality").text
    assert "Nothing waits" in empty
    assert "No answers yet" in empty
    scene.say(scene.donor(), "not_fit", reason="other", words="We have left the ports.")
    page = office.get("/quality").text
    for words in ("Scanner pour Dakar", "Ports of Africa", "We have left the ports.", "accepts requests", "<svg"):
        assert words in page, words
    assert "waits for your decision" in office.get("/desk").text
    refused = office.post(f"{scene.address}/review", data={"review-verdict": "down", "review-note": ""})
    assert refused.status_code == 422
    assert "Write why you decide so" in refused.text
    data = {"review-verdict": "down", "review-note": "They have left."}
    assert office.post(f"{scene.address}/review", data=data).status_code == 303
    page = office.get("/quality").text
    assert "Nothing waits" in page
    assert "They have left." in page
    assert "Put last for everybody" in page


def test_a_look_at_what_was_not_written_for_the_office_is_on_record(
    world: Any, new_client: NewClient, sign_in: SignInWith
) -> None:
    scene = Scene(world, new_client, sign_in, disclosure="named")
    office = scene.office()
    assert office.get(scene.address).status_code == 200
    looked = select(AuditEvent.action, AuditEvent.record_ref).where(AuditEvent.action.endswith(".looked"))
    assert [tuple(row) for row in scene.tx.execute(looked)] == [("programme.looked", scene.offer.ref)]
