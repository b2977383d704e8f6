"""What a verified organisation says about itself, kept up by its focal points; who it is stays the secretariat's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm.exc import StaleDataError

from app.foundation import audit, drafts
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import STATUSES_THAT_COUNT, Actor, Permission, require
from app.foundation.wording.versions import StaleVersion, check_version
from app.organisations.models import CONTACT_YEAR, Organisation
from app.organisations.rules import PASSING, WrongMove

MAY_AMEND = Permission.ORGANISATION_INVITE
"""Whoever answers for an organisation, and may therefore invite for it, keeps up what it says about itself."""


@dataclass(frozen=True)
class DetailsDraft:
    """What may change without the secretariat; `language` is an ISO 639-1 code.

    Name and e-mail domain are not here: they are what was verified.
    """

    acronym: str
    language: str
    website: str
    about: str


def amend_details(  # noqa: PLR0913, PLR0917 - as every service: who, what, on which version, when, from which form
    tx: Tx,
    actor: Actor,
    organisation: Organisation,
    draft: DetailsDraft,
    opened_version: int | None,
    now: datetime,
    form_key: str = "",
) -> None:
    """Change what an organisation says about itself.

    Raises:
        Refused: the actor is neither focal point there nor of the secretariat.
        WrongMove: the organisation is not verified.
        StaleVersion: somebody else changed it meanwhile.
    """
    require(actor, MAY_AMEND, now, organisation)
    _check_kept_up(organisation)
    check_version(organisation, opened_version)
    changed = [name for name, value in asdict(draft).items() if getattr(organisation, name) != value]
    if changed:
        for name in changed:
            setattr(organisation, name, getattr(draft, name))
        organisation.changed_at, organisation.verify_by = now, ask_again_on(now)
        _save(tx, organisation)
        audit.record_event(tx, actor, "organisation.amended", organisation, now, {"changed": changed})
    if form_key:
        drafts.note_done(tx, actor, form_key, f"/organisations/{organisation.ref}", now)


def confirm_contact(tx: Tx, actor: Actor, organisation: Organisation, now: datetime, *, by_link: bool = False) -> None:
    """A focal point says that the details and the people of an organisation are still right; asked again in a year.

    Raises:
        Refused: the actor is neither focal point there nor of the secretariat.
        WrongMove: the organisation is not verified.
    """
    require(actor, MAY_AMEND, now, organisation)
    _check_kept_up(organisation)
    organisation.verify_by = ask_again_on(now)
    _save(tx, organisation)
    audit.record_event(tx, actor, "organisation.confirmed", organisation, now, {"by": "link"} if by_link else None)


def ask_again_on(now: datetime) -> date:
    """The day on which an organisation that was looked at now is asked about its contact again."""
    return now.date() + CONTACT_YEAR


def _check_kept_up(organisation: Organisation) -> None:
    if organisation.status not in STATUSES_THAT_COUNT:
        raise WrongMove(msg("Only a verified organisation keeps up its details here."))


def set_passing(tx: Tx, actor: Actor, organisation: Organisation, passing: str, now: datetime, form_key: str) -> None:
    """A national focal point chooses how needs of its State pass it; what waits already is not touched.

    Raises:
        Refused: the actor is not focal point there.
        WrongMove: the organisation is not the national focal point, or there is no such way.
    """
    require(actor, MAY_AMEND, now, organisation)
    if not organisation.is_national or passing not in PASSING:
        raise WrongMove(msg("Only the national focal point of a State chooses this."))
    organisation.passing, organisation.changed_at = passing, now
    _save(tx, organisation)
    audit.record_event(tx, actor, "organisation.passing_changed", organisation, now, {"passing": passing})
    if form_key:
        drafts.note_done(tx, actor, form_key, f"/organisations/{organisation.ref}", now)


def _save(tx: Tx, organisation: Organisation) -> None:
    try:
        tx.flush()
    except StaleDataError as error:
        raise StaleVersion(organisation) from error
