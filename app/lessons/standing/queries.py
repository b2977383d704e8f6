"""Reading how lessons stand to one another, where the reader may see both, and what each of many lessons weighs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import Actor
from app.lessons.models import Lesson
from app.lessons.standing.models import LessonTie
from app.lessons.standing.rules import (
    BEST_FROM,
    CONTRADICTS,
    CORROBORATES,
    Source,
    Weight,
    is_best_practice,
    ordered,
    weight_of,
)

MOST_AT_ONCE = 400
"""For more lessons than that one asks for all, rather than by number."""
SOURCE_COLUMNS = (Lesson.organisation_id, Lesson.evidence, Lesson.is_independent, Lesson.status)
"""What of a lesson it is weighed by."""


@dataclass(frozen=True)
class Tied:
    """The lesson at the other end of a tie, and the tie."""

    tie: LessonTie
    lesson: Lesson


@dataclass(frozen=True)
class Pair:
    """Two lessons of which one wants to say how they stand: what a policy is asked about."""

    own: Lesson
    other: Lesson

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations that told them."""
        return frozenset({self.own.organisation_id, self.other.organisation_id})

    @property
    def organisation_id(self) -> int:
        """Whose lesson it is on whose page one says it."""
        return self.own.organisation_id

    @property
    def reviewer_id(self) -> int | None:
        """Who was asked to review that lesson."""
        return self.own.reviewer_id


@dataclass(frozen=True)
class Standing:
    """How well one lesson is known, as far as a reader may know it."""

    weight: Weight
    is_best: bool

    @property
    def is_contradicted(self) -> bool:
        """Whether a validated lesson says the opposite."""
        return self.weight.is_contradicted


def ties_of(tx: Tx, reader: Actor, lesson: Lesson) -> list[Tied]:
    """Every published lesson of which somebody says how it stands to this one; those that contradict it first."""
    query = select(LessonTie).where(or_(LessonTie.first_id == lesson.id, LessonTie.second_id == lesson.id))
    ties = tx.scalars(query.options(joinedload(LessonTie.organisation)).order_by(LessonTie.kind.desc())).all()
    there = readable(reader, Lesson).where(Lesson.id.in_({tie.other(lesson.id) for tie in ties}), Lesson.is_published)
    others = {other.id: other for other in tx.scalars(there.options(selectinload(Lesson.organisation)))}
    found = [Tied(tie, others[tie.other(lesson.id)]) for tie in ties if tie.other(lesson.id) in others]
    return sorted(found, key=lambda one: (one.tie.kind != CONTRADICTS, one.lesson.ref))


def tie_between(tx: Tx, one: Lesson, other: Lesson) -> LessonTie | None:
    """What is said of a pair whose two lessons the caller has found for its reader."""
    first, second = ordered(one.id, other.id)
    return tx.scalar(select(LessonTie).where(LessonTie.first_id == first, LessonTie.second_id == second))


def weights_of(
    tx: Tx, reader: Actor, ids: Collection[int], known: Mapping[int, Source] = MappingProxyType({})
) -> dict[int, Weight]:
    """What these lessons weigh, by number; what the reader may not see adds nothing and takes nothing away.

    `known` are those that the caller has read for this reader already.
    """
    wanted = set(ids)
    pairs = ties_among(tx, wanted)
    asked = wanted | {number for first, second, _kind in pairs for number in (first, second)}
    sources = {**known, **_sources(tx, reader, asked - known.keys())}
    around: dict[tuple[int, str], list[Source]] = {}
    for first, second, kind in pairs:
        for one, other in ((first, second), (second, first)):
            if other in sources:
                around.setdefault((one, kind), []).append(sources[other])
    return {
        number: weight_of(
            sources[number], around.get((number, CORROBORATES), ()), around.get((number, CONTRADICTS), ())
        )
        for number in wanted
        if number in sources
    }


def standings_of(tx: Tx, reader: Actor, lessons: Iterable[Lesson]) -> Mapping[int, Standing]:
    """How well each of these lessons is known, by number."""
    kept = list(lessons)
    weights = weights_of(tx, reader, [lesson.id for lesson in kept])
    return {
        lesson.id: Standing(weight, _is_best(lesson, weight))
        for lesson in kept
        if (weight := weights.get(lesson.id)) is not None
    }


def _is_best(lesson: Lesson, weight: Weight) -> bool:
    return is_best_practice(lesson.verdict, is_validated=lesson.status == "validated", weight=weight)


def ties_among(tx: Tx, ids: Collection[int]) -> list[tuple[int, int, str]]:
    """The ties that touch these lessons, as (first, second, kind). The caller reads the lessons through disclosure."""
    query = select(LessonTie.first_id, LessonTie.second_id, LessonTie.kind)
    if len(ids) <= MOST_AT_ONCE:
        query = query.where(or_(LessonTie.first_id.in_(ids), LessonTie.second_id.in_(ids)))
    rows = tx.execute(query.order_by(LessonTie.id))
    return [(first, second, kind) for first, second, kind in rows if first in ids or second in ids]


def _sources(tx: Tx, reader: Actor, ids: Collection[int]) -> dict[int, Source]:
    if not ids:
        return {}
    # A lesson that was returned is shown to its own people alone, and weighs with them as if it waited.
    query = select(Lesson.id, *SOURCE_COLUMNS).where(visible_to(reader, Lesson))
    if len(ids) <= MOST_AT_ONCE:
        query = query.where(Lesson.id.in_(ids))
    return {row[0]: source_of(row[1:]) for row in tx.execute(query) if row[0] in ids}


def source_of(row: Sequence[Any]) -> Source:
    """What SOURCE_COLUMNS say of a lesson."""
    organisation_id, evidence, is_independent, status = row
    return Source(organisation_id, evidence, is_independent, status == "validated")


def is_contradicted(reader: Actor) -> ColumnElement[bool]:
    """The criterion that a validated lesson which this reader may see says the opposite."""
    tie, other, tied = _tied(reader, CONTRADICTS)
    return select(other.id).join_from(tie, other, tied.joined).where(tied.holds).correlate(Lesson).exists()


def is_best(reader: Actor) -> ColumnElement[bool]:
    """The criterion of a best practice, as far as this reader may know it: the same as rules.is_best_practice."""
    tie, other, tied = _tied(reader, CORROBORATES)
    further = select(func.count(other.organisation_id.distinct())).join_from(tie, other, tied.joined)
    further = further.where(tied.holds, other.organisation_id != Lesson.organisation_id)
    known = further.correlate(Lesson).scalar_subquery() >= BEST_FROM - 1
    return and_(Lesson.verdict == "worked", Lesson.status == "validated", known, not_(is_contradicted(reader)))


@dataclass(frozen=True)
class _Tied:
    """What joins a tie with the lesson at its other end, and what has to hold of the two."""

    joined: ColumnElement[bool]
    holds: ColumnElement[bool]


def _tied(reader: Actor, kind: str) -> tuple[Any, Any, _Tied]:
    """A tie of the lesson in the query outside, and the validated lesson at its other end.

    It begins with the ties: a database that began with the lessons would try each one against each other one.
    """
    tie, other = aliased(LessonTie), aliased(Lesson)
    its_other = case((tie.first_id == Lesson.id, tie.second_id), else_=tie.first_id)
    holds = and_(
        or_(tie.first_id == Lesson.id, tie.second_id == Lesson.id),
        tie.kind == kind, other.status == "validated", visible_to(reader, other),
    )  # fmt: skip
    return tie, other, _Tied(other.id == its_other, holds)
