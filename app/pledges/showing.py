"""What the pages of pledges show: each line with both sides' figures, who else is there, and how the story went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.foundation.audit import AuditEvent, history_of
from app.foundation.db import Tx
from app.foundation.languages import name_of, number_text
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor
from app.lessons.models import Lesson
from app.lessons.queries import lessons_alike
from app.needs.models import Need, NeedLine
from app.needs.queries import lines_by_ids
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import Sight, coverage_shown, may_see_costs, need_of, pledges_on, programme_of, sight_of
from app.pledges.rules import Coverage
from app.programmes.models import Programme

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
    "pledge.delivered": msg("Delivered, as both sides confirm"),
}


@dataclass(frozen=True)
class LedgerRow:
    """One line of a need with how far it is covered."""

    line: NeedLine
    cover: Coverage


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


@dataclass(frozen=True)
class PledgeSeen:
    """One pledge as its page shows it to one reader."""

    pledge: Pledge
    sight: Sight
    need: Need | None
    programme: Programme | None
    rows: Sequence[PledgeRow]
    history: Sequence[AuditEvent]


def ledger_of(tx: Tx, reader: Actor, need: Need) -> Ledger:
    """The ledger of a need, for this reader."""
    cover = coverage_shown(tx, reader, need)
    seen = [Seen(pledge, sight_of(tx, reader, pledge)) for pledge in pledges_on(tx, reader, need)]
    return Ledger(
        need=need,
        rows=[LedgerRow(line, cover[line.id]) for line in need.lines],
        pledges=seen,
        knows_costs=may_see_costs(tx, reader, need),
        is_complete=need.organisation_id in reader.organisation_ids,
    )


def pledge_seen(tx: Tx, reader: Actor, pledge: Pledge) -> PledgeSeen:
    """Everything of a pledge that its page shows this reader."""
    sight = sight_of(tx, reader, pledge)
    need_lines = lines_by_ids(tx, reader, [line.need_line_id for line in pledge.lines])
    return PledgeSeen(
        pledge=pledge,
        sight=sight,
        need=need_of(tx, reader, pledge),
        programme=programme_of(tx, reader, pledge) if sight.donor else None,
        rows=[PledgeRow(line, need_lines.get(line.need_line_id)) for line in pledge.lines],
        history=history_of(tx, pledge.ref),
    )


def learned(tx: Tx, reader: Actor, need: Need) -> list[Lesson]:
    """The lessons to read before pledging for this need."""
    return lessons_alike(tx, reader, need.codes("theme"), need.codes("kind"), need.codes("country"))


def excess_words(need: Need, excess: Any, spoken: str) -> str:
    """By how much lines would be covered beyond what was asked, in words."""
    lines = {line.id: line for line in need.lines}
    parts = [
        f"{name_of('kind', lines[number].kind, spoken)}: "
        f"{number_text(by, spoken)} {name_of('unit', lines[number].unit, spoken)}"
        for number, by in excess.items()
    ]
    return "; ".join(parts)
