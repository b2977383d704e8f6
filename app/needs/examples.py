"""What needs of the same field contain, told to whoever writes one: which kinds of help they ask for, and how much.

Only public needs count, for every reader alike, so that nothing is told of any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median_low

from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import ANONYMOUS
from app.foundation.tags import has_code
from app.needs.models import Need, NeedLine
from app.needs.rules import PUBLISHED
from app.reference.concepts import themes_in_text

MOST_NEEDS = 60
FEWEST_NEEDS = 3
"""With fewer than three, one would speak of somebody's need and not of a custom."""
MOST_THEMES, MOST_KINDS = 2, 4


@dataclass(frozen=True)
class UsualLine:
    """A kind of help that such needs ask for: how many of them do, and the middle quantity in its commonest unit."""

    kind: str
    needs: int
    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class Usual:
    """What so many public needs on these themes ask for, the commonest kind first."""

    themes: tuple[str, ...]
    needs: int
    lines: tuple[UsualLine, ...]


def usual(tx: Tx, themes: Sequence[str], text: str) -> Usual | None:
    """What needs on these themes contain, or on those that the text speaks of if none is picked; None for too few."""
    about = tuple(themes or themes_in_text(text))[:MOST_THEMES]
    if not about:
        return None
    alike = readable(ANONYMOUS, Need).where(Need.status.in_(PUBLISHED), has_code(Need, "theme", about))
    newest = alike.with_only_columns(Need.id).order_by(Need.posted_at.desc(), Need.id.desc()).limit(MOST_NEEDS)
    ids = list(tx.scalars(newest))
    if len(ids) < FEWEST_NEEDS:
        return None
    rows = tx.execute(
        select(NeedLine.need_id, NeedLine.kind, NeedLine.quantity, NeedLine.unit).where(NeedLine.need_id.in_(ids))
    ).all()
    return Usual(about, len(ids), usual_lines([(row[0], row[1], row[2], row[3]) for row in rows]))


def usual_lines(lines: Sequence[tuple[int, str, Decimal, str]]) -> tuple[UsualLine, ...]:
    """Lines as (need, kind, quantity, unit), summed up by kind; ties by the name of the kind."""
    needs_of = {kind: {need for need, its, _quantity, _unit in lines if its == kind} for kind in {x[1] for x in lines}}
    found = []
    for kind in sorted(needs_of, key=lambda kind: (-len(needs_of[kind]), kind))[:MOST_KINDS]:
        units = Counter(unit for _need, its, _quantity, unit in lines if its == kind)
        unit = min(units, key=lambda unit: (-units[unit], unit))
        amounts = [quantity for _need, its, quantity, its_unit in lines if (its, its_unit) == (kind, unit)]
        found.append(UsualLine(kind, len(needs_of[kind]), median_low(amounts), unit))
    return tuple(found)
