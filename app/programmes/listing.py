"""The list of programmes: what its address asks for, the choices beside it, and the filters in use."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from app.foundation.confirming import CONFIRMED
from app.foundation.listing import Asked, Known, Words, read_address
from app.foundation.messages import Message, msg
from app.foundation.web import gettext
from app.programmes import rules
from app.programmes.queries import SORTS, ProgrammeFilters
from app.reference.codelists import codelist
from app.reference.countries import countries
from app.reference.themes import themes

KNOWN: Known = {
    "accepting": lambda code: code in rules.ACCEPTING,
    "theme": lambda code: code in themes(),
    "country": lambda code: code in countries(),
    "kind": lambda code: code in codelist("assistance_kinds"),
    "confirmed": lambda code: code in CONFIRMED,
}
SORT_NAMES: Mapping[str, Message] = {
    "open": msg("Open to requests first"),
    "deadline": msg("Ask by: soonest first"),
    "newest": msg("Newest first"),
    "changed": msg("Changed last"),
}


def read(arguments: MultiDict[str, str]) -> Asked:
    """What the address of the list asks for."""
    return read_address("programmes.index", arguments, KNOWN, SORTS)


def filters_of(asked: Asked) -> ProgrammeFilters:
    """The same for the database."""
    return ProgrammeFilters(
        words=asked.words,
        countries=asked.codes("country"),
        themes=asked.codes("theme"),
        kinds=asked.codes("kind"),
        accepting=asked.codes("accepting"),
        confirmed=asked.codes("confirmed"),
    )


def words() -> Words:
    """How the list speaks."""
    titles = {
        "q": gettext("Words"),
        "accepting": gettext("Requests"),
        "theme": gettext("Theme"),
        "country": gettext("Country"),
        "kind": gettext("Kind of assistance"),
        "confirmed": gettext("Confirmed"),
    }
    own = {"accepting": rules.ACCEPTING, "confirmed": CONFIRMED}
    return Words(titles, own, SORT_NAMES, {"accepting": tuple(rules.ACCEPTING), "confirmed": tuple(CONFIRMED)})
