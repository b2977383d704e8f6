"""The address of a search of the record, the filters in use, where records have their pages, and the rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from app.foundation.languages import day_text, say
from app.foundation.messages import msg
from app.foundation.spreadsheets.sheets import Cell, csv_file
from app.foundation.web import current_language, gettext, url_for
from app.record.kinds import KINDS
from app.record.queries import Filters, Row, page_ref
from app.record.rules import NO_REFERENCE, is_reference, record_words

LONGEST_PAGE_NUMBER = 6
PAGES = {
    "clarification": "clarifications.page",
    "thread": "messages.thread",
    "organisation": "organisations.page", "need": "needs.page", "programme": "programmes.page",
    "course": "courses.page", "lesson": "lessons.page", "output": "outputs.page", "pledge": "pledges.page",
    "meeting": "meetings.page",
    "action_point": "meetings.page",
    "limit": "limits.page",
    "sponsorship": "sponsors.page",
}  # fmt: skip
HEAD = (
    msg("When (UTC)"), msg("What happened"), msg("In detail"), msg("Who"), msg("Who, reference"), msg("Kind of record"),
    msg("Record"), msg("Version"), msg("Organisation"), msg("Organisation, reference"), msg("Network address"),
    msg("Code of the event"),
)  # fmt: skip


def values_of(filters: Filters) -> dict[str, str]:
    """What is asked for, as it stands in an address; what is not asked for is left out."""
    days = {"since": filters.since, "until": filters.until}
    asked = {"q": filters.words, "kind": filters.kind, **{key: day.isoformat() for key, day in days.items() if day}}
    return {key: value for key, value in asked.items() if value}


def names_somebody(filters: Filters) -> bool:
    """Whether the words may be a person's name or address: whatever is no reference may be."""
    return bool(filters.words) and not is_reference(filters.words.upper())


def what_is_left(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was typed, without the filter that a button takes away."""
    gone = typed.get("without", "")
    return MultiDict((name, value) for name, value in typed.items(multi=True) if name != gone)


def page_number(typed: MultiDict[str, str]) -> int:
    """The page that is asked for; the first if that is no number of one."""
    text = typed.get("page", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_PAGE_NUMBER else 1


def address_of(filters: Filters, page: int = 1) -> str:
    """The address of one page of a search."""
    values: dict[str, Any] = {**values_of(filters), **({"page": page} if page > 1 else {})}
    return url_for("record.search", **values)


def in_use(filters: Filters) -> list[dict[str, str]]:
    """The filters that narrow the search, each with the address that takes it away."""
    language = current_language()
    used = [
        ("q", gettext("Words"), filters.words, replace(filters, words="")),
        ("kind", gettext("Kind"), _kind_in_words(filters, language), replace(filters, kind="")),
        ("since", gettext("From"), _day_in_words(filters.since, language), replace(filters, since=None)),
        ("until", gettext("Until"), _day_in_words(filters.until, language), replace(filters, until=None)),
    ]
    return [
        # Without an address the page takes a button that sends the rest along in its body.
        {"name": name, "label": f"{label}:", "value": value, "remove_url": _harmless(left)}
        for name, label, value, left in used
        if value
    ]


def _kind_in_words(filters: Filters, language: str) -> str:
    return say(KINDS[filters.kind].name, language) if filters.kind else ""


def _day_in_words(day: date | None, language: str) -> str:
    return day_text(day, language) if day else ""


def _harmless(filters: Filters) -> str:
    return "" if names_somebody(filters) else address_of(filters)


def page_of(row: Row) -> str | None:
    """The address of the record's page, if it has one that the reader may open."""
    event = row.event
    if not row.opens:
        return None
    if event.record_kind == "course_session":
        return url_for("courses.session_page", ref=page_ref(event), session_ref=event.record_ref)
    return url_for(PAGES[event.record_kind], ref=page_ref(event))


def file_of(rows: list[Row]) -> bytes:
    """The events as a table for a spreadsheet, in the page's language."""
    language = current_language()
    return csv_file([say(title, language) for title in HEAD], (list(_cells(row, language)) for row in rows))


def _cells(row: Row, language: str) -> Iterator[Cell]:
    event = row.event
    yield event.happened_at.strftime("%Y-%m-%d %H:%M:%S")
    yield say(row.what, language)
    yield "; ".join(say(phrase, language) for phrase in row.details)
    yield row.person.name if row.person else ""
    yield row.person.ref if row.person else ""
    yield say(record_words(event.record_kind), language)
    yield "" if event.record_ref == NO_REFERENCE else event.record_ref
    yield event.record_version
    yield row.organisation.name if row.organisation else ""
    yield row.organisation.ref if row.organisation else ""
    yield row.address
    yield event.action
