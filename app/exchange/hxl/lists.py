"""The lists that the cells of a 3W table are read by: themes, countries, groupings, kinds of assistance, statuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.exchange.hxl.values import CodeList
from app.foundation.languages import LANGUAGES
from app.reference.codelists import codelist
from app.reference.countries import countries, country_name
from app.reference.groupings import grouping_name, groupings


@dataclass(frozen=True)
class Lists:
    """All of them, with names to show in one language."""

    themes: CodeList
    countries: CodeList
    groupings: CodeList
    kinds: CodeList
    statuses: CodeList


@cache
def lists_in(language: str) -> Lists:
    """The lists, their names shown in that language and known in every one."""
    return Lists(
        themes=_of_file("themes", language),
        countries=_of(countries(), country_name, language, {}),
        groupings=_of(groupings(), grouping_name, language, {}),
        kinds=_of_file("assistance_kinds", language),
        statuses=_of_file("activity_statuses", language, OTHER_STATUSES),
    )


OTHER_STATUSES: Mapping[str, Sequence[str]] = {
    "1": ("Pipeline/identification", "Pipeline", "Planned"), "2": ("Implementation", "Ongoing"),
    "3": ("Finalisation",), "4": ("Completed",),
}  # fmt: skip
"""What IATI's own list and the tables of others call a status, besides our names for it."""


def _of_file(name: str, language: str, other: Mapping[str, Sequence[str]] | None = None) -> CodeList:
    entries = codelist(name)
    return _of(entries, lambda code, spoken: entries[code].name(spoken), language, other or {})


def _of(
    codes: Iterable[str], named: Callable[[str, str], str], language: str, other: Mapping[str, Sequence[str]]
) -> CodeList:
    known = list(codes)
    names = {code: [*(named(code, spoken) for spoken in LANGUAGES), *other.get(code, ())] for code in known}
    return CodeList(names, {code: named(code, language) for code in known})
