"""What is done to organisations: somebody applies for one, the secretariat decides, an import makes one known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.foundation import audit, drafts, outbox
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Permission, require
from app.foundation.text import fold
from app.organisations import queries
from app.organisations.events import (
    OrganisationApplied,
    OrganisationRefused,
    OrganisationReinstated,
    OrganisationSuspended,
    OrganisationTrusted,
    OrganisationVerified,
)
from app.organisations.models import CONTACT_YEAR, Organisation
from app.organisations.rules import (
    ACTIONS,
    KINDS_THAT_APPLY,
    LISTED,
    check_national,
    check_two_people,
    is_in_domain,
    status_after,
)

SENT = "/organisations/apply/sent"
"""Where an applicant is led: an application has no page of its own that anybody could read."""


FACTS: dict[str, Callable[[int], outbox.Fact]] = {
    "verify": OrganisationVerified,
    "refuse": OrganisationRefused,
    "trust": OrganisationTrusted,
    "suspend": OrganisationSuspended,
    "reinstate": OrganisationReinstated,
}
"""What is told upwards of a decision; the others concern the office alone."""

FRESH = frozenset({"verify", "reinstate"})
"""Decisions after which everything that is known of the organisation has just been looked at."""


class ApplicationRefused(ValueError):
    """The application cannot be taken as it is; `message` says how to mend it."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(str(message))
        self.field = field
        self.message = message


@dataclass(frozen=True)
class ApplicationDraft:
    """What an applicant says; `language` is the one the organisation writes in (ISO 639-1), `country` ISO 3166."""

    kind: str
    name: str
    language: str
    country: str | None
    email_domain: str
    applicant_name: str
    applicant_email: str
    letter: str
    acronym: str = ""
    grouping: str | None = None
    website: str = ""
    iati_identifier: str | None = None
    about: str = ""


def apply(tx: Tx, actor: Actor, draft: ApplicationDraft, now: datetime, form_key: str = "") -> Organisation:
    """Take an application; the secretariat is told and decides.

    Raises:
        Refused: the actor may not apply.
        ApplicationRefused: the kind cannot apply, the e-mail is outside the domain, or the identifier is another's.
    """
    require(actor, Permission.ORGANISATION_APPLY, now)
    holder = _check_application(tx, draft)
    organisation = Organisation(
        kind=draft.kind,
        status="applied",
        name=draft.name,
        language=draft.language,
        country=draft.country,
        grouping=draft.grouping if draft.kind == "regional" else None,
        acronym=draft.acronym,
        website=draft.website,
        email_domain=draft.email_domain,
        iati_identifier=None if holder else draft.iati_identifier,
        about=draft.about,
        applicant_name=draft.applicant_name,
        applicant_email=draft.applicant_email,
        letter=draft.letter,
        claims_id=holder.id if holder else None,
        created_at=now,
        changed_at=now,
    )
    tx.add(organisation)
    tx.flush()
    audit.record_event(tx, actor, "organisation.applied", organisation, now, {"kind": draft.kind})
    outbox.tell(tx, OrganisationApplied(organisation.id), now)
    if form_key:
        drafts.note_done(tx, actor, form_key, SENT, now)
    return organisation


def _check_application(tx: Tx, draft: ApplicationDraft) -> Organisation | None:
    if draft.kind not in KINDS_THAT_APPLY:
        raise ApplicationRefused("kind", msg("Choose one of the kinds of organisation in the list."))
    if not is_in_domain(draft.applicant_email, draft.email_domain):
        raise ApplicationRefused(
            "applicant_email",
            msg(
                "Give your e-mail address at %(domain)s, or correct the organisation’s e-mail domain above.",
                domain=draft.email_domain,
            ),
        )
    holder = _holder(tx, draft.iati_identifier)
    if holder is not None and holder.status != "recorded":
        raise ApplicationRefused(
            "iati_identifier",
            msg(
                "This identifier belongs to an organisation that is here already. Correct it or leave it out; "
                "if it is yours, ask a colleague there for an invitation."
            ),
        )
    return holder


def _holder(tx: Tx, identifier: str | None) -> Organisation | None:
    return tx.scalar(select(Organisation).where(Organisation.iati_identifier == identifier)) if identifier else None


@dataclass(frozen=True)
class Decision:
    """One of rules.MOVES, with the reason where one is needed."""

    move: str
    reason: str = ""


