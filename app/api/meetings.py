"""Meetings for programs: listed and read with their agenda, minutes and action points, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field as Said
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import joinedload

from app.api.answers import Answer, absolute, in_words, record
from app.api.lists import Order, ordered_list
from app.api.operations import Parameter, reads
from app.api.parts import COUNTRY, HEAD, Whose, head, page_of, whose
from app.api.shapes import Given, given_of, many, shown_as
from app.coordination import queries
from app.coordination.models import ActionPoint, Meeting
from app.coordination.queries import Filters, ItemSeen, Link, PointSeen
from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.messages import Message
from app.foundation.permissions import Permission
from app.foundation.references import tidy_reference
from app.foundation.web import actor, found, now, request

RECORDS = ("need", "programme", "course", "lesson", "output", "pledge", "limit")
LIST = surface("meeting.api_list", "api", "meeting")
ONE = surface("meeting.api", "api", "meeting", *RECORDS)
POINTS = surface("meeting.point.api_list", "api", "meeting", *RECORDS)
POINT = surface("meeting.point.api", "api", "meeting", *RECORDS)
WHEN = ("coming", "past")
COLUMNS = ("country", "language", "title", "forum", "held_on", "time_zone", "place")
BEGINS: Mapping[str, Any] = {"begins_at": (str | None, Said(description="The hour in its time zone, like 14:30."))}


class RecordGiven(Given):
    """A record that something rests on or is about. A pledge and a limit have no title."""

    kind: str
    ref: str
    title: str
    language: str


class ItemGiven(Given):
    """An item of an agenda; one that rests on records is shown to whoever may see all of them."""

    ref: str
    kind: str = Said(description="free: in the words of the convener; else gap, crowding, collision or overlap.")
    text: str
    theme: str
    first_quarter: str = Said(description="Like 2027-Q1, or empty.")
    last_quarter: str
    why: list[str] = Said(description="What was found, in words.")
    records: list[RecordGiven]
    noted_on: date = Said(description="The day of these words.")


class PointGiven(Given):
    """What was agreed: who owes what by when."""

    ref: str
    url: str
    meeting_ref: str
    text: str
    organisation: Whose = Said(description="Who owes it.")
    person: str | None = Said(default=None, description="Who of it; told to people of verified organisations.")
    due_on: date
    status: str = Said(description="open, done or dropped")
    is_overdue: bool
    note: str = Said(description="What came of it, or why it is open again.")
    closed_on: date | None
    records: list[RecordGiven] = Said(description="Those that it is about, as far as you may see them.")


MeetingListed = given_of("MeetingListed", Meeting, COLUMNS, **HEAD, **BEGINS)
MeetingGiven = given_of(
    "Meeting", Meeting, COLUMNS, **HEAD, **BEGINS,
    agenda=(str, Said(description="What it is for.")),
    link=(str, Said(default="", description="To take part from afar; for those who convene it or are invited.")),
    disclosure=(str, Said(description="Who may see it: public, members, or named (those who are invited).")),
    minutes_for=(str, Said(description="Who reads the minutes and what was agreed: public, members or named.")),
    minutes=(str, Said(default="", description="Once it was held, for those who may read them.")),
    status_reason=(str, Said(description="Why it was cancelled.")),
    invited=(many(Whose), ...), items=(many(ItemGiven), ...),
    points=(many(PointGiven), Said(description="What was agreed; without the right to the minutes, what you owe.")),
)  # fmt: skip
Meetings = page_of("Meetings", MeetingListed)
Points = page_of("Points", PointGiven)
COMING = Parameter("when", "coming: from today on; past: before.", lambda: WHEN, many=False)
ONE_COUNTRY = Parameter(COUNTRY.name, "An ISO 3166-1 alpha-2 code.", COUNTRY.codes, many=False)


@reads(
    "/meetings", Permission.PUBLIC_READ, LIST, Meetings, "Meetings that you may see", query=(ONE_COUNTRY, COMING),
    is_list=True,
)  # fmt: skip
def meetings(tx: Tx) -> Answer:
    """Those to come first, the soonest of them on top, then the others, the latest first, as on their page."""
    today = now().date()
    filters = Filters(request.args.get("country", ""), request.args.get("when", ""))
    query = queries.wanted_meetings(actor(), filters, today)
    in_order = query.order_by(*queries.coming_first(today), Meeting.ref).options(joinedload(Meeting.organisation))

    def behind(after: str) -> ColumnElement[bool]:
        held_on, ref = _place(after)
        same_day = and_(Meeting.held_on == held_on, Meeting.ref > ref)
        if held_on < today:
            return or_(Meeting.held_on < held_on, same_day)
        return or_(Meeting.held_on > held_on, same_day, Meeting.held_on < today)

    order = Order(behind, lambda row: f"{row.held_on.isoformat()} {row.ref}")
    return ordered_list(tx, "meetings", in_order, order, lambda rows: [_listed(row) for row in rows])


@reads("/meetings/<ref>", Permission.PUBLIC_READ, ONE, MeetingGiven, "One meeting")
def meeting(tx: Tx, ref: str) -> Answer:
    """One meeting with its agenda, its minutes and what was agreed, as far as the reader may see them."""
    return answer_of(tx, here(tx, ref))


@reads("/points", Permission.DESK_READ, POINTS, Points, "Action points that you owe", is_list=True)
def points(tx: Tx) -> Answer:
    """What one's organisations have still to do, what is overdue first, as on the desk."""
    today = now().date()
    in_order = queries.owed_points(actor()).order_by(ActionPoint.due_on, ActionPoint.ref)

    def behind(after: str) -> ColumnElement[bool]:
        due_on, ref = _place(after)
        return or_(ActionPoint.due_on > due_on, and_(ActionPoint.due_on == due_on, ActionPoint.ref > ref))

    def shown_all(rows: Sequence[ActionPoint]) -> list[dict[str, Any]]:
        return [point_shown(one.point.meeting, one) for one in queries.points_seen(tx, actor(), rows, today)]

    order = Order(behind, lambda row: f"{row.due_on.isoformat()} {row.ref}")
    return ordered_list(tx, "points", in_order, order, shown_all)


