"""Programmes that come for the first time: put with their parts into their tables as they are, a table at a time.

A file brings a score of parts for each programme. One object for each of them costs ten times what its row does, and
nothing is there yet that they would have to be compared with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.foundation.db import Tx, write_rows
from app.foundation.references import new_reference
from app.programmes import models, rules
from app.programmes.imports import COLUMNS, ImportedProgramme

Codes = dict[str, Mapping[str, Decimal | None]]
"""The codes of each list (facet) on a programme, with their shares in percent."""
Row = dict[str, Any]


@dataclass(slots=True)
class Fresh:
    """A programme that comes for the first time, as far as anybody asks of it before it is read from its table.

    Its number is 0 until it is written.
    """

    organisation_id: int
    source_name: str
    is_published: bool = True
    held_since: datetime | None = None
    ref: str = field(default_factory=lambda: new_reference(models.Programme.reference_prefix))
    id: int = 0
    version: int = 1

    @property
    def record_kind(self) -> str:
        """As of every programme."""
        return models.Programme.record_kind


New = tuple[Fresh, ImportedProgramme, Codes]


def whole_budget_of(imported: ImportedProgramme) -> tuple[Decimal | None, str]:
    """The whole budget of what came, with its currency; none where its budgets do not make one."""
    budgets = ((b.kind, b.starts_on, b.ends_on, b.amount, b.currency) for b in imported.budgets)
    return rules.whole_budget(budgets) or (None, "")


def write_all(tx: Tx, fresh: Sequence[New], here: Mapping[str, int], now: datetime) -> None:
    """Write programmes with all that was said of them; `here` are organisations known here, by identifier."""
    if not fresh:
        return
    write_rows(tx, models.Programme, [_own_row(one, imported, now) for one, imported, _codes in fresh])
    refs = [one.ref for one, _imported, _codes in fresh]
    # disclosure: the numbers of what this transaction has just written.
    query = select(models.Programme.ref, models.Programme.id).where(models.Programme.ref.in_(refs))
    numbers = dict(tx.execute(query).all())
    for one, _imported, _codes in fresh:
        one.id = numbers[one.ref]
    _write_parts(tx, fresh, here)


def _own_row(one: Fresh, imported: ImportedProgramme, now: datetime) -> Row:
    row = {name: getattr(imported, name) for name in COLUMNS}
    row["budget_amount"], row["currency"] = whole_budget_of(imported)
    return row | {
        "ref": one.ref, "organisation_id": one.organisation_id, "iati_identifier": imported.iati_identifier,
        "source": "iati", "source_digest": imported.digest, "accepting": "unknown", "disclosure": "public",
        "is_published": one.is_published, "held_since": one.held_since, "version": one.version,
        "created_at": now, "posted_at": now, "changed_at": now,
    }  # fmt: skip


def codes_of(imported: ImportedProgramme, likely_country: str | None, kinds: Iterable[str] = ()) -> Codes:
    """The codes that a source gives a programme; `kinds` are those of what the programme offers besides."""
    alone = {"collaboration": imported.collaboration_type, "tied": imported.tied_status, "scope": imported.scope,
             "likely_country": likely_country}  # fmt: skip
    return {
        "country": dict(imported.countries),
        "sector": dict(imported.sectors),
        "region": dict.fromkeys(imported.regions),
        "grouping": dict.fromkeys(imported.groupings),
        "theme": dict.fromkeys(imported.themes),
        "language": dict.fromkeys(imported.languages),
        "marker": dict.fromkeys(imported.markers),
        "kind": dict.fromkeys((*imported.kinds, *kinds)),
        **{facet: {code: None} if code else {} for facet, code in alone.items()},
    }


def _write_parts(tx: Tx, fresh: Iterable[New], here: Mapping[str, int]) -> None:
    rows: dict[Any, list[Row]] = defaultdict(list)
    for programme, imported, codes in fresh:
        for model, row in _parts(programme.id, imported, here):
            rows[model].append(row)
        rows[models.ProgrammeTag] += _tags(programme.id, codes)
    for model, own in rows.items():
        write_rows(tx, model, own)


def _parts(number: int, imported: ImportedProgramme, here: Mapping[str, int]) -> Iterator[tuple[Any, Row]]:
    whose = {"programme_id": number}
    for text in {text.language: text for text in imported.texts}.values():
        yield models.ProgrammeText, whose | vars(text)
    for party in imported.participants:
        yield models.ProgrammeParticipant, whose | vars(party) | {"organisation_id": here.get(party.identifier)}
    for budget in imported.budgets:
        yield models.ProgrammeBudget, whose | vars(budget)
    for transaction in imported.transactions:
        yield models.ProgrammeTransaction, whose | vars(transaction)
    for link in imported.links:
        yield models.ProgrammeLink, whose | vars(link)


def _tags(number: int, codes: Codes) -> list[Row]:
    return [
        {"record_id": number, "facet": facet, "value": value, "share": share}
        for facet, values in codes.items()
        for value, share in values.items()
    ]
