"""Making a pledge: what a donor says of it, what is checked, and what its money is worth in a line's own currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import TIERS, audience_of, name_audience, readable
from app.foundation.messages import msg
from app.foundation.money import Money, is_currency
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, Refused, require
from app.needs.models import Need, NeedLine
from app.needs.queries import find_need
from app.needs.rules import OPEN
from app.pledges import rules, tranches
from app.pledges.drawing import shortage
from app.pledges.envelopes import draws_of, still_free
from app.pledges.events import PledgeMade
from app.pledges.models import Pledge, PledgeLine, Tranche
from app.pledges.queries import coverage_shown
from app.pledges.service import PledgeRefused, accept_pledge, hold_need
from app.programmes.models import Programme
from app.reference.rates.queries import rates_on
from app.reference.rates.rules import RateTable

# What of a draft goes into the columns of the same name.
SAID = (
    "programme_id", "is_whole", "conditions", "source_of_funds", "implementing_partner", "declared_relation",
    "authorised_by", "further_approval", "expires_on",
)  # fmt: skip


@dataclass(frozen=True)
class PledgeLineDraft:
    """What is promised for one need line: a quantity in its unit, or money in whole units of `currency`, or both."""

    need_line_id: int
    quantity: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class TrancheDraft:
    """A planned disbursement, in whole units of `currency`."""

    due_on: date
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class PledgeDraft:
    """Everything that a donor says of a pledge. An empty `disclosure` means as the need.

    With `is_whole`, the lines are left empty: everything that the donor sees as open is promised, in kind. `hidden`
    names the sensitive fields that only both sides see: donor, amount.
    """

    lines: tuple[PledgeLineDraft, ...] = ()
    is_whole: bool = False
    is_interest: bool = False
    programme_id: int | None = None
    conditions: str = ""
    source_of_funds: str = "national_budget"
    implementing_partner: str = ""
    declared_relation: str = ""
    authorised_by: str = ""
    further_approval: str = ""
    tranches: tuple[TrancheDraft, ...] = ()
    expires_on: date | None = None
    disclosure: str = ""
    hidden: tuple[str, ...] = ()


def make_pledge(tx: Tx, actor: Actor, organisation_id: int, need: Need, draft: PledgeDraft, now: datetime) -> Pledge:
    """Make a pledge, or state an interest, against lines of a need that is open.

    A State's own share of its own need is accepted at once.

    Raises:
        Refused: the actor may not, or may not see the need. PledgeRefused: the need is not open, it is one's own, a
        line promises nothing, the tranches do not fit, or the programme has not so much left. ExcessRefused: the own
        share is more than what is open.
    """
    pledge = Pledge(organisation_id=organisation_id, status="interest" if draft.is_interest else "pledged", version=1)
    require(actor, Permission.PLEDGE_MAKE, now, pledge)
    if find_need(tx, actor, need.ref) is None:
        raise Refused(Permission.PLEDGE_MAKE.value)
    hold_need(tx, need.id)
    if draft.is_whole:
        draft = replace(draft, lines=_all_that_is_open(tx, actor, need))
    _check_draft(tx, organisation_id, need, draft, now)
    _fill(pledge, need, draft, rates_on(tx, now.date()))
    pledge.made_by, pledge.created_at, pledge.changed_at, pledge.posted_at = actor.account_id, now, now, now
    _check_envelope(tx, pledge, now.date())
    tx.add(pledge)
    tx.flush()
    name_audience(tx, pledge, audience_of(tx, need) if pledge.disclosure == "named" else ())
    record_event(tx, actor, f"pledge.{'interest_stated' if draft.is_interest else 'made'}", pledge, now)
    tell(tx, PledgeMade(pledge.id, need.id), now)
    if organisation_id == need.organisation_id and not draft.is_interest:
        accept_pledge(tx, actor, pledge, now)
    return pledge


def _all_that_is_open(tx: Tx, actor: Actor, need: Need) -> tuple[PledgeLineDraft, ...]:
    # As the donor sees it: a pledge that is hidden from the donor shows at the recipient's answer alone.
    cover = coverage_shown(tx, actor, need)
    return tuple(PledgeLineDraft(line.id, cover[line.id].open) for line in need.lines if cover[line.id].open > 0)


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
    _check_lines(need, draft)
    planned = [tranches.Planned(t.due_on, Money(t.amount, t.currency)) for t in draft.tranches]
    if problem := tranches.problem_in(planned, (m for m in map(_money, draft.lines) if m)):
        raise PledgeRefused("tranches", problem)
    programme = readable(SYSTEM, Programme).where(
        Programme.id == draft.programme_id, Programme.organisation_id == organisation_id
    )
    if draft.programme_id is not None and tx.scalar(programme) is None:
        raise PledgeRefused("programme", msg("Choose a programme of your own organisation."))


def _check_lines(need: Need, draft: PledgeDraft) -> None:
    known = {line.id for line in need.lines}
    lines = [line.need_line_id for line in draft.lines]
    if not lines or len(set(lines)) != len(lines) or not set(lines) <= known:
        raise PledgeRefused("lines", msg("Promise something for at least one line of this need."))
    if not all(map(_promises, draft.lines)):
        raise PledgeRefused("lines", msg("Give a quantity, or an amount with its currency, for each line you choose."))


def _promises(line: PledgeLineDraft) -> bool:
    if line.quantity is None and line.amount is None:
        return False
    is_quantity_right = line.quantity is None or line.quantity > 0
    return is_quantity_right and (line.amount is None or (line.amount > 0 and is_currency(line.currency)))


def _money(line: PledgeLineDraft) -> Money | None:
    return None if line.amount is None else Money(line.amount, line.currency)


def _check_envelope(tx: Tx, pledge: Pledge, today: date) -> None:
    """The donor's own figures: the pledge may not promise more than its programme has left.

    Raises:
        PledgeRefused: it would.
    """
    if pledge.programme_id is None or pledge.status == "interest":
        return
    programme = tx.scalars(readable(SYSTEM, Programme).where(Programme.id == pledge.programme_id)).one()
    free = still_free(tx, programme, today)
    if short := shortage(free, still_free(tx, programme, today, draws_of(tx, pledge))):
        raise PledgeRefused("programme", short)


def _fill(pledge: Pledge, need: Need, draft: PledgeDraft, rates: RateTable) -> None:
    pledge.need_id, pledge.need_ref, pledge.need_organisation_id = need.id, need.ref, need.organisation_id
    for name in SAID:
        setattr(pledge, name, getattr(draft, name))
    pledge.is_published = True
    # A pledge that more people may see than its need would tell them of the need.
    pledge.disclosure = max(draft.disclosure or "public", need.disclosure, key=TIERS.index)
    pledge.field_disclosure = dict.fromkeys(draft.hidden, "own")
    costs = {line.id: line for line in need.lines}
    pledge.lines = [_line(line, costs[line.need_line_id], rates) for line in draft.lines]
    in_order = sorted(draft.tranches, key=lambda tranche: tranche.due_on)
    pledge.tranches = [Tranche(position=number, **vars(tranche)) for number, tranche in enumerate(in_order)]


def _line(line: PledgeLineDraft, need_line: NeedLine, rates: RateTable) -> PledgeLine:
    """A line as it is kept, with what its money is worth in the currency of the need line's cost, if a rate tells."""
    kept = PledgeLine(
        need_line_id=line.need_line_id,
        quantity=line.quantity,
        amount=line.amount,
        currency=line.currency if line.amount is not None else "",
    )
    cost, money = need_line.cost, _money(line)
    if cost is None or money is None or cost.currency == money.currency:
        return kept
    if worth := rates.convert(money, cost.currency):
        kept.worth_amount, kept.worth_currency = worth.money.amount, worth.money.currency
        kept.rate, kept.rate_on, kept.rate_source = str(worth.rate), worth.day, worth.source
    return kept
