"""What the pages of reports share: their address, and how a file is handed out."""

from __future__ import annotations

from datetime import datetime

from werkzeug.wrappers import Response

from app.foundation.web import blueprint
from app.reports.writers import KINDS

bp = blueprint("reports")


def file_answer(body: bytes, name: str, form: str, now: datetime) -> Response:
    """A report as a download; `form` is pdf or docx."""
    shown = f"counterpart-{name}-{now.date().isoformat()}.{form}"
    return Response(body, mimetype=KINDS[form], headers={"Content-Disposition": f"attachment; filename={shown}"})
