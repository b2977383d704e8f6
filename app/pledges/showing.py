"""What the pages of pledges show: each line with both sides' figures, who else is there, and how the story went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.foundation.audit import AuditEvent, history_of
from app.foundation.db import Tx
from app.foundation.filing.files import Attachment, files_of
from app.foundation.languages import name_of, number_text
from app.foundation.messages import Message, msg
from app.foundation.money import Money
from app.foundation.permissions import Actor
from app.needs.models import Need, NeedLine
from app.needs.queries import lines_by_ids
from app.pledges import tranches
from app.pledges.elsewhere import elsewhere, reopened
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import (
    Sight,
    coverage_by,
    is_confirmed,
    is_of_either_side,
    may_see_costs,
    money_of,
    need_of,
    pledges_on,
    programme_of,
    sight_of,
)
from app.pledges.reckoning import Coverage
from app.pledges.rules import RUNNING, STEPS
from app.programmes.models import Programme
from app.reference.rates.rules import Converted

SHOWN = RUNNING | {"delivered"}

ACTIONS: dict[str, Message] = {
    "pledge.interest_stated": msg("Interest stated"),
    "pledge.made": msg("Pledge made"),
    "pledge.pledged": msg("The interest became a pledge"),
    "pledge.accepted": msg("Accepted by the recipient"),
    "pledge.declined": msg("Declined by the recipient"),
    "pledge.withdrawn": msg("Withdrawn by the donor"),
    "pledge.lapsed": msg("Lapsed: its day passed"),
    "pledge.committed": msg("Committed by the donor"),
    "pledge.delivering": msg("Delivery began"),
    "pledge.delivery_recorded": msg("A delivery was recorded"),
    "pledge.delivery_confirmed": msg("A delivery was confirmed by the other side"),
    "pledge.delivery_disputed": msg("The other side says another figure of a delivery"),
    "pledge.delivery_agreed": msg("Both sides agree on a delivery"),
    "pledge.delivery_taken_back": msg("A delivery was taken back: it had been written down wrongly"),
    "pledge.delivered": msg("Delivered, as both sides confirm"),
}


@dataclass(frozen=True)
class Share:
    """What one pledge gives to one line, who gives it as far as the reader may know, and by when it is to be there."""

    pledge: Pledge
    line: PledgeLine
    knows_donor: bool
    due_on: date | None


@dataclass(frozen=True)
class LedgerRow:
    """One line of a need with how far it is covered, and by whom."""

    line: NeedLine
    cover: Coverage
    shares: Sequence[Share] = ()


@dataclass(frozen=True)
class Seen:
    """A pledge, and what of it the reader may see."""

    pledge: Pledge
    sight: Sight


@dataclass(frozen=True)
class Ledger:
    """A need's lines with their coverage, and the pledges behind it, as one reader may see them."""

    need: Need
    rows: Sequence[LedgerRow]
    pledges: Sequence[Seen]
    knows_costs: bool
    is_complete: bool


@dataclass(frozen=True)
class PledgeRow:
    """One line of a pledge with the need line that it is for, where the reader may see that."""

    line: PledgeLine
    need_line: NeedLine | None
    knows_costs: bool = False

    @property
    def reckoned(self) -> Converted | None:
        """The money in the currency of the need line's cost, as it was reckoned when the pledge was made."""
        line = self.line
        # Its currency tells of the line's cost.
        if not self.knows_costs or line.worth is None or line.money is None or line.rate_on is None:
            return None
        return Converted(line.worth, line.money, Decimal(line.rate), line.rate_on, line.rate_source)


@dataclass(frozen=True)
class PledgeSeen:
    """One pledge as its page shows it to one reader."""

    pledge: Pledge
    sight: Sight
    need: Need | None
    programme: Programme | None
    rows: Sequence[PledgeRow]
    history: Sequence[AuditEvent]
    files: Sequence[Attachment]
    overdue: Sequence[Money]
    reopened: bool
    elsewhere: Sequence[Need]


def ledger_of(tx: Tx, reader: Actor, need: Need) -> Ledger:
    """The ledger of a need, for this reader."""
    pledges = pledges_on(tx, reader, need)
    cover = coverage_by(tx, reader, need, pledges)
    seen = [Seen(pledge, sight_of(tx, reader, pledge)) for pledge in pledges]
    return Ledger(
        need=need,
        rows=[LedgerRow(line, cover[line.id], _shares(need, line, seen)) for line in need.lines],
        pledges=seen,
        knows_costs=may_see_costs(tx, reader, need),
        is_complete=need.organisation_id in reader.organisation_ids,
    )


def _shares(need: Need, line: NeedLine, seen: Sequence[Seen]) -> list[Share]:
    """Who gives what to the line, of the pledges whose amount the reader may see; the furthest on first."""
    given = [
        Share(one.pledge, part, one.sight.donor, due_day(one.pledge, line, need))
        for one in seen
        for part in one.pledge.lines
        if part.need_line_id == line.id and one.sight.amount and one.pledge.status in SHOWN
    ]
    return sorted(given, key=lambda share: (-STEPS.index(share.pledge.status), share.pledge.id))


def due_day(pledge: Pledge, line: NeedLine, need: Need) -> date | None:
    """By when what was pledged for a line is to be there: the last planned payment, else the end of line or need."""
    planned = [tranche.due_on for tranche in pledge.tranches]
    return max(planned, default=None) or line.ends_on or need.ends_on


def pledge_seen(tx: Tx, reader: Actor, pledge: Pledge, today: date) -> PledgeSeen:
    """Everything of a pledge that its page shows this reader."""
    sight = sight_of(tx, reader, pledge)
    need_lines = lines_by_ids(tx, reader, [line.need_line_id for line in pledge.lines])
    need = need_of(tx, reader, pledge)
    is_donor = pledge.organisation_id in reader.organisation_ids
    knows_costs = need is not None and may_see_costs(tx, reader, need)
    return PledgeSeen(
        pledge=pledge,
        sight=sight,
        need=need,
        programme=programme_of(tx, reader, pledge) if sight.donor else None,
        rows=[PledgeRow(line, need_lines.get(line.need_line_id), knows_costs) for line in pledge.lines],
        history=history_of(tx, pledge.ref),
        files=files_of(tx, pledge.ref, reader) if is_of_either_side(reader, pledge) else [],
        overdue=overdue_of(pledge, today),
        reopened=is_donor and reopened(tx, reader, pledge, need),
        elsewhere=elsewhere(tx, reader, pledge, need) if is_donor else [],
    )


def overdue_of(pledge: Pledge, today: date) -> list[Money]:
    """What was planned to be paid before today and was not, while the pledge still promises it."""
    if pledge.status not in RUNNING or pledge.accepted_at is None:
        return []
    planned = [tranches.Planned(part.due_on, part.money) for part in pledge.tranches]
    paid = [money_of(part) for line in pledge.lines for part in line.contributions if is_confirmed(part)]
    return tranches.overdue(planned, [money for money in paid if money], today)


def excess_words(need: Need, excess: Any, spoken: str) -> str:
    """By how much lines would be covered beyond what was asked, in words."""
    lines = {line.id: line for line in need.lines}
    parts = [
        f"{name_of('kind', lines[number].kind, spoken)}: "
        f"{number_text(by, spoken)} {name_of('unit', lines[number].unit, spoken)}"
        for number, by in excess.items()
    ]
    return "; ".join(parts)
