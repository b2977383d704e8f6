"""What owners are shown: on the page of a record what they have said of it, on the desk what is to be done."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import Provider, now, reading, render_part
from app.upkeep.asking import rules
from app.upkeep.asking.queries import tasks_for, unfinished_of
from app.upkeep.records import KINDS, rows_of, title_of

surface("upkeep.said.panel", "panel", "need", "programme", "course")
surface("upkeep.desk.panel", "panel", "need", "programme", "course")
SHOWN = 12


def said_of(kind: str) -> Provider:
    """What its owner has said of a record of this kind and not yet done, for the owner's people alone."""

    def on_page(reader: Actor, ref: str) -> str:
        if not reader.organisation_ids:
            return ""
        with reading() as tx:
            record = tx.scalars(rows_of(KINDS[kind], reader).where(KINDS[kind].model.ref == ref)).first()
            if record is None or record.organisation_id not in reader.organisation_ids:
                return ""
            one = unfinished_of(tx, kind, record)
            if one is None:
                return ""
            return render_part("upkeep/_said.html", one=one, kind=KINDS[kind], record=record, rules=rules)

    return on_page


def desk_records(reader: Actor, _ref: str) -> str:
    """What this person has to finish or is to confirm before long."""
    with reading() as tx:
        tasks = tasks_for(tx, reader, now().date(), now())
        if not tasks:
            return ""
        return render_part("upkeep/_on_desk.html", tasks=tasks, shown=SHOWN, rules=rules, title_of=title_of)
