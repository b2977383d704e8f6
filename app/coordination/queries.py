"""Reading meetings: as far as a reader may see them, their agenda, their minutes and what was agreed there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.coordination.models import ActionPoint, AgendaItem, Meeting
from app.coordination.rules import is_overdue
from app.foundation.db import Tx
from app.foundation.disclosure import Audience, may_see_field, model_of, readable, visible_to
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import Actor
from app.notifications.queries import visible_records
from app.notifications.rules import Part
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.pledges.queries import shown as shown_pledges
from app.pledges.queries import sight_of

PAST_SHOWN = 5
POINTS_SHOWN = 50
SOONEST = (ActionPoint.due_on, ActionPoint.id)
TITLED = frozenset({"need", "programme", "course", "lesson", "output"})
"""Kinds of records that have a title; a pledge is known by its reference."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to: a country, and `coming` or `past` meetings."""

    country: str = ""
    when: str = ""


@dataclass(frozen=True)
class Link:
    """A record that something rests on or is about, for somebody who may see it."""

    kind: str
    ref: str
    title: str
    language: str


@dataclass(frozen=True)
class ItemSeen:
    """An item of an agenda that the reader may see, with the records that it rests on."""

    item: AgendaItem
    links: Sequence[Link]


@dataclass(frozen=True)
class PointSeen:
    """An action point that the reader may see, with those of its records that the reader may see."""

    point: ActionPoint
    links: Sequence[Link]
    is_overdue: bool


@dataclass(frozen=True)
class MeetingSeen:
    """A meeting as its page shows it to one reader; without a right to the minutes, with own action points alone."""

    meeting: Meeting
    invited: Sequence[Organisation]
    items: Sequence[ItemSeen]
    points: Sequence[PointSeen]
    sees_minutes: bool
    sees_link: bool


@dataclass(frozen=True)
class CountryMeetings:
    """The meetings on one country: the next one, what is still to be done, those before and how many there are."""

    coming: MeetingSeen | None
    points: Sequence[PointSeen]
    past: Sequence[Meeting]
    total: int


# --- meetings ---


def find_meeting(tx: Tx, reader: Actor, ref: str) -> Meeting | None:
    """The meeting with that reference, if the reader may see it."""
    return tx.scalar(readable(reader, Meeting).where(Meeting.ref == ref).options(joinedload(Meeting.organisation)))


def list_meetings(tx: Tx, reader: Actor, filters: Filters, page: str | None, today: date) -> Page[Meeting]:
    """A page of the meetings that this reader may see: those to come first, the soonest of them on top."""
    query = wanted_meetings(reader, filters, today)
    total = tx.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = page_number(page, total)
    ordered = query.order_by(*coming_first(today), Meeting.id)
    shown = ordered.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE).options(joinedload(Meeting.organisation))
    return Page(list(tx.scalars(shown)), number, total)


def coming_first(today: date) -> tuple[ColumnElement[Any], ...]:
    """The order of a list: those to come first, the soonest of them on top, then the others, the latest first."""
    is_coming = Meeting.held_on >= today
    return case((is_coming, 0), else_=1), case((is_coming, Meeting.held_on)), Meeting.held_on.desc()


def wanted_meetings(reader: Actor, filters: Filters, today: date) -> Select[Meeting]:
    """The meetings that this reader may see, as they are narrowed."""
    query = readable(reader, Meeting).where(Meeting.is_published)
    if filters.country:
        query = query.where(Meeting.country == filters.country)
    if filters.when:
        query = query.where(Meeting.held_on >= today if filters.when == "coming" else Meeting.held_on < today)
    return query


def last_on(tx: Tx, reader: Actor, iso2: str) -> Meeting | None:
    """The latest meeting on a country that this reader may see: the next one is mostly of the same group."""
    query = readable(reader, Meeting).where(Meeting.is_published, Meeting.country == iso2)
    return tx.scalar(query.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(1))


def countries_with_meetings(tx: Tx, reader: Actor) -> list[str]:
    """The countries on which there is a meeting that this reader may see."""
    query = select(Meeting.country).where(visible_to(reader, Meeting), Meeting.is_published).distinct()
    return sorted(tx.scalars(query))


