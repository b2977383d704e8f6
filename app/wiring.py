"""Which fact wakes whom, and which feature draws a panel on which page: the one table of all upward connections."""

from __future__ import annotations

from flask import Flask

from app.accounts import events as accounts
from app.accounts.handing import register_hand_over
from app.accounts.people import people_panel
from app.accounts.privacy.reactions import forget
from app.accounts.reactions import invite_applicants
from app.closing import events as closing
from app.closing.news import NEWS as CLOSING_NEWS
from app.closing.panels import desk_asked
from app.closing.reactions import ask_lessons
from app.conversations.clarifications import events as clarifications
from app.conversations.clarifications.answering_times import questions_answered
from app.conversations.clarifications.panels import clarifications_on, desk_clarifications
from app.conversations.clarifications.reactions import remind_owners
from app.conversations.messages import events as messages
from app.conversations.messages.panels import desk_messages, messages_on_match, messages_on_pledge
from app.coordination import events as coordination
from app.coordination.handing import count_points, move_points
from app.coordination.news import NEWS as COORDINATION_NEWS
from app.coordination.panels import country_meetings, desk_points
from app.courses import events as courses
from app.courses.calendar.panels import sessions_of_centre
from app.courses.service import register_session_check
from app.demonstration.panels import code_of_invented
from app.exchange.iati_out.panels import (
    file_of_programme,
    files_of_organisation,
    head_of_organisation,
    head_of_programme,
)
from app.foundation.audit.seals import sign_due
from app.foundation.guarding import register_guard, register_keeper
from app.foundation.languages import register_namer
from app.foundation.messages import msg
from app.foundation.outbox import Fact
from app.foundation.web import Provider, register_panel
from app.foundation.worker import Reactions
from app.help.views import first_steps_panel
from app.lessons import events as lessons
from app.lessons.panels import lessons_on
from app.lessons.queries import register_subject
from app.lessons.renewal.reactions import look_again
from app.matching.advice.keeping import keep_answers
from app.matching.advice.panels import advice_beside, advice_on, advice_on_match, uses_on_lesson
from app.matching.feedback import events as feedback
from app.matching.guard.looks import guard
from app.matching.guard.panels import held_waiting
from app.matching.overlaps.panels import alike_on_programme
from app.matching.overlaps.reactions import update_overlaps
from app.matching.panels import matches_on_cards, matches_on_need, matches_on_offer
from app.matching.reactions import update_matches
from app.matching.relations import events as relations
from app.matching.relations.panels import relations_on
from app.matching.relations.records import register_kind
from app.needs import events as needs
from app.needs.cards import CardPart, register_card_part
from app.needs.limits import events as limits
from app.needs.limits.panels import limits_in_country, limits_of_organisation
from app.needs.reactions import post_unopposed
from app.nominations import events as nominations
from app.nominations.amending import events as amending
from app.nominations.amending.news import NEWS as AMENDING_NEWS
from app.nominations.amending.news import register_letters as register_amending
from app.nominations.answering_times import nominations_decided
from app.nominations.certificates import events as certificates
from app.nominations.certificates.news import NEWS as CERTIFICATE_NEWS
from app.nominations.certificates.news import register_letters as register_certificates
from app.nominations.certificates.panels import (
    actions_on_nomination,
    certificate_on_nomination,
    issue_on_session,
    stuck_on_session,
)
from app.nominations.checks import seats_given
from app.nominations.conflicts.panels import alike_on_session, beside_form, on_nomination
from app.nominations.evaluations.links import register_letters as register_evaluations
from app.nominations.evaluations.panels import answers_on_session
from app.nominations.evaluations.reactions import ask_people
from app.nominations.exchange.panels import lines_on_session, seats_on_need
from app.nominations.handing import count_candidates, move_candidates
from app.nominations.names import sex_name
from app.nominations.news import NEWS as NOMINATION_NEWS
from app.nominations.news import register_letters
from app.nominations.panels import desk_nominations, seats_on_session
from app.nominations.queries import readable_session
from app.nominations.reactions import tend_sessions
from app.nominations.sheet.panels import sheet_actions
from app.nominations.sponsors import events as sponsors
from app.nominations.sponsors.news import NEWS as SPONSOR_NEWS
from app.nominations.sponsors.panels import desk_sponsorships, seats_for_country, sponsors_on_session
from app.nominations.sponsors.reactions import settle_passes
from app.notifications.alerts.letters import register_letters as register_alerts
from app.notifications.alerts.reactions import sweep_searches, tell_followers
from app.notifications.bounces.panels import mail_comes_back
from app.notifications.deadlines.reactions import tell_of_deadlines
from app.notifications.following.panels import follow_on, subscriptions_kept
from app.notifications.following.reactions import tell_those_who_follow
from app.notifications.handing_over import count_followed, move_followed
from app.notifications.links.views import stop as stop_mails
from app.notifications.mailer import send_mails
from app.notifications.overlaps.reactions import tell_of_overlaps
from app.notifications.panels import desk_notices, header_notices
from app.notifications.reactions import register_news, tell_people
from app.organisations import events as organisations
from app.overview.panels import organisation_records
from app.overview.radar import wording as quarters
from app.pledges import events as pledges
from app.pledges.models import Pledge
from app.pledges.panels import desk_pledges, ledger_on_cards, need_ledger
from app.pledges.queries import find_pledge
from app.pledges.reactions import lapse_due
from app.pledges.relations import find_pledge_sides
from app.programmes import events as programmes
from app.record.panels import history_on
from app.reference.concepts import concept_name
from app.search.panels import duplicates_beside
from app.search.reactions import tend_index, update_index
from app.upkeep import events as upkeep
from app.upkeep.asking.letters import register_letters as register_askings
from app.upkeep.asking.panels import desk_records, said_of
from app.upkeep.clocks.news import NEWS as CLOCK_NEWS
from app.upkeep.clocks.panels import clocks_on_need
from app.upkeep.handing_over.panels import orphaned_need, orphaned_organisation
from app.upkeep.reactions import tend_records
from app.upkeep.response.queries import register_clock, register_own

