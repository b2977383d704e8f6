"""The pages of programmes, through the test client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.drafts import Draft
from app.programmes.models import Programme, ProgrammeTransaction
from tests.factories import World
from tests.pages import CheckingClient

FIELDS = {
    "title": "Cellules portuaires",
    "description": "Formation et matériel de visite.",
    "themes": ["port_control"],
    "offers-0-kind": "training",
    "offers-0-quantity": "1 200,5",
    "offers-0-unit": "participants",
    "groupings": ["ECOWAS"],
    "accepting": "yes",
    "apply_by": "31/03/2027",
}


@dataclass
class Desk:
    """A donor's editor at a browser."""

    client: CheckingClient
    organisation: Any
    account: Any


@pytest.fixture
def desk(client: CheckingClient, world: World, sign_in: Callable[..., object]) -> Desk:
    donor = world.organisation("donor")
    account = world.account(donor)
    sign_in(client, account)
    return Desk(client, donor, account)


def only(tx: Tx) -> Programme:
    tx.expire_all()
    return tx.scalars(select(Programme)).one()


def test_the_list_is_empty_and_says_what_to_do(client: CheckingClient) -> None:
    assert "No programme yet" in client.get("/programmes").text


def test_the_list_filters_and_can_be_linked_to(client: CheckingClient, world: World) -> None:
    donor = world.organisation("donor")
    world.programme(donor, title="Ports", themes=["port_control"])
    world.programme(donor, title="Judges", accepting="no")
    page = client.get("/programmes?theme=port_control&accepting=yes&country=SN&kind=training&q=port").text
    assert "Ports" in page
    assert "Judges" not in page
    assert "You may ask for this" in page
    assert "A record, not an offer" in client.get("/programmes?accepting=no").text
    assert "No programme fits" in client.get("/programmes?q=nothing-like-it").text


def test_nonsense_in_an_address_is_passed_over(client: CheckingClient, world: World) -> None:
    world.programme(world.organisation("donor"), title="Ports")
    page = client.get("/programmes?theme=<b>&country=XX&kind=x&accepting=maybe&page=-3")
    assert page.status_code == 200
    assert "Ports" in page.text


def test_a_long_list_has_pages(client: CheckingClient, world: World) -> None:
    donor = world.organisation("donor")
    for number in range(21):
        world.programme(donor, title=f"Programme {number}", offers=[])
    assert "1–20 of 21" in client.get("/programmes?theme=asset_recovery").text
    assert "21–21 of 21" in client.get("/programmes?theme=asset_recovery&page=2").text


def test_a_page_says_whether_one_may_ask(client: CheckingClient, world: World) -> None:
    donor = world.organisation("donor")
    offer = world.programme(donor, apply_by=date(2027, 3, 31))
    record = world.programme(donor, accepting="unknown", source="iati")
    assert "may ask for it until 31 March 2027" in client.get(f"/programmes/{offer.ref}").text
    assert "does not say whether one may ask" in client.get(f"/programmes/{record.ref}").text


def test_user_text_keeps_its_language_and_does_not_run(client: CheckingClient, world: World) -> None:
    text = "<script>alert(1)</script>"
    programme = world.programme(
        world.organisation("donor"), language="pt", description=text, website="javascript:alert(1)"
    )
    page = client.get(f"/programmes/{programme.ref}").text
    assert text not in page
    assert "javascript:" not in page
    assert 'lang="pt"' in page


def test_restricted_fields_are_for_verified_organisations(
    client: CheckingClient, world: World, new_client: Callable[[], CheckingClient], sign_in: Callable[..., object]
) -> None:
    tiers = {"contact": "members", "budget": "members"}
    programme = world.programme(
        world.organisation("donor"),
        contact="desk@donor.example",
        budget_amount=7654321,
        currency="EUR",
        field_disclosure=tiers,
    )
    programme.transactions.append(ProgrammeTransaction(kind="3", amount=1234567, currency="EUR"))
    anonymous = client.get(f"/programmes/{programme.ref}").text
    assert "desk@donor.example" not in anonymous
    assert "7,654,321" not in anonymous
    assert "1,234,567" not in anonymous
    reader = new_client()
    sign_in(reader, world.account(world.organisation("state")))
    page = reader.get(f"/programmes/{programme.ref}").text
    assert "desk@donor.example" in page
    assert "7,654,321" in page
    assert "1,234,567" in page


