"""Which fact wakes whom, and what the higher features tell the lower ones: the one table of all upward connections."""

from __future__ import annotations

from flask import Flask

from app.accounts import events as accounts
from app.accounts.handing import register_hand_over
from app.accounts.privacy.reactions import forget
from app.accounts.reactions import invite_applicants
from app.closing import events as closing
from app.closing.news import NEWS as CLOSING_NEWS
from app.closing.reactions import ask_lessons
from app.conversations.clarifications import events as clarifications
from app.conversations.clarifications.answering_times import questions_answered
from app.conversations.clarifications.reactions import remind_owners
from app.conversations.messages import events as messages
from app.coordination import events as coordination
from app.coordination.handing import count_points, move_points
from app.coordination.news import NEWS as COORDINATION_NEWS
from app.courses import events as courses
from app.courses.service import register_session_check
from app.exchange.intake.handlers import register as register_imports
from app.exchange.intake.handlers import tend_files
from app.exchange.workbooks.reactions import forget_workbooks
from app.foundation.audit.seals import sign_due
from app.foundation.filing.looking import events as files
from app.foundation.filing.looking.reactions import ask_scanner_again, read_files, scan_files, take_away
from app.foundation.filing.looking.sweeping import Sweep
from app.foundation.guarding import register_guard, register_keeper
from app.foundation.languages import register_namer
from app.foundation.messages import msg
from app.foundation.outbox import Fact
from app.foundation.worker import Reactions
from app.jobs.starting import tend_jobs, tend_results
from app.lessons import events as lessons
from app.lessons.queries import register_subject
from app.lessons.renewal.reactions import look_again
from app.matching.advice.keeping import keep_answers
from app.matching.feedback import events as feedback
from app.matching.guard.looks import guard
from app.matching.overlaps.reactions import update_overlaps
from app.matching.reactions import update_matches
from app.matching.relations import events as relations
from app.matching.relations.records import register_kind
from app.needs import events as needs
from app.needs.limits import events as limits
from app.needs.reactions import post_unopposed
from app.nominations import events as nominations
from app.nominations.amending import events as amending
from app.nominations.amending.news import NEWS as AMENDING_NEWS
from app.nominations.amending.news import register_letters as register_amending
from app.nominations.answering_times import nominations_decided
from app.nominations.certificates import events as certificates
from app.nominations.certificates.news import NEWS as CERTIFICATE_NEWS
from app.nominations.certificates.news import register_letters as register_certificates
from app.nominations.checks import seats_given
from app.nominations.evaluations.links import register_letters as register_evaluations
from app.nominations.evaluations.reactions import ask_people
from app.nominations.handing import count_candidates, move_candidates
from app.nominations.names import sex_name
from app.nominations.news import NEWS as NOMINATION_NEWS
from app.nominations.news import register_letters
from app.nominations.queries import readable_session
from app.nominations.reactions import tend_sessions
from app.nominations.sponsors import events as sponsors
from app.nominations.sponsors.news import NEWS as SPONSOR_NEWS
from app.nominations.sponsors.reactions import settle_passes
from app.notifications.alerts.letters import register_letters as register_alerts
from app.notifications.alerts.reactions import sweep_searches, tell_followers
from app.notifications.deadlines.reactions import tell_of_deadlines
from app.notifications.following.reactions import tell_those_who_follow
from app.notifications.handing_over import count_followed, move_followed
from app.notifications.links.views import stop as stop_mails
from app.notifications.mailer import send_mails
from app.notifications.overlaps.reactions import tell_of_overlaps
from app.notifications.reactions import register_news, tell_people
from app.organisations import events as organisations
from app.overview.radar import wording as quarters
from app.pledges import events as pledges
from app.pledges.models import Pledge
from app.pledges.queries import find_pledge
from app.pledges.reactions import lapse_due
from app.pledges.relations import find_pledge_sides
from app.programmes import events as programmes
from app.reference.concepts import concept_name
from app.reports.making import register_reports
from app.reports.regional.signing import register_signing
from app.search.reactions import tend_index, update_index
from app.upkeep import events as upkeep
from app.upkeep.asking.letters import register_letters as register_askings
from app.upkeep.clocks.news import NEWS as CLOCK_NEWS
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
    lessons.LessonReviewEnded: ("tell",),
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
    files.FileKept: ("scan", "read"),
    files.FileRead: ("index",),
    files.FileTakenAway: ("take away", "index", "tell"),
}

REACTIONS = Reactions(
    wakes=WAKES,
    handlers={
        "take away": take_away,
        "index": update_index,
        "follow": tell_those_who_follow,
        "match": update_matches,
        "overlap": update_overlaps,
        "invite": invite_applicants,
        "seats": settle_passes,
        "tell": tell_people,
        "alike": tell_of_overlaps,
        "alert": tell_followers,
        "close": ask_lessons,
        # Last, since a file takes longer than all the rest of what happens.
        "scan": scan_files,
        "read": read_files,
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
        tend_jobs,
        tend_results,
        tend_files,
        ask_scanner_again,
        forget_workbooks,
        Sweep(),
    ),
)


def init_app(app: Flask) -> None:
    """Let the higher features say to the lower ones what these cannot know of themselves."""
    register_namer("concept", concept_name)
    register_namer("sex", sex_name)
    quarters.register()
    register_guard(guard)
    register_keeper(keep_answers)
    register_kind(Pledge, find_pledge_sides)
    register_subject("pledge", find_pledge)
    register_subject("session", readable_session)
    register_session_check(seats_given)
    register_letters()
    register_certificates()
    register_amending()
    register_evaluations()
    register_alerts()
    register_askings()
    register_own()
    register_imports()
    register_reports()
    register_signing()
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
    # A mail program that stops mails by one request (RFC 8058) has no form and no cookie: the signed word is its proof.
    app.extensions["csrf"].exempt(f"{stop_mails.__module__}.{stop_mails.__name__}")
