"""Which feature draws a panel on which page of a lower one: the one table of all panels, in the order of each page."""

from __future__ import annotations

from flask import Flask

from app.accounts.people import people_panel
from app.closing.panels import desk_asked
from app.conversations.clarifications.panels import clarifications_on, desk_clarifications
from app.conversations.messages.panels import desk_messages, messages_on_match, messages_on_pledge
from app.coordination.panels import country_meetings, desk_points
from app.courses.calendar.panels import sessions_of_centre
from app.demonstration.panels import code_of_invented
from app.exchange.iati_out.panels import (
    file_of_programme,
    files_of_organisation,
    head_of_organisation,
    head_of_programme,
)
from app.exchange.lists.panels import files_of_list
from app.exchange.structured.panels import head_of, head_of_country, head_of_open_data
from app.exchange.structured.panels import head_of_organisation as structured_organisation
from app.foundation.web import Provider, register_panel
from app.help.views import first_steps_panel
from app.jobs.panels import desk_jobs
from app.lessons.panels import lessons_on
from app.matching.advice.panels import advice_beside, advice_on, advice_on_match, uses_on_lesson
from app.matching.guard.panels import held_waiting
from app.matching.overlaps.panels import alike_on_programme
from app.matching.panels import matches_on_cards, matches_on_need, matches_on_offer
from app.matching.relations.panels import relations_on
from app.needs.cards import CardPart, register_card_part
from app.needs.limits.panels import limits_in_country, limits_of_organisation
from app.nominations.certificates.panels import (
    actions_on_nomination,
    certificate_on_nomination,
    issue_on_session,
    stuck_on_session,
)
from app.nominations.conflicts.panels import alike_on_session, beside_form, on_nomination
from app.nominations.evaluations.panels import answers_on_session
from app.nominations.exchange.panels import lines_on_session, seats_on_need
from app.nominations.panels import desk_nominations, seats_on_session
from app.nominations.sheet.panels import sheet_actions
from app.nominations.sponsors.panels import desk_sponsorships, seats_for_country, sponsors_on_session
from app.notifications.bounces.panels import mail_comes_back
from app.notifications.following.panels import follow_on, subscriptions_kept
from app.notifications.panels import desk_notices, header_notices
from app.overview.panels import organisation_records
from app.pledges.panels import desk_pledges, ledger_on_cards, need_ledger
from app.record.panels import history_on
from app.reports.panels import account_on_country, note_on_need, portfolio_on_pledges, reports_of_grouping
from app.search.panels import duplicates_beside
from app.upkeep.asking.panels import desk_records, said_of
from app.upkeep.clocks.panels import clocks_on_need
from app.upkeep.handing_over.panels import orphaned_need, orphaned_organisation

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
    ("need.head", head_of("need")),
    ("programme.head", head_of("programme")),
    ("lesson.head", head_of("lesson")),
    ("output.head", head_of("output")),
    ("organisation.head", structured_organisation),
    ("country.head", head_of_country),
    ("open_data.head", head_of_open_data),
    ("need.foot", history_on("need")),
    ("lesson.page", uses_on_lesson),
    ("lesson.page", history_on("lesson")),
    ("output.page", history_on("output")),
    ("limit.page", history_on("limit")),
    ("desk.mail", mail_comes_back),
    ("desk.welcome", first_steps_panel),
    ("desk.waiting", desk_jobs),
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
    ("list.files", files_of_list),
    ("need.actions", follow_on("need")),
    ("need.actions", note_on_need),
    ("country.reports", account_on_country),
    ("grouping.reports", reports_of_grouping),
    ("pledges.reports", portfolio_on_pledges),
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


def init_app(_app: Flask) -> None:
    """Hang the panels of the higher features on the pages of the lower ones."""
    for name, provider in PANELS:
        register_panel(name, provider)
    for part in CARD_PARTS:
        register_card_part(part)
