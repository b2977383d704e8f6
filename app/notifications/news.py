"""What each fact means for people: whom it concerns, in which words, and which record they are led to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.accounts.queries import invitation_by_id, secretariat_accounts
from app.accounts.rules import invitation_mail
from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.notifications.letters import INVITATION_LINK, letter_of_invitation, letter_to_applicant
from app.notifications.rules import cause_of
from app.notifications.telling import Telling
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.pledges.rules import ENDED


def need_ended(telling: Telling, fact: Any) -> None:
    """Those who have pledged for a need are told that it was closed or withdrawn; its words may be hidden by now."""
    query = readable(SYSTEM, Pledge).where(Pledge.need_id == fact.need_id, Pledge.status.not_in(ENDED))
    for pledge in telling.tx.scalars(query):
        message = msg("The need %(ref)s, for which you have pledged, was closed or withdrawn", ref=pledge.need_ref)
        telling.tell(
            telling.people_of(pledge.organisation_id), cause_of("need_ended", ("pledge", pledge.ref)), message, pledge
        )


def organisation_applied(telling: Telling, fact: Any) -> None:
    """The secretariat is asked who this is."""
    organisation = telling.tx.get(Organisation, fact.organisation_id)
    if organisation is not None and organisation.status == "applied":
        cause = cause_of("organisation_applied", ("organisation", organisation.ref))
        message = msg("%(organisation)s has applied and waits for verification", organisation=organisation.name)
        telling.tell(secretariat_accounts(telling.tx), cause, message, organisation)


def organisation_answered(what: str) -> Callable[[Telling, Any], None]:
    """Whoever applied is told the answer by mail, with an account or without."""

    def tell(telling: Telling, fact: Any) -> None:
        organisation = telling.tx.get(Organisation, fact.organisation_id)
        if organisation is not None and organisation.applicant_email:
            cause = cause_of(what, ("organisation", organisation.ref), ("version", str(organisation.version)))
            telling.mails.append(letter_to_applicant(cause, organisation, telling.settings.public_url))

    return tell


def organisation_stopped(what: str, message: Message) -> Callable[[Telling, Any], None]:
    """An organisation's people are told that their rights are suspended, or that the suspension is over."""

    def tell(telling: Telling, fact: Any) -> None:
        organisation = telling.tx.get(Organisation, fact.organisation_id)
        if organisation is not None:
            cause = cause_of(what, ("organisation", organisation.ref), ("version", str(organisation.version)))
            words = Message(message.text, {"organisation": organisation.name})
            telling.tell(telling.people_of(organisation.id), cause, words, organisation)

    return tell


def invitation_made(telling: Telling, fact: Any) -> None:
    """Whoever is invited gets a mail; the signed link is put in when it is sent."""
    invitation = invitation_by_id(telling.tx, fact.invitation_id)
    if invitation is not None:
        cause = cause_of("invitation", ("invitation", invitation.ref))
        words = invitation_mail(invitation, INVITATION_LINK, invitation.language)
        telling.mails.append(letter_of_invitation(cause, invitation.email, words, invitation.language))
