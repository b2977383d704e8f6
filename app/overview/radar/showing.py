"""What the page of the radar shows: its filters, the table of cells, and the findings with their addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from app.foundation.messages import Message, msg
from app.foundation.paging import Page, page_number
from app.foundation.text import fold
from app.foundation.web import url_for
from app.overview.quarters import Quarter
from app.overview.radar.queries import is_about, to_come
from app.overview.radar.rules import BACK, EVERY, KINDS, Cell, Found
from app.overview.radar.sums import bits
from app.overview.radar.whole import Radar, why
from app.reference.countries import countries as all_countries
from app.reference.countries import country_name
from app.reference.groupings import groupings, members
from app.reference.themes import theme_name
from app.reference.themes import themes as all_themes

ROWS = 20
TENTH = Decimal("0.1")

STATES: Mapping[str, Message] = {
    "gap": msg("Asked, and nobody is there"),
    "partly": msg("Asked and not pledged whole, somebody is there"),
    "covered": msg("Asked and pledged whole"),
    "helped": msg("Nothing asked, somebody is there"),
    "quiet": msg("Neither"),
}
"""What a cell may be; each has a pattern besides its colour."""


@dataclass(frozen=True)
class Filters:
    """What the radar is narrowed to: a grouping, a country, a theme; empty is everything."""

    grouping: str = ""
    country: str = ""
    theme: str = ""

    @classmethod
    def read(cls, arguments: MultiDict[str, str]) -> Filters:
        """What an address asks for; what it does not know is passed over."""
        grouping, country, theme = (arguments.get(name, "") for name in ("grouping", "country", "theme"))
        country = country.upper()
        return cls(
            grouping if grouping in groupings() else "",
            country if country in all_countries() else "",
            theme if theme in all_themes() else "",
        )

    @cached_property
    def places(self) -> frozenset[str] | None:
        """The countries that are meant; none where all are."""
        if self.country:
            return frozenset({self.country})
        return members(self.grouping) if self.grouping else None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.grouping or self.country or self.theme)

    def fits(self, found: Found) -> bool:
        """Whether a finding is among what is meant."""
        return (self.places is None or found.country in self.places) and is_about(found, self.theme)

    def values(self, **more: Any) -> dict[str, Any]:
        """The same for an address."""
        own = {"grouping": self.grouping, "country": self.country, "theme": self.theme}
        return {name: value for name, value in {**own, **more}.items() if value}

    def address(self, endpoint: str = "radar.index", **more: Any) -> str:
        """The address of one of the radar's pages with these filters."""
        return url_for(endpoint, **self.values(**more))

    def without(self, name: str) -> str:
        """The address of the radar without one of the filters."""
        return replace(self, **{name: ""}).address()

    def without_theme(self, endpoint: str, quarter: str) -> str:
        """The address of a cell's country and quarter, whatever the theme."""
        return replace(self, theme="").address(endpoint, quarter=quarter)


@dataclass(frozen=True)
class Shown:
    """A cell as it is drawn: its quarter, where it leads, and which kinds of findings it is part of.

    A country's cell is part of the gaps of its themes, also where somebody is there for another theme.
    """

    cell: Cell
    quarter: Quarter
    address: str
    kinds: frozenset[str]

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.cell.is_gap:
            return "gap"
        if self.cell.asked:
            return "partly" if self.cell.open else "covered"
        return "helped" if self.cell.providers else "quiet"

    @property
    def open(self) -> Decimal:
        """What nobody has pledged, to a tenth; never less than there is."""
        return self.cell.open.quantize(TENTH, ROUND_UP)


@dataclass(frozen=True)
class Row:
    """One country or theme, quarter by quarter; `findings` is how many are not over."""

    code: str
    cells: Sequence[Shown]
    findings: int


@dataclass(frozen=True)
class Told:
    """A finding on the page: why it is one, and the cell that has the records behind it."""

    found: Found
    first: Quarter
    last: Quarter
    why: tuple[Message, ...]
    address: str


