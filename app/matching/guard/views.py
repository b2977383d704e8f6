"""Programmes of an import that wait for an answer before they are shown: the list, and answering."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.references import tidy_reference
from app.foundation.sending import send_once
from app.foundation.web import (
    actor,
    blueprint,
    found,
    gettext,
    now,
    reading,
    render,
    route,
    sent_before,
    url_for,
)
from app.matching.guard.holding import Held, held_for
from app.matching.relations import rules, service
from app.matching.relations.asking import prefix_of
from app.matching.relations.forms import RelationForm
from app.matching.relations.queries import Pair

bp = blueprint("guard", "/programmes/held")
HELD = surface("programme.held", "list", "programme")


@route(bp, "", Permission.DESK_READ, HELD)
def held() -> Any:
    """The programmes that wait for this person's answer."""
    with reading() as tx:
        return _draw(held_for(tx, actor()))


@route(bp, "/<ref>/<other_ref>", Permission.DESK_READ, HELD, ("POST",))
def answer(ref: str, other_ref: str) -> Any:
    """Say how a programme that waits stands to one that it seems to repeat."""
    with reading() as tx:
        pair = _pair(tx, ref, other_ref)
        form = _form(pair)
        if already := sent_before(form):
            return already
        if not form.is_sound():
            return _draw(held_for(tx, actor()), 422, form)

    def write(tx: Tx) -> str:
        current = _pair(tx, ref, other_ref)
        if current.own.organisation.status == service.RECORDED:
            service.answer_for(tx, actor(), current, form.draft(), now())
        else:
            service.declare(tx, actor(), current, current.own.organisation.id, form.draft(), now())
        return url_for("guard.held")

    words = gettext("Your answer is saved. A programme is shown once all its questions are answered.")
    return send_once(form, write, words)


def _pair(tx: Tx, ref: str, other_ref: str) -> Pair:
    one: Held = found(next(iter(held_for(tx, actor(), tidy_reference(ref))), None))
    pair: Pair = found(next((pair for pair in one.pairs if pair.other.ref == tidy_reference(other_ref)), None))
    return pair


def _form(pair: Pair, **kwargs: Any) -> RelationForm:
    return RelationForm(prefix=prefix_of(f"{pair.own.ref}-{pair.other.ref}"), **kwargs)


def _draw(waiting: list[Held], status: int = 200, sent: RelationForm | None = None) -> Any:
    forms = {}
    for pair in (pair for one in waiting for pair in one.pairs):
        form = _form(pair, formdata=None)
        is_sent = sent is not None and sent.says.name == form.says.name
        forms[pair.own.ref, pair.other.ref] = sent if is_sent else form
    return render("matching/held.html", status, waiting=waiting, forms=forms, sent=sent, rules=rules)
