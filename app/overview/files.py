"""The tables of the pictures as files; that somebody took many rows along is on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from werkzeug.wrappers import Response

from app.foundation.audit.exports import FEW_ROWS, note_export
from app.foundation.sheets import Cell, csv_file
from app.foundation.web import actor, now, site


def table_file(what: str, head: Iterable[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """The table as comma-separated values under a name that says what it is and of which day."""
    body = csv_file(head, rows)
    if len(rows) > FEW_ROWS:
        with site().database.transaction() as tx:
            note_export(tx, actor(), what, len(rows), now())
    name = f"counterpart-{what}-{now().date().isoformat()}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(body, mimetype="text/csv", headers=headers)
