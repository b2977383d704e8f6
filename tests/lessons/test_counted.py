"""The lists of lessons and outputs as they are kept are the same as when they are read anew, whoever asks."""

from __future__ import annotations

import pytest

from app.foundation.audit import record_event
from app.foundation.kept.findings import Findings
from app.foundation.kept.lists import Wanted
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.lessons.library import queries
from app.lessons.library.counted import LISTS
from app.lessons.library.queries import SORTS, Filters
from app.lessons.models import Lesson, Output
from app.lessons.standing.models import LessonTie
from app.lessons.standing.rules import CORROBORATES

EVERYTHING = Filters()
MODELS = {"lesson": Lesson, "output": Output}


@pytest.fixture(params=["lesson", "output"])
def kind(request):
    return request.param


@pytest.fixture
def lists(kind):
    return Findings((MODELS[kind],), LISTS[kind].about, many=0)


def is_as_read_anew(tx, reader, kind, lists, now, filters=EVERYTHING):
    tx.flush()
    today = now.date()
    read = {"lesson": queries.list_lessons, "output": queries.list_outputs}[kind]
    return LISTS[kind].counts(tx, reader, filters, today, lists) == queries.counts_of(
        tx, reader, MODELS[kind], filters
    ) and all(
        LISTS[kind].page(tx, reader, Wanted(filters, "1", today, sort, 5), lists)
        == read(tx, reader, filters, "1", sort, 5)
        for sort in SORTS[kind]
    )


def test_what_is_recorded_changed_and_hidden_is_seen_at_once(tx, world, kind, lists, now):
    owner = world.organisation()
    readers = (ANONYMOUS, world.actor(world.account(owner)))
    make, few = getattr(world, kind), Filters(theme=("prisons",))
    for _step in range(3):
        record = make(owner, themes=["prisons"])
        record_event(tx, SYSTEM, f"{kind}.recorded", record, now)
        assert all(is_as_read_anew(tx, reader, kind, lists, now) for reader in readers)
        assert all(is_as_read_anew(tx, reader, kind, lists, now, few) for reader in readers)
    assert LISTS[kind].page(tx, ANONYMOUS, Wanted(few, "1", now.date(), "title", 5), lists).total == 3
    record.disclosure = "own"
    record_event(tx, SYSTEM, f"{kind}.amended", record, now)
    assert all(is_as_read_anew(tx, reader, kind, lists, now, few) for reader in readers)
    assert LISTS[kind].page(tx, ANONYMOUS, Wanted(few, "1", now.date(), "title", 5), lists).total == 2


def test_a_lesson_that_others_confirm_stands_first_at_once(tx, world, now):
    lists = Findings((Lesson,), LISTS["lesson"].about, many=0)
    known, other, third = (world.lesson(world.organisation(), status="validated") for _ in range(3))
    record_event(tx, SYSTEM, "lesson.recorded", third, now)
    assert is_as_read_anew(tx, ANONYMOUS, "lesson", lists, now)
    first, second = sorted((known.id, other.id))
    tie = LessonTie(first_id=first, second_id=second, kind=CORROBORATES, organisation_id=other.organisation_id)
    tie.ref, tie.sentence, tie.declared_at = "LT-AAAA-BBBB", "We saw the same.", now
    tx.add(tie)
    tx.flush()
    record_event(tx, SYSTEM, "lesson_tie.corroborates", tie, now)
    assert is_as_read_anew(tx, ANONYMOUS, "lesson", lists, now)
    assert LISTS["lesson"].counts(tx, ANONYMOUS, Filters(), now.date(), lists)["standing"] == {"uncontradicted": 3}
