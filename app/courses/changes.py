"""A course word for word, as a version keeps it, and how each part of it is said when two versions are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.courses import rules
from app.courses.models import Course
from app.foundation.languages import name_of, number_text, say
from app.foundation.messages import Message, msg, pmsg
from app.foundation.wording.versions import rows_of, snapshot_of
from app.foundation.wording.words import Part, chosen, coded, day, money, number, rows

COLUMNS = (
    "language", "type", "code", "title", "description", "objectives", "audience", "prerequisites", "level", "format",
    "hours", "hosts", "fee_amount", "currency", "fee_covers", "fee_includes", "assessment", "pass_mark", "certificate",
    "recognised_by", "purpose_code",
)  # fmt: skip
FACETS = {"theme": "themes", "country": "countries", "grouping": "groupings", "language": "languages"}
SESSION_PARTS = ("starts_on", "ends_on", "place", "country", "seats", "register_by", "status")
SESSION_STATUSES: Mapping[str, Message] = {**rules.SESSION_CHOICES, "cancelled": pmsg("session", "Cancelled")}


def snapshot(course: Course) -> dict[str, Any]:
    """Every word of a course as plain values, with its sessions in the order of their days."""
    sessions = sorted(course.sessions, key=lambda session: (session.starts_on, session.ref or ""))
    return snapshot_of(course, COLUMNS, FACETS) | {"sessions": rows_of(sessions, SESSION_PARTS)}


def _session(row: Mapping[str, Any], language: str) -> list[str]:
    days = msg(
        "%(start)s to %(end)s", start=day(row["starts_on"], row, language), end=day(row["ends_on"], row, language)
    )
    until = msg("register by %(day)s", day=day(row["register_by"], row, language)) if row["register_by"] else ""
    return [
        say(days, language),
        row["place"],
        name_of("country", row["country"] or "", language),
        say(msg("Seats: %(number)s", number=number_text(row["seats"], language)), language),
        say(until, language),
        chosen(SESSION_STATUSES)(row["status"], row, language),
    ]


def _included(codes: Any, _state: Mapping[str, Any], language: str) -> str:
    return ", ".join(say(rules.INCLUDED.get(code, code), language) for code in codes or ())


PARTS: Mapping[str, Part] = {
    "language": Part(msg("Language"), coded("language")),
    "title": Part(msg("Title")),
    "type": Part(msg("Type of course"), chosen(rules.TYPES)),
    "code": Part(msg("Code")),
    "description": Part(msg("What the course is about")),
    "themes": Part(msg("Themes"), coded("theme")),
    "objectives": Part(msg("What one can do afterwards")),
    "level": Part(msg("Level"), chosen(rules.LEVELS)),
    "format": Part(msg("Form"), chosen(rules.FORMATS)),
    "languages": Part(msg("Languages of teaching"), coded("language")),
    "hours": Part(msg("Hours of teaching"), number),
    "countries": Part(msg("Eligible countries"), coded("country")),
    "groupings": Part(msg("Eligible groupings"), coded("grouping")),
    "audience": Part(msg("Whom it is for")),
    "prerequisites": Part(msg("What one has to know or be before")),
    "hosts": Part(msg("Given together with")),
    "fee_amount": Part(msg("Fee for each participant"), money),
    "fee_covers": Part(msg("What the fee covers")),
    "fee_includes": Part(msg("The fee includes"), _included),
    "assessment": Part(msg("How one is assessed")),
    "pass_mark": Part(msg("Pass mark"), number),
    "certificate": Part(msg("Certificate")),
    "recognised_by": Part(msg("Who recognises the certificate")),
    "purpose_code": Part(msg("Purpose"), coded("purpose")),
    "sessions": Part(msg("Sessions"), rows(_session), is_list=True),
    "disclosure": Part(msg("Who may see it"), chosen(rules.DISCLOSURE_NAMES)),
}
"""In the order of the form."""
