"""What may be done with pledges: make, accept, decline, withdraw, move on, and record what was delivered.

Whatever changes how far a need is covered first holds the need's row, so that two acceptances at once come one after
the other and never cover a line twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import TIERS, audience_of, name_audience, readable
from app.foundation.messages import Message, msg
from app.foundation.money import is_currency
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, Refused, require
from app.needs.models import Need
from app.needs.queries import find_need
from app.needs.rules import OPEN
from app.pledges import rules
from app.pledges.events import PledgeAccepted, PledgeChanged, PledgeDeclined, PledgeMade, PledgeWithdrawn
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import asked_by, coverage_of
from app.programmes.models import Programme


class PledgeRefused(ValueError):
    """What was promised or recorded cannot be kept as it is; `reason` says how to mend it, `field` where."""

    def __init__(self, field: str, reason: Message) -> None:
        super().__init__(str(reason))
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class PledgeLineDraft:
    """What is promised for one need line: a quantity in its unit, or money in whole units of `currency`, or both."""

    need_line_id: int
    quantity: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class PledgeDraft:
    """Everything that a donor says of a pledge. An empty `disclosure` means as the need.

    `hidden` names the sensitive fields that only both sides see: donor, amount.
    """

    lines: tuple[PledgeLineDraft, ...]
    is_interest: bool = False
    programme_id: int | None = None
    conditions: str = ""
    source_of_funds: str = "national_budget"
    implementing_partner: str = ""
    declared_relation: str = ""
    expires_on: date | None = None
    disclosure: str = ""
    hidden: tuple[str, ...] = ()


def make_pledge(tx: Tx, actor: Actor, organisation_id: int, need: Need, draft: PledgeDraft, now: datetime) -> Pledge:
    """Make a pledge, or state an interest, against lines of a need that is open.

    A State's own share of its own need is accepted at once.

    Raises:
        Refused: the actor may not, or may not see the need. PledgeRefused: the need is not open, it is one's own, or
        a line promises nothing. ExcessRefused: the own share is more than what is open.
    """
    pledge = Pledge(organisation_id=organisation_id, status="interest" if draft.is_interest else "pledged", version=1)
    require(actor, Permission.PLEDGE_MAKE, now, pledge)
    if find_need(tx, actor, need.ref) is None:
        raise Refused(Permission.PLEDGE_MAKE.value)
    hold_need(tx, need.id)
    _check_draft(tx, organisation_id, need, draft, now)
    _fill(pledge, need, draft)
    pledge.made_by, pledge.created_at, pledge.changed_at, pledge.posted_at = actor.account_id, now, now, now
    tx.add(pledge)
    tx.flush()
    name_audience(tx, pledge, audience_of(tx, need) if pledge.disclosure == "named" else ())
    record_event(tx, actor, f"pledge.{'interest_stated' if draft.is_interest else 'made'}", pledge, now)
    tell(tx, PledgeMade(pledge.id, need.id), now)
    if organisation_id == need.organisation_id and not draft.is_interest:
        accept_pledge(tx, actor, pledge, now)
    return pledge


def _check_draft(tx: Tx, organisation_id: int, need: Need, draft: PledgeDraft, now: datetime) -> None:
    if need.status not in OPEN:
        raise PledgeRefused("lines", msg("This need is not open for pledges."))
    if organisation_id == need.organisation_id and draft.source_of_funds not in rules.OWN_SOURCES:
        raise PledgeRefused(
            "source_of_funds",
            msg("This is your own need. Pledge your own share from your own contribution or from confiscated assets."),
        )
    if draft.expires_on is not None and draft.expires_on < now.date():
        raise PledgeRefused("expires_on", msg("The day until which the pledge stands has passed. Give a later one."))
    known = {line.id for line in need.lines}
    lines = [line.need_line_id for line in draft.lines]
    if not lines or len(set(lines)) != len(lines) or not set(lines) <= known:
        raise PledgeRefused("lines", msg("Promise something for at least one line of this need."))
    if not all(map(_promises, draft.lines)):
        raise PledgeRefused("lines", msg("Give a quantity, or an amount with its currency, for each line you choose."))
    programme = readable(SYSTEM, Programme).where(
        Programme.id == draft.programme_id, Programme.organisation_id == organisation_id
    )
    if draft.programme_id is not None and tx.scalar(programme) is None:
        raise PledgeRefused("programme", msg("Choose a programme of your own organisation."))


def _promises(line: PledgeLineDraft) -> bool:
    if line.quantity is None and line.amount is None:
        return False
    is_quantity_right = line.quantity is None or line.quantity > 0
    return is_quantity_right and (line.amount is None or (line.amount > 0 and is_currency(line.currency)))


def _fill(pledge: Pledge, need: Need, draft: PledgeDraft) -> None:
    pledge.need_id, pledge.need_ref, pledge.need_organisation_id = need.id, need.ref, need.organisation_id
    pledge.programme_id = draft.programme_id
    pledge.conditions = draft.conditions
    pledge.source_of_funds = draft.source_of_funds
    pledge.implementing_partner = draft.implementing_partner
    pledge.declared_relation = draft.declared_relation
    pledge.expires_on = draft.expires_on
    pledge.is_published = True
    # A pledge that more people may see than its need would tell them of the need.
    pledge.disclosure = max(draft.disclosure or "public", need.disclosure, key=TIERS.index)
    pledge.field_disclosure = dict.fromkeys(draft.hidden, "own")
    pledge.lines = [
        PledgeLine(
            need_line_id=line.need_line_id,
            quantity=line.quantity,
            amount=line.amount,
            currency=line.currency if line.amount is not None else "",
        )
        for line in draft.lines
    ]


def accept_pledge(tx: Tx, actor: Actor, pledge: Pledge, now: datetime, accept_excess: str = "") -> None:
    """The recipient accepts: from now on the pledge covers its lines.

    `accept_excess` is the reason for taking more than was asked; it is kept in the record of what happened.

    Raises:
        Refused: the actor does not answer for the need. MoveRefused: the pledge does not wait for an answer.
        ExcessRefused: it would cover a line beyond what was asked, and no reason was given.
    """
    require(actor, Permission.PLEDGE_ANSWER, now, pledge)
    need = hold_need(tx, pledge.need_id)
    tx.refresh(pledge, ["status", "accepted_at", "version"])
    rules.check_acceptance(pledge.status, is_accepted=pledge.accepted_at is not None)
    if need.status not in OPEN and need.status != "met":
        raise rules.MoveRefused(msg("The need is no longer open."))
    too_much = excess_of(tx, need, pledge)
    if too_much and not accept_excess.strip():
        raise rules.ExcessRefused(too_much)
    pledge.accepted_at, pledge.answered_by, pledge.changed_at = now, actor.account_id, now
    refs = {line.id: line.ref for line in need.lines}
    details = {"excess": {refs[line]: str(by) for line, by in too_much.items()}, "reason": accept_excess.strip()}
    record_event(tx, actor, "pledge.accepted", pledge, now, details if too_much else None)
    tell(tx, PledgeAccepted(pledge.id, pledge.need_id), now)


def excess_of(tx: Tx, need: Need, pledge: Pledge) -> Mapping[int, Decimal]:
    """By how much accepting the pledge would cover lines beyond what was asked, by the number of the need line."""
    before, asked = coverage_of(tx, need), {line.id: asked_by(line) for line in need.lines}
    by = {
        line.need_line_id: rules.excess(before[line.need_line_id], asked[line.need_line_id], line.quantity, line.money)
        for line in pledge.lines
    }
    return {line: quantity for line, quantity in by.items() if quantity > 0}


def decline_pledge(tx: Tx, actor: Actor, pledge: Pledge, reason: str, now: datetime) -> None:
    """The recipient declines a pledge that was not accepted yet, with a reason that the donor reads.

    Raises:
        Refused: the actor does not answer for the need. MoveRefused: it was accepted, or has ended.
    """
    require(actor, Permission.PLEDGE_ANSWER, now, pledge)
    hold_need(tx, pledge.need_id)
    _move(tx, pledge, "declined", now)
    pledge.status_reason, pledge.answered_by = reason, actor.account_id
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
    due = readable(SYSTEM, Pledge).where(
        Pledge.expires_on < now.date(), Pledge.status.in_(("interest", "pledged", "committed"))
    )
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
