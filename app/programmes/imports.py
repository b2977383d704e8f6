"""What a source says of a programme that its donor has published elsewhere, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import Actor
from app.organisations.models import Organisation
from app.programmes import rules
from app.programmes.events import ProgrammeImported
from app.programmes.models import Programme

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


def release_programme(tx: Tx, actor: Actor, programme: Programme, now: datetime) -> None:
    """Show a programme that was held back; whoever asks for it has seen to it that nothing is left to be answered."""
    programme.is_published, programme.held_since, programme.changed_at = True, None, now
    record_event(tx, actor, "programme.released", programme, now)
    tell(tx, ProgrammeImported(programme.id), now)


def organisations_by_identifier(tx: Tx, identifiers: set[str]) -> dict[str, int]:
    """Numbers of the organisations that are known here, by IATI identifier."""
    wanted = identifiers - {""}
    if not wanted:
        return {}
    query = select(Organisation.iati_identifier, Organisation.id).where(Organisation.iati_identifier.in_(wanted))
    with tx.no_autoflush:
        return {str(identifier): number for identifier, number in tx.execute(query)}
