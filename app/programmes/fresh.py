"""The parts of programmes that come for the first time: put into their tables as they are, a table at a time.

A file brings a score of parts for each programme. One object for each of them costs ten times what its row does, and
nothing is there yet that they would have to be compared with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from app.foundation.db import Tx
from app.programmes import models
from app.programmes.imports import ImportedProgramme

Codes = dict[str, Mapping[str, Decimal | None]]
"""The codes of each list (facet) on a programme, with their shares in percent."""
Row = dict[str, Any]


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


def write_parts(
    tx: Tx, fresh: Iterable[tuple[models.Programme, ImportedProgramme, Codes]], here: Mapping[str, int]
) -> None:
    """Write the parts of programmes that have just been written and have none; `here` are organisations known here."""
    rows: dict[Any, list[Row]] = defaultdict(list)
    for programme, imported, codes in fresh:
        for model, row in _parts(programme.id, imported, here):
            rows[model].append(row)
        rows[models.ProgrammeTag] += _tags(programme.id, codes)
    for model, own in rows.items():
        if own:
            tx.execute(insert(model.__table__), own)


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
