"""The pages of courses and their sessions, through the test client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.drafts import Draft
from tests.factories import World
from tests.pages import CheckingClient

FIELDS = {
    "title": "Ciblage et visite des conteneurs",
    "description": "Trois semaines entre la salle et le terminal.",
    "themes": ["port_control", "customs"],
    "languages": ["fr"],
    "groupings": ["ECOWAS"],
    "fee_amount": "850",
    "currency": "eur",
    "fee_covers": "Hébergement, repas",
    "hours": "90",
}
SESSION = {
    "starts_on": "2027-03-01", "ends_on": "19/03/2027", "seats": "20", "time_zone": "Africa/Dakar", "place": "Dakar",
    "country": "SN", "register_by": "2027-02-01", "languages": ["fr"],
}  # fmt: skip


@dataclass
class Desk:
    """A centre's editor at a browser."""

    client: CheckingClient
    organisation: Any


@pytest.fixture
def desk(client: CheckingClient, world: World, sign_in: Callable[..., object]) -> Desk:
    centre = world.organisation("centre")
    sign_in(client, world.account(centre))
    return Desk(client, centre)


def only(tx: Tx) -> Course:
    tx.expire_all()
    return tx.scalars(select(Course)).one()


def test_the_list_is_empty_and_says_what_to_do(client: CheckingClient) -> None:
    assert "No course yet" in client.get("/courses").text


def test_the_list_filters_and_can_be_linked_to(client: CheckingClient, world: World) -> None:
    centre = world.organisation("centre")
    world.course(centre, title="Ports", themes=["port_control"], sessions=[{}])
    world.course(centre, title="Judges")
    page = client.get("/courses?theme=port_control&dates=with&language=fr&q=port").text
    assert "Ports" in page
    assert "Judges" not in page
    assert "Open for registration" in page
    assert "20 seats" in page
    assert "Judges" in client.get("/courses?dates=without").text
    assert "No course fits" in client.get("/courses?q=nothing-like-it").text


def test_nonsense_in_an_address_is_passed_over(client: CheckingClient, world: World) -> None:
    world.course(world.organisation("centre"), title="Ports")
    assert "Ports" in client.get("/courses?theme=<b>&country=XX&language=%3Cb%3E&dates=maybe&page=x").text


def test_a_page_tells_the_fee_and_the_sessions(client: CheckingClient, world: World) -> None:
    course = world.course(
        world.organisation("centre"),
        fee_amount=850,
        currency="EUR",
        fee_covers="Repas",
        level="advanced",
        sessions=[{}, {"status": "cancelled"}],
    )
    page = client.get(f"/courses/{course.ref}").text
    for words in ("850 EUR", "Repas", "Advanced", "On site", "Open for registration", "Cancelled", "8 March 2027"):
        assert words in page, words
    assert "free of charge" in client.get(f"/courses/{world.course(course.organisation, fee_amount=0).ref}").text


def test_a_session_has_a_page(client: CheckingClient, world: World) -> None:
    course = world.course(world.organisation("centre"), sessions=[{}])
    page = client.get(f"/courses/{course.ref}/sessions/{course.sessions[0].ref}").text
    assert "Registration is open until 1 February 2027" in page
    assert "Africa/Dakar" in page


def test_what_one_may_not_see_does_not_exist(client: CheckingClient, world: World) -> None:
    centre = world.organisation("centre")
    hidden, public = world.course(centre, disclosure="members", sessions=[{}]), world.course(centre)
    session = hidden.sessions[0].ref
    assert client.get(f"/courses/{hidden.ref}").status_code == 404
    assert client.get(f"/courses/{hidden.ref}/sessions/{session}").status_code == 404
    assert client.get(f"/courses/{public.ref}/sessions/{session}").status_code == 404


def test_a_centre_posts_a_course_and_announces_a_session(desk: Desk, tx: Tx) -> None:
    answer = desk.client.submit("/courses/new", FIELDS)
    course = only(tx)
    assert (answer.status_code, answer.location) == (303, f"/courses/{course.ref}")
    assert (course.organisation_id, course.hours, course.currency) == (desk.organisation.id, 90, "EUR")
    answer = desk.client.submit(f"/courses/{course.ref}/sessions/new", SESSION)
    session = only(tx).sessions[0]
    assert answer.location == f"/courses/{course.ref}/sessions/{session.ref}"
    assert (session.ends_on, session.seats, session.country) == (date(2027, 3, 19), 20, "SN")
    assert "Registration is open" in desk.client.get(answer.location).text