def on_country(tx: Tx, reader: Actor, iso2: str, today: date) -> CountryMeetings:
    """The meetings on a country, as far as this reader may see them."""
    query = readable(reader, Meeting).where(Meeting.is_published, Meeting.country == iso2)
    coming = query.where(Meeting.status == "planned", Meeting.held_on >= today).order_by(Meeting.held_on, Meeting.id)
    found = tx.scalar(coming.limit(1).options(joinedload(Meeting.organisation)))
    past = query.where(or_(Meeting.status == "held", and_(Meeting.status == "planned", Meeting.held_on < today)))
    return CountryMeetings(
        coming=meeting_seen(tx, reader, found, today) if found else None,
        points=_open_points(tx, reader, iso2, today),
        past=tx.scalars(past.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(PAST_SHOWN)).all(),
        total=tx.scalar(select(func.count()).select_from(query.subquery())) or 0,
    )


def meeting_seen(tx: Tx, reader: Actor, meeting: Meeting, today: date) -> MeetingSeen:
    """Everything of a meeting that its page shows this reader."""
    named = invited_to(tx, [meeting.id]).get(meeting.id, [])
    query = select(ActionPoint).where(ActionPoint.meeting_id == meeting.id)
    points = query.options(joinedload(ActionPoint.organisation), joinedload(ActionPoint.account))
    rows = tx.scalars(points.order_by(ActionPoint.due_on, ActionPoint.id)).all()
    shown = [row for row in rows if sees_point(reader, meeting, row, named)]
    return MeetingSeen(
        meeting=meeting,
        invited=organisations_by_ids(tx, named),
        items=_items_seen(tx, reader, meeting),
        points=points_seen(tx, reader, shown, today),
        sees_minutes=may_see_field(reader, meeting, "minutes", named),
        sees_link=may_see_field(reader, meeting, "link", named),
    )


def invited_to(tx: Tx, meeting_ids: Collection[int]) -> dict[int, list[int]]:
    """Which organisations are invited to each of these meetings."""
    query = select(Audience.record_id, Audience.organisation_id).where(
        Audience.record_kind == Meeting.record_kind, Audience.record_id.in_(meeting_ids)
    )
    found: dict[int, list[int]] = {}
    for number, organisation_id in tx.execute(query):
        found.setdefault(number, []).append(organisation_id)
    return found


# --- the agenda ---


def _items_seen(tx: Tx, reader: Actor, meeting: Meeting) -> list[ItemSeen]:
    """The items all of whose records this reader may see; the others are not there for this reader."""
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    items = tx.scalars(query.order_by(AgendaItem.position, AgendaItem.id)).all()
    parts = {part for item in items for part in parts_of(item)}
    whole, links = fully_seen(tx, reader, parts), linked(tx, reader, parts)
    shown = [item for item in items if whole.issuperset(parts_of(item))]
    return [ItemSeen(item, [links[part] for part in parts_of(item)]) for item in shown]


def find_item(tx: Tx, reader: Actor, meeting: Meeting, ref: str) -> AgendaItem | None:
    """One item of the agenda, if the reader may see it."""
    return next((seen.item for seen in _items_seen(tx, reader, meeting) if seen.item.ref == ref), None)


def parts_of(row: AgendaItem | ActionPoint) -> list[Part]:
    """The records that an item rests on, or that an action point is about."""
    return [(str(kind), str(ref)) for kind, ref in row.records]


def fully_seen(tx: Tx, reader: Actor, parts: Iterable[Part]) -> set[Part]:
    """Those of the records that this reader may see whole: a pledge without its donor or amount would tell of them."""
    seen = visible_records(tx, reader, set(parts))
    refs = [ref for kind, ref in seen if kind == Pledge.record_kind]
    for pledge in tx.scalars(shown_pledges(reader).where(Pledge.ref.in_(refs))) if refs else ():
        sight = sight_of(tx, reader, pledge)
        if not (sight.donor and sight.amount):
            seen.discard((Pledge.record_kind, pledge.ref))
    return seen


