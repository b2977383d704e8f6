"""What stands beside a list of lessons or outputs: facets with their counts, filters in use, addresses of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.foundation.db import Tx
from app.foundation.languages import name_of, say
from app.foundation.messages import Message
from app.foundation.web import actor, current_language, gettext, request, url_for
from app.lessons import rules
from app.lessons.queries import COLUMN_FACETS, FACETS, Filters, column_counts, tag_counts

Codes = Mapping[str, Message | tuple[Message, str]]

NAMES: Mapping[str, Codes] = {"verdict": rules.VERDICTS, "output_kind": rules.OUTPUT_KINDS}
"""What names the codes of facets that are lists of our own."""


def filters_asked() -> Filters:
    """The filters that the address asks for."""
    chosen = {name: tuple(c for c in request.args.getlist(name) if c) for name in facet_titles()}
    return Filters(**chosen, words=request.args.get("q", "")[:200])


def facet_titles() -> dict[str, str]:
    """What each facet is called."""
    return {
        "theme": gettext("Theme"),
        "kind": gettext("Kind of assistance"),
        "country": gettext("Country"),
        "verdict": gettext("How it went"),
        "output_kind": gettext("What it is"),
        "language": gettext("Language"),
    }


def facets(tx: Tx, model: type[Any], filters: Filters) -> list[dict[str, Any]]:
    """The facets of a list, each with its options: those that would find something, and those in use."""
    titles = facet_titles()
    counted = {name: column_counts(tx, actor(), model, filters, name) for name in COLUMN_FACETS[model.record_kind]}
    counted |= {name: tag_counts(tx, actor(), model, filters, name) for name in FACETS}
    made = [
        {"name": name, "title": titles[name], "options": _options(name, counts, filters)}
        for name, counts in counted.items()
    ]
    return [facet for facet in made if facet["options"]]


def in_use(endpoint: str, filters: Filters) -> list[dict[str, str]]:
    """The filters in use, each with the address of the list without it."""
    titles = facet_titles()
    used = []
    for name, title in titles.items():
        for code in getattr(filters, name):
            kept = [other for other in getattr(filters, name) if other != code]
            used.append({"label": title, "value": _name(name, code), "remove_url": _address(endpoint, name, kept)})
    if filters.words:
        used.append({"label": gettext("Words"), "value": filters.words, "remove_url": _address(endpoint, "q", [])})
    return used


def page_addresses(endpoint: str) -> Callable[[int], str]:
    """How to reach another page of the same list."""
    return lambda number: _address(endpoint, "page", [str(number)])


def _address(endpoint: str, name: str, values: list[str]) -> str:
    args: dict[str, Any] = request.args.to_dict(flat=False)
    args.pop("page", None)
    return url_for(endpoint, **{**args, name: values})


def _options(facet: str, counts: Mapping[str, int], filters: Filters) -> list[dict[str, Any]]:
    chosen = getattr(filters, facet)
    codes = {*counts, *chosen}
    options = [
        {"value": code, "label": _name(facet, code), "count": counts.get(code, 0), "selected": code in chosen}
        for code in codes
    ]
    return sorted(options, key=lambda option: (-int(option["count"]), str(option["label"]).casefold()))


def _name(facet: str, code: str) -> str:
    language = current_language()
    if facet not in NAMES:
        return name_of(facet, code, language)
    named = NAMES[facet].get(code, code)
    return say(named[0] if isinstance(named, tuple) else named, language)
