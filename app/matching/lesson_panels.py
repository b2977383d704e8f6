"""Lessons at the moment of decision: on the pages of needs, programmes and courses, and beside the forms."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import readable, surface
from app.foundation.permissions import Actor
from app.foundation.web import Provider, reading, render_part, request
from app.lessons.queries import lessons_alike, lessons_from
from app.search.documents import MODELS

surface("record.lessons", "panel", "lesson")
surface("form.lessons", "panel", "lesson")
surface("form.duplicates", "panel", "need", "programme", "course")


def lessons_on(kind: str) -> Provider:
    """A provider that draws what was learned from a record, and from others like it."""

    def provide(reader: Actor, ref: str) -> str:
        model = MODELS[kind]
        with reading() as tx:
            record = tx.scalar(readable(reader, model).where(model.ref == ref))
            if record is None:
                return ""
            own = lessons_from(tx, reader, ref)
            kinds = record.codes("kind") or (["training"] if kind == "course" else [])
            alike = lessons_alike(tx, reader, record.codes("theme"), kinds, record.codes("country"))
            others = [lesson for lesson in alike if lesson.id not in {mine.id for mine in own}]
            return render_part("matching/_lessons.html", own=own, others=others, kind=kind, ref=ref)

    return provide


def lessons_beside(form_id: str) -> Provider:
    """A provider that draws lessons beside a form: for what was typed so far, and anew while one types."""

    def provide(reader: Actor, _ref: str) -> str:
        themes, kinds, countries = (_typed(name) for name in ("themes", "kind", "countries"))
        with reading() as tx:
            alike = lessons_alike(tx, reader, themes, kinds, countries) if themes or kinds else []
            return render_part("matching/_lessons_beside.html", alike=alike, form_id=form_id)

    return provide


def duplicates_beside(form_id: str) -> Provider:
    """A provider that leaves room beside a form for records that seem to be about the same."""

    def provide(_reader: Actor, _ref: str) -> str:
        return render_part("matching/_duplicates_beside.html", form_id=form_id)

    return provide


def _typed(name: str) -> list[str]:
    sent: Any = request.values
    return [value for key, value in sent.items(multi=True) if value and (key == name or key.endswith(f"-{name}"))]
