"""What it means for the other side that somebody has said how two records stand to each other."""

from __future__ import annotations

from typing import Any

from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.matching.relations.models import Relation
from app.matching.relations.records import Side, sides_by_keys
from app.matching.relations.rules import STANDS, UNANSWERED, as_answer, said_from
from app.notifications.rules import cause_of
from app.notifications.telling import Telling
from app.organisations.models import Organisation


def relation_declared(telling: Telling, fact: Any) -> None:
    """The other side learns what was said of its record, or that somebody posted beside it without a word."""
    row = telling.tx.get(Relation, fact.relation_id)
    if row is None:
        return
    keys = ((row.first_kind, row.first_id), (row.second_kind, row.second_id))
    sides = sides_by_keys(telling.tx, SYSTEM, keys)
    who = telling.tx.get(Organisation, row.organisation_id)
    if who is None or len(sides) < len(keys):
        return
    for own, other in (keys, keys[::-1]):
        if sides[own].organisation.id != row.organisation_id:
            _tell(telling, row, sides[own], sides[other], who)


def _tell(telling: Telling, row: Relation, own: Side, other: Side, who: Organisation) -> None:
    is_open = row.kind == UNANSWERED
    # It names the record of those who are told first: the link leads to the pair as it is seen from there.
    cause = cause_of(
        "relation_open" if is_open else "relation_declared", (own.kind, own.ref), (other.kind, other.ref),
        ("answer", f"{row.ref} {row.declared_at.isoformat()}"),
    )  # fmt: skip
    people = telling.people_of(own.organisation.id)
    telling.tell(people, cause, _words(row, own, other, who), own.record, by_mail=not is_open)


def _words(row: Relation, own: Side, other: Side, who: Organisation) -> Message:
    names = {"who": who.name, "other": other.title or other.ref, "own": own.title or own.ref}
    if row.kind == UNANSWERED:
        return msg("“%(other)s” of %(who)s seems to be the same as your “%(own)s”. How do they stand?", **names)
    says = STANDS[said_from(row.kind, as_answer(row).replaced, own.key)]
    return msg("%(who)s says of “%(other)s” beside your “%(own)s”: %(says)s", says=says, **names)
