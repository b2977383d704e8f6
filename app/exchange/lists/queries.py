"""What a list needs besides its own query when it goes out whole: what may be seen of each row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import selectinload

from app.exchange.lists.columns import Seen
from app.foundation.db import Tx
from app.foundation.disclosure import audiences_of, may_see_field, readable
from app.foundation.permissions import Actor
from app.programmes.models import Programme

Item = TypeVar("Item")

PART = 500
"""So many records are asked for at once: databases take no list of any length."""


def parts_of(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    """The items in parts that a database can be asked for."""
    return (items[start : start + PART] for start in range(0, len(items), PART))


def seen(tx: Tx, reader: Actor, records: Sequence[Any]) -> list[Seen]:
    """Each record with the sensitive fields that this reader may see of it."""
    named: dict[int, list[int]] = {}
    for part in parts_of(records):
        named.update(audiences_of(tx, part))
    return [
        Seen(
            record,
            frozenset(
                field
                for field in record.sensitive_fields
                if may_see_field(reader, record, field, named.get(record.id, ()))
            ),
        )
        for record in records
    ]


def with_money(tx: Tx, reader: Actor, programmes: Sequence[Programme]) -> Sequence[Programme]:
    """The same programmes with the budgets and the transactions of all years."""
    for part in parts_of(programmes):
        query = readable(reader, Programme).where(Programme.id.in_([one.id for one in part]))
        list(tx.scalars(query.options(selectinload(Programme.budgets), selectinload(Programme.transactions))))
    return programmes
