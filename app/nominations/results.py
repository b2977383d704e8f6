"""How it ended: who came, who passed, and what of a need that covers once both sides have said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.nominations import rules
from app.nominations.certificates.events import ManyRevoked
from app.nominations.certificates.service import revoke, tell_senders
from app.nominations.events import ResultAgreed, ResultWritten
from app.nominations.models import Nomination
from app.nominations.seats import hold_session
from app.nominations.sponsors.passes import deliver_pass, take_back_pass
from app.pledges.covers import CoverDraft, cover_line, uncover_line

ONE = Decimal(1)
MOST_MARK = Decimal(100)


@dataclass(frozen=True)
class Result:
    """How it ended for a candidate: a state after the session, and a mark or none."""

    nomination: Nomination
    status: str
    mark: Decimal | None = None


def write_result(
    tx: Tx, actor: Actor, nomination: Nomination, status: str, mark: Decimal | None, now: datetime
) -> None:
    """Write down how it ended for one candidate, as `write_results` does for several."""
    write_results(tx, actor, [Result(nomination, status, mark)], now)


def write_results(tx: Tx, actor: Actor, written: Iterable[Result], now: datetime) -> None:
    """The centre writes down how it ended for candidates: attended, passed, failed or did not come.

    `mark` is from 0 to 100. Whoever passed covers one unit of the line of the need that it serves; that counts as
    delivered once the nominating organisation says so too. A certificate whose result has changed is revoked; whoever
    nominated is told once of all of them.

    Raises:
        Refused: the actor does not write for the centre. MoveRefused: the session has not begun, or the candidate had
        no seat.
    """
    revoked = [one.nomination for one in written if _write(tx, actor, one, now)]
    tell_senders(tx, ManyRevoked, revoked, now)


def _write(tx: Tx, actor: Actor, result: Result, now: datetime) -> bool:
    """Write down one of them; whether a certificate was revoked by that."""
    nomination, status, mark = result.nomination, result.status, result.mark
    require(actor, Permission.NOMINATION_DECIDE, now, nomination)
    if mark is not None and not 0 <= mark <= MOST_MARK:
        raise rules.MoveRefused(msg("Write a mark from 0 to 100."))
    held = hold_session(tx, nomination.session_id, now)
    rules.check_begun(held.window, held.today)
    if status in {rules.PASSED, rules.FAILED} and nomination.status == rules.CONFIRMED:
        # Whoever passed was there.
        nomination.status = rules.ATTENDED
    if status != nomination.status:
        rules.check_move(nomination.status, status)
    was_covered = nomination.status == rules.PASSED
    has_changed = (status, mark) != (nomination.status, nomination.mark)
    nomination.status, nomination.mark, nomination.changed_at = status, mark, now
    nomination.ended_on, nomination.agreed_at = held.today, None
    nomination.rule = _said_by_centre(status).as_json()
    tx.flush()
    details = {"mark": str(mark)} if mark is not None else None
    record_event(tx, actor, f"nomination.{status}", nomination, now, details)
    tell(tx, ResultWritten(nomination.id, status, nomination.version), now)
    is_revoked = has_changed and revoke(tx, actor, nomination, now)
    if status == rules.PASSED:
        cover(tx, nomination, now, is_confirmed=False)
    elif was_covered and nomination.need_line is not None:
        take_back_pass(tx, nomination, now)
        uncover_line(tx, nomination.need_line, nomination.record_kind, nomination.ref, now)
    return is_revoked


def agree(tx: Tx, actor: Actor, nomination: Nomination, now: datetime) -> None:
    """The nominating organisation says that its candidate passed: the line of its need is covered by one.

    Raises:
        Refused: the actor is no focal point of it. MoveRefused: nobody has passed, or it was confirmed already.
    """
    require(actor, Permission.NOMINATION_CHANGE, now, nomination)
    hold_session(tx, nomination.session_id, now)
    if nomination.status != rules.PASSED or nomination.agreed_at is not None:
        raise rules.MoveRefused(msg("There is nothing to confirm here any more."))
    nomination.agreed_at = nomination.changed_at = now
    tx.flush()
    record_event(tx, actor, "nomination.agreed", nomination, now)
    tell(tx, ResultAgreed(nomination.id), now)
    cover(tx, nomination, now, is_confirmed=True)


def cover(tx: Tx, nomination: Nomination, now: datetime, *, is_confirmed: bool) -> None:
    """Enter that the line is covered by one: on the pledge of whoever pays for the seat, or else by itself; once."""
    line, happened_on = nomination.need_line, nomination.ended_on or now.date()
    if line is None:
        return
    if deliver_pass(tx, nomination, happened_on, now, is_confirmed=is_confirmed):
        return
    draft = CoverDraft(nomination.record_kind, nomination.ref, ONE, happened_on, is_confirmed)
    cover_line(tx, line, draft, now)


def _said_by_centre(status: str) -> Message:
    words = {
        rules.ATTENDED: msg("Written down by the centre: attended."),
        rules.NO_SHOW: msg("Written down by the centre: did not come."),
        rules.PASSED: msg("Written down by the centre: passed."),
        rules.FAILED: msg("Written down by the centre: failed."),
    }
    return words[status]
