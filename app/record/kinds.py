"""By which kinds one looks for events in the record, and every action that is ever recorded in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.foundation.messages import Message, msg
from app.organisations.rules import PAST as ORGANISATIONS


@dataclass(frozen=True)
class Kind:
    """A kind of events, as one chooses it in the search: its name, and the words of its actions."""

    name: Message
    words: Mapping[str, Message]


KINDS: Mapping[str, Kind] = {
    "sign_ins": Kind(
        msg("Sign-ins"),
        {
            "account.signed_in": msg("Signed in"),
            "account.signed_out": msg("Signed out"),
            "account.sign_in_tried": msg("Sign-in tried with a password"),
            "account.second_step_tried": msg("Sign-in tried with a second step"),
        },
    ),
    "accounts": Kind(
        msg("Accounts"),
        {
            "account.created": msg("Account opened"),
            "account.changed": msg("Name or language changed"),
            "account.password_changed": msg("Password changed"),
            "account.password_reset": msg("New password chosen by a link in a mail"),
            "account.reset_asked": msg("Link for a new password asked for"),
            "account.email_change_asked": msg("Change of e-mail address asked for"),
            "account.email_changed": msg("E-mail address changed"),
            "account.second_step_added": msg("Second step added"),
            "account.second_step_removed": msg("Second step removed"),
            "account.second_steps_cleared": msg("All second steps removed by the secretariat"),
            "account.sign_ins_ended": msg("All sign-ins ended by the secretariat"),
            "account.recovery_codes_renewed": msg("Recovery codes made anew"),
            "account.closed": msg("Account closed"),
            "account.token_made": msg("Token for programs made"),
            "account.token_revoked": msg("Token for programs revoked"),
            "account.mail_wishes_changed": msg("How often news comes by mail changed"),
            "account.mail_failed": msg("Mail to an address came back"),
            "account.mail_tried_again": msg("Mail to an address tried again"),
        },
    ),
    "roles": Kind(
        msg("Roles and invitations"),
        {
            "organisation.role_changed": msg("Role changed"),
            "organisation.member_joined": msg("Somebody joined an organisation"),
            "organisation.member_removed": msg("Somebody no longer acts for an organisation"),
            "invitation.made": msg("Somebody invited"),
            "invitation.accepted": msg("Invitation accepted"),
            "invitation.revoked": msg("Invitation taken back"),
        },
    ),
    "organisations": Kind(msg("Organisations"), ORGANISATIONS),
    "needs": Kind(
        msg("Needs"),
        {
            "need.submitted": msg("Need sent in; somebody looks at it first"),
            "need.passed": msg("Need passed by somebody who was asked"),
            "need.returned": msg("Need returned to its author"),
            "need.acknowledged": msg("Need acknowledged"),
            "need.circulated": msg("Need sent on to organisations"),
            "need.outcome_asked": msg("Asked a year later whether the need was met"),
            "need.outcome_said": msg("Said a year later whether the need was met"),
            "upkeep.needs_change": msg("Said by a link that a record needs a change"),
            "upkeep.said_over": msg("Said by a link that a record is over"),
            "need.posted": msg("Need posted"),
            "need.amended": msg("Need amended"),
            "need.confirmed": msg("Need confirmed: it still stands"),
            "need.partly_met": msg("Need partly met"),
            "need.met": msg("Need met"),
            "need.closed": msg("Need closed"),
            "need.withdrawn": msg("Need withdrawn"),
            "need.result_recorded": msg("Result recorded"),
            "need.line_covered": msg("A part of a need covered without a pledge"),
            "need.line_uncovered": msg("What covered a part of a need taken back"),
        },
    ),
    "limits": Kind(
        msg("Limits of absorption"),
        {
            "limit.set": msg("Limit set"),
            "limit.amended": msg("Limit amended"),
            "limit.ended": msg("Limit ended"),
        },
    ),
    "offers": Kind(
        msg("Programmes and courses"),
        {
            "programme.posted": msg("Programme posted"),
            "programme.amended": msg("Programme amended"),
            "programme.confirmed": msg("Programme confirmed: it still stands"),
            "programme.closed": msg("Programme closed"),
            "programme.cancelled": msg("Programme cancelled"),
            "programme.suspended": msg("Programme suspended"),
            "programme.imported": msg("Programme read from an IATI file"),
            "programme.released": msg("Programme shown, after its likeness to another one was answered"),
            "programme.imported_again": msg("Programme brought up to date from an IATI file"),
            "course.posted": msg("Course posted"),
            "course.amended": msg("Course amended"),
            "course.confirmed": msg("Course confirmed: it still stands"),
            "course.withdrawn": msg("Course withdrawn"),
            "course_session.posted": msg("Session posted"),
            "course_session.amended": msg("Session amended"),
            "course_session.cancelled": msg("Session cancelled"),
            "course_session.intake_set": msg("Quotas and terms set"),
        },
    ),
    "pledges": Kind(
        msg("Pledges and deliveries"),
        {
            "pledge.interest_stated": msg("Interest stated"),
            "pledge.made": msg("Pledge made"),
            "pledge.pledged": msg("The interest became a pledge"),
            "pledge.accepted": msg("Pledge accepted by the recipient"),
            "pledge.declined": msg("Pledge declined by the recipient"),
            "pledge.withdrawn": msg("Pledge withdrawn by the donor"),
            "pledge.lapsed": msg("Pledge lapsed: its day passed"),
            "pledge.committed": msg("Pledge committed by the donor"),
            "pledge.delivering": msg("Delivery began"),
            "pledge.delivery_recorded": msg("A delivery was recorded"),
            "pledge.delivery_confirmed": msg("A delivery was confirmed by the other side"),
            "pledge.delivery_disputed": msg("The other side says another figure of a delivery"),
            "pledge.delivery_agreed": msg("Both sides agree on a delivery"),
            "pledge.delivery_taken_back": msg("A delivery was taken back: it had been written down wrongly"),
            "pledge.delivered": msg("Pledge delivered, as both sides confirm"),
        },
    ),
    "nominations": Kind(
        msg("Candidates"),
        {
            "nomination.made": msg("Somebody put forward for a session"),
            "nomination.approved": msg("A candidate given a seat"),
            "nomination.waitlisted": msg("A candidate put on the waiting list"),
            "nomination.rejected": msg("A candidate turned down by the centre"),
            "nomination.confirmed": msg("A seat confirmed by the candidate"),
            "nomination.withdrawn": msg("A candidate withdrawn, or a seat taken back"),
            "nomination.attended": msg("A candidate attended"),
            "nomination.passed": msg("A candidate passed"),
            "nomination.failed": msg("A candidate failed"),
            "nomination.no_show": msg("A candidate did not come"),
            "nomination.agreed": msg("A result confirmed by whoever nominated"),
            "nomination.amended": msg("A candidate amended by whoever nominated"),
            "nomination.ranked": msg("A candidate given another rank"),
            "nomination.forgotten": msg("Personal data of a candidate erased"),
            "nomination.certified": msg("A certificate issued"),
            "nomination.certificate_revoked": msg("A certificate not valid any more: the result has changed"),
        },
    ),
    "sponsorships": Kind(
        msg("Sponsored seats"),
        {
            "sponsorship.offered": msg("Seats offered by a sponsor"),
            "sponsorship.accepted": msg("Sponsored seats accepted by the centre"),
            "sponsorship.declined": msg("Sponsored seats declined by the centre"),
            "sponsorship.withdrawn": msg("Sponsored seats withdrawn by the sponsor"),
        },
    ),
    "conversations": Kind(
        msg("Questions and messages"),
        {
            "clarification.asked": msg("Question asked; who asked is sealed"),
            "clarification.answered": msg("Question answered"),
            "clarification.amended": msg("Answer to a question amended"),
            "clarification.declined": msg("Question declined by the owner"),
            "clarification.withdrawn": msg("Question taken back by whoever asked"),
            "message.sent": msg("Private message sent"),
        },
    ),
    "files": Kind(
        msg("Files"),
        {
            "file.cleared": msg("File scanned; nothing was found"),
            "file.refused": msg("File taken away: the scanner found something in it"),
        },
    ),
    "lessons": Kind(
        msg("Lessons and outputs"),
        {
            "lesson.recorded": msg("Lesson told"),
            "lesson.amended": msg("Lesson amended"),
            "lesson.validated": msg("Lesson validated"),
            "lesson.returned": msg("Lesson returned to its author"),
            "lesson.reviewer_asked": msg("Somebody asked to review a lesson"),
            "lesson.reviewer_dismissed": msg("Review of a lesson taken back"),
            "lesson.commented": msg("Comment on a lesson"),
            "lesson.corroborated": msg("Two lessons said to corroborate each other"),
            "lesson.contradicted": msg("Two lessons said to contradict each other"),
            "lesson.untied": msg("What was said of two lessons taken back"),
            "lesson.affirmed": msg("Lesson looked at again: still true"),
            "lesson_answer.applied": msg("Lesson said to be applied"),
            "lesson_answer.not_applicable": msg("Lesson said not to apply"),
            "lesson_request.asked": msg("A lesson asked for at the end"),
            "lesson_request.told": msg("A lesson told that was asked for"),
            "lesson_request.nothing": msg("Nothing to tell at the end"),
            "output.recorded": msg("Output recorded"),
            "output.amended": msg("Output amended"),
        },
    ),
    "meetings": Kind(
        msg("Meetings and action points"),
        {
            "meeting.convened": msg("Meeting convened"),
            "meeting.amended": msg("Meeting amended"),
            "meeting.agenda_changed": msg("Agenda of a meeting changed"),
            "meeting.held": msg("Meeting held, minutes written"),
            "meeting.cancelled": msg("Meeting cancelled"),
            "action_point.set": msg("Action point agreed"),
            "action_point.amended": msg("Action point amended"),
            "action_point.reopened": msg("Action point opened again"),
            "action_point.done": msg("Action point done"),
            "action_point.dropped": msg("Action point dropped"),
        },
    ),
    "matches": Kind(
        msg("Words on matches"),
        {
            "match.said_useful": msg("Match said to be useful"),
            "match.said_not_fit": msg("Match said not to fit"),
            "match.answer_withdrawn": msg("Word on a match taken back"),
            "match.down": msg("Match put last for everybody"),
            "match.up": msg("Match put first for everybody"),
            "match.kept": msg("Match kept as it is"),
        },
    ),
    "site": Kind(msg("The site itself"), {"site.tried_again": msg("What had failed let be tried again")}),
    "rates": Kind(msg("Currency rates"), {"rates.imported": msg("Currency rates imported")}),
    "relations": Kind(
        msg("How records stand to each other"),
        {
            "relation.declared": msg("Said how two records stand to each other"),
            "relation.left_open": msg("Posted beside a record that seems to be the same, without an answer"),
        },
    ),
    "jobs": Kind(
        msg("Work in the background"),
        {"job.started": msg("Work in the background started"), "job.ended": msg("Work in the background ended")},
    ),
    "imports": Kind(
        msg("Imports of files"),
        {
            "import.begun": msg("Files uploaded to be imported"),
            "import.reporter_said": msg("Said whether a reporter is the organisation of the same name"),
            "import.confirmed": msg("Import of files confirmed"),
            "import.saved": msg("Files imported"),
            "import.undo_asked": msg("Undoing of an import asked for"),
            "import.undone": msg("Import undone"),
            "import.taken_up": msg("Import of files taken up again"),
            "programme.import_undone": msg("Import of a programme undone"),
        },
    ),
    "reports": Kind(
        msg("Reports"),
        {
            "report.made": msg("Report made"),
            "regional_report.begun": msg("Regional report begun"),
            "regional_report.amended": msg("Regional report amended"),
            "regional_report.dropped": msg("Draft of a regional report thrown away"),
            "regional_report.signed": msg("Regional report signed"),
        },
    ),
    "looks": Kind(
        msg("Looks and exports"),
        {
            "need.looked": msg("Need looked at by the secretariat"),
            "programme.looked": msg("Programme looked at by the secretariat"),
            "course.looked": msg("Course looked at by the secretariat"),
            "output.looked": msg("Output looked at by the secretariat"),
            "clarification.looked": msg("Who asked a question looked at by the secretariat"),
            "account.exported": msg("Own data taken along"),
            "audit.exported": msg("The record taken along as a file"),
            "export.made": msg("A list taken along as a file"),
        },
    ),
}
"""Every action stands in one kind."""
