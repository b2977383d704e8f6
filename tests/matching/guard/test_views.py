"""What the guard asks in the forms: nothing where nothing is alike, once where something is, and never for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from app.foundation.drafts import Draft
from app.foundation.references import new_reference
from app.matching.relations.models import Relation
from app.needs.models import Need
from app.programmes.models import Programme
from tests.pages import CheckingClient

TITLE = "Scanners and training for container searches in the port of Dakar"
WORDS = "One container in two hundred is opened. Customs officers ask for scanners and for training in profiling."
DATES = {"starts_on": date(2027, 1, 15), "ends_on": date(2028, 6, 30)}
TYPED = {
    "language": "en",
    "title": TITLE,
    "description": WORDS,
    "themes": ["port_control"],
    "countries": ["SN"],
    "offers-0-kind": "training",
    "accepting": "yes",
    "starts_on": "2027-02-01",
    "ends_on": "2028-06-30",
}
ASKED = "Is this here already?"


class Desk:
    """A donor's editor before the form of a new programme, and another donor whose programme is the same."""

    def __init__(self, world: Any, client: CheckingClient, sign_in: Callable[..., object]) -> None:
        self.world, self.tx, self.client = world, world.tx, client
        self.donor = world.organisation("donor")
        sign_in(client, world.account(self.donor))

    def there(self, **values: Any) -> Programme:
        given = {"title": TITLE, "description": WORDS, "themes": ["port_control"], "language": "en", **DATES}
        owner = values.pop("owner", None) or self.world.organisation("donor")
        return self.world.programme(owner, **{**given, **values})

    def send(self, **values: Any) -> Any:
        fields = {"form_key": new_reference("X"), "organisation": self.donor.ref, **TYPED, **values}
        return self.client.post("/programmes/new", data=fields)

    def answers(self, other: Any, says: str, sentence: str = "We pay half of it.") -> dict[str, str]:
        return {f"guard-{other.ref}-says": says, f"guard-{other.ref}-sentence": sentence}

    def number(self) -> int:
        query = select(func.count(Programme.id)).where(Programme.organisation_id == self.donor.id)
        return self.tx.scalar(query) or 0

    def relations(self) -> list[str]:
        self.tx.expire_all()
        return [row.kind for row in self.tx.scalars(select(Relation).order_by(Relation.id))]


@pytest.fixture
def desk(world: Any, client: CheckingClient, sign_in: Callable[..., object]) -> Desk:
    return Desk(world, client, sign_in)


def test_nothing_is_asked_where_nothing_is_alike(desk: Desk) -> None:
    desk.there(title="Treatment courts", description="Care instead of prison.", themes=["treatment"])
    desk.there(countries=["PE"])
    assert desk.send().status_code == 303
    assert desk.relations() == []


def test_what_seems_to_be_the_same_is_asked_about_and_everything_typed_stays(desk: Desk) -> None:
    other = desk.there()
    page = desk.send()
    assert page.status_code == 422
    assert desk.number() == 0
    for words in (ASKED, f'href="#guard-{other.ref}-says"', "<mark>Senegal</mark>", "<mark>Scanners</mark>", WORDS):
        assert words in page.text
    (draft,) = desk.tx.scalars(select(Draft)).all()
    assert (draft.form, draft.title) == ("programme", TITLE)


@pytest.mark.parametrize(
    ("says", "kept"),
    [("co_fund", "co_fund"), ("complement", "complement"), ("replaces", "replace"), ("different", "different")],
)
def test_an_answer_is_saved_with_the_record_and_stands_on_both(desk: Desk, says: str, kept: str) -> None:
    other = desk.there()
    answer = desk.send(**desk.answers(other, says))
    assert answer.status_code == 303
    assert desk.relations() == [kept]
    for address in (answer.location, f"/programmes/{other.ref}"):
        assert "We pay half of it." in desk.client.get(address).text
    assert desk.tx.scalars(select(Draft)).all() == []


def test_who_says_that_it_is_there_already_is_led_there_and_may_still_post(desk: Desk) -> None:
    other = desk.there()
    page = desk.send(**desk.answers(other, "same"))
    assert page.status_code == 422
    assert "join it instead" in page.text
    assert desk.number() == 0
    assert desk.send(**desk.answers(other, "same"), **{"guard-anyway": "1"}).status_code == 303
    assert desk.relations() == ["same"]


