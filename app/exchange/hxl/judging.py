"""Rows of a 3W table put together as activities; each fault says where it is and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.exchange.hxl.amounts import HEAD_DIFFERS, NO_CURRENCY, TOO_LARGE, amount_in, currency_in
from app.exchange.hxl.areas import area_code_in, coded, country_of
from app.exchange.hxl.lists import Lists
from app.exchange.hxl.reading import (
    ACTIVITY,
    AREA,
    AREA_CODE,
    COUNTRY,
    CURRENCY,
    DESCRIPTION,
    END,
    GROUPING,
    HEAD_CURRENCY,
    KIND_OF,
    KINDS,
    ORG,
    ORG_ID,
    START,
    STATUS,
    THEME,
    TITLE,
    VALUE,
    WISHES,
    Line,
)
from app.exchange.hxl.rules import area_kept, area_read
from app.exchange.hxl.values import TOO_LONG, Unreadable, day_in
from app.foundation.messages import Message, msg
from app.foundation.money import LARGEST_AMOUNT
from app.foundation.text import fold

FOREIGN = msg("This row is of another organisation. Send the rows of %(organisation)s alone.")
NO_TITLE = msg("Write the title of the activity.")
NO_COUNTRY = msg("An area needs its country: fill in the column #country.")
DIFFERS = msg("Row %(row)s says something else of the same activity. Make the two alike.")
PLEDGE = "pledge"


@dataclass(frozen=True)
class Fault:
    """What has to be mended: the row, the column, and how."""

    row: int
    column: str
    message: Message


@dataclass(frozen=True)
class Owner:
    """Whose programmes the table may be of: by which names and references the organisation goes."""

    name: str
    references: frozenset[str]
    names: frozenset[str]


@dataclass
class Told:
    """What the rows of one activity say together; what is empty was not said.

    `amount` is the sum of what the rows have, in whole units of `currency` (ISO 4217).
    """

    key: str
    title: str = ""
    description: str = ""
    status: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    themes: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    groupings: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def first(self) -> int:
        """Its first row."""
        return self.rows[0]


SINGLE: Sequence[tuple[str, str]] = (
    ("title", TITLE), ("description", DESCRIPTION), ("status", STATUS), ("starts_on", START), ("ends_on", END),
)  # fmt: skip
"""What an activity says once, whatever its number of rows, and the column that says it."""


def told_in(lines: Iterable[Line], lists: Lists, owner: Owner) -> list[Told]:
    """The activities in the order of their first rows. Rows of pledges are passed over: those are made on needs."""
    found: dict[str, Told] = {}
    for line in lines:
        if line.cell(KIND_OF).lower() != PLEDGE:
            key = _key(line)
            told = found.setdefault(key, Told(line.cell(ACTIVITY)))
            told.rows.append(line.number)
            _add(told, line, lists, owner)
    return list(found.values())


def _key(line: Line) -> str:
    """Rows are of one activity where they have its reference or, without any, the same title and country."""
    reference = line.cell(ACTIVITY)
    country = line.cell(COUNTRY) or country_of(line.cell(AREA_CODE))
    return f"#{fold(reference)}" if reference else f"{fold(line.cell(TITLE))} {fold(country)}"


def _add(told: Told, line: Line, lists: Lists, owner: Owner) -> None:
    told.faults += [Fault(line.number, column, message) for column, message in _whose(line, owner)]
    told.faults += [
        Fault(line.number, name, Message(TOO_LONG.text, {"most": wish.longest}))
        for name, wish in WISHES.items()
        if len(line.cell(name)) > wish.longest
    ]
    if not line.cell(TITLE):
        told.faults.append(Fault(line.number, TITLE, NO_TITLE))
    said = {
        "title": line.cell(TITLE),
        "description": line.cell(DESCRIPTION),
        "status": _read(told, line, STATUS, lists.statuses.code),
        "starts_on": _read(told, line, START, day_in),
        "ends_on": _read(told, line, END, day_in),
    }
    for name, column in SINGLE:
        _say(told, line.number, column, name, said[name])
    told.themes |= _several(told, line, THEME, lists.themes.codes)
    told.kinds |= _several(told, line, KINDS, lists.kinds.codes)
    told.groupings |= _several(told, line, GROUPING, lists.groupings.codes)
    countries = _several(told, line, COUNTRY, lists.countries.codes)
    told.countries |= countries
    _add_area(told, line, countries, lists)
    _add_money(told, line)


def _whose(line: Line, owner: Owner) -> Iterator[tuple[str, Message]]:
    foreign = Message(FOREIGN.text, {"organisation": owner.name})
    reference, name = line.cell(ORG_ID), line.cell(ORG)
    if reference and fold(reference) not in owner.references:
        yield ORG_ID, foreign
    elif name and not reference and fold(name) not in owner.names:
        yield ORG, foreign


def _read(told: Told, line: Line, column: str, read: Callable[[str], Any]) -> Any:
    text = line.cell(column)
    try:
        return read(text) if text else None
    except Unreadable as error:
        told.faults.append(Fault(line.number, column, error.reason))
        return None


def _several(told: Told, line: Line, column: str, read: Callable[[str], Iterator[str]]) -> set[str]:
    return _read(told, line, column, lambda text: set(read(text))) or set()


def _say(told: Told, row: int, column: str, name: str, value: Any) -> None:
    before = getattr(told, name)
    if value and before and value != before:
        told.faults.append(Fault(row, column, Message(DIFFERS.text, {"row": told.first})))
    elif value:
        setattr(told, name, value)


def _add_area(told: Told, line: Line, countries: set[str], lists: Lists) -> None:
    """An area with a code is of the country that this begins with; one that has a name alone needs its country."""
    name, text = line.cell(AREA), line.cell(AREA_CODE)
    if text:
        code = _read(told, line, AREA_CODE, lambda text: area_code_in(text, countries, lists.countries.names))
        if code:
            told.countries.add(country_of(code))
            _add_coded(told, line, area_kept(country_of(code), name, code))
    elif name and not countries:
        told.faults.append(Fault(line.number, COUNTRY, NO_COUNTRY))
    elif name and len(countries) == 1:
        told.areas.add(area_kept(next(iter(countries)), name, ""))


def _add_coded(told: Told, line: Line, kept: str) -> None:
    """Rows that have the same code tell of one area, which has one name, or none."""
    area = area_read(kept)
    same = coded(told.areas, area.area_code)
    if same and same.area and area.area and same.area != area.area:
        told.faults.append(Fault(line.number, AREA, Message(DIFFERS.text, {"row": told.first})))
    elif same is None or not same.area:
        told.areas.discard(area_kept(area.country, "", area.area_code))
        told.areas.add(kept)


def _add_money(told: Told, line: Line) -> None:
    """The amount of a row is a part of the whole. A currency without an amount says nothing."""
    if not line.cell(VALUE):
        return
    amount, currency = _read(told, line, VALUE, amount_in), _read(told, line, CURRENCY, currency_in)
    head = line.cell(HEAD_CURRENCY)
    if head and currency and head != currency:
        differs = Message(HEAD_DIFFERS.text, {"head": head, "word": currency})
        told.faults.append(Fault(line.number, CURRENCY, differs))
        return
    if not head and not line.cell(CURRENCY):
        told.faults.append(Fault(line.number, VALUE, NO_CURRENCY))
    _say(told, line.number, CURRENCY, "currency", currency or head)
    if amount is not None:
        told.amount = (told.amount or Decimal(0)) + amount
    if told.amount is not None and told.amount > LARGEST_AMOUNT:
        told.faults.append(Fault(line.number, VALUE, TOO_LARGE))
