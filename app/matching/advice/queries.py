"""Reading lessons at the moment of decision: which to show, what was answered, and how often, for one reader.

What a reader may not see, lesson or record, is neither shown nor counted, and pushes nothing else aside.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import case, select
from sqlalchemy.orm import selectinload

from app.config import ROOT
from app.foundation.db import Tx
from app.foundation.disclosure import readable, reader_tokens
from app.foundation.messages import Message
from app.foundation.permissions import Actor
from app.lessons.models import Lesson, LessonTag
from app.lessons.standing.queries import source_of, weights_of
from app.matching.advice.facts import TOLD_BY, TOLD_OF, Asking, Told, asking_of, teaching
from app.matching.advice.models import LessonAnswer
from app.matching.advice.rules import APPLIED, SHOWN, Judged, Teaching, most_relevant
from app.matching.candidates import hits_of, title_groups
from app.matching.relations.records import RECORD_KINDS, Side, side_by_ref
from app.needs.models import Need
from app.reference.themes import siblings
from app.search.engine_types import EngineBroken, EngineQuery, SearchEngine, TermGroup
from app.search.terms import telling_groups

WEIGHTS = ROOT / "search_index" / "weights.toml"
BEFORE_WORDS = len(TOLD_OF)
Scores = tuple[Mapping[int, float], Mapping[int, float]]
MOST_HITS, MOST_BY_TAGS = 80, 120
"""So many public lessons are looked at that words find, and so many that share a theme or a kind."""


@dataclass(frozen=True)
class Advice:
    """A lesson that is shown, why, and what was said to it for this record."""

    lesson: Lesson
    reasons: Sequence[Message] = ()
    answer: LessonAnswer | None = None


@dataclass(frozen=True)
class Best:
    """The lessons to show, the best first; `is_whole` unless some are missing because the index could not be read."""

    lessons: Sequence[Judged] = ()
    is_whole: bool = True


@dataclass(frozen=True)
class Use:
    """What was said to a lesson for one record that the reader may see."""

    answer: LessonAnswer
    side: Side


@dataclass(frozen=True)
class Tally:
    """How often a lesson was applied and was said not to apply, as far as its reader may see the records."""

    applied: int = 0
    not_applicable: int = 0


@cache
def weights() -> Mapping[str, float]:
    """How much each sign of relevance weighs, from search_index/weights.toml."""
    found: Mapping[str, float] = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))["advice"]
    return found


def advise(tx: Tx, reader: Actor, engine: SearchEngine, mine: Asking, most: int = SHOWN) -> list[Advice]:
    """The lessons to read before deciding on this, each with why; nothing as long as nothing is said."""
    return lessons_of(tx, reader, best_for(tx, reader, engine, mine, most).lessons)


def best_for(tx: Tx, reader: Actor, engine: SearchEngine, mine: Asking, most: int = SHOWN) -> Best:
    """Which lessons those are."""
    if mine.is_empty:
        return Best()
    scores = _scores(engine, reader, mine)
    known = _known(tx, reader, mine, scores or ({}, {}))
    return Best(most_relevant(mine.topic, known, weights(), most), scores is not None)


def lessons_of(tx: Tx, reader: Actor, best: Sequence[Judged]) -> list[Advice]:
    """The lessons that were judged so, as far as the reader may still see them."""
    if not best:
        return []
    query = readable(reader, Lesson).where(Lesson.id.in_([one.number for one in best]))
    rows = {row.id: row for row in tx.scalars(query.options(selectinload(Lesson.organisation)))}
    return [Advice(rows[one.number], one.reasons) for one in best if one.number in rows]


def teachings(tx: Tx, reader: Actor, engine: SearchEngine, mine: Asking) -> list[Teaching]:
    """What is known of the lessons that are worth judging for a draft."""
    return _known(tx, reader, mine, _scores(engine, reader, mine) or ({}, {}))


def _known(tx: Tx, reader: Actor, mine: Asking, scores: Scores) -> list[Teaching]:
    words, titles = scores
    told = _told(tx, reader, {*words, *titles, *_by_tags(tx, reader, mine)}, mine.own_ref)
    known = weights_of(tx, reader, [one.number for one in told], {one.number: one.source for one in told})
    spoken = mine.spoken
    return [
        teaching(one, spoken, words.get(one.number, 0.0), titles.get(one.number, 0.0), known.get(one.number))
        for one in told
    ]


def _told(tx: Tx, reader: Actor, numbers: Collection[int], own_ref: str) -> list[Told]:
    """Columns instead of whole lessons: a hundred are judged for each that is shown."""
    query = readable(reader, Lesson).where(Lesson.id.in_(sorted(numbers)), Lesson.is_published)
    if own_ref:
        # What a record has taught stands on its page already.
        query = query.where(Lesson.subject_ref != own_ref)
    rows = tx.execute(query.with_only_columns(*TOLD_OF, *TOLD_BY).order_by(Lesson.id)).all()
    tags = select(LessonTag.record_id, LessonTag.facet, LessonTag.value)
    codes: dict[int, dict[str, set[str]]] = {}
    for number, facet, value in tx.execute(tags.where(LessonTag.record_id.in_([row.id for row in rows]))):
        codes.setdefault(number, {}).setdefault(facet, set()).add(value)
    return [
        Told(
            row[0],
            row[1],
            row[2],
            source_of(row[3:BEFORE_WORDS]),
            tuple(map(str, row[BEFORE_WORDS:])),
            _frozen(codes.get(row[0], {})),
        )
        for row in rows
    ]


def _frozen(codes: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {facet: frozenset(values) for facet, values in codes.items()}


def _scores(engine: SearchEngine, reader: Actor, mine: Asking) -> Scores | None:
    """For each lesson that the draft's words find the share of the best public score; by the whole, and by the title.

    None where the index cannot be read: lessons are found by their tags alone then.
    """
    whole = telling_groups(f"{mine.title} {mine.title} {mine.text}")
    try:
        return _shares(engine, reader, whole), _shares(engine, reader, title_groups(mine.title))
    except EngineBroken:
        return None


def _shares(engine: SearchEngine, reader: Actor, groups: tuple[TermGroup, ...]) -> dict[int, float]:
    if not groups:
        return {}
    query = EngineQuery(
        groups, {}, frozenset({"lesson"}), reader_tokens(reader), limit=MOST_HITS, all_words_first=False
    )
    public, restricted = hits_of(engine, query)
    # A restricted lesson says nothing of a public one: all are measured by the best public one.
    best = public[0].score if public else 0.0
    return {hit.key[1]: min(1.0, hit.score / best) if best else 0.0 for hit in (*public, *restricted)}


def _by_tags(tx: Tx, reader: Actor, mine: Asking) -> list[int]:
    """The lessons of the same and neighbouring themes and of the same kinds, the nearest first; never by date."""
    themes, kinds = (sorted(mine.codes.get(facet, ())) for facet in ("theme", "kind"))
    near = sorted({sibling for theme in themes for sibling in siblings(theme)} - set(themes))
    found: list[int] = []
    # Step by step, since the nearest mostly are enough: what is further away is then not even looked for.
    for facet, codes in (("theme", themes), ("theme", near), ("kind", kinds)):
        if codes and len(found) < MOST_BY_TAGS:
            found += _with_codes(tx, reader, facet, codes, found)
    return found


def _with_codes(tx: Tx, reader: Actor, facet: str, codes: Sequence[str], found: Sequence[int]) -> list[int]:
    """Further lessons that have one of these codes, the validated ones first, as many as are missing."""
    tagged = select(LessonTag.record_id).where(LessonTag.facet == facet, LessonTag.value.in_(codes))
    unsure = case((Lesson.status == "validated", 0), else_=1)
    query = readable(reader, Lesson).where(Lesson.is_published, Lesson.id.in_(tagged), Lesson.id.not_in(found))
    numbers = query.with_only_columns(Lesson.id).order_by(unsure, Lesson.id)
    return list(tx.scalars(numbers.limit(MOST_BY_TAGS - len(found))))


# --- records ---


def asking_for(tx: Tx, reader: Actor, side: Side) -> Asking | None:
    """What is decided on with a record; of a pledge that is the need that it is for, if the reader may see that."""
    if side.kind != "pledge":
        return asking_of(side.record)
    need = tx.scalar(readable(reader, Need).where(Need.id == side.record.need_id))
    return None if need is None else pledge_asking(need, side.record.conditions, side.ref)


def pledge_asking(need: Need, conditions: str, own_ref: str = "") -> Asking:
    """A pledge for a need: what the need is about, and on what conditions."""
    mine = asking_of(need)
    return Asking("pledge", mine.title, f"{mine.text} {conditions}", mine.codes, own_ref)


# --- answers ---


def answers_for(tx: Tx, kind: str, ref: str) -> dict[int, LessonAnswer]:
    """What was said to lessons for one record, by lesson; whoever asks has found the record for the reader."""
    query = select(LessonAnswer).where(LessonAnswer.of_kind == kind, LessonAnswer.of_ref == ref)
    return {row.lesson_id: row for row in tx.scalars(query)}


def answer_to(tx: Tx, lesson: Lesson, kind: str, ref: str) -> LessonAnswer | None:
    """What was said to one lesson for one record."""
    return answers_for(tx, kind, ref).get(lesson.id)


def with_answers(tx: Tx, reader: Actor, side: Side, shown: Sequence[Advice]) -> list[Advice]:
    """The lessons of a record with what was said to each; those that were answered once and not shown now, last."""
    said = answers_for(tx, side.kind, side.ref)
    if not said:
        return list(shown)
    listed = {one.lesson.id for one in shown}
    query = readable(reader, Lesson).where(Lesson.id.in_(sorted(set(said) - listed)), Lesson.is_published)
    earlier = tx.scalars(query.options(selectinload(Lesson.organisation)).order_by(Lesson.id))
    both = [*shown, *(Advice(lesson) for lesson in earlier)]
    return [Advice(one.lesson, one.reasons, said.get(one.lesson.id)) for one in both]


def uses_of(tx: Tx, reader: Actor, lesson_ids: Collection[int]) -> dict[int, list[Use]]:
    """For each lesson what was said to it, for the records alone that this reader may see, in the order of answers."""
    query = select(LessonAnswer).where(LessonAnswer.lesson_id.in_(sorted(lesson_ids))).order_by(LessonAnswer.id)
    rows = tx.scalars(query).all()
    sides = _sides(tx, reader, {(row.of_kind, row.of_ref) for row in rows})
    found: dict[int, list[Use]] = {}
    for row in rows:
        if side := sides.get((row.of_kind, row.of_ref)):
            found.setdefault(row.lesson_id, []).append(Use(row, side))
    return found


def tallies(tx: Tx, reader: Actor, lesson_ids: Collection[int]) -> dict[int, Tally]:
    """How often each lesson was applied, and said not to apply, as far as this reader may see."""
    return {number: tally_of(uses) for number, uses in uses_of(tx, reader, lesson_ids).items()}


def tally_of(uses: Sequence[Use]) -> Tally:
    """Both counts of a list of answers."""
    applied = sum(use.answer.says == APPLIED for use in uses)
    return Tally(applied, len(uses) - applied)


def _sides(tx: Tx, reader: Actor, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Side]:
    by_kind: dict[str, list[str]] = {}
    for kind, ref in sorted(wanted):
        by_kind.setdefault(kind, []).append(ref)
    found: dict[tuple[str, str], Side] = {}
    for kind, refs in by_kind.items():
        its = RECORD_KINDS.get(kind)
        if its is not None:
            found.update(((kind, side.ref), side) for side in its.find(tx, reader, its.model.ref.in_(refs)))
    return found


def find_answerable(tx: Tx, reader: Actor, lesson_ref: str, record_ref: str) -> tuple[Lesson, Side] | None:
    """A lesson and a record to which it may speak, if the reader may see both."""
    query = readable(reader, Lesson).where(Lesson.ref == lesson_ref, Lesson.is_published)
    lesson = tx.scalar(query.options(selectinload(Lesson.organisation)))
    side = side_by_ref(tx, reader, record_ref)
    return None if lesson is None or side is None else (lesson, side)