def decide(
    tx: Tx, actor: Actor, organisation: Organisation, decision: Decision, now: datetime, form_key: str = ""
) -> Organisation:
    """Take one of the secretariat's decisions (rules.MOVES) and give back the organisation as it then stands.

    An application that claims a recorded organisation becomes that one when it is verified.

    Raises:
        Refused: the actor is not of the secretariat.
        WrongMove: not allowed from where the organisation stands, or the reason is missing.
    """
    require(actor, Permission.ORGANISATION_VERIFY, now, organisation)
    move = decision.move
    after = status_after(organisation.kind, organisation.status, move, decision.reason)
    check_two_people(move, organisation.checked_by, actor.account_id)
    other = queries.national_of(tx, organisation.country)
    has_other = other is not None and other.id != organisation.id
    check_national(move, organisation.kind, is_national=organisation.is_national, has_other=has_other)
    details = {"application": organisation.ref} if organisation.claims_id is not None else {}
    if move == "verify" and organisation.claims_id is not None:
        organisation = _take_over(tx, organisation)
    organisation.status = after
    if move in FRESH:
        organisation.verify_by = now.date() + CONTACT_YEAR
    if move == "check":
        organisation.checked_by, organisation.checked_at = actor.account_id, now
    elif move in {"designate", "relieve"}:
        organisation.is_national, organisation.passing = move == "designate", "none"
    organisation.decided_by = actor.account_id
    organisation.decided_at = now
    organisation.decision_reason = decision.reason.strip()
    organisation.changed_at = now
    tx.flush()
    audit.record_event(tx, actor, ACTIONS[move], organisation, now, details)
    fact = FACTS.get(move)
    if fact is not None:
        outbox.tell(tx, fact(organisation.id), now)
    if form_key:
        drafts.note_done(tx, actor, form_key, f"/organisations/{organisation.ref}", now)
    return organisation


def _take_over(tx: Tx, application: Organisation) -> Organisation:
    # The recorded row stays, since imported programmes point to it; the application's row has said its word.
    recorded = tx.get_one(Organisation, application.claims_id)
    if recorded.status != "recorded":
        application.claims_id = None
        return application
    said = ("kind", "name", "language", "country", "grouping", "acronym", "website", "email_domain", "about")
    for field in (*said, "applicant_name", "applicant_email", "letter"):
        setattr(recorded, field, getattr(application, field) or getattr(recorded, field))
    tx.delete(application)
    return recorded


def record_organisation(  # noqa: PLR0913, PLR0917 - what an imported file says about a party, in one call
    tx: Tx,
    actor: Actor,
    name: str,
    kind: str,
    iati_identifier: str | None,
    country: str | None,
    language: str,
    now: datetime,
) -> Organisation:
    """The organisation that an imported record speaks of: by identifier, then by its folded name, else a new one.

    Raises:
        Refused: the actor may not bring in programmes.
    """
    require(actor, Permission.PROGRAMME_POST, now)
    identifier = (iati_identifier or "").strip() or None
    found = _holder(tx, identifier) or _namesake(tx, name, identifier, country)
    if found is not None:
        if identifier and not found.iati_identifier and found.status == "recorded":
            found.iati_identifier = identifier
        return found
    return record_new_organisation(tx, actor, name, kind, identifier, country, language, now)


def record_new_organisation(  # noqa: PLR0913, PLR0917 - the same
    tx: Tx,
    actor: Actor,
    name: str,
    kind: str,
    iati_identifier: str | None,
    country: str | None,
    language: str,
    now: datetime,
) -> Organisation:
    """A new organisation that an imported record speaks of; nobody has been looked for that it may be.

    Raises:
        Refused: the actor may not bring in programmes.
    """
    require(actor, Permission.PROGRAMME_POST, now)
    organisation = Organisation(
        kind=kind,
        status="recorded",
        name=name.strip(),
        language=language,
        country=country,
        iati_identifier=iati_identifier,
        created_at=now,
        changed_at=now,
    )
    tx.add(organisation)
    tx.flush()
    audit.record_event(tx, actor, "organisation.recorded", organisation, now)
    return organisation


def _namesake(tx: Tx, name: str, identifier: str | None, country: str | None) -> Organisation | None:
    query = select(Organisation).where(Organisation.folded_name == fold(name.strip()), Organisation.status.in_(LISTED))
    if identifier:
        # Another identifier is another organisation, however alike the names.
        query = query.where(Organisation.iati_identifier.is_(None))
    if country:
        query = query.where(or_(Organisation.country.is_(None), Organisation.country == country))
    return tx.scalars(query.order_by(Organisation.id).limit(1)).first()