ALL = ("index", "follow", "match", "tell", "alert")
"""Index first, then tell those who follow (whoever was matched up to now among them), then match (which asks the
index), then tell people (who are told of matches), and ask the followed searches last, which may be many."""
PROGRAMME = ("index", "follow", "match", "overlap", "tell", "alike", "alert")
"""A programme is compared with other programmes besides."""
INDEXED = ("index", "alert")
"""What others search for has changed in a word or a number."""

WAKES: dict[type[Fact], tuple[str, ...]] = {
    accounts.InvitationMade: ("tell",),
    accounts.ConfirmationAsked: ("tell",),
    accounts.AddressChanged: ("tell",),
    accounts.AccountGuarded: ("tell",),
    organisations.OrganisationApplied: ("tell",),
    organisations.OrganisationVerified: ("invite", "tell"),
    organisations.OrganisationMerged: INDEXED,
    organisations.OrganisationRefused: ("tell",),
    organisations.OrganisationTrusted: (),
    organisations.OrganisationSuspended: ("tell",),
    organisations.OrganisationReinstated: ("tell",),
    needs.NeedPosted: ALL,
    needs.NeedPassing: ("tell",),
    needs.NeedReturned: ("tell",),
    needs.NeedAmended: ALL,
    needs.NeedClosed: (*ALL, "close"),
    needs.NeedWithdrawn: ALL,
    needs.NeedConfirmed: ("index", "match", "alert"),
    needs.ResultRecorded: (),
    limits.LimitSet: (),
    limits.LimitAmended: (),
    limits.LimitEnded: (),
    programmes.ProgrammePosted: PROGRAMME,
    programmes.ProgrammeAmended: PROGRAMME,
    programmes.ProgrammeClosed: (*PROGRAMME, "close"),
    programmes.ProgrammeConfirmed: ("index", "match", "alert"),
    programmes.ProgrammeImported: ("index", "match", "overlap"),
    programmes.ProgrammeImported: ("index", "match", "overlap", "alike", "alert"),
    courses.CoursePosted: ALL,
    courses.CourseAmended: ALL,
    courses.CourseConfirmed: ("index", "match"),
    courses.CourseWithdrawn: ALL,
    courses.SessionPosted: ALL,
    courses.SessionChanged: ALL,
    courses.SessionCancelled: ALL,
    lessons.LessonRecorded: ("index", "tell", "alert"),
    lessons.LessonAmended: ("index", "tell", "alert"),
    lessons.LessonValidated: ("index", "follow", "tell", "alert"),
    lessons.LessonReturned: ("index", "follow", "tell", "alert"),
    lessons.OutputRecorded: ("index", "match", "alert"),
    lessons.OutputAmended: ("index", "match", "alert"),
    lessons.LessonReviewAsked: ("tell",),
    lessons.LessonCommented: ("tell",),
    lessons.LessonCorroborated: ("tell",),
    lessons.LessonContradicted: ("tell",),
    lessons.LessonDue: ("tell",),
    lessons.LessonAffirmed: ("index",),
    feedback.MatchReviewed: ("match",),
    relations.RelationDeclared: ("tell",),
    pledges.PledgeMade: ("tell",),
    pledges.PledgeAccepted: ("index", "seats", "tell", "alert"),
    pledges.PledgeDeclined: ("tell",),
    pledges.PledgeWithdrawn: ("index", "tell", "alert"),
    pledges.PledgeChanged: ("tell",),
    pledges.ContributionConfirmed: ("index", "tell", "alert", "close"),
    coordination.MeetingConvened: ("tell",),
    coordination.MeetingChanged: ("follow", "tell"),
    coordination.MeetingHeld: ("follow", "tell"),
    coordination.MeetingCancelled: ("follow", "tell"),
    coordination.ActionPointSet: ("tell",),
    coordination.ActionPointChanged: ("tell",),
    coordination.ActionPointClosed: ("tell",),
    nominations.NominationMade: ("tell",),
    nominations.ManyNominated: ("tell",),
    nominations.NominationDecided: ("tell",),
    nominations.ResultWritten: ("tell",),
    nominations.ResultAgreed: ("index", "tell", "alert", "close"),
    nominations.IntakeChanged: (),
    amending.NominationAmended: ("tell",),
    coordination.ActionPointReopened: ("tell",),
    certificates.CertificateIssued: ("tell",),
    certificates.CertificateRevoked: ("tell",),
    certificates.ManyCertified: ("tell",),
    certificates.ManyRevoked: ("tell",),
    sponsors.SeatsOffered: ("tell",),
    sponsors.SponsorshipMoved: ("tell",),
    upkeep.NeedLapsed: ("match",),
    upkeep.ProgrammeLapsed: ("match",),
    upkeep.CourseLapsed: ("match",),
    upkeep.NeedAcknowledged: ("tell",),
    upkeep.NeedCirculated: ("tell",),
    upkeep.OutcomeSaid: ("tell",),
    clarifications.ClarificationAsked: ("tell",),
    clarifications.ClarificationAnswered: ("tell",),
    clarifications.ClarificationAmended: ("tell",),
    clarifications.ClarificationDeclined: ("tell",),
    clarifications.ClarificationWithdrawn: (),
    clarifications.ClarificationDue: ("tell",),
    messages.MessageSent: ("tell",),
    closing.LessonAsked: ("tell",),
}