def test_one_may_always_go_on_and_the_record_says_so_to_both_sides(
    desk: Desk, client: CheckingClient, new_client: Any
) -> None:
    other = desk.there()
    answer = desk.send(**{"guard-anyway": "1"})
    assert answer.status_code == 303
    assert desk.relations() == ["unanswered"]
    assert "not answered yet" in client.get(answer.location).text
    assert "not answered yet" not in new_client().get(answer.location).text
    pair = client.get(f"/relations/{answer.location.rsplit('/', 1)[1]}/{other.ref}")
    assert "What do you say?" in pair.text


@pytest.mark.parametrize("typed", [{"says": "", "sentence": "So."}, {"says": "co_fund", "sentence": ""}])
def test_half_an_answer_is_none(desk: Desk, typed: dict[str, str]) -> None:
    other = desk.there()
    assert desk.send(**desk.answers(other, **typed)).status_code == 422
    assert desk.number() == 0


@pytest.mark.parametrize("tier", ["own", "named", "members"])
def test_a_hidden_record_changes_nothing(desk: Desk, tier: str, world: Any) -> None:
    desk.there(disclosure=tier, named=[world.organisation("donor")] if tier == "named" else [])
    assert desk.send().status_code == (422 if tier == "members" else 303)


def test_five_are_shown_at_most(desk: Desk) -> None:
    for _number in range(7):
        desk.there()
    assert desk.send().text.count("Seems to be the same") == 5


def test_a_record_in_another_language_is_found_by_what_it_is_about(desk: Desk) -> None:
    french = {
        "title": "Contrôle des conteneurs au port de Dakar : scanners et formation des douaniers",
        "description": "Les douaniers apprennent le profilage et le ciblage des conteneurs à risque.",
        "language": "fr",
        "starts_on": date(2027, 2, 1),
    }
    desk.there(**french)
    assert desk.send().status_code == 422


def test_another_record_of_the_same_days_in_another_language_is_another(desk: Desk) -> None:
    french = {"title": "Soins aux détenus toxicomanes", "description": "Les médecins des prisons sont formés."}
    desk.there(**french, language="fr", starts_on=date(2027, 2, 1), themes=["port_control", "prisons"])
    assert desk.send().status_code == 303


def test_amending_asks_only_when_what_counts_has_changed(desk: Desk) -> None:
    desk.there()
    own = desk.there(owner=desk.donor)
    path = f"/programmes/{own.ref}/amend"
    assert desk.client.submit(path, {"website": "https://ports.example"}, form_id="programme-form").status_code == 303
    page = desk.client.submit(path, {"title": f"{TITLE} and Thiès"}, form_id="programme-form")
    assert (page.status_code, ASKED in page.text) == (422, True)


def test_what_was_answered_is_not_asked_again(desk: Desk) -> None:
    other = desk.there()
    address = desk.send(**desk.answers(other, "co_fund")).location
    page = desk.client.submit(f"{address}/amend", {"title": f"{TITLE} now"}, form_id="programme-form")
    assert page.status_code == 303


def test_a_need_and_a_course_are_asked_about_too(desk: Desk, new_client: Any, sign_in: Any, world: Any) -> None:
    state, centre = world.organisation(), world.organisation("centre")
    world.need(state, title=TITLE, problem=WORDS, summary="", themes=["port_control"], language="en", **DATES)
    world.course(world.organisation("centre"), title=TITLE, description=WORDS, themes=["port_control"], language="en")
    official, teacher = new_client(), new_client()
    sign_in(official, world.account(state))
    sign_in(teacher, world.account(centre))
    fields = {
        "language": "en", "title": TITLE, "problem": WORDS, "themes": ["port_control"], "countries": ["SN"],
        "lines-0-kind": "training", "lines-0-quantity": "40", "lines-0-unit": "officers",
        "lines-0-description": "Profiling",
        "starts_on": "2027-02-01", "ends_on": "2028-06-30", "disclosure": "public",
    }  # fmt: skip
    before = desk.tx.scalar(select(func.count(Need.id)))
    page = official.submit("/needs/new", fields, form_id="need-form")
    assert (page.status_code, ASKED in page.text) == (422, True)
    assert desk.tx.scalar(select(func.count(Need.id))) == before
    assert official.submit("/needs/new", {**fields, "guard-anyway": "1"}, form_id="need-form").status_code == 303
    course = {"title": TITLE, "description": WORDS, "themes": ["port_control"], "languages": ["en"],
              "groupings": ["ECOWAS"], "language": "en"}  # fmt: skip
    page = teacher.submit("/courses/new", course, form_id="course-form")
    assert (page.status_code, ASKED in page.text) == (422, True)
