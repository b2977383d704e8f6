"""Lessons at the moment of decision: beside forms, on records and matches; and on a lesson what became of it."""

from __future__ import annotations

from collections.abc import Callable

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.lessons.queries import find_lesson
from app.matching.advice import rules
from app.matching.advice.drawing import beside_form, on_pair, on_record, typed_here
from app.matching.advice.queries import asking_for, tally_of, uses_of
from app.matching.relations.records import side_by_ref

surface("advice.form", "panel", "lesson")
surface("advice.record", "panel", "lesson")
surface("advice.lesson", "panel", "need", "programme", "course", "pledge")


def advice_beside(form_id: str) -> Callable[[Actor, str], str]:
    """A provider that draws the lessons to read beside the form with that id, and keeps them up to date."""

    def provide(reader: Actor, ref: str) -> str:
        with reading() as tx:
            drawn = beside_form(tx, reader, form_id, ref, typed_here(tx, reader))
            return render_part("advice/_beside.html", ref=ref, **drawn)

    return provide


def advice_on(reader: Actor, ref: str) -> str:
    """The lessons to read before deciding on a need, programme, course or pledge, with what its author said to them."""
    with reading() as tx:
        side = side_by_ref(tx, reader, ref)
        return on_record(tx, reader, side, asking_for(tx, reader, side)) if side is not None else ""


def advice_on_match(reader: Actor, ref: str) -> str:
    """The lessons to read before deciding on a pair; `ref` is that of the need, a stroke, that of the offer."""
    need_ref, _stroke, offer_ref = ref.partition("/")
    with reading() as tx:
        need, offer = side_by_ref(tx, reader, need_ref), side_by_ref(tx, reader, offer_ref)
        return on_pair(tx, reader, need, offer) if need is not None else ""


def uses_on_lesson(reader: Actor, ref: str) -> str:
    """In which records a lesson was applied, and where it was said not to apply and why, as far as one may see."""
    with reading() as tx:
        lesson = find_lesson(tx, reader, ref)
        uses = uses_of(tx, reader, [lesson.id]).get(lesson.id, []) if lesson is not None else []
        return render_part("advice/_uses.html", uses=uses, tally=tally_of(uses), rules=rules) if uses else ""
