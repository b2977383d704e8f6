"""A need as a note verbale: the page to print, and the same as PDF and Word."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.references import tidy_reference
from app.foundation.web import actor, found, now, reading, render, route, site
from app.needs import rules
from app.needs.models import Need
from app.needs.service import note_look
from app.reports.note.content import Note, note_of
from app.reports.shared import bp, file_answer
from app.reports.writers import WRITERS

PAGE = surface("report.note", "page", "need")
FILE = surface("report.note.file", "export", "need")


@route(bp, "/needs/<ref>/note", Permission.PUBLIC_READ, PAGE)
def note(ref: str) -> Any:
    """The note verbale as a page to print."""
    made = _made(ref)
    return render("reports/note.html", need=made.need, document=made.document)


@route(bp, "/needs/<ref>/note.<any(pdf, docx):form>", Permission.PUBLIC_READ, FILE)
def note_file(ref: str, form: str) -> Any:
    """The note verbale as a file."""
    made = _made(ref)
    return file_answer(WRITERS[form](made.document), f"note-{made.need.ref}", form, now())


def _made(ref: str) -> Note:
    with reading() as tx:
        made: Note = found(note_of(tx, actor(), tidy_reference(ref), now()))
        tx.expunge_all()
    _note_that_the_office_looked(made.need)
    return made


def _note_that_the_office_looked(need: Need) -> None:
    reader = actor()
    if reader.is_secretariat and rules.is_watched(need.disclosure, need.organisation_id, reader.organisation_ids):
        with site().database.transaction() as tx:
            note_look(tx, reader, need, now())
