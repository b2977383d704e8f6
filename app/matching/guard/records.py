"""Records as the guard compares them, many at once: rows of columns alone, since what is not compared is not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from app.courses.models import Course
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import Actor
from app.matching.guard.facts import ELSEWHERE, facts
from app.matching.guard.rules import Facts
from app.needs.models import Need, NeedLine, NeedText
from app.needs.rules import OPEN
from app.programmes.models import Programme, ProgrammeLink, ProgrammeOffer, ProgrammeText
from app.programmes.rules import CANCELLED

MODELS: dict[str, Any] = {"need": Need, "programme": Programme, "course": Course}
LIVE: dict[str, Any] = {
    "need": Need.status.in_(sorted(OPEN | {"met"})),
    "programme": Programme.status != CANCELLED,
    "course": Course.status == "posted",
}
"""A need that was closed may be asked for again. Of programmes the dates tell whether it is the same one."""
COLUMNS = (
    "id", "organisation_id", "language", "title", "summary", "problem", "description", "objectives", "beneficiary_unit",
    "starts_on", "ends_on", "iati_identifier",
)  # fmt: skip
"""What is read of a record, as far as its kind has it: what `facts` asks for."""
FACETS = ("theme", "country", "likely_country", "grouping")
LOT = 500
"""So many records are read at once."""


def _parts(kind: str) -> Mapping[str, Select[Any]]:
    """What belongs to a record of this kind, by its name in the model; the number of the record comes first."""
    tag = MODELS[kind].tag_class
    found: dict[str, Any] = {"tags": select(tag.record_id, tag.facet, tag.value).where(tag.facet.in_(FACETS))}
    if kind == "need":
        line, text = NeedLine, NeedText
        found["lines"] = select(line.need_id, line.kind, line.unit)
        found["other_texts"] = select(text.need_id, text.language, text.title, text.summary, text.problem)
    if kind == "programme":
        offer, told, link = ProgrammeOffer, ProgrammeText, ProgrammeLink
        offers = select(offer.programme_id, offer.kind, offer.unit, offer.description)
        found["offers"] = offers.order_by(offer.position, offer.id)
        found["texts"] = select(told.programme_id, told.language, told.title, told.description)
        found["links"] = select(link.programme_id, link.kind, link.identifier).where(link.kind == ELSEWHERE)
    return found


@dataclass(frozen=True)
class Plain:
    """The row of a record with the rows of its parts, called as the model calls them."""

    row: Any
    parts: Mapping[str, Sequence[Any]]

    def codes(self, facet: str) -> list[str]:
        """The codes of one list."""
        return [tag.value for tag in self.parts["tags"] if tag.facet == facet]

    @property
    def places(self) -> list[str]:
        """The countries that it names or, where it names no place, the one that it is likely to be about."""
        return self.codes("country") or self.codes("likely_country")

    def __getattr__(self, name: str) -> Any:
        return self.parts[name] if name in self.parts else getattr(self.row, name)


def facts_of(tx: Tx, reader: Actor, kind: str, numbers: Iterable[int]) -> dict[int, Facts]:
    """Those of these records that live and that the reader may see, by number."""
    wanted, found = sorted(numbers), dict[int, Facts]()
    for begin in range(0, len(wanted), LOT):
        for one in _plain(tx, reader, kind, wanted[begin : begin + LOT]):
            found[one.id] = facts(kind, one, one.organisation_id)
    return found


def _plain(tx: Tx, reader: Actor, kind: str, numbers: Collection[int]) -> list[Plain]:
    model = MODELS[kind]
    columns = [getattr(model, name) for name in COLUMNS if hasattr(model, name)]
    query = readable(reader, model).where(model.id.in_(numbers), model.is_published, LIVE[kind])
    rows = tx.execute(query.with_only_columns(*columns)).all()
    there = [row.id for row in rows]
    parts = {name: _by_record(tx, part, there) for name, part in _parts(kind).items()} if there else {}
    return [Plain(row, {name: found.get(row.id, ()) for name, found in parts.items()}) for row in rows]


def _by_record(tx: Tx, part: Select[Any], numbers: Collection[int]) -> Mapping[int, Sequence[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in tx.execute(part.where(next(iter(part.selected_columns)).in_(numbers))):
        found[row[0]].append(row)
    return found
