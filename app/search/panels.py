"""Beside a form: records that seem to be about the same as what is being written."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import Provider, render_part

surface("form.duplicates", "panel", "need", "programme", "course")


def duplicates_beside(form_id: str) -> Provider:
    """A provider that leaves room beside a form for records that seem to be about the same."""

    def provide(_reader: Actor, _ref: str) -> str:
        return render_part("search/_beside.html", form_id=form_id)

    return provide
