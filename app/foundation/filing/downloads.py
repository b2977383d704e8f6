"""Giving out files: what people attached, as a download and nothing else, and tables, made anew for whoever asks.

That somebody took many rows of a table along is on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.utils import send_file
from werkzeug.wrappers import Response

from app.foundation.audit.exports import FEW_ROWS, note_export
from app.foundation.filing.files import Attachment, file_name
from app.foundation.filing.looking.rules import may_be_given_out
from app.foundation.spreadsheets.sheets import WORKBOOK_TYPE, Cell, csv_file, xlsx_file
from app.foundation.web import actor, current_language, found, now, request, site

SANDBOX = "sandbox; default-src 'none'"


def download(attachment: Attachment) -> Any:
    """The file as an answer, never shown in a page of ours. The caller has made sure that the reader may see it.

    It is a 404 where its content is gone, and where it waits for the scanner or was refused by it.
    """
    found(may_be_given_out(attachment.state) or None)
    path = found(site().files.find(file_name(attachment.sha256)))
    answer = send_file(
        path, request.environ, mimetype="application/octet-stream", as_attachment=True, download_name=attachment.name
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def one_of(files: Iterable[Attachment], ref: str) -> Attachment:
    """The one of these files with that reference, or a 404. They are those that the reader may see."""
    attachment: Attachment = found(next((one for one in files if one.ref == ref), None))
    return attachment


def table_file(what: str, head: Iterable[str], rows: Sequence[Sequence[Cell]], ending: str = "csv") -> Response:
    """The table as comma-separated values, or as a workbook, under a name that says what it is and of which day."""
    is_book = ending == "xlsx"
    from_right = current_language() == "ar"
    body = xlsx_file(what, head, rows, from_right=from_right) if is_book else csv_file(head, rows)
    note_taken(what, len(rows))
    return file_answer(body, f"counterpart-{what}-{now().date().isoformat()}.{ending}")


def note_taken(what: str, rows: int) -> None:
    """Put on record that the reader takes so many rows along, if they are many."""
    if rows > FEW_ROWS:
        with site().database.transaction() as tx:
            note_export(tx, actor(), what, rows, now())


def file_answer(body: bytes, name: str) -> Response:
    """A table (CSV or XLSX, as its name ends) as an answer that is saved and never opened in the page's place."""
    kind = WORKBOOK_TYPE if name.endswith(".xlsx") else "text/csv"
    return Response(body, mimetype=kind, headers={"Content-Disposition": f"attachment; filename={name}"})
