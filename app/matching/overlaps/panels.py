"""On the page of a programme: the others that seem to do the same, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable, surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.matching.overlaps.queries import ShownOverlap, overlaps_of
from app.matching.relations import rules
from app.matching.relations.asking import form_for
from app.matching.relations.forms import RelationForm
from app.matching.relations.queries import find_pair
from app.programmes.models import Programme

surface("programme.alike.panel", "panel", "programme")
SHOWN = 3


def alike_on_programme(reader: Actor, ref: str) -> str:
    """The others that do something alike; nothing where there are none."""
    with reading() as tx:
        query = readable(reader, Programme).where(Programme.ref == ref, Programme.is_published)
        programme = tx.scalar(query.options(selectinload(Programme.organisation)))
        found = overlaps_of(tx, reader, programme) if programme else []
        if not found:
            return ""
        asked = questions(tx, reader, ref, found)
        return render_part("matching/_alike.html", ref=ref, found=found, shown=SHOWN, asked=asked, rules=rules)


def questions(tx: Tx, reader: Actor, ref: str, found: Sequence[ShownOverlap]) -> dict[str, RelationForm]:
    """What this pair is, asked of whoever speaks for one of the two and has not said it yet; by the other's reference.

    What was said stands with the relations, where it can be changed.
    """
    forms = {}
    for one in found:
        sides = (one.other.organisation_id, one.own_organisation_id)
        pair = find_pair(tx, reader, ref, one.other.ref) if rules.speaks_for(reader, sides) else None
        form = form_for(reader, pair) if pair and not pair.said else None
        if form is not None:
            forms[one.other.ref] = form
    return forms
