"""Which lessons are found for a draft, for one reader; and what is counted for whom."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, select, update
from werkzeug.datastructures import MultiDict

from app.foundation.audit import AuditEvent
from app.foundation.permissions import ANONYMOUS, Refused
from app.lessons.models import Lesson
from app.matching.advice import queries
from app.matching.advice.facts import Asking, asking_of, typed_asking
from app.matching.advice.models import LessonAnswer
from app.matching.advice.queries import Tally, advise, tallies, teachings, uses_of
from app.matching.advice.rules import AnswerDraft, AnswerRefused
from app.matching.advice.service import answer_lesson
from app.matching.relations.records import side_of
from app.search.engine_types import EngineBroken

PRECURSORS = {"theme": frozenset({"precursor_control"})}
KITS = {
    "context": "A donor shipped test kits for precursors.", "action": "Nobody opened the exemption file.",
    "result": "The test kits expired at customs.", "instruction": "Name who clears the test kits.",
    "language": "en", "kinds": ["equipment"],
}  # fmt: skip
KITS_TITLE = "Keep the chain of custody of each drug test kit"


class Broken:
    def search(self, _query):
        raise EngineBroken


def titles(found):
    return [one.lesson.title for one in found]


def test_a_french_draft_finds_an_english_lesson(library, tx):
    library.lesson(KITS_TITLE, **KITS)
    library.lesson("Judges who were posted elsewhere", themes=["judicial_process"])
    mine = Asking(
        "need", "Kits de dépistage de drogues", "Nous demandons des kits de dépistage et une chaîne de traçabilité.", {}
    )

    assert titles(advise(tx, ANONYMOUS, library.engine, mine))[:1] == [KITS_TITLE]


def test_of_three_good_ones_the_last_gives_way_to_one_that_warns(library, tx):
    for number in range(3):
        library.lesson(f"Good {number}", verdict="worked")
    library.lesson("Warning", verdict="failed", status="submitted", evidence="anecdotal")

    found = advise(tx, ANONYMOUS, library.engine, Asking("need", codes=PRECURSORS))
    assert titles(found) == ["Good 0", "Good 1", "Warning"]


def test_when_a_lesson_was_told_changes_nothing(library, tx, world):
    made = [library.lesson(f"Lesson {number}") for number in range(4)]
    mine = Asking("need", "Lesson", codes=PRECURSORS)
    before = titles(advise(tx, ANONYMOUS, library.engine, mine))

    for number, lesson in enumerate(made):
        when = world.now - timedelta(days=number * 900)
        tx.execute(update(Lesson).where(Lesson.id == lesson.id).values(posted_at=when, changed_at=when))
    assert titles(advise(tx, ANONYMOUS, library.engine, mine)) == before


def test_what_a_reader_may_not_see_is_neither_shown_nor_changes_what_is(library, tx, world):
    for number in range(3):
        library.lesson(f"Good {number}", verdict="worked")
    mine = Asking("need", "Precursors", codes=PRECURSORS)
    before = titles(advise(tx, ANONYMOUS, library.engine, mine))
    library.lesson("For members, precursors", verdict="failed", disclosure="members")

    assert titles(advise(tx, ANONYMOUS, library.engine, mine)) == before
    assert "For members, precursors" in titles(advise(tx, world.somebody("donor"), library.engine, mine))


def test_without_an_index_lessons_are_found_by_their_tags(library, tx):
    library.lesson("Same theme")
    library.lesson("Another", themes=["prisons"], kinds=["study"])

    assert titles(advise(tx, ANONYMOUS, Broken(), Asking("need", "x", codes=PRECURSORS))) == ["Same theme"]


def test_the_nearest_by_tags_are_looked_at_first_and_those_further_away_only_if_these_are_few(library, tx, monkeypatch):
    kind = library.lesson(themes=["prisons"], kinds=["equipment"])
    near = library.lesson(themes=["crop_monitoring"], kinds=["study"])
    unsure = library.lesson(kinds=["study"], status="submitted")
    same = library.lesson(kinds=["study"])
    both = library.lesson(themes=["precursor_control", "alternative_development"], kinds=["equipment"])
    library.lesson(themes=["prisons"], kinds=["study"])
    mine = Asking("need", "x", codes={**PRECURSORS, "kind": frozenset({"equipment"})})
    in_order = [same, both, unsure, near, kind]
    for most in range(1, 7):
        monkeypatch.setattr(queries, "MOST_BY_TAGS", most)
        looked_at = {one.number for one in teachings(tx, ANONYMOUS, Broken(), mine)}
        assert looked_at == {lesson.id for lesson in in_order[:most]}, most


def test_lessons_are_found_by_what_they_are_about_without_going_through_all(library, tx):
    if tx.get_bind().dialect.name != "sqlite":
        pytest.skip("by design: how PostgreSQL goes about it depends on how many rows there are")
    statements = []
    note = partial(_note, statements)
    event.listen(tx.connection(), "before_cursor_execute", note)
    teachings(tx, ANONYMOUS, Broken(), Asking("need", "x", codes=PRECURSORS))
    event.remove(tx.connection(), "before_cursor_execute", note)
    by_tags = [asked for asked in statements if "lesson_tags.facet =" in asked[0]]
    assert by_tags
    for statement, values in by_tags:
        plan = [row[-1] for row in tx.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert any("ix_lesson_tags_code" in step for step in plan), plan
        assert "SCAN lessons" not in plan


def _note(statements, *asked):
    statements.append(asked[2:4])


def test_what_a_record_has_taught_is_not_shown_to_it_again(library, tx, world):
    need = world.need(world.organisation(), themes=["precursor_control"])
    library.lesson("Its own", subject_kind="need", subject_ref=need.ref)
    library.lesson("Another's")

    assert titles(advise(tx, ANONYMOUS, library.engine, asking_of(need))) == ["Another's"]


def test_nothing_is_shown_as_long_as_nothing_is_said(library, tx):
    library.lesson()

    assert advise(tx, ANONYMOUS, library.engine, typed_asking("need", MultiDict({"language": "fr"}), "SN")) == []


def test_a_form_is_read_by_the_names_of_its_fields():
    sent = MultiDict([
        ("title", "Kits"), ("problem", "None"), ("contact", "Secret"), ("themes", "precursor_control"),
        ("themes", "nonsense"), ("lines-0-kind", "equipment"), ("lines-0-description", "Test kits"),
        ("countries", "ML"),
    ])  # fmt: skip
    mine = typed_asking("need", sent, "SN", "N-1")

    assert mine.codes == {
        "theme": {"precursor_control"}, "kind": {"equipment"}, "country": {"ML"}, "grouping": frozenset(),
    }  # fmt: skip
    assert mine.text == "None Test kits"
    assert typed_asking("need", MultiDict({"title": "Kits"}), "SN").codes["country"] == {"SN"}


# --- answers ---


@pytest.fixture
def state(world):
    return world.organisation()


@pytest.fixture
def editor(world, state):
    return world.actor(world.account(state))


def test_an_answer_is_kept_once_can_be_changed_and_leaves_an_event_each_time(library, tx, world, now, state, editor):
    lesson, need = library.lesson(), world.need(state)
    answer_lesson(tx, editor, lesson, side_of(need), AnswerDraft("applied"), now)
    again = answer_lesson(tx, editor, lesson, side_of(need), AnswerDraft("not_applicable", "No port"), now)
    answer_lesson(tx, editor, lesson, side_of(need), AnswerDraft("not_applicable", "No port"), now)

    assert tx.scalars(select(LessonAnswer)).all() == [again]
    assert (again.says, again.reason, again.lesson_version) == ("not_applicable", "No port", lesson.version)
    events = tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == again.ref).order_by(AuditEvent.id))
    assert list(events) == ["lesson_answer.applied", "lesson_answer.not_applicable"]


def test_only_those_who_write_for_the_owner_answer_and_never_without_a_reason(library, tx, world, now, state, editor):
    lesson, need = library.lesson(), world.need(state)
    with pytest.raises(Refused):
        answer_lesson(tx, world.somebody("donor"), lesson, side_of(need), AnswerDraft("applied"), now)
    with pytest.raises(AnswerRefused):
        answer_lesson(tx, editor, lesson, side_of(need), AnswerDraft("not_applicable"), now)


def test_answers_of_hidden_records_are_neither_listed_nor_counted(library, tx, world, now, state, editor):
    lesson = library.lesson()
    shown, hidden = world.need(state), world.need(state, disclosure="own")
    for need in (shown, hidden):
        answer_lesson(tx, editor, lesson, side_of(need), AnswerDraft("applied"), now)

    assert [use.side.ref for use in uses_of(tx, ANONYMOUS, [lesson.id])[lesson.id]] == [shown.ref]
    assert tallies(tx, ANONYMOUS, [lesson.id]) == {lesson.id: Tally(1, 0)}
    assert tallies(tx, editor, [lesson.id]) == {lesson.id: Tally(2, 0)}


def test_the_answer_of_a_donor_who_is_not_named_is_not_shown(library, tx, world, now, state, editor):
    lesson, donor = library.lesson(), world.organisation("donor")
    pledge = world.pledge(world.need(state), donor, field_disclosure={"donor": "own"})
    giver = world.actor(world.account(donor))
    answer_lesson(tx, giver, lesson, side_of(pledge), AnswerDraft("applied"), now)

    assert tallies(tx, ANONYMOUS, [lesson.id]) == {}
    assert tallies(tx, giver, [lesson.id]) == {lesson.id: Tally(1, 0)}
