"""The secretariat's search of the record: who may, what is typed, and the file that is taken along."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent, record_event
from app.foundation.permissions import SYSTEM
from app.record import service

HOSTILE = "<script>alert(1)</script>"
ADDRESS = "/record/export.csv"


@pytest.fixture
def office(world):
    return world.account(world.organisation("secretariat"), name="Tomás Orrego")


@pytest.fixture
def state(world):
    return world.organisation(name="Direction de la police")


@pytest.fixture
def posted(tx, world, state, now):
    """A need on record, posted by a person of the State."""
    need = world.need(state)
    person = world.actor(world.account(state, name="Émile Ouédraogo"))
    record_event(tx, person, "need.posted", need, now)
    tx.flush()
    return need


def exports(tx):
    tx.expire_all()
    return list(tx.scalars(select(AuditEvent).where(AuditEvent.action == "audit.exported").order_by(AuditEvent.id)))


def table(response):
    text = response.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


# --- who may ---


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [
        ("state", "focal_point", "trusted"), ("donor", "editor", "trusted"), ("centre", "editor", "verified"),
        ("regional", "focal_point", "trusted"), ("ngo", "editor", "trusted"), ("secretariat", "member", "trusted"),
        ("secretariat", "editor", "suspended"),
    ],
)  # fmt: skip
def test_nobody_else_sees_the_record(client, sign_in, world, tx, posted, kind, role, status):
    sign_in(client, world.account(world.organisation(kind, status), role))
    for answer in (client.get("/record"), client.get(f"/record?q={posted.ref}"), client.post(ADDRESS)):
        assert answer.status_code == 403
        assert "Émile Ouédraogo" not in answer.text
    assert exports(tx) == []
    assert "/record" not in client.get("/desk").text


def test_whoever_is_not_signed_in_signs_in_first(client, posted):
    assert client.get("/record").location.startswith("/sign-in")
    assert client.post(ADDRESS).status_code in {401, 403}


def test_the_secretariat_finds_it_from_its_desk(client, sign_in, office, posted, state):
    sign_in(client, office)
    assert 'href="/record"' in client.get("/desk").text
    page = client.get("/record").text
    for words in ("Need posted", "Émile Ouédraogo", posted.ref, "Direction de la police", "09:00:00 UTC"):
        assert words in page
    assert f'href="/needs/{posted.ref}"' in page


# --- what is asked ---


def test_filters_stand_in_the_address_and_can_be_taken_away(client, sign_in, office, posted):
    sign_in(client, office)
    page = client.get("/record?q=ouedraogo&kind=needs&since=23/11/2026&until=2026-11-23").text
    assert "Need posted" in page
    assert "Signed in" not in page
    assert 'href="/record?kind=needs&amp;since=2026-11-23&amp;until=2026-11-23"' in page
    assert '<button class="chip" type="submit" form="again" name="without" value="kind">' in page
    assert "No event fits all of this" in client.get("/record?q=ouedraogo&kind=pledges").text


@pytest.mark.parametrize("words", ["ouedraogo", "person@state.example", "203.0.113.7"])
def test_words_that_may_name_somebody_stay_out_of_every_address(client, sign_in, office, posted, words):
    sign_in(client, office)
    answer = client.post("/record", data={"q": words, "kind": "needs", "since": "23/11/2026"})
    assert answer.status_code == 200
    assert f'value="{words}"' in answer.text
    assert not [address for address in re.findall(r'(?:href|action|src)="([^"]*)"', answer.text) if words in address]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert ("Need posted" in answer.text) is (words == "ouedraogo")
    left = client.post("/record", data={"q": words, "kind": "pledges", "without": "kind"})
    assert '<option selected value="pledges">' not in left.text
    assert f'value="{words}"' in left.text


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ({"kind": "needs", "since": "23/11/2026"}, "/record?kind=needs&since=2026-11-23"),
        ({"q": "n-7kq2-mx4t", "page": "2"}, "/record?q=n-7kq2-mx4t&page=2"),
        ({"q": "ouedraogo", "kind": "needs", "without": "q"}, "/record?kind=needs"),
        ({"page": "9" * 5000}, "/record"),
        ({}, "/record"),
    ],
)
def test_what_names_nobody_is_led_to_an_address_that_can_be_passed_on(client, sign_in, office, typed, address):
    sign_in(client, office)
    answer = client.post("/record", data=typed)
    assert (answer.status_code, answer.location) == (303, address)


def test_pages_of_a_search_that_names_somebody_are_turned_by_buttons(client, sign_in, office, world, tx, state, now):
    person = world.actor(world.account(state, name="Émile Ouédraogo"))
    for _ in range(120):
        record_event(tx, person, "need.posted", world.need(state), now)
    tx.flush()
    sign_in(client, office)
    first = client.post("/record", data={"q": "ouedraogo"}).text
    assert 'form="again" name="page" value="2"' in first
    second = client.post("/record", data={"q": "ouedraogo", "page": "2"}).text
    assert 'form="again" name="page" value="1"' in second
    assert "page=" not in second


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("since=31+February+2026", "Type a day like"),
        ("until=soon", "Type a day like"),
        ("since=0012-01-01", "cannot be right here"),
        ("since=2026-11-23&until=2026-11-01", "before the first one"),
    ],
)
def test_a_day_that_cannot_be_is_told_and_nothing_typed_is_lost(client, sign_in, office, posted, typed, told):
    sign_in(client, office)
    answer = client.get(f"/record?q=kept+words&kind=needs&{typed}")
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="kept words"' in answer.text
    assert '<option selected value="needs">' in answer.text
    assert typed.split("=")[1].split("&")[0].replace("+", " ") in answer.text
    assert posted.ref not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        f"q={HOSTILE}", "q=%25", "q=%00", "q=%F0%9F%92%A3", "q=" + "x" * 5000, "kind=nonsense", f"kind={HOSTILE}",
        "page=99999999", "page=-1", "page=x", "q=a&q=b", "since=&until=", "q=%E2%80%AE", "q=N-7KQ2%25",
    ],
)  # fmt: skip
def test_whatever_is_typed_is_answered(client, sign_in, office, posted, query):
    sign_in(client, office)
    answer = client.get(f"/record?{query}")
    assert answer.status_code == 200
    assert HOSTILE not in answer.text


def test_what_people_wrote_is_shown_as_text(client, sign_in, office, world, tx, now):
    organisation = world.organisation(name=HOSTILE)
    person = world.actor(world.account(organisation, name=HOSTILE))
    record_event(tx, person, "lesson.returned", world.lesson(organisation), now, {"reason": HOSTILE, HOSTILE: HOSTILE})
    tx.flush()
    sign_in(client, office)
    page = client.get("/record").text
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_a_closed_account_and_nobody_have_words(client, sign_in, office, world, tx, state, now):
    gone = world.account(state, name="")
    record_event(tx, world.actor(gone), "account.closed", gone, now)
    record_event(tx, SYSTEM, "organisation.recorded", state, now)
    tx.flush()
    sign_in(client, office)
    page = client.get("/record").text
    for words in ("Closed account", "The site itself", "Somebody not signed in"):
        assert words in page


def test_looking_is_no_change(client, sign_in, office, posted, tx):
    sign_in(client, office)
    before = len(list(tx.scalars(select(AuditEvent.id))))
    client.get("/record?q=x")
    tx.expire_all()
    assert len(list(tx.scalars(select(AuditEvent.id)))) == before


# --- the file ---


def test_the_file_holds_what_was_found_and_is_on_record(client, sign_in, office, posted, tx, state):
    sign_in(client, office)
    answer = client.post(ADDRESS, data={"kind": "needs", "q": posted.ref})
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == "attachment; filename=counterpart-record-2026-11-23.csv"
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    head, row = table(answer)
    assert len(head) == len(row)
    found = dict(zip(head, row, strict=True))
    assert found["When (UTC)"] == "2026-11-23 09:00:00"
    assert found["Who"] == "Émile Ouédraogo"
    assert (found["Record"], found["Version"]) == (posted.ref, str(posted.version))
    assert (found["Organisation"], found["Code of the event"]) == (state.name, "need.posted")
    (event,) = exports(tx)
    assert (event.account_id, event.details, event.record_kind) == (office.id, {"rows": 1}, "record")
    page = client.get("/record?kind=looks").text
    assert "The record taken along as a file" in page
    assert "rows: 1" in page


def test_every_page_of_it_is_in_the_file(client, sign_in, office, posted, tx, world, now):
    actor = world.actor(office)
    for hours in range(30):
        record_event(tx, actor, "need.looked", posted, now + timedelta(minutes=hours))
    tx.flush()
    sign_in(client, office)
    assert len(table(client.post(ADDRESS, data={"kind": "looks"}))) == 31


def test_the_file_is_a_form_with_a_token_and_a_fresh_proof(client, sign_in, office, posted, tx, clock):
    sign_in(client, office)
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.location) == (303, "/record"), "looking at it leads to the page with the form"
    assert client.post(ADDRESS, csrf=False).status_code == 403
    clock.move(hours=1)
    assert "Is it you?" in client.post(ADDRESS).text
    assert exports(tx) == []


def test_the_button_sends_the_filters(client, sign_in, office, posted):
    sign_in(client, office)
    fields = client.form("/record?q=ouedraogo&kind=needs&since=23/11/2026")
    assert {name: fields[name] for name in ("q", "kind", "since")} == {
        "q": ["ouedraogo"],
        "kind": ["needs"],
        "since": ["2026-11-23"],
    }


def test_a_bad_day_gives_no_file(client, sign_in, office, tx):
    sign_in(client, office)
    answer = client.post(ADDRESS, data={"since": "soon"})
    assert answer.status_code == 422
    assert "Type a day like" in answer.text
    assert exports(tx) == []


def test_too_many_events_are_told(client, sign_in, office, posted, tx, monkeypatch):
    monkeypatch.setattr(service, "MOST_EXPORTED", 2)
    sign_in(client, office)
    answer = client.post(ADDRESS)
    assert answer.status_code == 422
    assert "Choose fewer days, so that it is 2 at most." in answer.text
    assert exports(tx) == []


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", '=HYPERLINK("//e.example","x")'])
def test_no_cell_is_a_formula(client, sign_in, office, world, tx, now, name):
    organisation = world.organisation(name=name)
    person = world.actor(world.account(organisation, name=name))
    record_event(tx, person, "lesson.returned", world.lesson(organisation), now, {name: "x"})
    tx.flush()
    sign_in(client, office)
    _head, row = table(client.post(ADDRESS, data={"kind": "lessons"}))
    assert f"'{name}" in row
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


# --- a record's own page ---


def test_a_need_tells_what_happened_to_its_people_and_the_secretariat(
    client, new_client, sign_in, world, office, posted
):
    own = world.account(posted.organisation, "member")
    sign_in(client, own)
    page = client.get(f"/needs/{posted.ref}").text
    assert "What happened" in page
    assert "Need posted" in page
    assert "See it in the record" not in page
    theirs = new_client()
    sign_in(theirs, office)
    assert f'href="/record?q={posted.ref}"' in theirs.get(f"/needs/{posted.ref}").text
    for stranger in (None, world.account(world.organisation("donor"))):
        other = new_client()
        if stranger:
            sign_in(other, stranger)
        assert "What happened" not in other.get(f"/needs/{posted.ref}").text


@pytest.mark.parametrize(("kind", "action"), [("lesson", "lesson.validated"), ("output", "output.recorded")])
def test_lessons_and_outputs_tell_it_too(client, sign_in, world, tx, state, now, kind, action):
    record = getattr(world, kind)(state)
    record_event(tx, SYSTEM, action, record, now)
    tx.flush()
    sign_in(client, world.account(state))
    assert "What happened" in client.get(f"/{kind}s/{record.ref}").text
