"""What was delivered of a pledge: recorded by one side, confirmed by the other, and what follows for the need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, allowed, require
from app.needs import rules as need_rules
from app.needs.models import Need
from app.pledges import rules
from app.pledges.events import ContributionConfirmed, PledgeChanged
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.pledges.queries import coverage_of, is_confirmed
from app.pledges.service import PledgeRefused, hold_need


@dataclass(frozen=True)
class ContributionDraft:
    """What arrived for one line of a pledge: as it was promised, a quantity or an amount of money."""

    pledge_line_id: int
    delivered_on: date
    quantity: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    note: str = ""


def record_contribution(tx: Tx, actor: Actor, pledge: Pledge, draft: ContributionDraft, now: datetime) -> Contribution:
    """Record a delivery; the side that records it has confirmed it, the other side is asked to.

    An accepted pledge that is not yet marked as being delivered is marked so, step by step.

    Raises:
        Refused: the actor belongs to neither side. MoveRefused: not accepted, or ended.
        PledgeRefused: more than was promised, in another measure, or on a day to come.
    """
    as_donor, as_recipient = _sides(actor, pledge, now)
    hold_need(tx, pledge.need_id)
    tx.refresh(pledge, ["status", "accepted_at", "version"])
    if pledge.status not in rules.RUNNING or pledge.accepted_at is None:
        rules.check_move(pledge.status, "delivering", is_accepted=pledge.accepted_at is not None)
    line = next((line for line in pledge.lines if line.id == draft.pledge_line_id), None)
    _check(line, draft, now)
    _advance(tx, actor, pledge, now)
    part = Contribution(
        pledge_line_id=draft.pledge_line_id, quantity=draft.quantity, amount=draft.amount, currency=draft.currency,
        delivered_on=draft.delivered_on, note=draft.note, created_at=now, changed_at=now,
        donor_confirmed_at=now if as_donor else None, recipient_confirmed_at=now if as_recipient else None,
    )  # fmt: skip
    assert line is not None
    line.contributions.append(part)
    pledge.changed_at = now
    record_event(tx, actor, "pledge.delivery_recorded", pledge, now, {"contribution": part.ref})
    tell(tx, PledgeChanged(pledge.id, pledge.need_id), now)
    if is_confirmed(part):
        _count(tx, actor, pledge, now)
    return part


def confirm_contribution(tx: Tx, actor: Actor, pledge: Pledge, part: Contribution, now: datetime) -> None:
    """The other side confirms a delivery: now it counts, and the need's state follows.

    Raises:
        Refused: the actor belongs to neither side. MoveRefused: this side has confirmed it before.
    """
    as_donor, as_recipient = _sides(actor, pledge, now)
    hold_need(tx, pledge.need_id)
    tx.refresh(part)
    is_new = (as_donor and part.donor_confirmed_at is None) or (as_recipient and part.recipient_confirmed_at is None)
    if not is_new:
        raise rules.MoveRefused(msg("Your side has confirmed this delivery already."))
    part.donor_confirmed_at = part.donor_confirmed_at or (now if as_donor else None)
    part.recipient_confirmed_at = part.recipient_confirmed_at or (now if as_recipient else None)
    part.changed_at = pledge.changed_at = now
    record_event(tx, actor, "pledge.delivery_confirmed", pledge, now, {"contribution": part.ref})
    _count(tx, actor, pledge, now)


def _sides(actor: Actor, pledge: Pledge, now: datetime) -> tuple[bool, bool]:
    as_donor = allowed(actor, Permission.PLEDGE_CHANGE, now, pledge)
    as_recipient = allowed(actor, Permission.PLEDGE_ANSWER, now, pledge)
    if not as_recipient:
        require(actor, Permission.PLEDGE_CHANGE, now, pledge)
    return as_donor, as_recipient


def _check(line: PledgeLine | None, draft: ContributionDraft, now: datetime) -> None:
    if line is None:
        raise PledgeRefused("line", msg("Choose a line of this pledge."))
    if draft.delivered_on > now.date():
        raise PledgeRefused("delivered_on", msg("This day is still to come. Record a delivery when it has been made."))
    if line.quantity is not None:
        promised, given = line.quantity, draft.quantity
        known = sum((part.quantity or rules.ZERO for part in line.contributions), rules.ZERO)
    else:
        promised, given = line.amount or rules.ZERO, draft.amount if draft.currency == line.currency else None
        known = sum((part.amount or rules.ZERO for part in line.contributions), rules.ZERO)
    if given is None or given <= 0:
        raise PledgeRefused("much", msg("Say how much was delivered, in the measure in which it was promised."))
    if known + given > promised:
        raise PledgeRefused(
            "much",
            msg("That is more than was promised: %(left)s are left. Pledge the rest first.", left=promised - known),
        )


def _advance(tx: Tx, actor: Actor, pledge: Pledge, now: datetime) -> None:
    for step in ("committed", "delivering"):
        if rules.STEPS.index(pledge.status) < rules.STEPS.index(step):
            rules.check_move(pledge.status, step, is_accepted=pledge.accepted_at is not None)
            pledge.status, pledge.changed_at = step, now
            record_event(tx, actor, f"pledge.{step}", pledge, now)


def _count(tx: Tx, actor: Actor, pledge: Pledge, now: datetime) -> None:
    tell(tx, ContributionConfirmed(pledge.id, pledge.need_id), now)
    if pledge.status == "delivering" and all(map(_is_whole, pledge.lines)):
        pledge.status, pledge.changed_at = "delivered", now
        record_event(tx, actor, "pledge.delivered", pledge, now)
    tx.flush()
    settle_need(tx, actor, hold_need(tx, pledge.need_id), now)


def _is_whole(line: PledgeLine) -> bool:
    confirmed = [part for part in line.contributions if is_confirmed(part)]
    if line.quantity is not None:
        return sum((part.quantity or rules.ZERO for part in confirmed), rules.ZERO) >= line.quantity
    return sum((part.amount or rules.ZERO for part in confirmed), rules.ZERO) >= (line.amount or rules.ZERO)


def settle_need(tx: Tx, actor: Actor, need: Need, now: datetime) -> None:
    """Let the state of a posted need follow from what was delivered and confirmed: partly met, then met."""
    lines = [(cover.needed, cover.delivered) for cover in coverage_of(tx, need).values()]
    status = need_rules.status_from_lines(lines)
    if status == need.status or status not in need_rules.MOVES.get(need.status, frozenset()):
        return
    need.status, need.changed_at = status, now
    record_event(tx, actor, f"need.{status}", need, now)
