"""The list of free seats: what its address asks for, and the choices beside it."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from app.courses.listing import KNOWN
from app.foundation.listing import Asked, Words, read_address
from app.foundation.messages import msg
from app.foundation.web import gettext
from app.nominations.exchange.queries import FACETS, SeatFilters

SORTS = ("soonest",)
SORT_NAMES = {"soonest": msg("Begins soonest")}


def read(arguments: MultiDict[str, str]) -> Asked:
    """What the address of the list asks for."""
    return read_address("seats.index", arguments, {facet: KNOWN[facet] for facet in FACETS}, SORTS)


def filters_of(asked: Asked) -> SeatFilters:
    """The same for the database."""
    return SeatFilters(asked.codes("theme"), asked.codes("country"), asked.codes("language"))


def words() -> Words:
    """How the list speaks."""
    titles = {"theme": gettext("Theme"), "country": gettext("Country"), "language": gettext("Language")}
    return Words(titles, {}, SORT_NAMES)
