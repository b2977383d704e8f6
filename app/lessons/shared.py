"""What the pages of lessons and outputs share: the address, the surfaces, and the records that they come from."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.web import actor, blueprint, current_language, reading, render, request, url_for
from app.lessons import rules, service
from app.lessons.queries import find_subject

bp = blueprint("lessons", "/lessons")

LIST = surface("lesson.list", "list", "lesson")
PAGE = surface("lesson.page", "page", "lesson")
FORM = surface("lesson.form", "page", "lesson")
HISTORY = surface("lesson.history", "page", "lesson")
FILE = surface("lesson.file", "file", "lesson")
QUEUE = surface("lesson.queue", "list", "lesson")
EXPORT = surface("lesson.export", "export", "lesson")

SUBJECT_PAGES = {
    "need": "needs.page", "programme": "programmes.page", "course": "courses.page", "session": "courses.session_page",
    "pledge": "pledges.page",
}  # fmt: skip


def beginning(tx: Tx) -> dict[str, Any]:
    """How an empty form begins: about the record that the address names, in the page's language."""
    named = (request.args.get(kind, "") for kind in (*sorted(rules.LINKABLE), "lesson"))
    ref = next((ref for ref in named if ref), "")
    is_known = find_subject(tx, actor(), ref) is not None
    return {"subject_ref": ref if is_known else "", "language": current_language()}


def named_subject(tx: Tx, form: Any) -> Any:
    """The form, without the record that it is about where its author may not see that record."""
    ref = str(form.subject_ref.data or "")
    if find_subject(tx, actor(), ref) is None:
        form.subject_ref.data = ""
    return form


def sees_subject(ref: str) -> bool:
    """Whether the person who asks may see the record with that reference."""
    with reading() as tx:
        return find_subject(tx, actor(), ref) is not None


def subject_address(tx: Tx, record: Any) -> str:
    """Where the record that taught this can be read, for those who may see it."""
    return address_of(tx, record.subject_kind, record.subject_ref)


def address_of(tx: Tx, kind: str, ref: str) -> str:
    """Where a record can be read by its kind and reference; nothing, where it has no page or may not be seen."""
    endpoint = SUBJECT_PAGES.get(kind)
    record = find_subject(tx, actor(), ref) if endpoint else None
    if endpoint is None or record is None:
        return ""
    if kind == "session":
        return url_for(endpoint, ref=record.course.ref, session_ref=ref)
    return url_for(endpoint, ref=ref)


def both_texts(form: Any, record: Any, endpoint: str) -> Any:
    """Somebody else saved first: what each of them wrote, side by side."""
    texts = [name for name in ("title", *service.COLUMNS[2:7], "description", "website") if name in form]
    different = [
        (form[name].label.text, form[name].data or "", getattr(record, name))
        for name in texts
        if (form[name].data or "") != getattr(record, name)
    ]
    newest = url_for(endpoint, ref=record.ref)
    return render("errors/409.html", 409, differences=different, back_url=newest)
