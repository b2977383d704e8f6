"""On the pages of records: others of which somebody says how they stand to this one."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.matching.relations import rules
from app.matching.relations.queries import pairs_of
from app.matching.relations.records import side_by_ref

surface("relations.panel", "panel", "need", "programme", "course", "pledge")
SHOWN = 5


def relations_on(reader: Actor, ref: str) -> str:
    """The others, each with what both sides say; nothing where there are none that this reader may see."""
    with reading() as tx:
        own = side_by_ref(tx, reader, ref)
        pairs = pairs_of(tx, reader, own.key) if own else []
        if not pairs:
            return ""
        answers = {pair.other.key: bool(rules.speaks_for(reader, pair.organisation_ids)) for pair in pairs}
        return render_part("matching/_relations.html", pairs=pairs, shown=SHOWN, rules=rules, answers=answers)
