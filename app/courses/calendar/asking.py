"""The address of the calendar: what it asks for, how it speaks, and the address of the feed with the same filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.courses import rules as courses
from app.courses.calendar.rules import FACETS, Month
from app.foundation.languages import name_of, say
from app.foundation.listing import SIZES, Asked, Known, Words, read_address
from app.foundation.messages import Message, msg
from app.foundation.references import SHAPE
from app.foundation.web import current_language, url_for
from app.reference.countries import countries
from app.reference.groupings import groupings
from app.reference.themes import themes

LIST = "list"
"""What `view` says for the list; the month is the usual view."""
LONGEST_CODE = 3
TITLES: Mapping[str, Message] = {
    "open": msg("Registration"),
    "theme": msg("Theme"),
    "country": msg("Open to people from"),
    "grouping": msg("Open to the States of"),
    "language": msg("Language"),
    "format": msg("Form"),
    "type": msg("Type of course"),
    "centre": msg("Training centre"),
}
OPEN: Mapping[str, Message] = {"yes": msg("Open for registration")}
KNOWN: Known = {
    "open": lambda code: code in OPEN,
    "theme": lambda code: code in themes(),
    "country": lambda code: code in countries(),
    "grouping": lambda code: code in groupings(),
    "language": lambda code: code.isalpha() and code.isascii() and len(code) <= LONGEST_CODE,
    "format": lambda code: code in courses.FORMATS,
    "type": lambda code: code in courses.TYPES,
    "centre": lambda code: bool(SHAPE.match(code)),
}


@dataclass(frozen=True)
class AskedCalendar(Asked):
    """The same as of a list, with the view and the month; nothing where it is the usual one."""

    view: str = ""
    month: str = ""

    def address(self, page: int = 1) -> str:
        """The address of this view with these filters."""
        usual = {"view": "", "month": "", "size": SIZES[0], "page": 1}
        more = {"view": self.view, "month": self.month, "size": self.size, "page": page}
        said = {name: value for name, value in more.items() if value != usual[name]}
        return url_for(self.endpoint, **{**self._filters(), **said})

    def shown(self, view: str, month: str = "") -> str:
        """The address of another view or month with the same filters."""
        return replace(self, view=view, month=month).address()

    def feed(self) -> str:
        """The address of the file with the same filters, in the language of the page."""
        return url_for("courses.calendar_file", **self._filters(), lang=current_language())

    def _filters(self) -> dict[str, Any]:
        return {facet: list(codes) for facet, codes in self.chosen.items() if codes}


def read(arguments: MultiDict[str, str]) -> AskedCalendar:
    """What the address of the calendar asks for; what it does not know is passed over."""
    asked = read_address("courses.calendar", arguments, KNOWN, ("soonest",))
    month = Month.read(arguments.get("month", ""))
    view = LIST if arguments.get("view") == LIST else ""
    return AskedCalendar(
        asked.endpoint, asked.sorts, "", asked.chosen, asked.sort, asked.size, view, str(month) if month else ""
    )


def words(centres: Mapping[str, str]) -> Words:
    """How the calendar speaks in the language of the page; `centres` are names by reference."""
    titles = {facet: say(TITLES[facet], current_language()) for facet in FACETS}
    return Words(
        titles, _own(centres), {}, {"open": tuple(OPEN), "format": tuple(courses.FORMATS), "type": tuple(courses.TYPES)}
    )


def title(asked: Asked, centres: Mapping[str, str], language: str) -> str:
    """What a feed is called: what it holds, and by which filters."""
    own = _own(centres)

    def label(facet: str, code: str) -> str:
        return say(own[facet].get(code, code), language) if facet in own else name_of(facet, code, language)

    def told(facet: str, codes: Sequence[str]) -> str:
        names = ", ".join(label(facet, code) for code in codes)
        filtered = msg("%(filter)s: %(names)s", filter=TITLES[facet], names=names)
        return names if facet == "open" else say(filtered, language)

    parts = [told(facet, codes) for facet, codes in asked.chosen.items() if codes]
    return " · ".join([say(msg("Course sessions"), language), *parts])


def _own(centres: Mapping[str, str]) -> Mapping[str, Mapping[str, Message]]:
    """The names of the codes that are our own; those of centres are told as they are."""
    named = {ref: Message(name) for ref, name in centres.items()}
    return {"open": OPEN, "format": courses.FORMATS, "type": courses.TYPES, "centre": named}
