"""Which fact wakes whom, and which feature draws a panel on which page: the one table of all upward connections."""

from __future__ import annotations

from flask import Flask

from app.accounts import events as accounts
from app.accounts.people import people_panel
from app.accounts.privacy.reactions import forget
from app.accounts.reactions import invite_applicants
from app.coordination import events as coordination
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
from app.foundation.guarding import register_guard
from app.foundation.languages import register_namer
from app.foundation.outbox import Fact
from app.foundation.web import Provider, register_panel
from app.foundation.worker import Reactions
from app.help.views import first_steps_panel
from app.lessons import events as lessons
from app.lessons.panels import lessons_beside, lessons_on
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
from app.nominations.certificates import events as certificates
from app.nominations.certificates.news import NEWS as CERTIFICATE_NEWS
from app.nominations.certificates.news import register_letters as register_certificates
from app.nominations.certificates.panels import actions_on_nomination, certificate_on_nomination, issue_on_session
from app.nominations.checks import seats_given
from app.nominations.conflicts.panels import alike_on_session, beside_form, on_nomination
from app.nominations.evaluations.links import register_letters as register_evaluations
from app.nominations.evaluations.panels import answers_on_session
from app.nominations.evaluations.reactions import ask_people
from app.nominations.exchange.panels import lines_on_session, seats_on_need
from app.nominations.names import sex_name
from app.nominations.news import NEWS as NOMINATION_NEWS
from app.nominations.news import register_letters
from app.nominations.panels import desk_nominations, seats_on_session
from app.nominations.reactions import tend_sessions
from app.nominations.sheet.panels import sheet_actions
from app.nominations.sponsors import events as sponsors
from app.nominations.sponsors.news import NEWS as SPONSOR_NEWS
from app.nominations.sponsors.panels import desk_sponsorships, seats_for_country, sponsors_on_session
from app.nominations.sponsors.reactions import settle_passes
from app.notifications.mailer import send_mails
from app.notifications.panels import desk_notices, header_notices
from app.notifications.reactions import register_news, tell_people
from app.organisations import events as organisations
from app.overview.panels import organisation_records
from app.overview.radar import wording as quarters
from app.pledges import events as pledges
from app.pledges.models import Pledge
from app.pledges.panels import desk_pledges, ledger_on_cards, need_ledger
from app.pledges.reactions import lapse_due
from app.pledges.relations import find_pledge_sides
from app.programmes import events as programmes
from app.record.panels import history_on
from app.reference.concepts import concept_name
from app.search.panels import duplicates_beside
from app.search.reactions import tend_index, update_index

ALL = ("index", "match", "tell")
"""Index first, then match (which asks the index), then tell people (who are told of matches)."""
PROGRAMME = ("index", "match", "overlap", "tell")
"""A programme is compared with other programmes besides."""

WAKES: dict[type[Fact], tuple[str, ...]] = {
    accounts.InvitationMade: ("tell",),
    accounts.ConfirmationAsked: ("tell",),
    accounts.AddressChanged: ("tell",),
    accounts.AccountGuarded: ("tell",),
    organisations.OrganisationApplied: ("tell",),
    organisations.OrganisationVerified: ("invite", "tell"),
    organisations.OrganisationMerged: ("index",),
    organisations.OrganisationRefused: ("tell",),
    organisations.OrganisationTrusted: (),
    organisations.OrganisationSuspended: ("tell",),
    organisations.OrganisationReinstated: ("tell",),
    needs.NeedPosted: ALL,
    needs.NeedPassing: ("tell",),
    needs.NeedReturned: ("tell",),
    needs.NeedAmended: ALL,
    needs.NeedClosed: ALL,
    needs.NeedWithdrawn: ALL,
    needs.NeedConfirmed: ("index",),
    needs.ResultRecorded: (),
    limits.LimitSet: (),
    limits.LimitAmended: (),
    limits.LimitEnded: (),
    programmes.ProgrammePosted: PROGRAMME,
    programmes.ProgrammeAmended: PROGRAMME,
    programmes.ProgrammeClosed: PROGRAMME,
    programmes.ProgrammeImported: ("index", "match", "overlap"),
    courses.CoursePosted: ALL,
    courses.CourseAmended: ALL,
    courses.CourseWithdrawn: ALL,
    courses.SessionPosted: ALL,
    courses.SessionChanged: ALL,
    courses.SessionCancelled: ALL,
    lessons.LessonRecorded: ("index", "tell"),
    lessons.LessonAmended: ("index",),
    lessons.LessonValidated: ("index", "tell"),
    lessons.LessonReturned: ("index", "tell"),
    lessons.OutputRecorded: ("index", "match"),
    lessons.OutputAmended: ("index", "match"),
    feedback.MatchReviewed: ("match",),
    relations.RelationDeclared: ("tell",),
    pledges.PledgeMade: ("tell",),
    pledges.PledgeAccepted: ("index", "seats", "tell"),
    pledges.PledgeDeclined: ("tell",),
    pledges.PledgeWithdrawn: ("index", "tell"),
    pledges.PledgeChanged: ("tell",),
    pledges.ContributionConfirmed: ("index", "tell"),
    coordination.MeetingConvened: ("tell",),
    coordination.MeetingChanged: ("tell",),
    coordination.MeetingHeld: ("tell",),
    coordination.MeetingCancelled: ("tell",),
    coordination.ActionPointSet: ("tell",),
    coordination.ActionPointChanged: ("tell",),
    coordination.ActionPointClosed: ("tell",),
    nominations.NominationMade: ("tell",),
    nominations.ManyNominated: ("tell",),
    nominations.NominationDecided: ("tell",),
    nominations.ResultWritten: ("tell",),
    nominations.ResultAgreed: ("index", "tell"),
    nominations.IntakeChanged: (),
    coordination.ActionPointReopened: ("tell",),
    certificates.CertificateIssued: ("tell",),
    certificates.CertificateRevoked: ("tell",),
    sponsors.SeatsOffered: ("tell",),
    sponsors.SponsorshipMoved: ("tell",),
}

