"""What each fact means for people: whom it concerns, in which words, and which record they are led to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.queries import invitation_by_id, secretariat_accounts
from app.accounts.rules import invitation_mail
from app.courses.models import CourseSession
from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.matching.feedback.verdicts import said_not_to_fit_by
from app.matching.models import Match
from app.notifications.letters import INVITATION_LINK, letter_of_invitation, letter_to_applicant
from app.notifications.queries import OWNED
from app.notifications.rules import Part, cause_of
from app.notifications.telling import Telling
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.pledges.rules import ENDED

ONE_PIECE_OF_NEWS = timedelta(days=1)
MOST_PAIRS = 3
"""Of the pairs that one fact brings to one organisation, so many are told; the best one by mail too."""


def need_posted(telling: Telling, fact: Any) -> None:
    """Those whose offers fit a new or amended need are told, each organisation of its best offers."""
    need = _record(telling, "need", fact.need_id)
    for match, offer, is_best in _pairs(telling, Match.need_id == fact.need_id, by_offerer=True):
        if need is None or offer.organisation_id == need.organisation_id:
            continue
        message = msg("The need “%(need)s” fits what you offer: “%(offer)s”", need=need.title, offer=offer.title)
        cause = cause_of("need_fits", ("need", need.ref), (match.offer_kind, offer.ref))
        # An imported record was never an offer made here: its organisation sees the match, and no mail is sent.
        by_mail = is_best and getattr(offer, "source", "site") == "site"
        telling.tell(telling.people_of(offer.organisation_id), cause, message, need, by_mail=by_mail)


def need_ended(telling: Telling, fact: Any) -> None:
    """Those who have pledged for a need are told that it was closed or withdrawn; its words may be hidden by now."""
    query = readable(SYSTEM, Pledge).where(Pledge.need_id == fact.need_id, Pledge.status.not_in(ENDED))
    for pledge in telling.tx.scalars(query):
        message = msg("The need %(ref)s, for which you have pledged, was closed or withdrawn", ref=pledge.need_ref)
        telling.tell(
            telling.people_of(pledge.organisation_id), cause_of("need_ended", ("pledge", pledge.ref)), message, pledge
        )


def offer_posted(kind: str) -> Callable[[Telling, Any], None]:
    """Those whose needs fit a new or amended programme or course are told, each organisation of its best needs."""

    def tell(telling: Telling, fact: Any) -> None:
        number = getattr(fact, f"{kind}_id")
        message = msg("“%(offer)s” fits your need “%(need)s”")
        _tell_of_offer(telling, kind, number, "offer_fits", message)

    return tell


def session_posted(telling: Telling, fact: Any) -> None:
    """Those whose needs fit a course are told of each new session of it."""
    session = telling.tx.get(CourseSession, fact.session_id)
    if session is not None and session.status == "open" and not _is_part_of_the_news(session):
        message = msg("“%(offer)s”, which fits your need “%(need)s”, has a new session")
        _tell_of_offer(telling, "course", fact.course_id, "session_fits", message, ("session", session.ref))


def _is_part_of_the_news(session: CourseSession) -> bool:
    """A session announced together with its course: whoever is told of the course finds it there."""
    posted_at = session.course.posted_at
    return posted_at is not None and session.created_at - posted_at < ONE_PIECE_OF_NEWS


def _tell_of_offer(telling: Telling, kind: str, offer_id: int, what: str, message: Message, *further: Part) -> None:
    pairs = _pairs(telling, (Match.offer_kind == kind) & (Match.offer_id == offer_id), by_offerer=False)
    needs = _records(telling, {("need", match.need_id) for match, _offer, _is_best in pairs})
    for match, offer, is_best in pairs:
        need = needs.get(("need", match.need_id))
        if need is None or offer.organisation_id == need.organisation_id:
            continue
        words = Message(message.text, {**message.values, "offer": offer.title, "need": need.title})
        cause = cause_of(what, ("need", need.ref), (kind, offer.ref), *further)
        telling.tell(telling.people_of(need.organisation_id), cause, words, offer, by_mail=is_best)


def _pairs(telling: Telling, which: Any, *, by_offerer: bool) -> list[tuple[Match, Any, bool]]:
    """The best matches for each organisation on the other side, with the offer, and whether it is the very best.

    A pair that the organisation has said not to fit is no news to it.
    """
    told: Any = Match.offer_organisation_id if by_offerer else Match.need_organisation_id
    query = (
        select(Match)
        .where(which, Match.gate == "match", ~said_not_to_fit_by(told))
        .order_by(Match.score.desc(), Match.id)
    )
    kept: dict[int, list[Match]] = defaultdict(list)
    for match in telling.tx.scalars(query):
        kept[match.offer_organisation_id if by_offerer else match.need_organisation_id].append(match)
    best = [(match, match is matches[0]) for matches in kept.values() for match in matches[:MOST_PAIRS]]
    offers = _records(telling, {(match.offer_kind, match.offer_id) for match, _is_best in best})
    found = [(match, offers.get((match.offer_kind, match.offer_id)), is_best) for match, is_best in best]
    return [(match, offer, is_best) for match, offer, is_best in found if offer is not None]


def _record(telling: Telling, kind: str, number: int) -> Any:
    return _records(telling, {(kind, number)}).get((kind, number))


def _records(telling: Telling, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """The published ones of these records by kind and number, with one query for each kind."""
    found: dict[tuple[str, int], Any] = {}
    for kind in {kind for kind, _number in keys}:
        model, ids = OWNED[kind], [number for its_kind, number in keys if its_kind == kind]
        rows = telling.tx.scalars(readable(SYSTEM, model).where(model.id.in_(ids), model.is_published))
        found.update({(kind, row.id): row for row in rows})
    return found


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
