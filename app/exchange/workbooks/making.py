"""A workbook is made: the records of one's own organisation that one may change, as their forms would show them."""

from __future__ import annotations

from app.exchange.workbooks import shape
from app.exchange.workbooks.columns import fixed_in, texts_of
from app.exchange.workbooks.kinds.kind import Kind, Place
from app.exchange.workbooks.rules import EMPTY_ROWS, MOST_ROWS
from app.exchange.workbooks.writing import Head, Line, write
from app.foundation.db import Tx
from app.foundation.languages import say

ROOM = MOST_ROWS - EMPTY_ROWS
"""So many records go out: what is written into the empty rows has to come back with them."""


def make(tx: Tx, place: Place, kind: Kind, language: str, secret: str) -> tuple[bytes, int]:
    """The workbook, and how many records it holds; of more than it takes back, the newest."""
    new = kind.prepared(tx, place)[: ROOM // 2]
    records = kind.records(tx, place)[: ROOM - len(new)]
    forms = [kind.form(tx, place, record) for record in records]
    rows = shape.rows_needed(kind, forms)
    columns = shape.columns_of(kind, kind.form(tx, place, None), language, rows)
    names = [column.name for column in columns]
    lines = [
        Line(record.ref, record.version, texts_of(form, names), shape.hidden_refs(kind, form), fixed_in(form, names))
        for record, form in zip(records, forms, strict=True)
    ]
    lines += [Line("", 0, cells) for cells in new]
    head = Head(
        kind.name,
        say(kind.title, language),
        place.owner.organisation_ref,
        language,
        secret,
        place.now.isoformat(),
        place.actor.account_id,
    )
    return write(head, columns, lines), len(lines)
