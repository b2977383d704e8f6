"""A programme that its donor has published elsewhere: kept whole, touched only when the source says something new.

Many are kept together: what has to be asked of the database is asked once for all, and they are written at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import flag_modified

from app.foundation.audit import Entry, record_events
from app.foundation.db import Tx
from app.foundation.outbox import tell_all
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import keep_before, keep_version
from app.programmes.changes import snapshot
from app.programmes.events import ProgrammeImported
from app.programmes.fresh import Codes, Fresh, New, codes_of, whole_budget_of, write_all
from app.programmes.imports import COLUMNS, ImportedProgramme, organisations_by_identifier
from app.programmes.likely import likely_country
from app.programmes.models import (
    Programme,
    ProgrammeBudget,
    ProgrammeLink,
    ProgrammeParticipant,
    ProgrammeText,
    ProgrammeTransaction,
)

Outcome = Literal["new", "held", "changed", "unchanged"]


@dataclass(frozen=True)
class Arrival:
    """One published activity and whose it is; with `hold` it is not shown yet, if it is new."""

    organisation_id: int
    imported: ImportedProgramme
    hold: bool = False


@dataclass(frozen=True)
class Saved:
    """The programme that an activity has become; `replaced` tells that there was one that said something else."""

    programme: Programme | Fresh
    outcome: Outcome
    replaced: bool = False


def save_imported(
    tx: Tx, actor: Actor, organisation_id: int, imported: ImportedProgramme, now: datetime, *, hold: bool = False
) -> Outcome:
    """Keep one published activity, as `save_all` does.

    Raises:
        Refused: the actor may not post for the organisation, or the activity is another organisation's.
    """
    return save_all(tx, actor, [Arrival(organisation_id, imported, hold)], now)[0].outcome


def save_all(tx: Tx, actor: Actor, arrivals: Sequence[Arrival], now: datetime) -> list[Saved]:
    """Keep published activities, each under an identifier of its own; the same digest again changes nothing.

    What the source cannot know - who may see it, whether it takes requests, what it offers - is set once and then left
    to the donor's people.

    Raises:
        Refused: the actor may not post for an organisation, or an activity is another organisation's.
        ValueError: two of the activities have the same identifier.
    """
    there = _there(tx, [arrival.imported.iati_identifier for arrival in arrivals])
    here = organisations_by_identifier(
        tx, {party.identifier for arrival in arrivals for party in arrival.imported.participants}
    )
    beside = {identifier: programme.codes("country") for identifier, programme in there.items()}
    fresh: list[New] = []
    with tx.no_autoflush:
        saved = [_take_in(tx, actor, each, there, now) for each in arrivals]
        for each, one in zip(arrivals, saved, strict=True):
            if one.outcome != "unchanged":
                codes = codes_of(each.imported, _likely_country(tx, each.imported, beside), _offered(one))
                if isinstance(one.programme, Fresh):
                    fresh.append((one.programme, each.imported, codes))
                else:
                    _set_columns(one.programme, each.imported, now)
                    _set_parts(one.programme, each.imported, codes, here)
                beside[each.imported.iati_identifier] = [code for code, _share in each.imported.countries]
    tx.flush()
    write_all(tx, fresh, here, now)
    for one in saved:
        if one.replaced and isinstance(one.programme, Programme):
            # What comes for the first time is kept when something replaces it.
            keep_version(tx, actor, one.programme, snapshot(one.programme), now)
    _tell_of(tx, actor, [one for one in saved if one.outcome != "unchanged"], now)
    return saved


def _there(tx: Tx, identifiers: list[str]) -> dict[str, Programme]:
    if len(set(identifiers)) < len(identifiers):
        raise ValueError("two activities of one identifier")
    # disclosure: an identifier is unique whoever asks, and the right to change the record is asked for of each.
    query = select(Programme).where(Programme.iati_identifier.in_(identifiers))
    parts = (Programme.texts, Programme.participants, Programme.budgets, Programme.transactions, Programme.links)
    found = tx.scalars(query.options(*(selectinload(part) for part in parts)))
    return {str(programme.iati_identifier): programme for programme in found}


def _take_in(tx: Tx, actor: Actor, arrival: Arrival, there: Mapping[str, Programme], now: datetime) -> Saved:
    """The programme that an activity belongs to, ready to be filled, if the actor may."""
    imported = arrival.imported
    programme = there.get(imported.iati_identifier)
    if programme is None:
        new = Fresh(arrival.organisation_id, imported.source_name)
        require(actor, Permission.PROGRAMME_POST, now, new)
        return Saved(new, _shown(new, now, hold=arrival.hold))
    require(actor, Permission.PROGRAMME_AMEND, now, programme)
    if programme.source_digest == imported.digest:
        return Saved(programme, "unchanged")
    was_withdrawn = programme.is_withdrawn
    keep_before(tx, programme, snapshot(programme))
    outcome: Outcome = _shown(programme, now, hold=arrival.hold) if was_withdrawn else "changed"
    return Saved(programme, outcome, replaced=True)


def _shown(programme: Programme | Fresh, now: datetime, *, hold: bool) -> Outcome:
    programme.is_published, programme.held_since = not hold, now if hold else None
    return "held" if hold else "new"


def _tell_of(tx: Tx, actor: Actor, saved: Iterable[Saved], now: datetime) -> None:
    entries, facts = [], []
    for one in saved:
        action = "programme.imported_again" if one.outcome == "changed" else "programme.imported"
        entries.append(Entry(action, one.programme, {"source": one.programme.source_name}))
        facts.append(ProgrammeImported(one.programme.id))
    tell_all(tx, facts, now)
    record_events(tx, actor, entries, now)


def _set_columns(programme: Programme, imported: ImportedProgramme, now: datetime) -> None:
    for name in COLUMNS:
        setattr(programme, name, getattr(imported, name))
    programme.source, programme.source_digest, programme.changed_at = "iati", imported.digest, now
    flag_modified(programme, "changed_at")
    programme.budget_amount, programme.currency = whole_budget_of(imported)


def _set_parts(programme: Programme, imported: ImportedProgramme, codes: Codes, here: dict[str, int]) -> None:
    """Make the parts of a programme that was there those of its source; what stays is left as it is."""
    for facet, values in codes.items():
        programme.set_codes(facet, values)
    _set_texts(programme, imported)
    programme.budgets = [ProgrammeBudget(**vars(budget)) for budget in imported.budgets]
    programme.transactions = [ProgrammeTransaction(**vars(row)) for row in imported.transactions]
    programme.links = [ProgrammeLink(**vars(link)) for link in imported.links]
    programme.participants = [
        ProgrammeParticipant(organisation_id=here.get(p.identifier), **vars(p)) for p in imported.participants
    ]


def _set_texts(programme: Programme, imported: ImportedProgramme) -> None:
    # A language's row is kept and rewritten: rows are added before others go, and no language may stand twice.
    wanted = {text.language: text for text in imported.texts}
    kept = {row.language: row for row in programme.texts if row.language in wanted}
    for language, text in wanted.items():
        row = kept.setdefault(language, ProgrammeText(language=language))
        row.title, row.description = text.title, text.description
    programme.texts = list(kept.values())


def _offered(saved: Saved) -> list[str]:
    """The kinds of what a programme offers; one that has just come offers nothing yet."""
    return [] if isinstance(saved.programme, Fresh) else [offer.kind for offer in saved.programme.offers]


def _likely_country(tx: Tx, imported: ImportedProgramme, beside: Mapping[str, Sequence[str]]) -> str | None:
    """Where the activity names no place, the one that its kin, its words or its file tell."""
    if imported.countries or imported.regions or imported.groupings:
        return None
    links = [(link.kind, link.identifier) for link in imported.links]
    return likely_country(tx, links, (imported.title, imported.description), imported.source_name, beside)
