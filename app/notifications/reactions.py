"""People are told of what happens: this reaction reads what each fact means for whom, then writes notices and mails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.notifications import account_news, match_news, news, passing_news, pledge_news, relation_news
from app.notifications.service import put_mails, put_notices
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
    "LessonRecorded": news.lesson_recorded,
    "LessonValidated": news.lesson_decided("lesson_validated", msg("Your lesson “%(lesson)s” was validated")),
    "LessonReturned": news.lesson_decided("lesson_returned", msg("Your lesson “%(lesson)s” was returned to you")),
    "RelationDeclared": relation_news.relation_declared,
    "PledgeMade": pledge_news.pledge_made,
    "PledgeAccepted": pledge_news.pledge_accepted,
    "PledgeDeclined": pledge_news.pledge_declined,
    "PledgeWithdrawn": pledge_news.pledge_withdrawn,
    "PledgeChanged": pledge_news.pledge_changed,
    "ContributionConfirmed": pledge_news.contribution_confirmed,
}
"""Which fact is news for people, by its name. Whatever is not here wakes nobody; imports never do."""


def register_news(fact: str, news: News) -> None:
    """Let a feature above this one say what its own fact, known by its name, means for people."""
    NEWS[fact] = news


def tell_people(site: Site, facts: Sequence[Fact]) -> Writer:
    """Put notices on the desks of those whom these facts concern, and mails on their way."""
    now = site.clock.now()
    with site.database.reading() as tx:
        telling = Telling(tx, site.settings)
        for fact in facts:
            if fact.name in NEWS:
                NEWS[fact.name](telling, fact)

    def write(tx: Tx) -> None:
        put_notices(tx, telling.notices, now)
        put_mails(tx, telling.mails, telling.host, now)

    return write