class View:
    """The radar as one address shows it."""

    def __init__(self, radar: Radar, filters: Filters, language: str) -> None:
        self.radar = radar
        self.filters = filters
        self.language = language
        self.facet = "theme" if filters.country else "country"
        self.found = [found for found in to_come(radar.found) if filters.fits(found)]

    @property
    def places(self) -> set[str]:
        """The countries of which there is anything to say."""
        return set(self.radar.places)

    def page_address(self, number: int) -> str:
        """The address of a page of the table."""
        return self.filters.address(page=number if number > 1 else None)

    def findings_address(self, kind: str) -> Callable[[int], str]:
        """Gives the address of a page of the findings of one kind."""
        return lambda number: self.filters.address("radar.findings", kind=kind, page=number if number > 1 else None)

    def of_kind(self, kind: str) -> list[Found]:
        """The findings of one kind that are not over, the widest first."""
        return [found for found in self.found if found.kind == kind]

    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        number = Counter(found.kind for found in self.found)
        return {kind: number[kind] for kind in KINDS}

    def told(self, found: Iterable[Found]) -> list[Told]:
        """Findings with their reasons and addresses."""
        quarters = self.radar.window.quarters
        return [
            Told(
                each,
                quarters[each.first],
                quarters[each.last],
                why(self.radar, each),
                self._cell_address(each.country, each.theme, quarters[max(each.first, min(each.last, BACK))]),
            )
            for each in found
        ]

    def codes(self) -> list[str]:
        """The rows of the table, those with most findings first, then by name."""
        theme = self.filters.theme
        if self.filters.country:
            themes = self.radar.themes(self.filters.country)
            codes = themes & {theme} if theme else themes
        else:
            places = self.places if self.filters.places is None else self.places & self.filters.places
            codes = {country for country in places if not theme or theme in self.radar.themes(country)}
        number = Counter(found.theme if self.filters.country else found.country for found in self.found)
        named = theme_name if self.filters.country else country_name
        return sorted(codes, key=lambda code: (-number[code], fold(named(code, self.language))))

    def table(self, page: str | None) -> Page[Row]:
        """A page of the table."""
        codes = self.codes()
        number = page_number(page, len(codes), ROWS)
        here = codes[(number - 1) * ROWS : number * ROWS]
        return Page([self.row(code) for code in here], number, len(codes), ROWS)

    def key(self, code: str) -> tuple[str, str]:
        """The country and the theme of a row."""
        return (self.filters.country, code) if self.filters.country else (code, self.filters.theme)

    def row(self, code: str) -> Row:
        """One row."""
        key = self.key(code)
        mine = [found for found in self.radar.found_in(key[0]) if _is_in(found, key)]
        marked = {kind: _mask(found for found in mine if found.kind == kind) for kind in KINDS}
        cells = [
            Shown(
                cell, quarter, self._cell_address(*key, quarter),
                frozenset(kind for kind, mask in marked.items() if mask >> place & 1),
            )
            for place, (cell, quarter) in enumerate(
                zip(self.radar.cells(key), self.radar.window.quarters, strict=True)
            )
        ]  # fmt: skip
        return Row(code, cells, len(to_come(mine)))

    def _cell_address(self, country: str, theme: str, quarter: Quarter) -> str:
        return url_for("radar.cell", country=country, theme=theme or None, quarter=str(quarter))


def _is_in(found: Found, key: tuple[str, str]) -> bool:
    country, theme = key
    return found.country == country and (EVERY in {theme, found.theme} or found.theme == theme)


def _mask(found: Iterable[Found]) -> int:
    mask = 0
    for each in found:
        mask |= bits(each.first, each.last)
    return mask


def in_cell(radar: Radar, key: tuple[str, str], place: int) -> list[Found]:
    """The findings that a cell is part of."""
    return [each for each in radar.found_in(key[0]) if _is_in(each, key) and each.first <= place <= each.last]
