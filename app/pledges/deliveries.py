"""What was delivered of a pledge: recorded by one side, confirmed by the other, and what follows for the need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, allowed, require
from app.needs import rules as need_rules
from app.needs.models import Need
from app.pledges import rules
from app.pledges.events import ContributionConfirmed, PledgeChanged
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.pledges.queries import coverage_of, is_confirmed
from app.pledges.reckoning import ZERO
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
    as_donor, as_recipient = sides_of(actor, pledge, now)
    hold_need(tx, pledge.need_id)
    tx.refresh(pledge, ["status", "accepted_at", "version"])
    if pledge.status not in rules.RUNNING or pledge.accepted_at is None:
        rules.check_move(pledge.status, "delivering", is_accepted=pledge.accepted_at is not None)
    line = next((line for line in pledge.lines if line.id == draft.pledge_line_id), None)
    check_delivery(line, draft, now)
    _advance(tx, actor, pledge, now)
    much = draft.quantity if draft.quantity is not None else draft.amount
    part = Contribution(
        pledge_line_id=draft.pledge_line_id, quantity=draft.quantity, amount=draft.amount, currency=draft.currency,
        delivered_on=draft.delivered_on, note=draft.note, created_at=now, changed_at=now,
        donor_much=much if as_donor else None, donor_confirmed_at=now if as_donor else None,
        recipient_much=much if as_recipient else None, recipient_confirmed_at=now if as_recipient else None,
    )  # fmt: skip
    assert line is not None
    line.contributions.append(part)
    pledge.changed_at = now
    record_event(tx, actor, "pledge.delivery_recorded", pledge, now, {"contribution": part.ref})
    tell(tx, PledgeChanged(pledge.id, pledge.need_id), now)
    if is_confirmed(part):
        _count(tx, actor, pledge, now)
    return part


def confirm_contribution(
    tx: Tx, actor: Actor, pledge: Pledge, part: Contribution, now: datetime, much: Decimal | None = None
) -> None:
    """The other side says how much arrived, the same if `much` is none: what both confirm counts from now on.

    Where the two figures differ the smaller counts, since so much both confirm; the rest is shown as in dispute.

    Raises:
        Refused: the actor belongs to neither side. MoveRefused: this side has confirmed it before.
        PledgeRefused: the figure is none, or more than was promised.
    """
    as_donor, as_recipient = sides_of(actor, pledge, now)
    hold_need(tx, pledge.need_id)
    tx.refresh(part)
    if part.answer_open(gives=as_donor, receives=as_recipient) != rules.CONFIRM:
        raise rules.MoveRefused(msg("Your side has confirmed this delivery already."))
    said = part.donor_much if part.donor_much is not None else part.recipient_much
    check_figure(part, said if much is None else much)
    if as_donor and part.donor_confirmed_at is None:
        part.donor_much, part.donor_confirmed_at = said if much is None else much, now
    if as_recipient and part.recipient_confirmed_at is None:
        part.recipient_much, part.recipient_confirmed_at = said if much is None else much, now
    figures = _settle(pledge, part, now)
    action = "pledge.delivery_disputed" if part.is_disputed else "pledge.delivery_confirmed"
    record_event(tx, actor, action, pledge, now, figures)
    _count(tx, actor, pledge, now)


def agree_on_contribution(tx: Tx, actor: Actor, pledge: Pledge, part: Contribution, now: datetime) -> None:
    """A side takes over the other side's figure of a delivery on which the two differ; the dispute is over.

    Raises:
        Refused: the actor belongs to neither side. MoveRefused: there is nothing in dispute, or with that figure more
        would have been delivered than was promised.
    """
    as_donor, as_recipient = sides_of(actor, pledge, now)
    hold_need(tx, pledge.need_id)
    tx.refresh(part)
    if part.answer_open(gives=as_donor, receives=as_recipient) != rules.AGREE:
        raise rules.MoveRefused(msg("Both sides say the same of this delivery."))
    _own, theirs = part.figures(gives=as_donor, receives=as_recipient)
    try:
        check_figure(part, theirs)
    except PledgeRefused as refused:
        raise rules.MoveRefused(refused.reason) from refused
    part.donor_much = part.recipient_much = theirs
    record_event(tx, actor, "pledge.delivery_agreed", pledge, now, _settle(pledge, part, now))
    _count(tx, actor, pledge, now)


def attest_contribution(
    tx: Tx,
    pledge: Pledge,
    draft: ContributionDraft,
    now: datetime,
    *,
    is_confirmed: bool,
    part: Contribution | None = None,
) -> Contribution | None:
    """Enter a delivery of which a third one tells: a centre says that somebody passed on a seat that the pledge pays.

    What the centre says stands for the donor's side; it counts once the recipient's side has confirmed it too. With
    `part`, which was entered before, only that is said anew. None where the pledge is not accepted, has ended, or has
    not so much left.
    """
    hold_need(tx, pledge.need_id)
    tx.refresh(pledge, ["status", "accepted_at", "version"])
    if part is None:
        line = next((line for line in pledge.lines if line.id == draft.pledge_line_id), None)
        if line is None or not has_left(pledge, line, draft.quantity or ZERO):
            return None
        _advance(tx, SYSTEM, pledge, now)
        part = Contribution(
            pledge_line_id=line.id, quantity=draft.quantity, delivered_on=draft.delivered_on, note=draft.note,
            donor_much=draft.quantity, donor_confirmed_at=now, created_at=now, changed_at=now,
        )  # fmt: skip
        line.contributions.append(part)
        tx.flush()
        record_event(tx, SYSTEM, "pledge.delivery_recorded", pledge, now, {"contribution": part.ref})
    part.recipient_much = part.donor_much if is_confirmed else None
    part.recipient_confirmed_at = now if is_confirmed else None
    part.changed_at = pledge.changed_at = now
    tell(tx, PledgeChanged(pledge.id, pledge.need_id), now)
    if is_confirmed:
        _count(tx, SYSTEM, pledge, now)
    return part


def take_back_contribution(tx: Tx, pledge: Pledge, part: Contribution, now: datetime) -> None:
    """What a third one told of was not so: it is open again, and a pledge that it had closed is delivered on."""
    hold_need(tx, pledge.need_id)
    tx.refresh(pledge, ["status", "accepted_at", "version"])
    record_event(tx, SYSTEM, "pledge.delivery_taken_back", pledge, now, {"contribution": part.ref})
    part.line.contributions.remove(part)
    pledge.status = "delivering" if pledge.status == "delivered" else pledge.status
    pledge.changed_at = now
    tx.flush()
    tell(tx, PledgeChanged(pledge.id, pledge.need_id), now)


def has_left(pledge: Pledge, line: PledgeLine, quantity: Decimal) -> bool:
    """Whether so much can still be delivered of a line of an accepted pledge that runs."""
    if pledge.status not in rules.RUNNING or pledge.accepted_at is None or line.quantity is None:
        return False
    return sum((part.quantity or ZERO for part in line.contributions), ZERO) + quantity <= line.quantity


def _settle(pledge: Pledge, part: Contribution, now: datetime) -> dict[str, str]:
    """What both confirm is the smaller of the two figures; both, for the record."""
    assert part.donor_much is not None
    assert part.recipient_much is not None
    counts = min(part.donor_much, part.recipient_much)
    if part.quantity is not None:
        part.quantity = counts
    else:
        part.amount = counts
    part.changed_at = pledge.changed_at = now
    return {"contribution": part.ref, "donor": str(part.donor_much), "recipient": str(part.recipient_much)}


def check_figure(part: Contribution, much: Decimal | None) -> None:
    """Go on only if so much can have arrived of a delivery.

    Raises:
        PledgeRefused: it is no figure, or with it more would have been delivered than was promised.
    """
    line = part.line
    if much is None or much < 0:
        raise PledgeRefused("much", msg("Say how much arrived, in the measure in which it was promised."))
    promised = (line.quantity if line.quantity is not None else line.amount) or ZERO
    others = sum((_much(other) for other in line.contributions if other is not part), ZERO)
    if others + much > promised:
        left = promised - others
        raise PledgeRefused("much", msg("That is more than was promised: %(left)s are left.", left=left))


def _much(part: Contribution) -> Decimal:
    return (part.quantity if part.quantity is not None else part.amount) or ZERO


def sides_of(actor: Actor, pledge: Pledge, now: datetime) -> tuple[bool, bool]:
    """Whether somebody speaks for the donor, and whether for the recipient, of a pledge.

    Raises:
        Refused: for neither.
    """
    as_donor = allowed(actor, Permission.PLEDGE_CHANGE, now, pledge)
    as_recipient = allowed(actor, Permission.PLEDGE_ANSWER, now, pledge)
    if not as_recipient:
        require(actor, Permission.PLEDGE_CHANGE, now, pledge)
    return as_donor, as_recipient


def check_delivery(line: PledgeLine | None, draft: ContributionDraft, now: datetime) -> None:
    """Go on only if this can be recorded of a line.

    Raises:
        PledgeRefused: more than was promised, in another measure, or on a day to come.
    """
    if line is None:
        raise PledgeRefused("line", msg("Choose a line of this pledge."))
    if draft.delivered_on > now.date():
        raise PledgeRefused("delivered_on", msg("This day is still to come. Record a delivery when it has been made."))
    if line.quantity is not None:
        promised, given = line.quantity, draft.quantity
        known = sum((part.quantity or ZERO for part in line.contributions), ZERO)
    else:
        promised, given = line.amount or ZERO, draft.amount if draft.currency == line.currency else None
        known = sum((part.amount or ZERO for part in line.contributions), ZERO)
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
        return sum((part.quantity or ZERO for part in confirmed), ZERO) >= line.quantity
    return sum((part.amount or ZERO for part in confirmed), ZERO) >= (line.amount or ZERO)


def settle_need(tx: Tx, actor: Actor, need: Need, now: datetime) -> None:
    """Let the state of a posted need follow from what was delivered and confirmed: partly met, then met."""
    lines = [(cover.needed, cover.delivered) for cover in coverage_of(tx, need).values()]
    status = need_rules.status_from_lines(lines)
    if status == need.status or status not in need_rules.MOVES.get(need.status, frozenset()):
        return
    need.status, need.changed_at = status, now
    record_event(tx, actor, f"need.{status}", need, now)