@reads("/meetings/<ref>/points/<point_ref>", Permission.PUBLIC_READ, POINT, PointGiven, "One action point")
def point(tx: Tx, ref: str, point_ref: str) -> Answer:
    """One thing that was agreed, for whoever may read the minutes or owes it."""
    return point_answer(tx, here(tx, ref), point_ref)


@dataclass(frozen=True)
class Moved:
    """An action point at its version, for If-Match: how often something was done with it."""

    version: int


def here(tx: Tx, ref: str) -> Meeting:
    """The meeting of this address, if the reader may see it."""
    meeting: Meeting = found(queries.find_meeting(tx, actor(), tidy_reference(ref)))
    return meeting


def point_here(tx: Tx, meeting: Meeting, ref: str) -> ActionPoint:
    """The action point of this address, if the reader may see it."""
    point: ActionPoint = found(queries.find_point(tx, actor(), meeting, tidy_reference(ref)))
    point.meeting = meeting
    return point


def at_version(tx: Tx, point: ActionPoint) -> Moved:
    """An action point as If-Match looks at it."""
    return Moved(len(history_of(tx, point.ref)))


def answer_of(tx: Tx, meeting: Meeting, status: int = 200) -> Answer:
    """A meeting as it stands now."""
    tx.flush()
    location = absolute("api.meeting", ref=meeting.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(tx, meeting), meeting.version, status, location)


def point_answer(tx: Tx, meeting: Meeting, ref: str, status: int = 200) -> Answer:
    """An action point as it stands now."""
    tx.flush()
    point = point_here(tx, meeting, ref)
    (seen,) = queries.points_seen(tx, actor(), [point], now().date())
    there = {"ref": meeting.ref, "point_ref": point.ref}
    location = absolute("api.point", **there) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(point_shown(meeting, seen), at_version(tx, point).version, status, location)


def _place(bookmark: str) -> tuple[date, str]:
    # Where the page ended stands in the bookmark: what is put off meanwhile moves, and the page stays.
    day, _space, ref = bookmark.partition(" ")
    return date.fromisoformat(day), ref


def _basics(meeting: Meeting) -> dict[str, Any]:
    begins = {"begins_at": meeting.begins_at.strftime("%H:%M") if meeting.begins_at else None}
    columns = {name: getattr(meeting, name) for name in COLUMNS}
    return columns | begins | head(meeting, absolute("meetings.page", ref=meeting.ref))


def _listed(meeting: Meeting) -> dict[str, Any]:
    return shown_as(MeetingListed, _basics(meeting))


def shown(tx: Tx, meeting: Meeting) -> dict[str, Any]:
    """A meeting as this reader may see it; the minutes and the link are absent for whoever may not have them."""
    seen = queries.meeting_seen(tx, actor(), meeting, now().date())
    values = _basics(meeting) | {
        "agenda": meeting.agenda, "disclosure": meeting.disclosure, "status_reason": meeting.status_reason,
        "minutes_for": meeting.field_disclosure.get("minutes", meeting.disclosure),
        "invited": [whose(one) for one in seen.invited], "items": [_item(one) for one in seen.items],
        "points": [point_shown(meeting, one) for one in seen.points],
    }  # fmt: skip
    if seen.sees_link:
        values["link"] = meeting.link
    if seen.sees_minutes and meeting.status == "held":
        values["minutes"] = meeting.minutes
    return shown_as(MeetingGiven, values)


def _item(seen: ItemSeen) -> dict[str, Any]:
    names = ("ref", "kind", "text", "theme", "first_quarter", "last_quarter", "noted_on")
    why = [in_words(Message.from_json(one)) for one in seen.item.why]
    return {name: getattr(seen.item, name) for name in names} | {"why": why, "records": records(seen.links)}


def point_shown(meeting: Meeting, seen: PointSeen) -> dict[str, Any]:
    """An action point as this reader may see it."""
    one = seen.point
    values = {name: getattr(one, name) for name in ("ref", "text", "due_on", "status", "note", "closed_on")} | {
        "url": absolute("meetings.page", ref=meeting.ref), "meeting_ref": meeting.ref,
        "organisation": whose(one.organisation), "is_overdue": seen.is_overdue, "records": records(seen.links),
    }  # fmt: skip
    if one.account is not None and actor().is_verified:
        values["person"] = one.account.name
    return shown_as(PointGiven, values)


def records(links: Iterable[Link]) -> list[dict[str, str]]:
    """The records behind something, as far as the reader may see them."""
    return [{"kind": one.kind, "ref": one.ref, "title": one.title, "language": one.language} for one in links]