REACTIONS = Reactions(
    wakes=WAKES,
    handlers={
        "index": update_index,
        "follow": tell_those_who_follow,
        "match": update_matches,
        "overlap": update_overlaps,
        "invite": invite_applicants,
        "seats": settle_passes,
        "tell": tell_people,
        "close": ask_lessons,
        "alike": tell_of_overlaps,
        "alert": tell_followers,
    },
    idle=(
        send_mails,
        lapse_due,
        tend_sessions,
        ask_people,
        tend_records,
        remind_owners,
        post_unopposed,
        look_again,
        forget,
        sign_due,
        tend_index,
        sweep_searches,
        tell_of_deadlines,
    ),
)

PANELS: tuple[tuple[str, Provider], ...] = (
    ("need.ledger", need_ledger),
    ("need.matches", matches_on_need),
    ("need.seats", seats_on_need),
    ("need.relations", relations_on),
    ("need.clarifications", clarifications_on),
    ("programme.clarifications", clarifications_on),
    ("course.clarifications", clarifications_on),
    ("course.session.clarifications", clarifications_on),
    ("pledge.messages", messages_on_pledge),
    ("match.messages", messages_on_match),
    ("need.lessons", advice_on),
    ("need.lessons", lessons_on),
    ("programme.matches", matches_on_offer("programme")),
    ("programme.relations", relations_on),
    ("programme.alike", alike_on_programme),
    ("programme.lessons", advice_on),
    ("programme.lessons", lessons_on),
    ("course.matches", matches_on_offer("course")),
    ("course.relations", relations_on),
    ("course.lessons", advice_on),
    ("course.lessons", lessons_on),
    ("pledge.lessons", advice_on),
    ("match.lessons", advice_on_match),
    ("pledge.relations", relations_on),
    ("need.form.lessons", advice_beside("need-form")),
    ("need.form.duplicates", duplicates_beside("need-form")),
    ("programme.form.lessons", advice_beside("programme-form")),
    ("programme.form.duplicates", duplicates_beside("programme-form")),
    ("course.form.lessons", advice_beside("course-form")),
    ("pledge.form.lessons", advice_beside("pledge-form")),
    ("organisation.people", people_panel),
    ("organisation.records", limits_of_organisation),
    ("organisation.records", sessions_of_centre),
    ("organisation.records", organisation_records),
    ("country.limits", limits_in_country),
    ("need.clocks", clocks_on_need),
    ("need.upkeep", orphaned_need),
    ("need.upkeep", said_of("need")),
    ("programme.upkeep", said_of("programme")),
    ("course.upkeep", said_of("course")),
    ("organisation.upkeep", orphaned_organisation),
    ("organisation.upkeep", said_of("organisation")),
    ("organisation.aside", files_of_organisation),
    ("organisation.head", head_of_organisation),
    ("programme.aside", file_of_programme),
    ("programme.head", head_of_programme),
    ("need.foot", history_on("need")),
    ("lesson.page", uses_on_lesson),
    ("lesson.page", history_on("lesson")),
    ("output.page", history_on("output")),
    ("limit.page", history_on("limit")),
    ("desk.mail", mail_comes_back),
    ("desk.welcome", first_steps_panel),
    ("desk.waiting", desk_pledges),
    ("desk.waiting", desk_clarifications),
    ("desk.waiting", desk_points),
    ("desk.waiting", desk_nominations),
    ("desk.waiting", desk_sponsorships),
    ("desk.waiting", desk_records),
    ("desk.waiting", desk_asked),
    ("course.session", alike_on_session),
    ("course.session", seats_on_session),
    ("nominations.actions", sheet_actions),
    ("nominations.actions", issue_on_session),
    ("nominations.session", stuck_on_session),
    ("nominations.session", answers_on_session),
    ("nomination.actions", actions_on_nomination),
    ("nomination.page", certificate_on_nomination),
    ("course.session", sponsors_on_session),
    ("nominations.session", lines_on_session),
    ("nominations.form", beside_form),
    ("nomination.page", on_nomination),
    ("country.seats", seats_for_country),
    ("country.meetings", country_meetings),
    ("meeting.page", history_on("meeting")),
    ("desk.waiting", held_waiting),
    ("programme.list", held_waiting),
    ("desk.waiting", desk_messages),
    ("need.actions", follow_on("need")),
    ("programme.actions", follow_on("programme")),
    ("course.actions", follow_on("course")),
    ("lesson.actions", follow_on("lesson")),
    ("meeting.actions", follow_on("meeting")),
    ("subscriptions.kept", subscriptions_kept),
    ("desk.notices", desk_notices),
    ("header.notices", header_notices),
    ("second_step.hint", code_of_invented),
)