REACTIONS = Reactions(
    wakes=WAKES,
    handlers={
        "index": update_index,
        "match": update_matches,
        "overlap": update_overlaps,
        "invite": invite_applicants,
        "seats": settle_passes,
        "tell": tell_people,
    },
    idle=(send_mails, lapse_due, tend_sessions, ask_people, post_unopposed, forget, sign_due, tend_index),
)

PANELS: tuple[tuple[str, Provider], ...] = (
    ("need.ledger", need_ledger),
    ("need.matches", matches_on_need),
    ("need.seats", seats_on_need),
    ("need.relations", relations_on),
    ("need.lessons", lessons_on),
    ("programme.matches", matches_on_offer("programme")),
    ("programme.relations", relations_on),
    ("programme.alike", alike_on_programme),
    ("programme.lessons", lessons_on),
    ("course.matches", matches_on_offer("course")),
    ("course.relations", relations_on),
    ("course.lessons", lessons_on),
    ("pledge.relations", relations_on),
    ("need.form.lessons", lessons_beside("need-form")),
    ("need.form.duplicates", duplicates_beside("need-form")),
    ("programme.form.lessons", lessons_beside("programme-form")),
    ("programme.form.duplicates", duplicates_beside("programme-form")),
    ("course.form.lessons", lessons_beside("course-form")),
    ("organisation.people", people_panel),
    ("organisation.records", limits_of_organisation),
    ("organisation.records", sessions_of_centre),
    ("organisation.records", organisation_records),
    ("country.limits", limits_in_country),
    ("organisation.aside", files_of_organisation),
    ("organisation.head", head_of_organisation),
    ("programme.aside", file_of_programme),
    ("programme.head", head_of_programme),
    ("need.foot", history_on("need")),
    ("lesson.page", history_on("lesson")),
    ("output.page", history_on("output")),
    ("limit.page", history_on("limit")),
    ("desk.welcome", first_steps_panel),
    ("desk.waiting", desk_pledges),
    ("desk.waiting", desk_points),
    ("desk.waiting", desk_nominations),
    ("desk.waiting", desk_sponsorships),
    ("course.session", alike_on_session),
    ("course.session", seats_on_session),
    ("nominations.actions", sheet_actions),
    ("nominations.actions", issue_on_session),
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
    ("desk.notices", desk_notices),
    ("header.notices", header_notices),
    ("second_step.hint", code_of_invented),
)


CARD_PARTS: tuple[CardPart, ...] = (ledger_on_cards, matches_on_cards)
"""What stands on the cards of needs, in this order."""


def init_app(_app: Flask) -> None:
    """Hang the panels of the higher features on the pages of the lower ones."""
    register_namer("concept", concept_name)
    register_namer("sex", sex_name)
    quarters.register()
    register_guard(guard)
    register_kind(Pledge, find_pledge_sides)
    for name, provider in PANELS:
        register_panel(name, provider)
    register_session_check(seats_given)
    register_letters()
    register_certificates()
    register_evaluations()
    told_of = (COORDINATION_NEWS, NOMINATION_NEWS, CERTIFICATE_NEWS, SPONSOR_NEWS)
    for fact, news in (pair for table in told_of for pair in table.items()):
        register_news(fact, news)
    for part in CARD_PARTS:
        register_card_part(part)