def test_a_double_click_posts_once(desk: Desk, tx: Tx) -> None:
    fields = desk.client.form("/courses/new") | FIELDS
    locations = {desk.client.post("/courses/new", data=fields).location for _click in range(2)}
    assert locations == {f"/courses/{only(tx).ref}"}
    path = f"/courses/{only(tx).ref}/sessions/new"
    fields = desk.client.form(path) | SESSION
    assert len({desk.client.post(path, data=fields).location for _click in range(2)}) == 1
    assert len(only(tx).sessions) == 1


def test_a_wrong_form_keeps_every_word_and_names_every_field(desk: Desk, tx: Tx) -> None:
    wrong = FIELDS | {"title": "", "languages": [], "fee_amount": "dear", "currency": "ECU1", "hours": "ninety"}
    answer = desk.client.submit("/courses/new", wrong)
    assert answer.status_code == 422
    for field in ("title", "languages", "fee_amount", "currency", "hours"):
        assert f'href="#{field}"' in answer.text, field
    for typed in ("dear", "ECU1", "ninety", "Hébergement", "Trois semaines"):
        assert typed in answer.text, typed
    assert tx.scalar(select(Course.id)) is None


def test_a_wrong_session_keeps_every_word_and_names_every_field(desk: Desk, world: World, tx: Tx) -> None:
    course = world.course(desk.organisation)
    wrong = SESSION | {"starts_on": "2027-03-30", "seats": "some", "register_by": "2027-04-01", "time_zone": "Mars"}
    answer = desk.client.submit(f"/courses/{course.ref}/sessions/new", wrong)
    assert answer.status_code == 422
    for field in ("ends_on", "seats", "register_by", "time_zone"):
        assert f'href="#{field}"' in answer.text, field
    assert 'value="some"' in answer.text
    assert tx.scalar(select(CourseSession.id)) is None


def test_what_was_typed_is_kept_and_taken_up_again(desk: Desk, tx: Tx) -> None:
    fields = desk.client.form("/courses/new") | FIELDS | {"title": "Half a title"}
    assert desk.client.post("/courses/draft", data=fields).status_code == 204
    draft = tx.scalars(select(Draft)).one()
    again = desk.client.form(f"/courses/new?draft={draft.key}")
    assert (again["title"], again["form_key"]) == (["Half a title"], [draft.key])
    desk.client.submit(f"/courses/new?draft={draft.key}")
    assert tx.scalars(select(Draft)).all() == []


def test_a_session_in_the_making_is_kept_too(desk: Desk, world: World, tx: Tx) -> None:
    course = world.course(desk.organisation)
    path = f"/courses/{course.ref}/sessions/new"
    fields = desk.client.form(path) | {"seats": "12"}
    assert desk.client.post(f"/courses/draft?ref={course.ref}", data=fields).status_code == 204
    draft = tx.scalars(select(Draft)).one()
    assert (draft.form, draft.record_ref) == ("course_session", course.ref)
    assert desk.client.form(f"{path}?draft={draft.key}")["seats"] == ["12"]


def test_a_stranger_may_not_post_or_change(
    client: CheckingClient, world: World, sign_in: Callable[..., object]
) -> None:
    course = world.course(world.organisation("centre"), sessions=[{}])
    session = f"/courses/{course.ref}/sessions/{course.sessions[0].ref}"
    assert client.get("/courses/new").status_code == 302
    sign_in(client, world.account(world.organisation("donor")))
    assert client.get("/courses/new").status_code == 403
    for path in (f"/courses/{course.ref}/amend", f"/courses/{course.ref}/sessions/new", f"{session}/amend"):
        assert client.get(path).status_code == 403, path
    for path in (f"/courses/{course.ref}/withdraw", f"{session}/cancel"):
        assert client.post(path, data={"reason": "x"}).status_code == 403, path


def test_an_amendment_starts_from_what_stands(desk: Desk, world: World, tx: Tx) -> None:
    course = world.course(desk.organisation, purpose_code="99999", prerequisites="Deux ans de service")
    assert desk.client.submit(f"/courses/{course.ref}/amend", {"title": "A better title"}).status_code == 303
    amended = only(tx)
    assert (amended.title, amended.purpose_code, amended.prerequisites) == (
        "A better title",
        "99999",
        "Deux ans de service",
    )
    assert amended.codes("grouping") == ["ECOWAS"]


def test_whoever_saves_second_sees_both_texts(desk: Desk, world: World, tx: Tx) -> None:
    course = world.course(desk.organisation)
    path = f"/courses/{course.ref}/amend"
    mine, theirs = desk.client.form(path), desk.client.form(path)
    desk.client.post(path, data=theirs | {"title": "Their title"})
    answer = desk.client.post(path, data=mine | {"title": "My title"})
    assert answer.status_code == 409
    assert "Their title" in answer.text
    assert 'value="My title"' in answer.text
    assert only(tx).title == "Their title"


