"""What the kinds of records are called of which the record of events speaks."""

from __future__ import annotations

from collections.abc import Mapping

from app.foundation.messages import Message, msg

RECORDS: Mapping[str, Message] = {
    "account": msg("Account"),
    "import": msg("Import of files"),
    "job": msg("Work in the background"),
    "made_report": msg("Report"),
    "regional_report": msg("Regional report"),
    "invitation": msg("Invitation"),
    "organisation": msg("Organisation"),
    "need": msg("Need"),
    "limit": msg("Limit of absorption"),
    "programme": msg("Programme"),
    "course": msg("Course"),
    "course_session": msg("Session of a course"),
    "lesson": msg("Lesson"),
    "lesson_tie": msg("Two lessons"),
    "lesson_answer": msg("Answer to a lesson"),
    "lesson_request": msg("Lesson asked for"),
    "output": msg("Output"),
    "pledge": msg("Pledge"),
    "sponsorship": msg("Sponsored seats"),
    "clarification": msg("Question"),
    "thread": msg("Private messages"),
    "meeting": msg("Meeting"),
    "action_point": msg("Action point"),
    "match_answer": msg("Word on a match"),
    "match_review": msg("Decision on a match"),
    "rates": msg("Currency rates"),
    "record": msg("The record itself"),
    "site": msg("The site itself"),
    "export": msg("Export"),
    "file": msg("File"),
}
"""The kinds of records that events are about."""
