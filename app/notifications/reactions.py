"""People are told of what happens: this reaction reads what each fact means for whom, then writes notices and mails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from app.foundation.db import Tx
from app.foundation.kept.once import remember
from app.foundation.messages import msg
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.notifications import (
    account_news,
    conversation_news,
    file_news,
    lesson_news,
    match_news,
    news,
    passing_news,
    pledge_news,
    relation_news,
)
from app.notifications.telling import Telling

News: TypeAlias = Callable[[Telling, Any], None]

NEWS: dict[str, News] = {
    "InvitationMade": news.invitation_made,
    "ConfirmationAsked": account_news.confirmation_asked,
    "AddressChanged": account_news.address_changed,
    "AccountGuarded": account_news.account_guarded,
    "OrganisationApplied": news.organisation_applied,
    "OrganisationVerified": news.organisation_answered("organisation_verified"),
    "OrganisationRefused": news.organisation_answered("organisation_refused"),
    "OrganisationSuspended": news.organisation_stopped(
        "organisation_suspended", msg("%(organisation)s is suspended until further notice")
    ),
    "OrganisationReinstated": news.organisation_stopped(
        "organisation_reinstated", msg("The suspension of %(organisation)s is over")
    ),
    "NeedPassing": passing_news.need_waits,
    "NeedReturned": passing_news.need_returned,
    "NeedPosted": match_news.need_posted,
    "NeedAmended": match_news.need_posted,
    "NeedClosed": news.need_ended,
    "NeedWithdrawn": news.need_ended,
    "ProgrammePosted": match_news.offer_posted("programme"),
    "ProgrammeAmended": match_news.offer_posted("programme"),
    "CoursePosted": match_news.offer_posted("course"),
    "CourseAmended": match_news.offer_posted("course"),
    "SessionPosted": match_news.session_posted,
    "LessonRecorded": lesson_news.lesson_recorded,
    "LessonAmended": lesson_news.review_asked,
    "LessonReviewAsked": lesson_news.review_asked,
    "LessonReviewEnded": lesson_news.review_ended,
    "LessonCommented": lesson_news.lesson_commented,
    "LessonValidated": lesson_news.lesson_decided("lesson_validated", msg("Your lesson “%(lesson)s” was validated")),
    "LessonReturned": lesson_news.lesson_decided(
        "lesson_returned", msg("Your lesson “%(lesson)s” was returned to you")
    ),
    "LessonCorroborated": lesson_news.lesson_tied(
        "lesson_corroborated", msg("Your lesson “%(lesson)s” is corroborated by another one: “%(other)s”")
    ),
    "LessonContradicted": lesson_news.lesson_tied(
        "lesson_contradicted", msg("Your lesson “%(lesson)s” is contradicted by another one: “%(other)s”")
    ),
    "LessonDue": lesson_news.lesson_due,
    "RelationDeclared": relation_news.relation_declared,
    "PledgeMade": pledge_news.pledge_made,
    "PledgeAccepted": pledge_news.pledge_accepted,
    "PledgeDeclined": pledge_news.pledge_declined,
    "PledgeWithdrawn": pledge_news.pledge_withdrawn,
    "PledgeChanged": pledge_news.pledge_changed,
    "ContributionConfirmed": pledge_news.contribution_confirmed,
    "ClarificationAsked": conversation_news.asked,
    "ClarificationAnswered": conversation_news.answered,
    "ClarificationAmended": conversation_news.amended,
    "ClarificationDeclined": conversation_news.declined,
    "ClarificationDue": conversation_news.due,
    "MessageSent": conversation_news.message_sent,
    "FileTakenAway": file_news.file_taken_away,
}
"""Which fact is news for people, by its name. Whatever is not here wakes nobody; imports never do."""


_BESIDE: dict[str, list[News]] = {}


def register_news(fact: str, news: News) -> None:
    """Let a feature above this one say what a fact, known by its name, means for people; several may say so of one."""
    first = NEWS.setdefault(fact, news)
    beside = _BESIDE.setdefault(fact, [])
    if news is not first and news not in beside:
        beside.append(news)


def tell_people(site: Site, facts: Sequence[Fact]) -> Writer:
    """Put notices on the desks of those whom these facts concern, and mails on their way."""
    now = site.clock.now()
    with site.database.reading() as tx:
        remember(tx)
        telling = Telling(tx, site.settings)
        for fact in facts:
            if fact.name in NEWS:
                for news_of in (NEWS[fact.name], *_BESIDE.get(fact.name, ())):
                    news_of(telling, fact)

    def write(tx: Tx) -> None:
        telling.write(tx, now)

    return write
