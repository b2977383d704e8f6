"""The list of courses: what its address asks for, the choices beside it, and the filters in use."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from app.courses.queries import DATES, SORTS, CourseFilters
from app.courses.rules import TYPES
from app.foundation.confirming import CONFIRMED
from app.foundation.listing import Asked, Known, Words, read_address
from app.foundation.messages import Message, msg
from app.foundation.web import gettext
from app.reference.countries import countries
from app.reference.themes import themes

LONGEST_CODE = 3
DATES_NAMES: Mapping[str, Message] = {"with": msg("Dates are set"), "without": msg("Without dates for now")}
KNOWN: Known = {
    "dates": lambda code: code in DATES,
    "confirmed": lambda code: code in CONFIRMED,
    "type": lambda code: code in TYPES,
    "theme": lambda code: code in themes(),
    "country": lambda code: code in countries(),
    "language": lambda code: code.isalpha() and code.isascii() and len(code) <= LONGEST_CODE,
}
SORT_NAMES: Mapping[str, Message] = {
    "soonest": msg("Begins soonest"),
    "newest": msg("Newest first"),
    "title": msg("By title"),
}


def read(arguments: MultiDict[str, str]) -> Asked:
    """What the address of the list asks for."""
    return read_address("courses.index", arguments, KNOWN, SORTS)


def filters_of(asked: Asked) -> CourseFilters:
    """The same for the database."""
    return CourseFilters(
        words=asked.words,
        countries=asked.codes("country"),
        themes=asked.codes("theme"),
        languages=asked.codes("language"),
        dates=asked.codes("dates"),
        confirmed=asked.codes("confirmed"),
        types=asked.codes("type"),
    )


def words() -> Words:
    """How the list speaks."""
    titles = {
        "q": gettext("Words"),
        "dates": gettext("Dates"),
        "type": gettext("Type of course"),
        "theme": gettext("Theme"),
        "country": gettext("Country"),
        "language": gettext("Language"),
        "confirmed": gettext("Confirmed"),
    }
    own = {"dates": DATES_NAMES, "confirmed": CONFIRMED, "type": TYPES}
    return Words(titles, own, SORT_NAMES, {"dates": DATES, "confirmed": tuple(CONFIRMED), "type": tuple(TYPES)})
