"""Two records side by side with what is said of them, and saying it."""

from __future__ import annotations

from typing import Any

from app.foundation.addresses import local_address
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, require
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
    request,
    route,
    sent_before,
    site,
    url_for,
)
from app.matching.looks import LOOKED, note_looks
from app.matching.relations import rules, service
from app.matching.relations.asking import form_for, prefix_of
from app.matching.relations.forms import RelationForm
from app.matching.relations.queries import Pair, find_pair

bp = blueprint("relations", "/relations")
PAIR = surface("relation.page", "page", "need", "programme", "course", "pledge")


@route(bp, "/<own_ref>/<other_ref>", Permission.PUBLIC_READ, PAIR)
def page(own_ref: str, other_ref: str) -> Any:
    """Two records that somebody has put beside each other; also before that, for whoever may answer."""
    with reading() as tx:
        pair = _pair(tx, own_ref, other_ref)
        form = form_for(actor(), pair)
        found(form or pair.said or None)
        answer = _draw(pair, form)
        tx.expunge_all()
    note_looks(site().database, actor(), [side.record for side in (pair.own, pair.other) if side.kind in LOOKED], now())
    return answer


@route(bp, "/<own_ref>/<other_ref>", Permission.RELATION_DECLARE, PAIR, ("POST",))
def declare(own_ref: str, other_ref: str) -> Any:
    """Say for one's organisation how the first record stands to the second."""
    with reading() as tx:
        pair = _pair(tx, own_ref, other_ref)
        require(actor(), Permission.RELATION_DECLARE, now(), pair)
        form = RelationForm(places=rules.speaks_for(actor(), pair.organisation_ids), prefix=prefix_of(pair.other.ref))
        if already := sent_before(form):
            return already
        if not form.is_sound():
            return _draw(pair, form, 422)

    def write(tx: Tx) -> str:
        service.declare(tx, actor(), _pair(tx, own_ref, other_ref), form.organisation_id, form.draft(), now())
        here = url_for("relations.page", own_ref=own_ref, other_ref=other_ref)
        return local_address(request.args.get("next"), here)

    return send_once(form, write, gettext("Your answer stands on both pages, and the other side will be told."))


def _pair(tx: Tx, own_ref: str, other_ref: str) -> Pair:
    pair: Pair = found(find_pair(tx, actor(), tidy_reference(own_ref), tidy_reference(other_ref)))
    return pair


def _draw(pair: Pair, form: RelationForm | None, status: int = 200) -> Any:
    return render("matching/relation.html", status, pair=pair, form=form, rules=rules)