def test_what_one_may_not_see_does_not_exist(client: CheckingClient, world: World) -> None:
    programme = world.programme(world.organisation("donor"), disclosure="members")
    assert client.get(f"/programmes/{programme.ref}").status_code == 404
    assert client.get("/programmes/P-2222-2222").status_code == 404


def test_a_donor_posts_a_programme(desk: Desk, tx: Tx) -> None:
    answer = desk.client.submit("/programmes/new", FIELDS)
    programme = only(tx)
    assert (answer.status_code, answer.location) == (303, f"/programmes/{programme.ref}")
    assert programme.organisation_id == desk.organisation.id
    assert str(programme.offers[0].quantity) == "1200.5"
    assert programme.apply_by == date(2027, 3, 31)
    assert "You may ask for this" in desk.client.get(answer.location).text


def test_a_double_click_posts_once(desk: Desk, tx: Tx) -> None:
    fields = desk.client.form("/programmes/new") | FIELDS
    first = desk.client.post("/programmes/new", data=fields)
    second = desk.client.post("/programmes/new", data=fields)
    assert first.location == second.location == f"/programmes/{only(tx).ref}"


def test_a_wrong_form_keeps_every_word_and_names_every_field(desk: Desk, tx: Tx) -> None:
    wrong = FIELDS | {
        "title": "", "apply_by": "soon", "budget_amount": "much", "offers-0-unit": "", "offers-1-description": "Radios",
        "starts_on": "2027-02-01", "ends_on": "2027-01-01", "website": "aid.example",
    }  # fmt: skip
    answer = desk.client.submit("/programmes/new", wrong)
    assert answer.status_code == 422
    for field in ("title", "apply_by", "budget_amount", "ends_on", "website", "offers-0-unit", "offers-1-kind"):
        assert f'href="#{field}"' in answer.text, field
    for typed in ("soon", "much", "Radios", "1 200,5", "aid.example", "Formation et matériel"):
        assert typed in answer.text, typed
    assert tx.scalar(select(Programme.id)) is None


def test_rows_come_and_go_without_javascript(desk: Desk, tx: Tx) -> None:
    fields = desk.client.form("/programmes/new") | FIELDS
    more = desk.client.post("/programmes/new", data=fields | {"add-row": "offers"})
    assert more.status_code == 200
    assert 'name="offers-1-kind"' in more.text
    assert "1 200,5" in more.text
    less = desk.client.post("/programmes/new", data=fields | {"offers-1-kind": "study", "remove-row": "offers-0"})
    assert "1 200,5" not in less.text
    assert tx.scalar(select(Programme.id)) is None


def test_blank_rows_are_passed_over(desk: Desk, tx: Tx) -> None:
    rows = {"offers-1-kind": "", "participants-0-role": "4", "participants-0-name": "", "links-0-kind": ""}
    desk.client.submit("/programmes/new", FIELDS | rows)
    programme = only(tx)
    assert (len(programme.offers), programme.participants, programme.links) == (1, [], [])


def test_what_was_typed_is_kept_and_taken_up_again(desk: Desk, tx: Tx) -> None:
    fields = desk.client.form("/programmes/new") | FIELDS | {"title": "Half a title"}
    kept = desk.client.post("/programmes/draft", data=fields)
    assert kept.status_code == 204
    assert kept.headers["X-Saved-At"]
    key = tx.scalars(select(Draft.key)).one()
    again = desk.client.form(f"/programmes/new?draft={key}")
    assert again["title"] == ["Half a title"]
    assert again["form_key"] == [key]
    assert again["themes"] == ["port_control"]
    desk.client.submit(f"/programmes/new?draft={key}")
    assert tx.scalars(select(Draft)).all() == []
    assert only(tx).title == "Half a title"


