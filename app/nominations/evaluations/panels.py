"""The answers of a session on its page: sums for the centre and for those who had sent somebody."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor, Permission, allowed
from app.foundation.web import now, reading, render_part
from app.nominations.evaluations import rules
from app.nominations.evaluations.forms import DraftForm
from app.nominations.evaluations.queries import answers_of, decides, may_read
from app.nominations.queries import readable_session

surface("evaluation.panel", "panel", "nomination", "course")


def answers_on_session(reader: Actor, session_ref: str) -> str:
    """What those who took part said, in sums; for the centre, the button that begins a lesson with them."""
    with reading() as tx:
        session = readable_session(tx, reader, session_ref)
        if session is None or not may_read(tx, reader, session, now()):
            return ""
        found = answers_of(tx, session.id, now())
        if not found:
            return ""
        drafts = decides(reader, session, now()) and allowed(reader, Permission.LESSON_RECORD, now())
        return render_part(
            "nominations/evaluations/_on_session.html", run=session, course=session.course, found=found, rules=rules,
            may_draft=drafts and any(one.sums for one in found), form=DraftForm(formdata=None),
        )  # fmt: skip
