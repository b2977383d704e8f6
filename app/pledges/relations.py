"""Pledges as records that may stand to others: those whose donor the reader may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.matching.relations.records import Side, side_of
from app.pledges.models import Pledge
from app.pledges.queries import WHOLE, shown, sight_of


def find_pledge_sides(tx: Tx, reader: Actor, which: ColumnElement[bool]) -> list[Side]:
    """The pledges of a criterion that this reader may see with the name of who gives."""
    query = shown(reader).where(which).options(*WHOLE).order_by(Pledge.id)
    return [side_of(pledge) for pledge in tx.scalars(query) if sight_of(tx, reader, pledge).donor]
