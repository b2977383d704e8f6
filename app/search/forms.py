"""How facets are drawn: which boxes stand in which order, what their values are called, which are ticked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.foundation.forms import _l
from app.foundation.languages import name_of
from app.search.query import FACETS, SearchRequest, SearchResults

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
}
TYPES = {
    "need": _l("Needs"),
    "programme": _l("Programmes"),
    "course": _l("Courses"),
    "lesson": _l("Lessons"),
    "output": _l("Outputs"),
}
STATUSES = {
    "open": _l("Open: one may act now"),
    "record": _l("Record of what is or was done"),
    "closed": _l("Closed"),
    "validated": _l("Validated"),
    "submitted": _l("Not yet validated"),
}
SORTS = {"best": _l("Best match"), "newest": _l("Newest"), "deadline": _l("Nearest deadline")}


@dataclass(frozen=True)
class FacetOption:
    """One box: its value, its name in the reader's language, how many records it leaves, whether it is ticked."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class FacetBox:
    """All boxes of one facet."""

    name: str
    title: str
    options: tuple[FacetOption, ...]


@dataclass(frozen=True)
class FilterTag:
    """A ticked value, with the address that takes it away."""

    label: str
    value: str
    remove_url: str


def value_name(facet: str, value: str, language: str, donors: Mapping[str, str]) -> str:
    """What a facet value is called in that language; donors by their organisations' names."""
    named: dict[str, Callable[[str], str]] = {
        "type": lambda v: str(TYPES.get(v, v)),
        "status": lambda v: str(STATUSES.get(v, v)),
        "donor": lambda v: donors.get(v, v),
        "year": lambda v: v,
    }
    return named[facet](value) if facet in named else name_of(facet, value, language)


def facet_boxes(results: SearchResults, language: str, donors: Mapping[str, str]) -> list[FacetBox]:
    """The facets that tell something about these results, the most frequent values first."""
    request = results.request
    boxes = []
    for facet, title in TITLES.items():
        if facet == "type" and request.only:
            continue
        ticked = request.filters.get(facet, ())
        counts = {**dict.fromkeys(ticked, 0), **results.counts.get(facet, {})}
        options = [FacetOption(v, value_name(facet, v, language, donors), n, v in ticked) for v, n in counts.items()]
        options.sort(key=lambda o: (not o.selected, -o.count, o.label.casefold()))
        if len(options) > 1 or ticked:
            boxes.append(FacetBox(facet, str(title), tuple(options[: max(MOST_VALUES, len(ticked))])))
    return boxes


def filter_tags(request: SearchRequest, language: str, donors: Mapping[str, str]) -> list[FilterTag]:
    """What is ticked, as tags that can be taken away one by one."""
    return [
        FilterTag(str(TITLES[facet]), value_name(facet, value, language, donors), request.without(facet, value))
        for facet in FACETS
        if facet != "type" or not request.only
        for value in request.filters.get(facet, ())
    ]


def sort_options() -> list[tuple[str, str]]:
    """The orders that a person may choose."""
    return [(value, str(label)) for value, label in SORTS.items()]
