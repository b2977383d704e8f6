"""Both sides of a new match are told of it: whoever needs and whoever offers, from the strength on that each chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.courses.models import CourseSession
from app.foundation.messages import Message, msg
from app.matching.feedback.verdicts import said_not_to_fit_by
from app.matching.models import Match
from app.notifications.following.queries import told_from
from app.notifications.records import published_records
from app.notifications.rules import Part, cause_of
from app.notifications.telling import Telling

ONE_PIECE_OF_NEWS = timedelta(days=1)
MOST_PAIRS = 3
"""Of the pairs that one fact brings to one organisation, so many are told; to each person the best one by mail too."""
Pair = tuple[Match, Any, Any]
"""A match with its need and its offer, both published."""

FITS_OFFER = msg("The need “%(need)s” fits what you offer: “%(offer)s”")
FITS_NEED = msg("“%(offer)s” fits your need “%(need)s”")
HAS_SESSION = msg("“%(offer)s”, which fits your need “%(need)s”, has a new session")


def need_posted(telling: Telling, fact: Any) -> None:
    """Those whose offers fit a new or amended need are told of it, and whoever posted it of the offers."""
    which = Match.need_id == fact.need_id
    _tell_offerers(telling, which)
    _tell_recipients(telling, which, "offer_fits", FITS_NEED)


def offer_posted(kind: str) -> Callable[[Telling, Any], None]:
    """Those whose needs fit a new or amended programme or course are told of it, and whoever posted it of the needs."""

    def tell(telling: Telling, fact: Any) -> None:
        which = (Match.offer_kind == kind) & (Match.offer_id == getattr(fact, f"{kind}_id"))
        _tell_recipients(telling, which, "offer_fits", FITS_NEED)
        _tell_offerers(telling, which)

    return tell


def session_posted(telling: Telling, fact: Any) -> None:
    """Those whose needs fit a course are told of each new session of it, and the centre of needs that fit since."""
    session = telling.tx.get(CourseSession, fact.session_id)
    if session is not None and session.status == "open" and not _is_part_of_the_news(session):
        which = (Match.offer_kind == "course") & (Match.offer_id == fact.course_id)
        _tell_recipients(telling, which, "session_fits", HAS_SESSION, ("session", session.ref))
        _tell_offerers(telling, which)


def _is_part_of_the_news(session: CourseSession) -> bool:
    """A session announced together with its course: whoever is told of the course finds it there."""
    posted_at = session.course.posted_at
    return posted_at is not None and session.created_at - posted_at < ONE_PIECE_OF_NEWS


def _tell_offerers(telling: Telling, which: Any) -> None:
    by_mail = _MailOnce()
    for match, need, offer in _pairs(telling, which, by_offerer=True):
        words = Message(FITS_OFFER.text, {"need": need.title, "offer": offer.title})
        cause = cause_of("need_fits", ("need", need.ref), (match.offer_kind, offer.ref))
        # An imported record was never an offer made here: its organisation sees the match, and no mail is sent.
        may_mail = getattr(offer, "source", "site") == "site"
        _tell(telling, offer.organisation_id, match.strength, (cause, words, need), by_mail, may_mail=may_mail)


def _tell_recipients(telling: Telling, which: Any, what: str, words: Message, *further: Part) -> None:
    by_mail = _MailOnce()
    for match, need, offer in _pairs(telling, which, by_offerer=False):
        said = Message(words.text, {"offer": offer.title, "need": need.title})
        cause = cause_of(what, ("need", need.ref), (match.offer_kind, offer.ref), *further)
        _tell(telling, need.organisation_id, match.strength, (cause, said, offer), by_mail)


class _MailOnce:
    """Of the pairs that one fact brings, each person gets the first by mail, which is the best."""

    def __init__(self) -> None:
        self.had: set[int] = set()


def _tell(
    telling: Telling,
    organisation_id: int,
    strength: str,
    news: tuple[str, Message, Any],
    by_mail: _MailOnce,
    *,
    may_mail: bool = True,
) -> None:
    for person in told_from(telling.tx, telling.people_of(organisation_id), strength):
        telling.tell([person], *news, by_mail=may_mail and person.id not in by_mail.had)
        by_mail.had.add(person.id)


def _pairs(telling: Telling, which: Any, *, by_offerer: bool) -> list[Pair]:
    """The best matches for each organisation on the side that is told, the best first.

    A pair that the organisation has said not to fit is no news to it, nor is one with itself.
    """
    told: Any = Match.offer_organisation_id if by_offerer else Match.need_organisation_id
    fits = (which, Match.gate == "match", Match.offer_organisation_id != Match.need_organisation_id)
    query = select(Match).where(*fits, ~said_not_to_fit_by(told)).order_by(Match.score.desc(), Match.id)
    kept: dict[int, list[Match]] = defaultdict(list)
    for match in telling.tx.scalars(query):
        kept[match.offer_organisation_id if by_offerer else match.need_organisation_id].append(match)
    best = [match for matches in kept.values() for match in matches[:MOST_PAIRS]]
    keys = {(match.offer_kind, match.offer_id) for match in best} | {("need", match.need_id) for match in best}
    rows = published_records(telling, keys)
    found = [(match, rows.get(("need", match.need_id)), rows.get((match.offer_kind, match.offer_id))) for match in best]
    return [(match, need, offer) for match, need, offer in found if need is not None and offer is not None]