def linked(tx: Tx, reader: Actor, parts: Iterable[Part]) -> dict[Part, Link]:
    """Those of the records that this reader may see, with their titles."""
    seen = visible_records(tx, reader, set(parts))
    titles: dict[Part, tuple[str, str]] = {}
    for kind in {kind for kind, _ref in seen} & TITLED:
        model: Any = model_of(kind)
        refs = [ref for its_kind, ref in seen if its_kind == kind]
        query = select(model.ref, model.title, model.language).where(model.ref.in_(refs), visible_to(reader, model))
        titles |= {(kind, ref): (title, language) for ref, title, language in tx.execute(query)}
    return {part: Link(*part, *titles.get(part, ("", ""))) for part in seen}


# --- action points ---


def sees_point(reader: Actor, meeting: Meeting, point: ActionPoint, named: Iterable[int]) -> bool:
    """Whoever may read the minutes reads what was agreed; who owes something always knows of it."""
    return point.organisation_id in reader.organisation_ids or may_see_field(reader, meeting, "minutes", named)


def points_seen(tx: Tx, reader: Actor, points: Sequence[ActionPoint], today: date) -> list[PointSeen]:
    """Action points with those of their records that the reader may see, and whether they are overdue."""
    links = linked(tx, reader, (part for point in points for part in parts_of(point)))
    return [
        PointSeen(
            point,
            [links[part] for part in parts_of(point) if part in links],
            is_overdue(point.status, point.due_on, today),
        )
        for point in points
    ]


def find_point(tx: Tx, reader: Actor, meeting: Meeting, ref: str) -> ActionPoint | None:
    """One action point of a meeting that the reader may see, if the reader may see it too."""
    query = select(ActionPoint).where(ActionPoint.meeting_id == meeting.id, ActionPoint.ref == ref)
    point = tx.scalar(query.options(joinedload(ActionPoint.organisation), joinedload(ActionPoint.account)))
    named = invited_to(tx, [meeting.id]).get(meeting.id, [])
    return point if point is not None and sees_point(reader, meeting, point, named) else None


def _points(reader: Actor) -> Select[ActionPoint]:
    """Open action points of meetings that the reader may see."""
    return (
        select(ActionPoint)
        .join(ActionPoint.meeting)
        .where(visible_to(reader, Meeting), Meeting.is_published, ActionPoint.status == "open")
        .options(
            contains_eager(ActionPoint.meeting),
            joinedload(ActionPoint.organisation),
            joinedload(ActionPoint.account),
        )
    )


def _open_points(tx: Tx, reader: Actor, iso2: str, today: date) -> list[PointSeen]:
    rows = tx.scalars(_points(reader).where(Meeting.country == iso2).order_by(*SOONEST).limit(POINTS_SHOWN)).all()
    named = invited_to(tx, {row.meeting_id for row in rows})
    shown = [row for row in rows if sees_point(reader, row.meeting, row, named.get(row.meeting_id, []))]
    return points_seen(tx, reader, shown, today)


def points_owed(tx: Tx, reader: Actor, today: date) -> list[PointSeen]:
    """What the organisations for which this person writes have still to do, what is overdue first."""
    if not reader.editing_ids:
        return []
    return points_seen(tx, reader, tx.scalars(owed_points(reader).order_by(*SOONEST).limit(POINTS_SHOWN)).all(), today)


def owed_points(reader: Actor) -> Select[ActionPoint]:
    """The open action points of the organisations for which this person writes."""
    return _points(reader).where(ActionPoint.organisation_id.in_(reader.editing_ids))


def owing(tx: Tx, meeting: Meeting) -> set[int]:
    """The organisations that still have an open action point of this meeting."""
    query = select(ActionPoint.organisation_id)
    return set(tx.scalars(query.where(ActionPoint.meeting_id == meeting.id, ActionPoint.status == "open")))


def organisations_by_ids(tx: Tx, ids: Collection[int]) -> list[Organisation]:
    """Organisations by number, in the order of their names."""
    query = select(Organisation).where(Organisation.id.in_(list(ids)))
    return list(tx.scalars(query.order_by(Organisation.folded_name, Organisation.id)))
