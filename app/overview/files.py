"""The tables of the pictures as files; that somebody took many rows along is on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from werkzeug.wrappers import Response

from app.foundation.audit.exports import FEW_ROWS, note_export
from app.foundation.sheets import WORKBOOK_TYPE, Cell, csv_file, xlsx_file
from app.foundation.web import actor, current_language, now, site


def table_file(what: str, head: Iterable[str], rows: Sequence[Sequence[Cell]], ending: str = "csv") -> Response:
    """The table as comma-separated values, or as a workbook, under a name that says what it is and of which day."""
    is_book = ending == "xlsx"
    from_right = current_language() == "ar"
    body = xlsx_file(what, head, rows, from_right=from_right) if is_book else csv_file(head, rows)
    if len(rows) > FEW_ROWS:
        with site().database.transaction() as tx:
            note_export(tx, actor(), what, len(rows), now())
    name = f"counterpart-{what}-{now().date().isoformat()}.{ending}"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(body, mimetype=WORKBOOK_TYPE if is_book else "text/csv", headers=headers)
