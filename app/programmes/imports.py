"""A programme as its donor has published it elsewhere: kept whole, touched only when the source says something new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.versions import keep_before, keep_version
from app.organisations.models import Organisation
from app.programmes import rules
from app.programmes.changes import snapshot
from app.programmes.events import ProgrammeImported
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

# What of an import goes into the columns of the same name.
COLUMNS = (
    "status", "language", "title", "description", "conditions", "website", "purpose_code", "aid_type", "finance_type",
    "flow_type", "starts_on", "ends_on", "planned_start", "actual_start", "planned_end", "actual_end", "hierarchy",
    "source_name",
)  # fmt: skip


@dataclass(frozen=True)
class ImportedText:
    """Title and description in one language (ISO 639-1)."""

    language: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class ImportedParticipant:
    """An organisation that takes part; `role` is an IATI OrganisationRole code, the type an OrganisationType one."""

    role: str
    name: str
    identifier: str = ""
    organisation_type: str = ""


@dataclass(frozen=True)
class ImportedBudget:
    """A budget for a period, in whole units of `currency`; `kind` is an IATI BudgetType code."""

    amount: Decimal
    currency: str = ""
    kind: str = rules.ORIGINAL
    starts_on: date | None = None
    ends_on: date | None = None
    valued_on: date | None = None


@dataclass(frozen=True)
class ImportedTransaction:
    """Money that moved or was promised, in whole units of `currency`; `kind` is an IATI TransactionType code."""

    kind: str
    amount: Decimal
    currency: str = ""
    happened_on: date | None = None
    provider: str = ""
    receiver: str = ""
    description: str = ""


@dataclass(frozen=True)
class ImportedLink:
    """A related activity (IATI RelatedActivityType code), or an identifier in another register (kind `other`)."""

    kind: str
    identifier: str


@dataclass(frozen=True)
class ImportedProgramme:
    """Everything that a source says of one activity, in plain values.

    `digest` changes whenever anything else here does. Countries come with their share in percent, or None; sectors as
    "vocabulary:code" with theirs; policy markers are "vocabulary:code:significance". `languages`, `kinds` and `themes`
    are what could be told from the source, maybe none.
    """

    iati_identifier: str
    digest: str
    language: str
    title: str
    status: str = rules.IMPLEMENTATION
    source_name: str = ""
    description: str = ""
    conditions: str = ""
    website: str = ""
    purpose_code: str = ""
    aid_type: str = ""
    finance_type: str = ""
    flow_type: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    planned_start: date | None = None
    actual_start: date | None = None
    planned_end: date | None = None
    actual_end: date | None = None
    hierarchy: int | None = None
    countries: tuple[tuple[str, Decimal | None], ...] = ()
    sectors: tuple[tuple[str, Decimal | None], ...] = ()
    regions: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    collaboration_type: str = ""
    tied_status: str = ""
    scope: str = ""
    texts: tuple[ImportedText, ...] = ()
    participants: tuple[ImportedParticipant, ...] = ()
    budgets: tuple[ImportedBudget, ...] = ()
    transactions: tuple[ImportedTransaction, ...] = ()
    links: tuple[ImportedLink, ...] = ()


def save_imported(
    tx: Tx, actor: Actor, organisation_id: int, imported: ImportedProgramme, now: datetime, *, hold: bool = False
) -> Outcome:
    """Keep one published activity; the same digest again changes nothing. With `hold` a new one is not shown yet.

    What the source cannot know - who may see it, whether it takes requests, what it offers - is set once and then left
    to the donor's people.

    Raises:
        Refused: the actor may not post for the organisation, or the activity is another organisation's.
    """
    # disclosure: an identifier is unique whoever asks, and the right to change the record is asked for below.
    programme = tx.scalar(select(Programme).where(Programme.iati_identifier == imported.iati_identifier))
    if programme is not None and programme.source_digest == imported.digest:
        require(actor, Permission.PROGRAMME_AMEND, now, programme)
        return "unchanged"
    outcome: Outcome = "new" if programme is None else "changed"
    # An import that was undone leaves its programmes without a digest, and shows them to nobody.
    was_withdrawn = programme is not None and not programme.source_digest and not programme.is_published
    if programme is None:
        programme = _new(organisation_id, imported, now)
        require(actor, Permission.PROGRAMME_POST, now, programme)
    else:
        require(actor, Permission.PROGRAMME_AMEND, now, programme)
        keep_before(tx, programme, snapshot(programme))
    _fill(tx, programme, imported, now)
    tx.add(programme)
    tx.flush()
    if outcome == "changed":
        # What comes for the first time is kept when something replaces it.
        keep_version(tx, actor, programme, snapshot(programme), now)
    if outcome == "changed" and was_withdrawn:
        programme.is_published, outcome = True, "new"
    if outcome == "new" and hold:
        programme.is_published, programme.held_since, outcome = False, now, "held"
    action = "programme.imported_again" if outcome == "changed" else "programme.imported"
    record_event(tx, actor, action, programme, now, {"source": imported.source_name})
    tell(tx, ProgrammeImported(programme.id), now)
    return outcome


def release_programme(tx: Tx, actor: Actor, programme: Programme, now: datetime) -> None:
    """Show a programme that was held back; whoever asks for it has seen to it that nothing is left to be answered."""
    programme.is_published, programme.held_since, programme.changed_at = True, None, now
    record_event(tx, actor, "programme.released", programme, now)
    tell(tx, ProgrammeImported(programme.id), now)


def find_imported(tx: Tx, iati_identifier: str) -> Programme:
    """The programme that was kept under an identifier a moment ago."""
    # disclosure: an identifier is unique whoever asks, and what was just brought in may not be shown yet.
    return tx.scalars(select(Programme).where(Programme.iati_identifier == iati_identifier)).one()


def _new(organisation_id: int, imported: ImportedProgramme, now: datetime) -> Programme:
    return Programme(
        organisation_id=organisation_id,
        iati_identifier=imported.iati_identifier,
        source="iati",
        accepting="unknown",
        disclosure="public",
        is_published=True,
        created_at=now,
        posted_at=now,
    )


def _fill(tx: Tx, programme: Programme, imported: ImportedProgramme, now: datetime) -> None:
    for name in COLUMNS:
        setattr(programme, name, getattr(imported, name))
    programme.source, programme.source_digest, programme.changed_at = "iati", imported.digest, now
    flag_modified(programme, "changed_at")
    whole = rules.whole_budget((b.kind, b.starts_on, b.ends_on, b.amount, b.currency) for b in imported.budgets)
    programme.budget_amount, programme.currency = whole or (None, "")
    _set_codes(programme, imported)
    _set_likely_country(tx, programme, imported)
    _set_texts(programme, imported)
    programme.budgets = [ProgrammeBudget(**vars(budget)) for budget in imported.budgets]
    programme.transactions = [ProgrammeTransaction(**vars(row)) for row in imported.transactions]
    programme.links = [ProgrammeLink(**vars(link)) for link in imported.links]
    here = organisations_by_identifier(tx, {p.identifier for p in imported.participants})
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


def _set_codes(programme: Programme, imported: ImportedProgramme) -> None:
    programme.set_codes("country", dict(imported.countries))
    programme.set_codes("sector", dict(imported.sectors))
    programme.set_codes("region", imported.regions)
    programme.set_codes("grouping", imported.groupings)
    programme.set_codes("theme", imported.themes)
    programme.set_codes("language", imported.languages)
    programme.set_codes("marker", imported.markers)
    only = {"collaboration": imported.collaboration_type, "tied": imported.tied_status, "scope": imported.scope}
    for facet, code in only.items():
        programme.set_codes(facet, [code] if code else [])
    programme.set_codes("kind", {*imported.kinds, *(offer.kind for offer in programme.offers)})


def _set_likely_country(tx: Tx, programme: Programme, imported: ImportedProgramme) -> None:
    """Where the activity names no place, the one that its kin, its words or its file tell, kept apart."""
    found = None
    if not (imported.countries or imported.regions or imported.groupings):
        links = [(link.kind, link.identifier) for link in imported.links]
        texts = (imported.title, imported.description)
        found = likely_country(tx, links, texts, imported.source_name)
    programme.set_codes("likely_country", [found] if found else [])


def organisations_by_identifier(tx: Tx, identifiers: set[str]) -> dict[str, int]:
    """Numbers of the organisations that are known here, by IATI identifier."""
    wanted = identifiers - {""}
    if not wanted:
        return {}
    query = select(Organisation.iati_identifier, Organisation.id).where(Organisation.iati_identifier.in_(wanted))
    with tx.no_autoflush:
        return {str(identifier): number for identifier, number in tx.execute(query)}
