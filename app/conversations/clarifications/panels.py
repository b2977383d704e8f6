"""Clarifications on the pages of what they are about, and on the desk of whoever is to answer."""

from __future__ import annotations

from app.conversations.clarifications import queries, rules
from app.conversations.clarifications.showing import asking_for, form_for, seen
from app.conversations.clarifications.subjects import subject_by_ref, subject_of
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import now, reading, render_part

surface("clarification.panel", "panel", "clarification", "need", "programme", "course")
surface("clarification.desk.panel", "panel", "clarification", "need", "programme", "course")
SHOWN = 5
ON_DESK = 8


def clarifications_on(reader: Actor, ref: str) -> str:
    """The latest answers on a record, what waits between its owner and whoever asks, and the form for a question."""
    with reading() as tx:
        subject = subject_by_ref(tx, reader, ref)
        if subject is None:
            return ""
        on = queries.on_record(tx, reader, subject, size=SHOWN)
        asking = asking_for(reader, subject, now())
        if not on and not asking.places:
            return ""
        return render_part(
            "clarifications/_on_record.html", subject=subject, on=on, asking=asking, rules=rules,
            form=form_for(reader, subject, now()), seen=lambda row: seen(reader, row, subject, now()),
        )  # fmt: skip


def desk_clarifications(reader: Actor, _ref: str) -> str:
    """Questions that wait for this person's organisation."""
    with reading() as tx:
        rows = queries.waiting_for(tx, reader)
        if not rows:
            return ""
        about = [(row, subject_of(tx, reader, row)) for row in rows[:ON_DESK]]
        waiting = [seen(reader, row, subject, now()) for row, subject in about if subject is not None]
        return render_part("clarifications/_on_desk.html", waiting=waiting, total=len(rows), rules=rules)
