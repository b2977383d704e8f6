"""The question of how two records stand to each other, on their pages and side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.worker import work_off
from app.matching.overlaps.models import Overlap
from app.matching.relations.models import Relation
from app.notifications.models import Delivery, Notice
from app.wiring import REACTIONS
from tests.pages import CheckingClient

NewClient = Callable[[], CheckingClient]


class Scene:
    """Two programmes that were found to do something alike, and a browser for each kind of person."""

    def __init__(self, world: Any, new_client: NewClient, sign_in: Any, **tier: Any) -> None:
        self.world, self.tx = world, world.tx
        self.new_client, self.sign_in = new_client, sign_in
        self.one = world.programme(world.organisation("donor"), title="Ports of Africa")
        self.other = world.programme(world.organisation("donor"), title="Ports d’Afrique", **tier)
        self.tx.add(
            Overlap(
                first_id=self.one.id, second_id=self.other.id, first_version=1, second_version=1, score=1,
                reasons=[], computed_at=world.now,
            )
        )  # fmt: skip
        self.tx.flush()
        self.address = f"/relations/{self.one.ref}/{self.other.ref}"

    def somebody(self, organisation: Any, role: str = "editor") -> CheckingClient:
        client = self.new_client()
        self.sign_in(client, self.world.account(organisation, role))
        return client

    def donor(self) -> CheckingClient:
        return self.somebody(self.one.organisation)

    def say(self, client: CheckingClient, says: str, sentence: str = "We pay half.", query: str = "") -> Any:
        data = {f"{self.other.ref}-says": says, f"{self.other.ref}-sentence": sentence}
        return client.post(f"{self.address}{query}", data={**data, f"{self.other.ref}-form_key": f"{says}{sentence}"})


@pytest.fixture
def scene(world: Any, new_client: NewClient, sign_in: Any) -> Scene:
    return Scene(world, new_client, sign_in)


def test_an_overlap_asks_the_two_sides_what_it_is(scene: Scene, client: CheckingClient) -> None:
    asked, page = "What is it?", f"/programmes/{scene.one.ref}"
    assert asked in scene.donor().get(page).text
    assert asked in scene.somebody(scene.other.organisation).get(page).text
    for other in (client, scene.somebody(scene.one.organisation, "member"), scene.somebody(scene.world.organisation())):
        assert asked not in other.get(page).text


def test_an_answer_stands_on_both_pages_and_is_told_to_the_other_side(
    scene: Scene, client: CheckingClient, app: Any
) -> None:
    page = f"/programmes/{scene.one.ref}"
    scene.world.account(scene.other.organisation)
    answer = scene.say(scene.donor(), "co_fund", query=f"?next={page}")
    assert (answer.status_code, answer.location) == (303, page)
    for record in (scene.one, scene.other):
        text = client.get(f"/programmes/{record.ref}").text
        assert "How it stands to other records" in text
        assert "Paid for together with this" in text
    assert "What is it?" not in scene.donor().get(page).text
    while work_off(app.extensions["counterpart"], REACTIONS):
        pass
    (notice,) = scene.tx.scalars(select(Notice).where(Notice.cause.startswith("relation_declared"))).all()
    assert scene.tx.scalars(select(Delivery).where(Delivery.notice_id == notice.id)).all()
    there = scene.somebody(scene.other.organisation).get(f"/relations/{scene.other.ref}/{scene.one.ref}")
    assert "Said by one side" in there.text


def test_both_answers_stand_where_the_sides_differ(scene: Scene, client: CheckingClient) -> None:
    scene.say(scene.donor(), "same")
    other = scene.somebody(scene.other.organisation)
    answer = scene.say(other, "different", "Ours is in Dakar.")
    assert answer.status_code == 303
    text = client.get(scene.address).text
    for words in ("The two sides see it differently", "We pay half.", "Ours is in Dakar."):
        assert words in text


def test_the_same_form_twice_is_one_answer(scene: Scene) -> None:
    donor = scene.donor()
    first, second = scene.say(donor, "same"), scene.say(donor, "same")
    assert first.location == second.location
    assert len(scene.tx.scalars(select(Relation)).all()) == 1


@pytest.mark.parametrize(
    ("says", "sentence", "error"),
    [("", "So.", "Say how the two stand"), ("same", "", "Say in a sentence why"), ("same", "x" * 501, "shorten it")],
)
def test_what_lacks_something_is_said_at_its_field_and_kept(scene: Scene, says: str, sentence: str, error: str) -> None:
    page = scene.say(scene.donor(), says, sentence)
    assert page.status_code == 422
    assert error in page.text
    assert sentence in page.text


def test_whoever_may_not_see_both_finds_nothing(
    world: Any, new_client: NewClient, sign_in: Any, client: CheckingClient
) -> None:
    scene = Scene(world, new_client, sign_in, disclosure="own")
    own = scene.somebody(scene.other.organisation)
    assert scene.say(own, "same").status_code == 303
    assert "How it stands" in own.get(f"/programmes/{scene.one.ref}").text
    for other in (client, scene.donor()):
        assert "How it stands" not in other.get(f"/programmes/{scene.one.ref}").text
        assert other.get(scene.address).status_code == 404
    assert scene.say(scene.donor(), "same").status_code == 404


def test_strangers_cannot_answer_and_see_no_pair_of_which_nothing_is_said(scene: Scene, client: CheckingClient) -> None:
    assert client.get(scene.address).status_code == 404
    assert scene.donor().get(scene.address).status_code == 200
    stranger = scene.somebody(scene.world.organisation("donor"))
    assert scene.say(stranger, "same").status_code == 403


def test_needs_and_pledges_stand_to_others_too(scene: Scene, client: CheckingClient) -> None:
    need = scene.world.need(scene.world.organisation())
    pledge = scene.world.pledge(need, scene.one.organisation)
    donor = scene.donor()
    for ref, path in ((need.ref, "needs"), (pledge.ref, "pledges")):
        data = {f"{ref}-says": "complement", f"{ref}-sentence": "It adds.", f"{ref}-form_key": ref}
        assert donor.post(f"/relations/{scene.one.ref}/{ref}", data=data).status_code == 303
        assert "It adds." in client.get(f"/{path}/{ref}").text
