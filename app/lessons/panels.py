"""What a record has taught and brought, on its own page."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.lessons.queries import find_subject, lessons_from, outputs_from

surface("record.lessons.panel", "panel", "lesson", "output")


def lessons_on(reader: Actor, ref: str) -> str:
    """What a need, programme or course has taught and brought."""
    with reading() as tx:
        record = find_subject(tx, reader, ref)
        if record is None:
            return ""
        return render_part(
            "lessons/_on_record.html",
            ref=ref,
            kind=record.record_kind,
            own=lessons_from(tx, reader, ref),
            outputs=outputs_from(tx, reader, ref),
        )
