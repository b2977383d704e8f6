"""What may be done with a pledge once it is made: accept, decline, withdraw, move on, let it lapse.

Whatever changes how far a need is covered first holds the need's row, so that two acceptances at once come one after
the other and never cover a line twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app.foundation import tally
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.needs.models import Need
from app.needs.rules import OPEN
from app.pledges import reckoning, rules
from app.pledges.drawing import shortage
from app.pledges.envelopes import draws_of, held_programme, still_free
from app.pledges.events import PledgeAccepted, PledgeChanged, PledgeDeclined, PledgeWithdrawn
from app.pledges.models import Pledge
from app.pledges.queries import asked_by, coverage_of


class PledgeRefused(ValueError):
    """What was promised or recorded cannot be kept as it is; `reason` says how to mend it, `field` where."""

    def __init__(self, field: str, reason: Message) -> None:
        super().__init__(str(reason))
        self.field = field
        self.reason = reason


def accept_pledge(tx: Tx, actor: Actor, pledge: Pledge, now: datetime, accept_excess: str = "") -> None:
    """The recipient accepts: from now on the pledge covers its lines.

    `accept_excess` is the reason for taking more than was asked; it is kept in the record of what happened.

    Raises:
        Refused: the actor does not answer for the need. MoveRefused: the pledge does not wait for an answer, or the
        programme that it comes from cannot carry it. ExcessRefused: it would cover a line beyond what was asked, and no
        reason was given.
    """
    require(actor, Permission.PLEDGE_ANSWER, now, pledge)
    need = hold_need(tx, pledge.need_id)
    tx.refresh(pledge, ["status", "accepted_at", "version"])
    rules.check_acceptance(pledge.status, is_accepted=pledge.accepted_at is not None)
    if need.status not in OPEN and need.status != "met":
        raise rules.MoveRefused(msg("The need is no longer open."))
    too_much = excess_of(tx, need, pledge)
    if too_much and not accept_excess.strip():
        tally.count("over_pledge")
        raise rules.ExcessRefused(too_much)
    _check_envelope(tx, pledge, now)
    pledge.accepted_at, pledge.answered_by, pledge.changed_at = now, actor.account_id, now
    refs = {line.id: line.ref for line in need.lines}
    details = {"excess": {refs[line]: str(by) for line, by in too_much.items()}, "reason": accept_excess.strip()}
    record_event(tx, actor, "pledge.accepted", pledge, now, details if too_much else None)
    tell(tx, PledgeAccepted(pledge.id, pledge.need_id), now)


def _check_envelope(tx: Tx, pledge: Pledge, now: datetime) -> None:
    # Two acceptances at once come one after the other here, even for two needs. The recipient learns that it cannot
    # be, and no figure: what else the programme carries is the donor's to tell.
    if pledge.programme_id is None:
        return
    programme = held_programme(tx, pledge.programme_id)
    free = still_free(tx, programme, now.date())
    if shortage(free, still_free(tx, programme, now.date(), draws_of(tx, pledge))):
        tally.count("envelope")
        raise rules.MoveRefused(
            msg("The programme that this pledge comes from has not enough left. Ask the donor how it will be paid.")
        )


def excess_of(tx: Tx, need: Need, pledge: Pledge) -> Mapping[int, Decimal]:
    """By how much accepting the pledge would cover lines beyond what was asked, by the number of the need line."""
    before, asked = coverage_of(tx, need), {line.id: asked_by(line) for line in need.lines}
    by = {
        line.need_line_id: reckoning.excess(
            before[line.need_line_id], asked[line.need_line_id], line.quantity, line.worth or line.money
        )
        for line in pledge.lines
    }
    return {line: quantity for line, quantity in by.items() if quantity > 0}


def decline_pledge(tx: Tx, actor: Actor, pledge: Pledge, reason: str, now: datetime, cause: str = "other") -> None:
    """The recipient declines a pledge that was not accepted yet, with a reason that the donor reads.

    `cause` is one of rules.CAUSES: who is turned away because others cover it is told when the gap opens again.

    Raises:
        Refused: the actor does not answer for the need. MoveRefused: it was accepted, or has ended.
    """
    require(actor, Permission.PLEDGE_ANSWER, now, pledge)
    hold_need(tx, pledge.need_id)
    _move(tx, pledge, "declined", now)
    pledge.status_reason, pledge.answered_by, pledge.decline_cause = reason, actor.account_id, cause
    record_event(tx, actor, "pledge.declined", pledge, now)
    tell(tx, PledgeDeclined(pledge.id, pledge.need_id), now)


def withdraw_pledge(tx: Tx, actor: Actor, pledge: Pledge, reason: str, now: datetime) -> None:
    """The donor withdraws: what was not delivered is open again, and everybody concerned reads the reason.

    Raises:
        Refused: the actor may not. MoveRefused: it has ended already.
    """
    require(actor, Permission.PLEDGE_CHANGE, now, pledge)
    hold_need(tx, pledge.need_id)
    _move(tx, pledge, "withdrawn", now)
    pledge.status_reason = reason
    record_event(tx, actor, "pledge.withdrawn", pledge, now)
    tell(tx, PledgeWithdrawn(pledge.id, pledge.need_id), now)


def move_pledge(tx: Tx, actor: Actor, pledge: Pledge, to: str, now: datetime) -> None:
    """The donor moves a pledge one step on: pledged, committed, delivering, delivered.

    Raises:
        Refused: the actor may not. MoveRefused: not the next step, not accepted yet, or not confirmed by both sides.
    """
    require(actor, Permission.PLEDGE_CHANGE, now, pledge)
    if to not in rules.MOVE_NAMES:
        raise rules.MoveRefused(msg("A pledge is declined or withdrawn with a reason."))
    hold_need(tx, pledge.need_id)
    parts = [part for line in pledge.lines for part in line.contributions]
    if to == "delivered" and not (parts and all(p.donor_confirmed_at and p.recipient_confirmed_at for p in parts)):
        raise rules.MoveRefused(msg("Both sides first confirm what was delivered."))
    _move(tx, pledge, to, now)
    record_event(tx, actor, f"pledge.{to}", pledge, now)
    tell(tx, PledgeChanged(pledge.id, pledge.need_id), now)


def lapse_pledges(tx: Tx, now: datetime) -> int:
    """Let every pledge lapse whose day has passed before delivery began; how many there were. For the worker."""
    due = readable(SYSTEM, Pledge).where(Pledge.expires_on < now.date(), Pledge.status.in_(rules.LAPSES))
    pledges = list(tx.scalars(due.order_by(Pledge.id)))
    for pledge in pledges:
        hold_need(tx, pledge.need_id)
        _move(tx, pledge, "lapsed", now)
        record_event(tx, SYSTEM, "pledge.lapsed", pledge, now)
        tell(tx, PledgeWithdrawn(pledge.id, pledge.need_id), now)
    return len(pledges)


def hold_need(tx: Tx, need_id: int) -> Need:
    """Hold the need's row until the transaction ends, and read it as it stands now."""
    held = readable(SYSTEM, Need).where(Need.id == need_id).with_for_update(of=Need)
    return tx.scalars(held.execution_options(populate_existing=True)).one()


def _move(tx: Tx, pledge: Pledge, to: str, now: datetime) -> None:
    tx.refresh(pledge, ["status", "accepted_at", "version"])
    rules.check_move(pledge.status, to, is_accepted=pledge.accepted_at is not None)
    pledge.status, pledge.changed_at = to, now
