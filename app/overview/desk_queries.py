"""What waits for one person, and how the records of this person's organisations stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.drafts import Draft, drafts_of
from app.foundation.permissions import Actor
from app.lessons.models import Lesson, Output
from app.lessons.queries import queue
from app.matching.feedback.queries import Discussed
from app.matching.feedback.queries import waiting as waiting_words
from app.matching.feedback.verdicts import shown_to
from app.matching.models import Match
from app.matching.queries import ShownMatch, count_matches, offer_seen, shown_matches
from app.needs.models import Need, Passing
from app.needs.passing.service import waiting_for as needs_waiting_for
from app.needs.rules import OPEN
from app.organisations.models import Organisation
from app.organisations.queries import waiting_applications
from app.programmes.models import Programme
from app.programmes.rules import RUNNING

NEW = timedelta(days=14)
"""How long a match counts as new, and how soon a closing registration is worth a word."""
SHOWN = 8
RECORDS: tuple[tuple[str, type[Any]], ...] = (
    ("need", Need), ("programme", Programme), ("course", Course), ("lesson", Lesson), ("output", Output),
)  # fmt: skip
OFFERS = ("programme", "course", "output")


@dataclass(frozen=True)
class Shelf:
    """The records of one kind that some organisations own: the latest, how many match each, how many there are."""

    kind: str
    items: Sequence[Any]
    matches: dict[int, int]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.items)


@dataclass(frozen=True)
class Waiting:
    """What a person is asked to do, by what it is."""

    stale: list[tuple[str, Any]]
    closing: Sequence[CourseSession]
    applications: list[Organisation]
    lessons: list[Lesson]
    passing: list[tuple[Passing, Need]]
    words: list[Discussed]

    @property
    def is_nothing(self) -> bool:
        """Nobody waits for anything."""
        return not (self.stale or self.closing or self.applications or self.lessons or self.passing or self.words)


@dataclass(frozen=True)
class Desk:
    """Everything on one person's desk that lower features know of."""

    waiting: Waiting
    drafts: list[Draft]
    shelves: list[Shelf]
    new_matches: list[ShownMatch]


def desk_of(tx: Tx, reader: Actor, now: datetime) -> Desk:
    """Gather one person's desk."""
    return Desk(
        waiting=waiting_for(tx, reader, now.date()),
        drafts=drafts_of(tx, reader),
        shelves=shelves_of(tx, reader, reader.organisation_ids),
        new_matches=new_matches(tx, reader, now),
    )


def waiting_for(tx: Tx, reader: Actor, today: date) -> Waiting:
    """What this person is asked to do: by an own record's date, or as one of the secretariat."""
    decides = bool(reader.of_kind("secretariat"))
    return Waiting(
        stale=_stale(tx, reader, today),
        closing=_closing(tx, reader, today),
        applications=waiting_applications(tx) if decides else [],
        lessons=queue(tx, reader),
        passing=needs_waiting_for(tx, reader),
        words=waiting_words(tx, reader),
    )


def _stale(tx: Tx, reader: Actor, today: date) -> list[tuple[str, Any]]:
    """Own records whose verify-by has passed and that are still going on: a person has to say whether they stand."""
    going_on: tuple[tuple[str, type[Any], ColumnElement[bool]], ...] = (
        ("need", Need, Need.status.in_(OPEN)),
        ("programme", Programme, Programme.status.in_(RUNNING)),
        ("course", Course, Course.status == "posted"),
    )
    found: list[tuple[str, Any]] = []
    for kind, model, is_going_on in going_on:
        query = readable(reader, model).where(
            model.organisation_id.in_(reader.editing_ids), model.verify_by < today, is_going_on, model.is_published
        )
        found += [(kind, row) for row in tx.scalars(query.order_by(model.verify_by, model.id).limit(SHOWN))]
    return found


def _closing(tx: Tx, reader: Actor, today: date) -> Sequence[CourseSession]:
    """Own sessions whose registration closes within a fortnight."""
    query = (
        select(CourseSession)
        .join(CourseSession.course)
        .where(
            visible_to(reader, Course),
            Course.organisation_id.in_(reader.editing_ids),
            CourseSession.status == "open",
            CourseSession.register_by.between(today, today + NEW),
        )
        .order_by(CourseSession.register_by, CourseSession.id)
        .limit(SHOWN)
    )
    course = contains_eager(CourseSession.course)
    return tx.scalars(query.options(course.lazyload(Course.sessions), course.lazyload(Course.tags))).all()


def shelves_of(tx: Tx, reader: Actor, organisation_ids: Collection[int]) -> list[Shelf]:
    """The records of some organisations that this reader may see, kind by kind; kinds without any are left out."""
    shelves = [_shelf(tx, reader, kind, model, organisation_ids) for kind, model in RECORDS] if organisation_ids else []
    return [shelf for shelf in shelves if shelf.total]


def _shelf(tx: Tx, reader: Actor, kind: str, model: type[Any], organisation_ids: Collection[int]) -> Shelf:
    own = model.organisation_id.in_(organisation_ids)
    total = tx.scalar(select(func.count()).select_from(model).where(visible_to(reader, model), own)) or 0
    if not total:
        return Shelf(kind, (), {}, 0)
    query = readable(reader, model).where(own).options(joinedload(model.organisation), lazyload(model.tags))
    rows = tx.scalars(query.order_by(model.changed_at.desc(), model.id.desc()).limit(SHOWN)).all()
    return Shelf(kind, rows, _matches(tx, reader, kind, [row.id for row in rows]), total)


def _matches(tx: Tx, reader: Actor, kind: str, ids: list[int]) -> dict[int, int]:
    """How many of the other side fit each of these, counting only what the reader may see and has not put away."""
    if kind == "need":
        return count_matches(tx, reader, ids)
    query = select(Match.offer_id, func.count()).join(Need, Need.id == Match.need_id)
    query = query.where(Match.offer_kind == kind, Match.offer_id.in_(ids), Match.gate == "match", shown_to(reader))
    return dict(tx.execute(query.where(visible_to(reader, Need)).group_by(Match.offer_id)).all())


def new_matches(tx: Tx, reader: Actor, now: datetime) -> list[ShownMatch]:
    """Matches of a fortnight of which one side is the reader's own and the other may be seen.

    The newest stand first, and of those that were found at once the strongest: whatever comes in is seen on the desk.
    """
    own = reader.organisation_ids
    if not own:
        return []
    need = select(Need.id).where(Need.id == Match.need_id, Need.is_published, Need.status.in_(OPEN))
    query = select(Match).where(
        or_(Match.need_organisation_id.in_(own), Match.offer_organisation_id.in_(own)),
        Match.gate == "match", Match.computed_at >= now - NEW, shown_to(reader),
        Match.offer_kind.in_(OFFERS), offer_seen(reader, is_published=True),
        need.where(visible_to(reader, Need)).correlate(Match).exists(),
    )  # fmt: skip
    rows = tx.scalars(query.order_by(Match.computed_at.desc(), Match.score.desc(), Match.id).limit(SHOWN)).all()
    return shown_matches(tx, reader, rows)