def test_a_session_is_changed_by_one_editor_at_a_time(desk: Desk, world: World, tx: Tx) -> None:
    course = world.course(desk.organisation, sessions=[{}])
    path = f"/courses/{course.ref}/sessions/{course.sessions[0].ref}/amend"
    mine, theirs = desk.client.form(path), desk.client.form(path)
    assert desk.client.post(path, data=theirs | {"seats": "31"}).status_code == 303
    answer = desk.client.post(path, data=mine | {"seats": "17"})
    assert answer.status_code == 409
    assert "31" in answer.text
    assert 'value="17"' in answer.text
    assert only(tx).sessions[0].seats == 31


def test_a_session_is_cancelled_with_a_reason(desk: Desk, world: World, tx: Tx) -> None:
    course = world.course(desk.organisation, sessions=[{}])
    page = f"/courses/{course.ref}/sessions/{course.sessions[0].ref}"
    assert desk.client.post(f"{page}/cancel", data={"reason": ""}).status_code == 422
    fields = desk.client.form(f"{page}/cancel") | {"reason": "The trainer is ill."}
    for _click in range(2):
        assert desk.client.post(f"{page}/cancel", data=fields).status_code == 303
    assert only(tx).sessions[0].status == "cancelled"
    assert "The trainer is ill." in desk.client.get(page).text
    assert desk.client.get(f"{page}/amend").status_code == 409


def test_a_withdrawn_course_leaves_the_catalogue(
    desk: Desk, world: World, tx: Tx, new_client: Callable[[], CheckingClient]
) -> None:
    course = world.course(desk.organisation, title="Leaving", sessions=[{}])
    path = f"/courses/{course.ref}"
    assert desk.client.post(f"{path}/withdraw", data={"reason": ""}).status_code == 422
    assert desk.client.submit(f"{path}/withdraw", {"reason": "The centre moves."}).status_code == 303
    assert only(tx).sessions[0].status == "cancelled"
    own = desk.client.get(path).text
    assert "The centre moves." in own
    assert "Only your organisation still sees this page" in own
    assert new_client().get(path).status_code == 404
    assert "Leaving" not in new_client().get("/courses").text


@pytest.mark.parametrize("language", ["fr", "es", "pt"])
def test_the_pages_stand_in_every_language(client: CheckingClient, world: World, language: str) -> None:
    course = world.course(world.organisation("centre"), sessions=[{}])
    client.set_cookie("language", language)
    for path in ("/courses", f"/courses/{course.ref}", f"/courses/{course.ref}/sessions/{course.sessions[0].ref}"):
        assert f'<html lang="{language}"' in client.get(path).text


def test_a_list_is_ordered_and_as_long_as_one_asks(client: CheckingClient, world: World) -> None:
    centre = world.organisation("centre")
    world.course(centre, title="Zebra", sessions=[{}])
    world.course(centre, title="Aardvark")
    page = client.get("/courses").text
    assert page.index("Zebra") < page.index("Aardvark")
    page = client.get("/courses?sort=title&size=100").text
    assert page.index("Aardvark") < page.index("Zebra")
    assert '<option value="100" selected>' in page


def test_the_history_shows_words_and_sessions_that_changed(desk: Desk, world: World, new_client: Any) -> None:
    course = world.course(desk.organisation, title="Ports of the Gulf", language="en", sessions=[{"seats": 20}])
    address = f"/courses/{course.ref}"
    session = f"{address}/sessions/{course.sessions[0].ref}"
    assert "See what changed" not in desk.client.get(address).text
    assert desk.client.submit(f"{address}/amend", {"title": "Ports of the coast"}).status_code == 303
    assert desk.client.submit(f"{session}/amend", {"seats": "12"}).status_code == 303
    assert f'href="{address}/history"' in desk.client.get(address).text
    page = new_client().get(f"{address}/history").text
    assert ">put in: </span>coast</ins>" in page
    assert "Seats: 12" in page
    assert "Version 3" in page


def test_a_session_in_the_making_is_taken_up_again_from_the_desk(desk: Desk, world: World) -> None:
    course = world.course(desk.organisation, title="Customs for all")
    new = f"/courses/{course.ref}/sessions/new"
    fields = desk.client.form(new, "session-form") | {"seats": "17", "place": "Praia"}
    assert desk.client.post(f"/courses/draft?ref={course.ref}", data=fields).status_code == 204
    page = desk.client.get("/desk").text
    assert "Customs for all" in page
    again = f"{new}?draft={fields['form_key'][0]}"
    assert f'href="{again}"' in page
    assert 'value="Praia"' in desk.client.get(again).text
