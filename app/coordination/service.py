"""What may be done with meetings: convene, amend, fill the agenda, hold, cancel; and how an action point is set."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from app.coordination import rules
from app.coordination.events import (
    ActionPointSet,
    MeetingCancelled,
    MeetingChanged,
    MeetingConvened,
    MeetingHeld,
)
from app.coordination.findings import Found, item_of
from app.coordination.models import ActionPoint, AgendaItem, Meeting
from app.coordination.queries import owing
from app.coordination.whom import is_active_in
from app.courses.rules import day_there
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, name_audience
from app.foundation.messages import Message
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import check_version
from app.notifications.rules import Part

# What of a draft goes into the columns of the same name.
COLUMNS = (
    "country", "language", "title", "forum", "held_on", "begins_at", "time_zone", "place", "link", "agenda",
    "disclosure",
)  # fmt: skip
WHEN_AND_WHERE = ("held_on", "begins_at", "time_zone", "place", "link")
"""What those who are invited have to know of when it changes."""


class MeetingRefused(ValueError):
    """A meeting or an action point cannot be kept as it was typed; `field` is where, `reason` says how to mend it."""

    def __init__(self, field: str, reason: Message) -> None:
        super().__init__(str(reason))
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class MeetingDraft:
    """Everything that a convener says of a meeting; the codes are those of rules, organisations are named by number.

    `minutes_for` is the tier of the minutes and of what was agreed; `minutes` is None where they are left as they are.
    """

    country: str
    language: str
    title: str
    forum: str
    held_on: date
    invited: tuple[int, ...]
    begins_at: time | None = None
    time_zone: str = "UTC"
    place: str = ""
    link: str = ""
    agenda: str = ""
    disclosure: str = "members"
    minutes_for: str = "named"
    minutes: str | None = None


@dataclass(frozen=True)
class PointDraft:
    """What was agreed: who owes it (an organisation, perhaps a person), by when, and which records it is about."""

    text: str
    organisation_id: int
    due_on: date
    account_id: int | None = None
    records: tuple[Part, ...] = ()


# --- meetings ---


def convene(tx: Tx, actor: Actor, organisation_id: int, draft: MeetingDraft, now: datetime) -> Meeting:
    """Convene a meeting on a country and invite organisations.

    Raises:
        Refused: the actor may not for that organisation. MeetingRefused: it has nothing to do with that country.
    """
    meeting = Meeting(organisation_id=organisation_id, created_at=now, version=1, status="planned", minutes="")
    require(actor, Permission.MEETING_CONVENE, now, meeting)
    if fault := _convening_fault(tx, actor, organisation_id, draft.country):
        raise MeetingRefused("country", fault)
    _fill(meeting, draft, now)
    meeting.is_published, meeting.posted_at = True, now
    tx.add(meeting)
    tx.flush()
    _invite(tx, meeting, draft.invited)
    record_event(tx, actor, "meeting.convened", meeting, now)
    tell(tx, MeetingConvened(meeting.id), now)
    return meeting


def _convening_fault(tx: Tx, actor: Actor, organisation_id: int, country: str) -> Message | None:
    place = actor.membership_in(organisation_id)
    if place is None:
        return None
    is_donor = place.organisation_kind == "donor"
    return rules.convening_fault(
        rules.Convener(
            kind=place.organisation_kind,
            country=place.country if place.organisation_kind == "state" else None,
            desk=rules.desk_of(place.grouping),
            is_active=is_donor and is_active_in(tx, actor, organisation_id, country),
        ),
        country,
    )


def amend(
    tx: Tx, actor: Actor, meeting: Meeting, draft: MeetingDraft, opened_version: int | None, now: datetime
) -> None:
    """Change a meeting; once it has been held, its minutes too. Those who are invited are told where and when.

    Raises:
        Refused: the actor may not. StaleVersion: somebody else amended it meanwhile. MoveRefused: it is cancelled.
        MeetingRefused: an organisation that owes something is no longer invited.
    """
    require(actor, Permission.MEETING_CHANGE, now, meeting)
    check_version(meeting, opened_version)
    rules.check_amendable(meeting.status)
    before = [getattr(meeting, name) for name in WHEN_AND_WHERE]
    invited = set(audience_of(tx, meeting))
    _fill(meeting, draft, now)
    if draft.minutes is not None and meeting.status == "held":
        meeting.minutes = draft.minutes
    # Who is invited has a table of its own: the meeting's row has to change too, or its version would not.
    flag_modified(meeting, "changed_at")
    _invite(tx, meeting, draft.invited)
    record_event(tx, actor, "meeting.amended", meeting, now)
    if set(audience_of(tx, meeting)) - invited:
        tell(tx, MeetingConvened(meeting.id), now)
    if meeting.status == "planned" and before != [getattr(meeting, name) for name in WHEN_AND_WHERE]:
        tell(tx, MeetingChanged(meeting.id, meeting.version), now)


def _fill(meeting: Meeting, draft: MeetingDraft, now: datetime) -> None:
    for name in COLUMNS:
        setattr(meeting, name, getattr(draft, name))
    # Whoever has the link can sit in: it is for those who are invited, however many may know of the meeting.
    meeting.field_disclosure = {"minutes": draft.minutes_for, "link": "named"}
    meeting.changed_at = now


def _invite(tx: Tx, meeting: Meeting, invited: Collection[int]) -> None:
    others = set(invited) - {meeting.organisation_id}
    if fault := rules.invited_fault(others, owing(tx, meeting) - {meeting.organisation_id}):
        raise MeetingRefused("invited", fault)
    name_audience(tx, meeting, others)
    tx.flush()


def hold(tx: Tx, actor: Actor, meeting: Meeting, minutes: str, now: datetime) -> None:
    """Keep the minutes of a meeting that has taken place.

    Raises:
        Refused: the actor may not. MoveRefused: it was held or cancelled already, or its day is still to come.
    """
    require(actor, Permission.MEETING_CHANGE, now, meeting)
    rules.check_move("meeting", meeting.status, "held")
    rules.check_day(meeting.held_on, day_there(now, meeting.time_zone))
    meeting.status, meeting.minutes, meeting.changed_at = "held", minutes, now
    record_event(tx, actor, "meeting.held", meeting, now)
    tell(tx, MeetingHeld(meeting.id), now)


def cancel(tx: Tx, actor: Actor, meeting: Meeting, reason: str, now: datetime) -> None:
    """Say that a meeting will not be held, and why; those who are invited are told.

    Raises:
        Refused: the actor may not. MoveRefused: it was held or cancelled already.
    """
    require(actor, Permission.MEETING_CHANGE, now, meeting)
    rules.check_move("meeting", meeting.status, "cancelled")
    meeting.status, meeting.status_reason, meeting.changed_at = "cancelled", reason, now
    record_event(tx, actor, "meeting.cancelled", meeting, now, {"reason": reason})
    tell(tx, MeetingCancelled(meeting.id), now)


# --- the agenda ---


def fill_agenda(tx: Tx, actor: Actor, meeting: Meeting, text: str, findings: Iterable[Found], now: datetime) -> int:
    """Put an item in somebody's own words and findings on the agenda of a meeting to come; how many items were added.

    Nobody is told: some items are not for all eyes.

    Raises:
        Refused: the actor may not. MoveRefused: it was held or cancelled already. MeetingRefused: too many items.
    """
    _may_change_agenda(actor, meeting, now)
    last, number = tx.execute(
        select(func.coalesce(func.max(AgendaItem.position), 0), func.count()).where(AgendaItem.meeting_id == meeting.id)
    ).one()
    today = now.date()
    items = [AgendaItem(kind="free", text=text, noted_on=today, position=0, records=[], why=[])] if text else []
    items += [item_of(found, 0, today) for found in findings]
    if number + len(items) > rules.MOST_ITEMS:
        raise MeetingRefused("text", rules.TOO_MANY_ITEMS)
    for position, item in enumerate(items, start=last + 1):
        item.meeting_id, item.position = meeting.id, position
        tx.add(item)
    if items:
        record_event(tx, actor, "meeting.agenda_changed", meeting, now)
    return len(items)


def take_off(tx: Tx, actor: Actor, meeting: Meeting, item: AgendaItem, now: datetime) -> None:
    """Take an item off the agenda of a meeting to come.

    Raises:
        Refused: the actor may not. MoveRefused: it was held or cancelled already.
    """
    _may_change_agenda(actor, meeting, now)
    tx.delete(item)
    record_event(tx, actor, "meeting.agenda_changed", meeting, now)


def move_up(tx: Tx, actor: Actor, meeting: Meeting, item: AgendaItem, now: datetime) -> None:
    """Let an item be spoken of before the one that stands above it.

    Raises:
        Refused: the actor may not. MoveRefused: it was held or cancelled already.
    """
    _may_change_agenda(actor, meeting, now)
    above = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.position < item.position)
    other = tx.scalar(above.order_by(AgendaItem.position.desc()).limit(1))
    if other is not None:
        item.position, other.position = other.position, item.position
        record_event(tx, actor, "meeting.agenda_changed", meeting, now)


def _may_change_agenda(actor: Actor, meeting: Meeting, now: datetime) -> None:
    require(actor, Permission.MEETING_CHANGE, now, meeting)
    rules.check_move("meeting", meeting.status, "cancelled")


# --- action points ---


def set_point(tx: Tx, actor: Actor, meeting: Meeting, draft: PointDraft, now: datetime) -> ActionPoint:
    """Keep what was agreed; the organisation that owes it is told.

    Raises:
        Refused: the actor may not. MoveRefused: the meeting is cancelled.
        MeetingRefused: it is owed by somebody who is not at the table, or was due before the meeting.
    """
    require(actor, Permission.MEETING_CHANGE, now, meeting)
    rules.check_amendable(meeting.status)
    check_point(tx, meeting, draft)
    point = ActionPoint(
        meeting_id=meeting.id, organisation_id=draft.organisation_id, account_id=draft.account_id, text=draft.text,
        due_on=draft.due_on, records=[list(part) for part in draft.records], created_at=now, changed_at=now,
    )  # fmt: skip
    tx.add(point)
    tx.flush()
    record_event(tx, actor, "action_point.set", point, now, {"meeting": meeting.ref})
    tell(tx, ActionPointSet(meeting.id, point.id), now)
    return point


def check_point(tx: Tx, meeting: Meeting, draft: PointDraft) -> None:
    """Go on only if somebody at the table owes it, and not before the meeting.

    Raises:
        MeetingRefused: it is not so.
    """
    if draft.organisation_id not in {meeting.organisation_id, *audience_of(tx, meeting)}:
        raise MeetingRefused("organisation", rules.NOT_AT_TABLE)
    if draft.due_on < meeting.held_on:
        raise MeetingRefused("due_on", rules.due_too_early(meeting.held_on))
