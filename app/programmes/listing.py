"""How the list of programmes is narrowed: what an address asks for, the choices beside it, and the filters in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from app.foundation.languages import name_of, say
from app.foundation.text import fold
from app.foundation.web import url_for
from app.programmes import rules
from app.programmes.queries import ProgrammeFilters
from app.reference.codelists import codelist
from app.reference.countries import countries
from app.reference.themes import themes

LONGEST_QUESTION = 200


@dataclass(frozen=True)
class Choice:
    """One value of a facet with the number of programmes that it would leave."""

    value: str
    label: str
    count: int
    selected: bool


def read_filters(args: MultiDict[str, str]) -> ProgrammeFilters:
    """What an address asks for; values that no list knows are passed over."""
    country = args.get("country", "").upper()
    return ProgrammeFilters(
        words=args.get("q", "").strip()[:LONGEST_QUESTION],
        country=country if country in countries() else "",
        themes=tuple(code for code in args.getlist("theme") if code in themes()),
        kinds=tuple(code for code in args.getlist("kind") if code in codelist("assistance_kinds")),
        accepting=tuple(code for code in args.getlist("accepting") if code in rules.ACCEPTING),
    )


def asked(filters: ProgrammeFilters) -> dict[str, Any]:
    """The filters as they stand in an address."""
    values = {
        "q": [filters.words],
        "theme": list(filters.themes),
        "country": [filters.country],
        "kind": list(filters.kinds),
        "accepting": list(filters.accepting),
    }
    return {name: [code for code in codes if code] for name, codes in values.items() if any(codes)}


def address(filters: ProgrammeFilters) -> Callable[[int], str]:
    """Gives the address of each page of the list."""
    return lambda number: url_for("programmes.index", **asked(filters), page=number)


def label_of(name: str, code: str, language: str) -> str:
    """How a value of a facet is called."""
    if name == "accepting":
        return say(rules.ACCEPTING[code], language)
    return code if name == "q" else name_of(name, code, language)


def facets(
    filters: ProgrammeFilters, counts: Mapping[str, Mapping[str, int]], language: str
) -> dict[str, list[Choice]]:
    """The choices beside the list: values that would leave something, and those that are chosen."""
    chosen = asked(filters)
    made = {}
    for name, found in counts.items():
        codes = list(rules.ACCEPTING) if name == "accepting" else {*found, *chosen.get(name, ())}
        options = [
            Choice(code, label_of(name, code, language), found.get(code, 0), code in chosen.get(name, ()))
            for code in codes
        ]
        made[name] = options if name == "accepting" else sorted(options, key=lambda option: fold(option.label))
    return made


def chips(filters: ProgrammeFilters, language: str) -> list[dict[str, str]]:
    """The filters in use: the facet's name, the value's, and the address without it."""
    chosen = asked(filters)
    return [
        {
            "label": name,
            "value": label_of(name, code, language),
            "remove_url": url_for("programmes.index", **(chosen | {name: [c for c in codes if c != code]})),
        }
        for name, codes in chosen.items()
        for code in codes
    ]


def differences(form: Any, theirs: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What two people wrote in the same field, as (label, mine, theirs), where it is not the same."""
    found = []
    for field in form:
        if field.name in theirs and field.type != "HiddenField":
            names = {choice.value: str(choice.label) for choice in getattr(field, "choices", None) or ()}
            mine, other = _text(field.data, names), _text(theirs[field.name], names)
            if mine != other:
                found.append((str(field.label.text), mine, other))
    return found


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return " · ".join(text for text in (_text(part, names) for part in value.values()) if text)
    if isinstance(value, list | tuple):
        return "\n".join(sorted(text for text in (_text(part, names) for part in value) if text))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else names.get(str(value), str(value))