def test_an_amendment_in_the_making_is_taken_up_again(desk: Desk, world: World, tx: Tx) -> None:
    programme = world.programme(desk.organisation)
    path = f"/programmes/{programme.ref}/amend"
    fields = desk.client.form(path) | {"title": "Half an amendment"}
    assert desk.client.post(f"/programmes/draft?ref={programme.ref}", data=fields).status_code == 204
    draft = tx.scalars(select(Draft)).one()
    assert (draft.form, draft.record_ref) == ("programme", programme.ref)
    again = desk.client.form(f"{path}?draft={draft.key}")
    assert (again["title"], again["version"]) == (["Half an amendment"], fields["version"])


def test_nobody_keeps_a_draft_on_what_they_may_not_see(desk: Desk, world: World, tx: Tx) -> None:
    hidden = world.programme(world.organisation("donor"), disclosure="own")
    answer = desk.client.post(f"/programmes/draft?ref={hidden.ref}", data={"form_key": "k", "title": "x"})
    assert answer.status_code == 404
    assert tx.scalars(select(Draft)).all() == []


def test_whoever_edits_for_several_organisations_chooses_one(desk: Desk, world: World, tx: Tx) -> None:
    second = world.organisation("ngo", name="Second house")
    world.membership(desk.account, second)
    assert "Second house" in desk.client.get("/programmes/new").text
    desk.client.submit("/programmes/new", FIELDS | {"organisation": second.ref})
    assert only(tx).organisation_id == second.id


def test_nobody_posts_for_an_organisation_that_is_not_theirs(desk: Desk, world: World, tx: Tx) -> None:
    other = world.organisation("donor")
    answer = desk.client.submit("/programmes/new", FIELDS | {"organisation": other.ref})
    assert answer.status_code in {422, 303}
    assert tx.scalar(select(Programme.id).where(Programme.organisation_id == other.id)) is None


def test_a_stranger_may_not_post_or_amend(client: CheckingClient, world: World, sign_in: Callable[..., object]) -> None:
    programme = world.programme(world.organisation("donor"))
    assert client.get("/programmes/new").status_code == 302
    sign_in(client, world.account(world.organisation("state")))
    assert client.get("/programmes/new").status_code == 403
    assert client.get(f"/programmes/{programme.ref}/amend").status_code == 403
    assert client.post(f"/programmes/{programme.ref}/close", data={"ending": "4", "reason": "x"}).status_code == 403


def test_an_amendment_starts_from_what_stands(desk: Desk, world: World, tx: Tx) -> None:
    programme = world.programme(desk.organisation, countries=["SN", "GH"], purpose_code="99999", conditions="As agreed")
    answer = desk.client.submit(f"/programmes/{programme.ref}/amend", {"title": "A better title"})
    assert answer.status_code == 303
    amended = only(tx)
    assert (amended.title, amended.purpose_code, amended.conditions) == ("A better title", "99999", "As agreed")
    assert amended.codes("country") == ["GH", "SN"]
    assert len(amended.offers) == 1


def test_whoever_saves_second_sees_both_texts(desk: Desk, world: World, tx: Tx) -> None:
    programme = world.programme(desk.organisation)
    path = f"/programmes/{programme.ref}/amend"
    mine, theirs = desk.client.form(path), desk.client.form(path)
    desk.client.post(path, data=theirs | {"title": "Their title"})
    answer = desk.client.post(path, data=mine | {"title": "My title"})
    assert answer.status_code == 409
    assert "Their title" in answer.text
    assert 'value="My title"' in answer.text
    assert only(tx).title == "Their title"
    # The form now knows the newest version: saving again is a decision, not an accident.
    version = str(only(tx).version)
    assert desk.client.post(path, data=mine | {"title": "My title", "version": version}).status_code == 303
    assert only(tx).title == "My title"


