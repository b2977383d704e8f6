"""Reading overlaps: the programmes that seem to do the same as one, where the reader may see both."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import Actor
from app.matching.overlaps.models import Overlap
from app.programmes.models import Programme


@dataclass(frozen=True)
class ShownOverlap:
    """Another programme that seems to do the same, and the pair with its reasons."""

    overlap: Overlap
    other: Programme
    own_organisation_id: int


def overlaps_of(tx: Tx, reader: Actor, programme: Programme) -> list[ShownOverlap]:
    """The others that seem to do the same as a programme which this reader may see, the most alike first."""
    query = select(Overlap).where(or_(Overlap.first_id == programme.id, Overlap.second_id == programme.id))
    rows = tx.scalars(query.order_by(Overlap.score.desc(), Overlap.first_id, Overlap.second_id)).all()
    numbers = {row.id: row.second_id if row.first_id == programme.id else row.first_id for row in rows}
    # Two organisations may have become one since.
    others = readable(reader, Programme).where(
        Programme.id.in_(numbers.values()),
        Programme.is_published,
        Programme.organisation_id != programme.organisation_id,
    )
    found = {row.id: row for row in tx.scalars(others.options(selectinload(Programme.organisation)))}
    shown = [(row, found[numbers[row.id]]) for row in rows if numbers[row.id] in found]
    return [ShownOverlap(row, other, programme.organisation_id) for row, other in shown]
