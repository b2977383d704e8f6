"""What may be done with programmes: post, amend, close; and, from files, keep what a donor has published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import TIERS, name_audience
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import check_version, keep_before, keep_version
from app.programmes import rules
from app.programmes.changes import snapshot
from app.programmes.events import (
    ProgrammeAmended,
    ProgrammeClosed,
    ProgrammeConfirmed,
    ProgrammeImported,
    ProgrammePosted,
)
from app.programmes.imports import ImportedProgramme, organisations_by_identifier
from app.programmes.keeping import save_imported
from app.programmes.models import Programme, ProgrammeLink, ProgrammeOffer, ProgrammeParticipant

__all__ = [
    "ImportedProgramme",
    "LinkDraft",
    "OfferDraft",
    "ParticipantDraft",
    "ProgrammeDraft",
    "amend_programme",
    "close_programme",
    "confirm_programme",
    "post_programme",
    "problems_in",
    "save_imported",
]

# What of a draft goes into the columns of the same name.
COLUMNS = (
    "language", "title", "description", "status", "accepting", "apply_by", "conditions", "contact", "website",
    "purpose_code", "aid_type", "finance_type", "flow_type", "starts_on", "ends_on", "budget_amount", "currency",
    "disclosure",
)  # fmt: skip
FACETS = {"theme": "themes", "country": "countries", "grouping": "groupings", "language": "languages"}


@dataclass(frozen=True)
class OfferDraft:
    """One kind of assistance with its capacity: how many of which unit, where the donor can say."""

    kind: str
    description: str = ""
    quantity: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class ParticipantDraft:
    """An organisation that takes part; `role` is an IATI OrganisationRole code, `identifier` an IATI one."""

    role: str
    name: str
    identifier: str = ""
    organisation_type: str = ""


@dataclass(frozen=True)
class LinkDraft:
    """A related activity (IATI RelatedActivityType code) or, of kind `other`, an identifier in another register."""

    kind: str
    identifier: str


@dataclass(frozen=True)
class ProgrammeDraft:
    """Everything that a donor says of a programme.

    `status` is an IATI ActivityStatus code, `accepting` one of rules.ACCEPTING; the budget is in whole units of
    `currency` (ISO 4217). `restricted_fields` are shown to verified organisations only; `named` are organisation ids.
    """

    language: str
    title: str
    description: str
    themes: tuple[str, ...]
    offers: tuple[OfferDraft, ...]
    countries: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    status: str = rules.IMPLEMENTATION
    accepting: str = "yes"
    apply_by: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    budget_amount: Decimal | None = None
    currency: str = ""
    conditions: str = ""
    contact: str = ""
    website: str = ""
    purpose_code: str = ""
    aid_type: str = ""
    finance_type: str = ""
    flow_type: str = ""
    iati_identifier: str = ""
    participants: tuple[ParticipantDraft, ...] = ()
    links: tuple[LinkDraft, ...] = ()
    disclosure: str = "public"
    restricted_fields: tuple[str, ...] = ()
    named: tuple[int, ...] = ()
    areas: tuple[str, ...] | None = None
    """First-level areas as "country:name:code" (the code of ISO 3166-2, or nothing); None leaves them as they are."""


def post_programme(
    tx: Tx, actor: Actor, organisation_id: int, draft: ProgrammeDraft, now: datetime, *, hold: bool = False
) -> Programme:
    """Post a programme: from now on whoever may see it can find it; with `hold` its own people alone see it for now.

    Raises:
        Refused: the actor may not post for that organisation. DraftRefused: the draft breaks a rule.
    """
    programme = Programme(organisation_id=organisation_id, created_at=now, posted_at=now, is_published=not hold)
    programme.held_since = now if hold else None
    require(actor, Permission.PROGRAMME_POST, now, programme)
    _check(tx, None, draft, now.date())
    _fill(tx, programme, draft, now)
    tx.add(programme)
    tx.flush()
    name_audience(tx, programme, draft.named if draft.disclosure == "named" else ())
    keep_version(tx, actor, programme, snapshot(programme), now)
    record_event(tx, actor, "programme.posted", programme, now)
    # One that is held comes as an import's does: nobody hears of it before it is released.
    tell(tx, ProgrammeImported(programme.id) if hold else ProgrammePosted(programme.id), now)
    return programme


def amend_programme(
    tx: Tx, actor: Actor, programme: Programme, draft: ProgrammeDraft, opened_version: int | None, now: datetime
) -> Programme:
    """Make a new version of a programme.

    Raises:
        Refused: the actor may not. StaleVersion: somebody else amended it meanwhile. DraftRefused: the draft breaks a
        rule. MoveRefused: its status cannot change that way.
    """
    require(actor, Permission.PROGRAMME_AMEND, now, programme)
    check_version(programme, opened_version)
    rules.check_move(programme.status, draft.status)
    _check(tx, programme, draft, now.date())
    keep_before(tx, programme, snapshot(programme))
    _fill(tx, programme, draft, now)
    # The parts have tables of their own: the programme's row has to change too, or its version would not.
    flag_modified(programme, "changed_at")
    tx.flush()
    name_audience(tx, programme, draft.named if draft.disclosure == "named" else ())
    keep_version(tx, actor, programme, snapshot(programme), now)
    record_event(tx, actor, "programme.amended", programme, now)
    tell(tx, ProgrammeAmended(programme.id), now)
    return programme


def confirm_programme(tx: Tx, actor: Actor, programme: Programme, now: datetime, *, by_link: bool = False) -> None:
    """The donor says that the programme still stands as it is written; it is asked again after half a year.

    Raises:
        Refused: the actor may not. MoveRefused: the programme is over.
    """
    require(actor, Permission.PROGRAMME_AMEND, now, programme)
    if programme.status not in rules.RUNNING:
        raise rules.MoveRefused(programme.status, programme.status)
    programme.verify_by, programme.changed_at = rules.verify_by(now.date()), now
    record_event(tx, actor, "programme.confirmed", programme, now, {"by": "link"} if by_link else None)
    tell(tx, ProgrammeConfirmed(programme.id), now)


def close_programme(tx: Tx, actor: Actor, programme: Programme, status: str, reason: str, now: datetime) -> None:
    """Close (4), cancel (5) or suspend (6) a programme, with the reason that readers will see in its history.

    Raises:
        Refused: the actor may not. MoveRefused: it cannot end that way from where it is.
    """
    require(actor, Permission.PROGRAMME_AMEND, now, programme)
    if status not in rules.endings_of(programme.status):
        raise rules.MoveRefused(programme.status, status)
    programme.status, programme.accepting, programme.changed_at = status, "no", now
    action = f"programme.{rules.ENDED_AS[status]}"
    record_event(tx, actor, action, programme, now, {"reason": reason})
    tell(tx, ProgrammeClosed(programme.id), now)


def problems_in(draft: ProgrammeDraft, before: Programme | None, today: date) -> list[rules.Problem]:
    """Everything in a draft that a donor has to mend; `before` is the programme that it amends, if any."""
    problems = rules.date_problems(starts_on=draft.starts_on, ends_on=draft.ends_on, apply_by=draft.apply_by)
    promise = (draft.accepting, draft.apply_by, draft.status)
    if before is None or promise != (before.accepting, before.apply_by, before.status):
        # A promise that is left as it is may have run out meanwhile without being a mistake.
        problems += rules.accepting_problems(
            accepting=draft.accepting, status=draft.status, apply_by=draft.apply_by, today=today
        )
    problems += rules.money_problems(draft.budget_amount, draft.currency)
    problems += rules.audience_problems(draft.disclosure, draft.named)
    problems += rules.offer_problems((offer.quantity, offer.unit) for offer in draft.offers)
    problems += rules.website_problems(draft.website)
    if before is None or before.source != "iati":
        kinds, reach = [offer.kind for offer in draft.offers], (*draft.countries, *draft.groupings)
        problems += rules.content_problems(themes=draft.themes, kinds=kinds, reach=reach)
    return problems


def _check(tx: Tx, before: Programme | None, draft: ProgrammeDraft, today: date) -> None:
    if draft.disclosure not in TIERS:
        raise ValueError(f"unknown tier {draft.disclosure!r}")
    problems = problems_in(draft, before, today)
    if draft.iati_identifier and _is_taken(tx, before, draft.iati_identifier):
        problems.append(rules.Problem("iati_identifier", rules.TAKEN_IDENTIFIER))
    if problems:
        raise rules.DraftRefused(problems)


def _is_taken(tx: Tx, before: Programme | None, identifier: str) -> bool:
    # disclosure: over rows that the actor may not see too, since the database keeps identifiers unique whoever asks.
    owner = tx.scalar(select(Programme.id).where(Programme.iati_identifier == identifier))
    return owner is not None and (before is None or owner != before.id)


def _fill(tx: Tx, programme: Programme, draft: ProgrammeDraft, now: datetime) -> None:
    for name in COLUMNS:
        setattr(programme, name, getattr(draft, name))
    programme.changed_at = now
    programme.iati_identifier = draft.iati_identifier or None
    programme.verify_by = rules.verify_by(now.date())
    programme.field_disclosure = dict.fromkeys(draft.restricted_fields, "members")
    shares = {tag.value: tag.share for tag in programme.tags if tag.facet == "country"}
    for facet, name in FACETS.items():
        codes = getattr(draft, name)
        programme.set_codes(facet, {code: shares.get(code) for code in codes} if facet == "country" else codes)
    areas = programme.codes("adm1") if draft.areas is None else draft.areas
    programme.set_codes("adm1", {area for area in areas if area.partition(":")[0] in draft.countries})
    programme.set_codes("kind", {offer.kind for offer in draft.offers})
    programme.offers = [ProgrammeOffer(position=at, **vars(offer)) for at, offer in enumerate(draft.offers)]
    programme.links = [ProgrammeLink(**vars(link)) for link in draft.links]
    here = organisations_by_identifier(tx, {p.identifier for p in draft.participants})
    programme.participants = [
        ProgrammeParticipant(organisation_id=here.get(p.identifier), **vars(p)) for p in draft.participants
    ]
    for text in programme.texts:
        if text.language == draft.language:
            text.title, text.description = draft.title, draft.description
