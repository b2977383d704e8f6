"""Which pairs of programmes that seem to do the same an organisation has not been told of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.matching.overlaps.models import Overlap
from app.notifications.overlaps.models import ToldOverlap
from app.programmes.models import Programme

Pair = tuple[int, int]
MOST_ASKED = 400


def pairs_with(tx: Tx, programme_ids: Sequence[int]) -> list[Pair]:
    """The pairs that one of these programmes is part of, the most alike first."""
    found: dict[Pair, float] = {}
    for begin in range(0, len(programme_ids), MOST_ASKED):
        some = programme_ids[begin : begin + MOST_ASKED]
        rows = tx.scalars(select(Overlap).where(or_(Overlap.first_id.in_(some), Overlap.second_id.in_(some))))
        found.update({(row.first_id, row.second_id): float(row.score) for row in rows})
    return sorted(found, key=lambda pair: (-found[pair], pair))


def programmes_of(tx: Tx, pairs: Sequence[Pair]) -> dict[int, Programme]:
    """The published programmes of these pairs, for the site's own eyes."""
    numbers, found = sorted({number for pair in pairs for number in pair}), {}
    for begin in range(0, len(numbers), MOST_ASKED):
        query = readable(SYSTEM, Programme).where(
            Programme.id.in_(numbers[begin : begin + MOST_ASKED]), Programme.is_published
        )
        found.update({row.id: row for row in tx.scalars(query)})
    return found


def told_of(tx: Tx, pairs: Sequence[Pair]) -> set[tuple[int, int, int]]:
    """Which organisation has been told of which of these pairs."""
    numbers, found = sorted({first for first, _second in pairs}), set()
    for begin in range(0, len(numbers), MOST_ASKED):
        rows = tx.scalars(select(ToldOverlap).where(ToldOverlap.first_id.in_(numbers[begin : begin + MOST_ASKED])))
        found |= {(row.organisation_id, row.first_id, row.second_id) for row in rows}
    return found
