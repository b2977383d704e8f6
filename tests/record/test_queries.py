"""Searching the record: by whom, about what, of which kind, on which days; and the history of one record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, event

from app.foundation.audit import AuditOrigin, Origin, record_event
from app.foundation.audit.chain import come_from
from app.foundation.permissions import SYSTEM
from app.record.queries import Filters, all_rows, count_events, history, search

ADDRESS = "203.0.113.7"


@pytest.fixture
def office(world):
    return world.somebody("secretariat")


@pytest.fixture
def state(world):
    return world.organisation(name="Côte d'Ivoire – Direction de la police", acronym="DPSD")


@pytest.fixture
def ann(world, state):
    return world.account(state, "focal_point", name="Émile Ouédraogo", email="emile@police.example")


@pytest.fixture
def note(tx, world, now):
    """Puts something on record, some hours after the morning of the tests."""

    def make(actor, action, record, details=None, hours=0):
        record_event(tx, actor, action, record, now + timedelta(hours=hours), details)
        tx.flush()

    return make


@pytest.fixture
def from_afar():
    """What is recorded comes from ADDRESS."""
    come_from(Origin(ADDRESS, "abc"))
    yield
    come_from(None)


def actions(tx, office, **filters):
    return [row.event.action for row in search(tx, office, Filters(**filters), None).items]


def test_events_come_newest_first_with_their_names(tx, world, office, state, ann, note, from_afar):
    need = world.need(state)
    note(world.actor(ann), "need.posted", need)
    note(SYSTEM, "organisation.verified", state, hours=1)
    first, second = search(tx, office, Filters(), None).items
    assert (first.event.action, second.event.action) == ("organisation.verified", "need.posted")
    assert (second.person.name, second.person.ref) == (ann.name, ann.ref)
    assert first.person is None
    assert second.organisation.ref == state.ref
    assert second.address == ADDRESS
    assert str(second.what) == "Need posted"


def test_an_address_that_was_erased_is_told_from_one_that_never_was(tx, world, office, state, ann, note, from_afar):
    note(world.actor(ann), "need.posted", world.need(state))
    come_from(None)
    note(SYSTEM, "organisation.verified", state)
    tx.execute(delete(AuditOrigin))
    never, erased = search(tx, office, Filters(), None).items
    assert (erased.address, erased.is_erased) == ("", True)
    assert (never.address, never.is_erased) == ("", False)


@pytest.mark.parametrize(
    "words",
    ["emile ouedraogo", "Ouédraogo", "EMILE@police.example", "police.example", "dpsd", "cote d'ivoire police", ADDRESS],
)
def test_words_find_people_organisations_and_addresses(tx, world, office, state, ann, note, from_afar, words):
    note(world.actor(ann), "need.posted", world.need(state))
    come_from(Origin("192.0.2.1", "def"))
    other = world.organisation("donor", name="Nordland Fund")
    note(world.actor(world.account(other, name="Ingrid Solberg")), "programme.posted", world.programme(other))
    assert actions(tx, office, words=words) == ["need.posted"]
    assert count_events(tx, Filters(words=words)) == 1


def test_a_person_is_found_by_what_was_done_to_that_person(tx, world, office, state, ann, note):
    chief = world.actor(world.account(state, "focal_point", name="Aminata Diallo"))
    note(chief, "organisation.role_changed", state, {"member": ann.id, "role": "member"})
    note(SYSTEM, "account.sign_in_tried", ann, {"in_a_row": 1, "locked": False}, hours=1)
    note(chief, "organisation.handed_over", state, {"from": ann.id, "to": 0, "drafts": 1}, hours=2)
    note(chief, "organisation.passing_changed", state, {"passing": "gate"}, hours=3)
    expected = ["organisation.handed_over", "account.sign_in_tried", "organisation.role_changed"]
    assert actions(tx, office, words=ann.email) == expected
    assert actions(tx, office, words=ann.ref) == expected
    told = search(tx, office, Filters(kind="roles"), None).items[0]
    assert "concerns Émile Ouédraogo" in [str(phrase) for phrase in told.details]


def test_a_reference_finds_its_record_even_half_of_it(tx, world, office, state, ann, note):
    need, other = world.need(state, ref="N-7KQ2-MX4T"), world.need(state, ref="N-8888-8888")
    note(world.actor(ann), "need.posted", need)
    note(world.actor(ann), "need.amended", other)
    assert actions(tx, office, words=" n-7kq2-mx4t ") == ["need.posted"]
    assert actions(tx, office, words="N-7KQ2") == ["need.posted"]
    assert actions(tx, office, words=state.ref) == ["need.amended", "need.posted"]


def test_kinds_and_days_narrow(tx, world, office, state, ann, note, now):
    actor = world.actor(ann)
    note(actor, "need.posted", world.need(state))
    note(actor, "account.signed_in", ann, hours=14)
    note(actor, "account.signed_out", ann, hours=24)
    today, tomorrow = now.date(), now.date() + timedelta(days=1)
    assert actions(tx, office, kind="sign_ins") == ["account.signed_out", "account.signed_in"]
    assert actions(tx, office, since=today, until=today) == ["account.signed_in", "need.posted"]
    assert actions(tx, office, since=tomorrow) == ["account.signed_out"]
    assert actions(tx, office, until=date(1990, 1, 1)) == []
    assert actions(tx, office, kind="sign_ins", until=today, words=ann.email) == ["account.signed_in"]


@pytest.mark.parametrize("words", ["%", "_", "' or 1=1 --", "\\", "Q-____", "Q-%%%%", '"', "é" * 200, "a" * 200])
def test_hostile_words_find_nothing_and_break_nothing(tx, world, office, state, ann, note, words):
    note(world.actor(ann), "need.posted", world.need(state))
    assert actions(tx, office, words=words) == []


def test_pages_follow_one_another(tx, world, office, state, ann, note):
    need, actor = world.need(state), world.actor(ann)
    for hours in range(25):
        note(actor, "need.amended", need, {"left": hours}, hours=hours)
    first, second = (search(tx, office, Filters(), page) for page in ("1", "2"))
    assert (first.total, first.pages, len(first.items), len(second.items)) == (25, 2, 20, 5)
    assert [row.event.details["left"] for row in (*first.items, *second.items)] == list(range(24, -1, -1))
    assert search(tx, office, Filters(), "99").number == 2
    assert search(tx, office, Filters(), "x").number == 1


def test_a_page_asks_as_often_for_twenty_events_as_for_two(tx, world, office, note):
    def questions():
        asked = []
        listen = lambda *what: asked.append(what[2])  # noqa: E731
        event.listen(tx.get_bind(), "before_cursor_execute", listen)
        search(tx, office, Filters(), None)
        event.remove(tx.get_bind(), "before_cursor_execute", listen)
        return len(asked)

    def some():
        for _ in range(2):
            state = world.organisation()
            note(world.actor(world.account(state)), "need.posted", world.need(state))

    some()
    few = questions()
    for _ in range(9):
        some()
    tx.expire_all()
    assert questions() == few


def test_only_what_may_be_opened_is_a_link(tx, world, office, state, ann, note):
    actor = world.actor(ann)
    course = world.course(world.organisation("centre"), sessions=[{}])
    note(actor, "need.posted", world.need(state, disclosure="own"))
    note(actor, "need.withdrawn", world.need(state, status="withdrawn", is_published=False))
    note(actor, "course_session.posted", course.sessions[0], {"course": course.ref})
    note(actor, "account.changed", ann)
    note(actor, "organisation.amended", state)
    opens = {row.event.action: row.opens for row in search(tx, office, Filters(), None).items}
    assert opens == {
        "need.posted": True,
        "need.withdrawn": False,
        "course_session.posted": True,
        "account.changed": False,
        "organisation.amended": True,
    }


def test_all_rows_are_all_of_them(tx, world, state, ann, note):
    need, actor = world.need(state), world.actor(ann)
    for hours in range(25):
        note(actor, "need.amended", need, hours=hours)
    rows = all_rows(tx, Filters(kind="needs"))
    assert len(rows) == 25
    assert {row.person.name for row in rows} == {ann.name}
    assert all_rows(tx, Filters(kind="pledges")) == []


# --- the history of one record ---


def test_a_record_tells_its_history_to_its_own_people_and_the_secretariat(tx, world, office, state, ann, note):
    need = world.need(state)
    note(world.actor(ann), "need.posted", need)
    note(office, "need.looked", need, hours=1)
    for reader in (world.actor(ann), office):
        assert [str(row.what) for row in history(tx, reader, "need", need.ref)] == [
            "Need looked at by the secretariat",
            "Need posted",
        ]
    assert history(tx, world.somebody("donor"), "need", need.ref) == []
    assert history(tx, world.somebody("state"), "need", need.ref) == []


def test_its_own_people_are_told_the_names_of_colleagues_alone(tx, world, office, state, ann, note):
    need = world.need(state)
    note(world.actor(ann), "need.posted", need)
    note(office, "need.looked", need, hours=1)
    looked, posted = history(tx, world.actor(ann), "need", need.ref)
    assert looked.person is None
    assert posted.person.name == ann.name
    assert all(row.person for row in history(tx, office, "need", need.ref))


def test_a_draft_tells_the_secretariat_nothing(tx, world, office, state, note):
    need = world.need(state, status="draft", is_published=False)
    note(SYSTEM, "need.returned", need)
    assert history(tx, office, "need", need.ref) == []