CARD_PARTS: tuple[CardPart, ...] = (ledger_on_cards, matches_on_cards)
"""What stands on the cards of needs, in this order."""


def init_app(app: Flask) -> None:
    """Hang the panels of the higher features on the pages of the lower ones."""
    register_namer("concept", concept_name)
    register_namer("sex", sex_name)
    quarters.register()
    register_guard(guard)
    register_keeper(keep_answers)
    register_kind(Pledge, find_pledge_sides)
    register_subject("pledge", find_pledge)
    register_subject("session", readable_session)
    for name, provider in PANELS:
        register_panel(name, provider)
    register_session_check(seats_given)
    register_letters()
    register_certificates()
    register_amending()
    register_evaluations()
    register_alerts()
    register_askings()
    register_own()
    register_clock("questions", msg("Answers to questions"), questions_answered)
    register_clock("nominations", msg("Decisions on candidates"), nominations_decided)
    register_hand_over("searches", msg("Searches and records that are followed"), count_followed, move_followed)
    register_hand_over("points", msg("Action points"), count_points, move_points)
    register_hand_over("candidates", msg("Candidates put forward"), count_candidates, move_candidates)
    told_of = (
        COORDINATION_NEWS, NOMINATION_NEWS, AMENDING_NEWS, CERTIFICATE_NEWS, SPONSOR_NEWS, CLOCK_NEWS, CLOSING_NEWS,
    )  # fmt: skip
    for fact, news in (pair for table in told_of for pair in table.items()):
        register_news(fact, news)
    for part in CARD_PARTS:
        register_card_part(part)
    # A mail program that stops mails by one request (RFC 8058) has no form and no cookie: the signed word is its proof.
    app.extensions["csrf"].exempt(f"{stop_mails.__module__}.{stop_mails.__name__}")
