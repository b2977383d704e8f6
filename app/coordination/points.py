"""What may be done with action points after they were set: amend them, close them, and open them again."""

from __future__ import annotations

from datetime import datetime

from app.coordination import rules
from app.coordination.events import ActionPointChanged, ActionPointClosed, ActionPointReopened, ActionPointSet, moment
from app.coordination.models import ActionPoint
from app.coordination.queries import parts_of
from app.coordination.service import PointDraft, check_point
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, allowed, require
from app.notifications.queries import visible_records

OWNER = ("organisation_id", "account_id")


def amend_point(tx: Tx, actor: Actor, point: ActionPoint, draft: PointDraft, now: datetime) -> None:
    """Say otherwise what was agreed, who owes it or by when; whoever owes it now is told.

    Records that it is about and that the actor may not see stay on it.

    Raises:
        Refused: the actor may not. MoveRefused: it is closed, or the meeting is cancelled.
        MeetingRefused: it is owed by somebody who is not at the table, or was due before the meeting.
    """
    require(actor, Permission.MEETING_CHANGE, now, point.meeting)
    rules.check_amendable(point.meeting.status)
    rules.check_open(point.status)
    check_point(tx, point.meeting, draft)
    seen = visible_records(tx, actor, parts_of(point))
    records = [*(part for part in parts_of(point) if part not in seen), *draft.records]
    values = {
        "text": draft.text, "organisation_id": draft.organisation_id, "account_id": draft.account_id,
        "due_on": draft.due_on, "records": [list(part) for part in dict.fromkeys(records)],
    }  # fmt: skip
    changed = [name for name, value in values.items() if getattr(point, name) != value]
    for name in changed:
        setattr(point, name, values[name])
    if changed:
        point.changed_at = now
        record_event(tx, actor, "action_point.amended", point, now, {"meeting": point.meeting.ref, "changed": changed})
        numbers = (point.meeting_id, point.id)
        is_others = not {*OWNER}.isdisjoint(changed)
        tell(tx, ActionPointSet(*numbers) if is_others else ActionPointChanged(*numbers, moment(now)), now)


def close_point(tx: Tx, actor: Actor, point: ActionPoint, status: str, note: str, now: datetime) -> None:
    """Say that an action point is done or dropped; whoever owes it may, and whoever convened the meeting.

    Raises:
        Refused: the actor may not. MoveRefused: it was closed already.
    """
    if not allowed(actor, Permission.ACTION_CLOSE, now, point):
        require(actor, Permission.MEETING_CHANGE, now, point.meeting)
    rules.check_move("action_point", point.status, status)
    point.status, point.note, point.closed_on, point.changed_at = status, note, now.date(), now
    action = "action_point.done" if status == "done" else "action_point.dropped"
    record_event(tx, actor, action, point, now, {"meeting": point.meeting.ref})
    tell(tx, ActionPointClosed(point.meeting_id, point.id, moment(now)), now)


def reopen_point(tx: Tx, actor: Actor, point: ActionPoint, reason: str, now: datetime) -> None:
    """Say that an action point that was closed has to be done after all; whoever might close it may.

    Raises:
        Refused: the actor may not. MoveRefused: it is open, the meeting is cancelled, or whoever owes it is no longer
        at the table.
    """
    if not allowed(actor, Permission.ACTION_CLOSE, now, point):
        require(actor, Permission.MEETING_CHANGE, now, point.meeting)
    rules.check_amendable(point.meeting.status)
    rules.check_move("action_point", point.status, "open")
    if point.organisation_id not in {point.meeting.organisation_id, *audience_of(tx, point.meeting)}:
        raise rules.MoveRefused(rules.NOT_INVITED)
    point.status, point.note, point.closed_on, point.changed_at = "open", reason, None, now
    record_event(tx, actor, "action_point.reopened", point, now, {"meeting": point.meeting.ref, "reason": reason})
    tell(tx, ActionPointReopened(point.meeting_id, point.id, moment(now)), now)
