"""Who does what in a country: the organisations with programmes under way there, with themes and kinds of help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.organisations.models import Organisation
from app.programmes.models import Programme, ProgrammeTag
from app.programmes.rules import RUNNING

SHOWN = 10


@dataclass
class Presence:
    """One organisation at work in a country: its programmes under way there, what they are about, and until when."""

    organisation: Organisation
    programmes: int = 0
    until: date | None = None
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {"theme": Counter(), "kind": Counter()})

    @property
    def themes(self) -> Sequence[str]:
        """Its themes, the most frequent first."""
        return _ordered(self.counts["theme"])

    @property
    def kinds(self) -> Sequence[str]:
        """Its kinds of assistance, the most frequent first."""
        return _ordered(self.counts["kind"])


def who_is_active(tx: Tx, reader: Actor, iso2: str) -> list[Presence]:
    """The organisations with the most programmes under way in a country, as far as this reader may see them."""
    query = select(Programme.id, Programme.organisation_id, Programme.ends_on).where(visible_to(reader, Programme))
    is_under_way = (Programme.is_published, Programme.status.in_(RUNNING), has_code(Programme, "country", [iso2]))
    rows = tx.execute(query.where(*is_under_way)).all()
    counts = Counter(organisation_id for _number, organisation_id, _ends_on in rows)
    most = sorted(counts, key=lambda number: (-counts[number], number))[:SHOWN]
    found = {one.id: Presence(one) for one in tx.scalars(select(Organisation).where(Organisation.id.in_(most)))}
    owner: dict[int, Presence] = {}
    for number, organisation_id, ends_on in rows:
        if presence := found.get(organisation_id):
            owner[number] = presence
            presence.programmes += 1
            presence.until = max(filter(None, (presence.until, ends_on)), default=None)
    _count_codes(tx, owner)
    return sorted(found.values(), key=lambda one: (-one.programmes, one.organisation.folded_name, one.organisation.id))


def _count_codes(tx: Tx, owner: dict[int, Presence]) -> None:
    """Count themes and kinds of programmes that the reader may see."""
    query = select(ProgrammeTag.record_id, ProgrammeTag.facet, ProgrammeTag.value).where(
        ProgrammeTag.record_id.in_(owner), ProgrammeTag.facet.in_(("theme", "kind"))
    )
    for number, facet, value in tx.execute(query):
        owner[number].counts[facet][value] += 1


def _ordered(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda code: (-counts[code], code))
