"""Which lessons stand on a record is kept until a lesson or the index changes, and is what one would judge anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.foundation.audit import record_event
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.lessons import service
from app.lessons.service import LessonDraft
from app.lessons.standing.queries import Pair
from app.lessons.standing.service import declare_tie, take_back
from app.lessons.validating.service import return_lesson, validate_lesson
from app.matching.advice.facts import Asking
from app.matching.advice.judged import Memory
from app.matching.advice.queries import advise
from app.search.engine_types import EngineBroken
from app.search.indexer import index_records

MINE = Asking(
    "need", "Test kits for precursors", "Kits expire at customs.", {"theme": frozenset({"precursor_control"})}
)
DRAFT = LessonDraft(
    language="en", title="Kits expired before customs cleared them", context="In 2019 a donor shipped 2,000 kits.",
    action="Nobody opened the exemption file.", result="Four kits were within their shelf life.",
    instruction="Name one person who opens the file.", themes=("precursor_control",), kinds=("equipment",),
    countries=("GH",), verdict="failed",
)  # fmt: skip


class Broken:
    def __init__(self, mark):
        self.mark = lambda: mark

    def search(self, _query):
        raise EngineBroken


@pytest.fixture
def memory():
    return Memory()


@pytest.fixture
def readers(world):
    return (ANONYMOUS, world.somebody("donor"), world.somebody("recipient", "editor", "applied"))


def told(shown):
    return [(one.lesson.id, one.reasons) for one in shown]


def questions_of(tx, act):
    asked = []
    connection = tx.connection()
    listen = lambda _c, _cursor, statement, *_rest: asked.append(statement)  # noqa: E731 - it is taken off again
    event.listen(connection, "before_cursor_execute", listen)
    try:
        act()
    finally:
        event.remove(connection, "before_cursor_execute", listen)
    return asked


def test_after_every_move_of_a_lesson_everybody_is_shown_what_would_be_judged_anew(
    tx, world, library, memory, readers, now
):
    for number in range(3):
        library.lesson(f"Good {number}", verdict="worked")
    author = world.actor(world.account(library.organisation))
    office = world.somebody("secretariat")
    seen = []

    def is_as_judged_anew():
        tx.flush()
        both = [
            (told(memory.advise(tx, reader, library.engine, MINE)), told(advise(tx, reader, library.engine, MINE)))
            for reader in (*readers, author)
        ]
        seen.append([kept for kept, _anew in both])
        return all(kept == anew for kept, anew in both)

    assert is_as_judged_anew()
    lesson = service.record_lesson(tx, author, library.organisation.id, DRAFT, now)
    assert is_as_judged_anew()
    for changes in ({"disclosure": "own"}, {"disclosure": "members"}, {"disclosure": "public"}, {"verdict": "worked"}):
        service.amend_lesson(tx, author, lesson, replace(DRAFT, **changes), lesson.version, now)
        assert is_as_judged_anew()
    validate_lesson(tx, office, lesson, now)
    assert is_as_judged_anew()
    other = library.lesson("Kits arrived in time", organisation=world.organisation("donor"), verdict="worked")
    record_event(tx, SYSTEM, "lesson.recorded", other, now)
    assert is_as_judged_anew()
    tie = declare_tie(tx, author, Pair(lesson, other), "contradicts", "We saw the opposite.", now)
    assert is_as_judged_anew()
    take_back(tx, author, tie, now)
    assert is_as_judged_anew()
    service.amend_lesson(tx, author, lesson, DRAFT, lesson.version, now)
    return_lesson(tx, office, lesson, "Say which customs office.", now)
    assert is_as_judged_anew()
    assert len({str(one) for one in seen}) > 5, "nothing of all this changed what is shown: the test shows nothing"
    assert lesson.id in {number for number, _why in seen[2][3]}
    assert lesson.id not in {number for number, _why in seen[2][0]}


def test_what_is_no_lesson_changes_nothing_whatever_day_it_is(tx, world, library, memory, now):
    library.lesson()
    record_event(tx, SYSTEM, "need.posted", world.need(world.organisation()), now)
    shown = told(memory.advise(tx, ANONYMOUS, library.engine, MINE))
    assert shown
    for days in (0, 1, 2):
        record_event(tx, SYSTEM, "need.posted", world.need(world.organisation()), now + timedelta(days=days))
        tx.flush()
        asked = questions_of(tx, lambda: memory.advise(tx, ANONYMOUS, library.engine, MINE))
        assert not any("lesson_ties" in statement for statement in asked), "judged anew"
    assert any("lesson_ties" in one for one in questions_of(tx, lambda: advise(tx, ANONYMOUS, library.engine, MINE)))
    assert told(memory.advise(tx, ANONYMOUS, library.engine, MINE)) == shown


def test_another_index_another_record_and_other_words_are_judged_by_themselves(tx, world, library, memory, now):
    first = library.lesson()
    record_event(tx, SYSTEM, "lesson.recorded", first, now)
    assert [one.lesson for one in memory.advise(tx, ANONYMOUS, library.engine, MINE)] == [first]
    # Told to the trail before it was in the index, as it is on a site whose worker is late.
    late = world.lesson(
        library.organisation, title="Test kits for precursors", themes=["forensics"], status="validated"
    )
    record_event(tx, SYSTEM, "lesson.recorded", late, now)
    tx.flush()
    assert [one.lesson for one in memory.advise(tx, ANONYMOUS, library.engine, MINE)] == [first]
    index_records(tx, library.engine, [("lesson", late.id)])
    assert {one.lesson for one in memory.advise(tx, ANONYMOUS, library.engine, MINE)} == {first, late}
    for other in (
        replace(MINE, own_ref="N-1"),
        replace(MINE, text="Nothing."),
        replace(MINE, codes={"theme": frozenset({"prisons"})}),
    ):
        assert told(memory.advise(tx, ANONYMOUS, library.engine, other)) == told(
            advise(tx, ANONYMOUS, library.engine, other)
        )
    assert len(memory.kept) == 5


@pytest.mark.parametrize("mark", [None, ("gen-1", "the mark of an index of which a part cannot be read")])
def test_what_was_judged_without_the_index_is_not_kept(tx, library, memory, mark):
    library.lesson("Same theme")
    assert [one.lesson.title for one in memory.advise(tx, ANONYMOUS, Broken(mark), MINE)] == ["Same theme"]
    assert len(memory.kept) == 0