def test_a_programme_is_closed_with_a_reason(desk: Desk, world: World, tx: Tx) -> None:
    programme = world.programme(desk.organisation)
    path = f"/programmes/{programme.ref}/close"
    assert desk.client.post(path, data={"ending": "4", "reason": " "}).status_code == 422
    fields = desk.client.form(path) | {"ending": "4", "reason": "Every place is taken."}
    assert desk.client.post(path, data=fields).status_code == 303
    assert desk.client.post(path, data=fields).status_code == 303
    assert only(tx).status == "4"
    page = desk.client.get(f"/programmes/{programme.ref}").text
    assert "Every place is taken." in page
    assert "A record, not an offer" in page
    assert "status does not change any more" in desk.client.get(path).text


@pytest.mark.parametrize("language", ["fr", "es", "pt"])
def test_the_pages_stand_in_every_language(client: CheckingClient, world: World, language: str) -> None:
    programme = world.programme(world.organisation("donor"))
    client.set_cookie("language", language)
    for path in ("/programmes", f"/programmes/{programme.ref}"):
        assert f'<html lang="{language}"' in client.get(path).text


def test_a_list_is_ordered_and_as_long_as_one_asks(client: CheckingClient, world: World) -> None:
    donor = world.organisation("donor")
    world.programme(donor, title="Asks by May", apply_by=date(2027, 5, 1))
    world.programme(donor, title="Asks by March", apply_by=date(2027, 3, 1))
    page = client.get("/programmes?sort=deadline&size=50").text
    assert page.index("Asks by March") < page.index("Asks by May")
    assert '<option value="50" selected>' in page
    assert "size=50" in client.get("/programmes?theme=asset_recovery&size=50").text


def test_the_history_shows_what_changed_word_by_word(desk: Desk, world: World, new_client: Any) -> None:
    programme = world.programme(desk.organisation, title="Ports of the Gulf", language="en")
    address = f"/programmes/{programme.ref}"
    assert "See what changed" not in desk.client.get(address).text
    assert desk.client.submit(f"{address}/amend", {"title": "Ports of the coast"}).status_code == 303
    assert f'href="{address}/history"' in desk.client.get(address).text
    page = new_client().get(f"{address}/history").text
    assert ">taken out: </span>Gulf</del>" in page
    assert ">put in: </span>coast</ins>" in page
    hidden = world.programme(desk.organisation, disclosure="own")
    assert new_client().get(f"/programmes/{hidden.ref}/history").status_code == 404


def test_one_click_says_that_a_programme_still_stands(desk: Desk, world: World, tx: Tx, client: CheckingClient) -> None:
    programme = world.programme(desk.organisation, verify_by=date(2026, 11, 1))
    address = f"/programmes/{programme.ref}"
    assert "Does this still stand?" in desk.client.get(address).text
    assert desk.client.post(f"{address}/confirm").status_code == 303
    assert "Does this still stand?" not in desk.client.get(address).text
    assert only(tx).verify_by == date(2027, 5, 22)
    assert "it still stands" in desk.client.get(address).text


def test_only_its_donor_confirms_a_programme_and_only_while_it_runs(
    desk: Desk, world: World, new_client: Any, sign_in: Callable[..., object]
) -> None:
    programme = world.programme(desk.organisation, verify_by=date(2026, 11, 1))
    over = world.programme(desk.organisation, verify_by=date(2026, 11, 1), status="4", accepting="no")
    stranger = new_client()
    sign_in(stranger, world.account(world.organisation("donor")))
    assert stranger.post(f"/programmes/{programme.ref}/confirm").status_code == 403
    assert desk.client.post(f"/programmes/{over.ref}/confirm").status_code == 409
    assert "Does this still stand?" not in desk.client.get(f"/programmes/{over.ref}").text


def test_hard_fields_come_with_a_good_and_a_bad_example(desk: Desk) -> None:
    page = desk.client.get("/programmes/new").text
    assert page.count('class="examples"') == 2
    assert "The usual conditions apply." in page


def test_names_say_in_which_language_they_are(client: CheckingClient, world: World) -> None:
    donor = world.organisation("donor", name="Agência de Cooperação", language="pt")
    world.programme(donor)
    for address in ("/programmes", f"/programmes/{world.programme(donor).ref}"):
        assert '<span lang="pt" dir="auto">Agência de Cooperação</span>' in client.get(address).text
