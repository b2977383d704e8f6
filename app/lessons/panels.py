"""Lessons at the moment of decision: on the pages of what taught them or is alike, and beside forms being filled in."""

from __future__ import annotations

from collections.abc import Callable

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.lessons.queries import find_subject, lessons_alike, lessons_from, outputs_from

surface("record.lessons.panel", "panel", "lesson", "output")


def lessons_on(reader: Actor, ref: str) -> str:
    """What a need, programme or course has taught and brought, and what others learned who did something alike."""
    with reading() as tx:
        record = find_subject(tx, reader, ref)
        if record is None:
            return ""
        own = lessons_from(tx, reader, ref)
        themes, kinds, countries = (record.codes(facet) for facet in ("theme", "kind", "country"))
        near = lessons_alike(tx, reader, themes, kinds, countries, 3 + len(own))
        taught = {lesson.id for lesson in own}
        return render_part(
            "lessons/_on_record.html",
            ref=ref,
            kind=record.record_kind,
            own=own,
            outputs=outputs_from(tx, reader, ref),
            alike=[lesson for lesson in near if lesson.id not in taught][:3],
        )


def lessons_beside(form_id: str) -> Callable[[Actor, str], str]:
    """A provider that keeps the lessons alike up to date while somebody fills in the form with that id."""

    def provide(_reader: Actor, _ref: str) -> str:
        return render_part("lessons/_beside.html", form_id=form_id)

    return provide
