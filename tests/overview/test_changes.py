"""What has changed since one looked, as the audit trail tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.foundation.audit import record_event
from app.foundation.kept.readings import mark_of
from app.foundation.permissions import SYSTEM
from app.overview import changes
from app.overview.changes import Changed, changed_since


@pytest.fixture
def need(world):
    """Makes a need of one State."""
    state = world.organisation()
    return lambda: world.need(state)


@pytest.fixture
def happens(tx, now):
    def event(record, action="amended", days=0):
        record_event(tx, SYSTEM, f"{record.record_kind}.{action}", record, now + timedelta(days=days))

    return event


def test_nothing_has_changed_at_first(tx, world):
    assert changed_since(tx, mark_of(tx)) == Changed()


def test_what_changed_is_told_from_there_on_and_from_the_very_beginning(tx, need, happens):
    first, second = need(), need()
    beginning = mark_of(tx)
    happens(first)
    mark = mark_of(tx)
    happens(second)
    assert changed_since(tx, mark) == Changed(frozenset({("need", second.ref)}))
    assert changed_since(tx, beginning).refs("need") == sorted([first.ref, second.ref])
    assert changed_since(tx, mark_of(tx)) == Changed()


def test_at_midnight_two_days_grow_side_by_side(tx, need, happens):
    needs = [need() for _each in range(4)]
    happens(needs[0])
    happens(needs[1], days=1)
    mark = mark_of(tx)
    happens(needs[2])
    happens(needs[3], days=2)
    assert changed_since(tx, mark).refs("need") == sorted([needs[2].ref, needs[3].ref])


def test_a_pledge_changes_its_need_and_a_programme_the_needs_that_it_pays_for(tx, world, need, happens):
    donor = world.organisation("donor")
    programme, asked = world.programme(donor), need()
    lines = [{"need_line_id": asked.lines[0].id, "quantity": 1}]
    pledge = world.pledge(asked, donor, lines=lines, programme_id=programme.id, disclosure="own")
    mark = mark_of(tx)
    happens(pledge)
    assert changed_since(tx, mark).records == {("pledge", pledge.ref), ("need", asked.ref)}
    mark = mark_of(tx)
    happens(programme)
    assert changed_since(tx, mark).records == {("programme", programme.ref), ("need", asked.ref)}


def test_a_session_changes_its_course(tx, world, happens, now):
    run = {"starts_on": now.date(), "ends_on": now.date()}
    course = world.course(world.organisation("centre"), sessions=[run])
    mark = mark_of(tx)
    happens(course.sessions[0])
    assert changed_since(tx, mark).refs("course") == [course.ref]


def test_too_much_and_what_moves_many_records_is_read_anew(tx, world, need, happens, monkeypatch):
    mark = mark_of(tx)
    happens(world.organisation("donor"))
    assert changed_since(tx, mark) is not None
    happens(world.organisation("donor"), "merged")
    assert changed_since(tx, mark) is None
    mark = mark_of(tx)
    happens(need())
    happens(need())
    monkeypatch.setattr(changes, "MOST_RECORDS", 1)
    assert changed_since(tx, mark) is None


def test_another_trail_is_read_anew(tx, need, happens):
    happens(need())
    ((day, sequence, _digest),) = mark_of(tx)
    assert changed_since(tx, ((day, sequence, "another"),)) is None
    assert changed_since(tx, ((day, sequence + 1, "more"),)) is None


def test_what_is_gone_cannot_tell_what_it_belonged_to(tx, world, need, happens):
    pledge = world.pledge(need(), world.organisation("donor"))
    mark = mark_of(tx)
    happens(pledge)
    tx.delete(pledge)
    tx.flush()
    assert changed_since(tx, mark) is None
