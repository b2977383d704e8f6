"""How facets are drawn: which boxes stand in which order, what their values are called, which are ticked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.foundation.forms import _l
from app.foundation.languages import day_name, name_of
from app.foundation.permissions import Actor
from app.search.query import SearchResults
from app.search.request import DATES, SearchRequest
from app.search.understanding import near_of
from app.search.values import FACETS, NEAR, value_name

MOST_VALUES = 12
TITLES = {
    "type": _l("What"),
    "status": _l("Status"),
    "theme": _l("Theme"),
    "country": _l("Country"),
    "grouping": _l("Grouping"),
    "kind": _l("Kind of assistance"),
    "donor": _l("Donor"),
    "language": _l("Language"),
    "year": _l("Starts in"),
    "from": _l("From date"),
    "to": _l("To date"),
}
SORTS = {"best": _l("Best match"), "newest": _l("Newest"), "deadline": _l("Nearest deadline")}


@dataclass(frozen=True)
class FacetOption:
    """One box: its value, its name in the reader's language, how many records it leaves, whether it is ticked."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True)
class FacetBox:
    """All boxes of one facet, with a sentence about them if one is needed."""

    name: str
    title: str
    options: tuple[FacetOption, ...]
    hint: str = ""


@dataclass(frozen=True)
class FilterTag:
    """A ticked value, with the address that takes it away."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True)
class Namer:
    """Calls the values of facets by their names in one language; donors by their organisations' names."""

    language: str
    donors: Mapping[str, str]

    def name(self, facet: str, value: str) -> str:
        """What a value is called."""
        if facet == "grouping" and value == NEAR:
            return str(_l("Near me"))
        if facet in DATES:
            return _day(value, self.language)
        return value_name(facet, value, self.language, self.donors)


def facet_boxes(results: SearchResults, namer: Namer, reader: Actor) -> list[FacetBox]:
    """The facets that tell something about these results, the most frequent values first."""
    request = results.request
    boxes = []
    for facet, title in TITLES.items():
        if facet in DATES or (facet == "type" and request.only):
            continue
        ticked = [value for value in request.filters.get(facet, ()) if value != NEAR]
        counts = {**dict.fromkeys(ticked, 0), **results.counts.get(facet, {})}
        options = [FacetOption(v, namer.name(facet, v), n, v in ticked) for v, n in counts.items()]
        options.sort(key=lambda o: (not o.selected, -(o.count or 0), o.label.casefold()))
        options = options[: max(MOST_VALUES, len(ticked))]
        near = _near(request, namer, reader) if facet == "grouping" else None
        if len(options) > 1 or ticked or near:
            hint = _near_hint(reader, namer.language) if near else ""
            boxes.append(FacetBox(facet, str(title), (*([near] if near else []), *options), hint))
    return boxes


def _near(request: SearchRequest, namer: Namer, reader: Actor) -> FacetOption | None:
    is_on = NEAR in request.filters.get("grouping", ())
    return FacetOption(NEAR, namer.name("grouping", NEAR), None, is_on) if near_of(reader)[1] or is_on else None


def _near_hint(reader: Actor, language: str) -> str:
    country, codes = near_of(reader)
    names = ", ".join(name_of("grouping", code, language) for code in codes)
    values = {"country": name_of("country", country, language), "groupings": names}
    return str(_l("Near me: the regional groupings of %(country)s, which are %(groupings)s", **values)) if codes else ""


def filter_tags(request: SearchRequest, namer: Namer) -> list[FilterTag]:
    """What is ticked, as tags that can be taken away one by one."""
    ticked = [
        (facet, value)
        for facet in FACETS
        if facet != "type" or not request.only
        for value in request.filters.get(facet, ())
    ]
    dates = [("from", request.since), ("to", request.until)]
    return [
        FilterTag(str(TITLES[facet]), namer.name(facet, value), request.without(facet, value))
        for facet, value in [*ticked, *dates]
        if value
    ]


def _day(value: str, language: str) -> str:
    try:
        return day_name(value, language)
    except ValueError:
        # What could not be read as a day is shown as it was typed.
        return value


def name_for(request: SearchRequest, namer: Namer) -> str:
    """What a question is called when it is kept: its words and what is ticked."""
    parts = [request.text, *(tag.value for tag in filter_tags(request, namer))]
    return " · ".join(part for part in parts if part)


def sort_options() -> list[tuple[str, str]]:
    """The orders that a person may choose."""
    return [(value, str(label)) for value, label in SORTS.items()]
