"""Taking an import back: a programme is put as it was before, or is not shown any more where the import brought it.

A programme that an import brought stays as a row: what people have hung on it meanwhile would otherwise point to
nothing, and numbers that are given away twice make one record of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import keep_before, keep_version, plain, rows_of
from app.programmes.changes import snapshot
from app.programmes.events import ProgrammeImported
from app.programmes.imports import COLUMNS, ImportedProgramme
from app.programmes.models import (
    Programme,
    ProgrammeBudget,
    ProgrammeLink,
    ProgrammePart,
    ProgrammeParticipant,
    ProgrammeText,
    ProgrammeTransaction,
)

DAYS = frozenset({"starts_on", "ends_on", "planned_start", "actual_start", "planned_end", "actual_end", "valued_on",
                  "happened_on"})  # fmt: skip
AMOUNTS = frozenset({"amount", "budget_amount"})
OF_IMPORT = (*COLUMNS, "budget_amount", "currency", "source", "source_digest")
FACETS = ("country", "sector", "region", "grouping", "theme", "language", "marker", "collaboration", "tied", "scope",
          "kind", "likely_country")  # fmt: skip
PARTS: Mapping[str, tuple[type[ProgrammePart], tuple[str, ...]]] = {
    "texts": (ProgrammeText, ("language", "title", "description")),
    "participants": (ProgrammeParticipant, ("role", "name", "identifier", "organisation_type", "organisation_id")),
    "budgets": (ProgrammeBudget, ("kind", "starts_on", "ends_on", "amount", "currency", "valued_on")),
    "transactions": (
        ProgrammeTransaction,
        ("kind", "happened_on", "amount", "currency", "provider", "receiver", "description"),
    ),
    "links": (ProgrammeLink, ("kind", "identifier")),
}


def whole_of(programme: Programme) -> dict[str, Any]:
    """Everything that an import writes into a programme, as plain values that JSON can hold."""
    state: dict[str, Any] = {name: plain(getattr(programme, name)) for name in OF_IMPORT}
    state["tags"] = sorted(
        [tag.facet, tag.value, plain(tag.share)] for tag in programme.tags if tag.facet in FACETS
    )  # fmt: skip
    return state | {name: rows_of(getattr(programme, name), columns) for name, (_model, columns) in PARTS.items()}


def put_back(tx: Tx, actor: Actor, programme: Programme, whole: Mapping[str, Any], now: datetime) -> None:
    """Make a programme say again what `whole_of` wrote down; what an import does not touch stays as it is.

    Raises:
        Refused: the actor may not change it.
    """
    require(actor, Permission.PROGRAMME_AMEND, now, programme)
    keep_before(tx, programme, snapshot(programme))
    for name in OF_IMPORT:
        setattr(programme, name, _revived(name, whole[name]))
    for facet in FACETS:
        shares = {value: share for own, value, share in whole["tags"] if own == facet}
        programme.set_codes(facet, {value: None if s is None else Decimal(s) for value, s in shares.items()})
    _set_texts(programme, whole["texts"])
    for name, (model, _columns) in PARTS.items():
        if name != "texts":
            setattr(programme, name, [model(**_row(row)) for row in whole[name]])
    programme.changed_at = now
    flag_modified(programme, "changed_at")
    tx.flush()
    keep_version(tx, actor, programme, snapshot(programme), now)
    record_event(tx, actor, "programme.import_undone", programme, now)
    tell(tx, ProgrammeImported(programme.id), now)


def withdraw_imported(tx: Tx, actor: Actor, programme: Programme, now: datetime) -> None:
    """Show a programme no more that an import brought; the same activity, imported again, shows it again.

    Raises:
        Refused: the actor may not change it.
    """
    require(actor, Permission.PROGRAMME_AMEND, now, programme)
    programme.is_published, programme.held_since, programme.source_digest = False, None, ""
    programme.changed_at = now
    record_event(tx, actor, "programme.import_undone", programme, now)
    tell(tx, ProgrammeImported(programme.id), now)


def said_by(imported: ImportedProgramme) -> dict[str, Any]:
    """What a source says, in the shape of `whole_of`, as far as a source says it."""
    state: dict[str, Any] = {name: plain(getattr(imported, name)) for name in COLUMNS if name != "source_name"}
    shares = {"country": imported.countries, "sector": imported.sectors}
    codes = {"region": imported.regions, "grouping": imported.groupings, "theme": imported.themes,
             "marker": imported.markers}  # fmt: skip
    tags = [[facet, value, plain(_hundredths(share))] for facet, pairs in shares.items() for value, share in pairs]
    tags += [[facet, value, None] for facet, values in codes.items() for value in values]
    state["tags"] = sorted(tags)
    for name, (_model, columns) in PARTS.items():
        own = [column for column in columns if column != "organisation_id"]
        state[name] = [
            {column: plain(_as_kept(getattr(row, column))) for column in own} for row in _rows(imported, name)
        ]
    return state


def _rows(imported: ImportedProgramme, name: str) -> Iterable[Any]:
    rows: Iterable[Any] = getattr(imported, name)
    return rows


def _as_kept(value: Any) -> Any:
    return _hundredths(value) if isinstance(value, Decimal) else value


def _hundredths(value: Decimal | None) -> Decimal | None:
    # As the database keeps it, so that 5 and 5.00 are one amount.
    return None if value is None else Decimal(int((value * 100).to_integral_value())) / 100


def _revived(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in DAYS:
        return date.fromisoformat(value)
    return Decimal(value) if name in AMOUNTS else value


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _revived(name, value) for name, value in row.items()}


def _set_texts(programme: Programme, rows: Iterable[Mapping[str, Any]]) -> None:
    # A language's row is kept and rewritten: rows are added before others go, and no language may stand twice.
    kept = {row.language: row for row in programme.texts}
    texts = []
    for row in rows:
        text = kept.get(row["language"]) or ProgrammeText(language=row["language"])
        text.title, text.description = row["title"], row["description"]
        texts.append(text)
    programme.texts = texts
