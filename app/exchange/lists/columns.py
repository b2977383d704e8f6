"""How a record becomes a row: what each column is called, and what it says; codes stand beside their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.foundation.languages import name_of, say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import current_language, site, url_for

AMONG = "; "
"""Stands between several codes, or several names, in one cell."""


@dataclass(frozen=True)
class Column:
    """One column of a list. `value` gives the cell of a row, in the language of the page."""

    head: Message
    value: Callable[[Any], Cell]


Columns = Sequence[Column]


@dataclass(frozen=True)
class Table:
    """A list as it goes out: its rows, and the columns that these rows need."""

    rows: Sequence[Any]
    columns: Columns

    def heads(self, language: str) -> list[str]:
        """What stands above the columns."""
        return [say(column.head, language) for column in self.columns]

    def cells(self) -> list[list[Cell]]:
        """The rows as cells."""
        return [[column.value(row) for column in self.columns] for row in self.rows]


@dataclass(frozen=True)
class Seen:
    """A record, and which of its sensitive fields this reader may see."""

    record: Any
    sees: frozenset[str]
    beside: Any = None


def field(head: Message, name: str, sensitive: str = "") -> Column:
    """A field of the record as it stands; empty where the reader may not see it."""

    def value(row: Seen) -> Cell:
        if sensitive and sensitive not in row.sees:
            return None
        return plain(getattr(row.record, name))

    return Column(head, value)


def plain(value: Any) -> Cell:
    """A value as a cell: days as 2027-03-31, whole numbers without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    return value if isinstance(value, str | int) else None if value is None else str(value)


def coded(kind: str, code_head: Message, name_head: Message, read: Callable[[Any], str | None]) -> list[Column]:
    """A code of one of the common lists, and its name beside it."""
    return [
        Column(code_head, lambda row: read(row.record) or ""),
        Column(name_head, lambda row: name_of(kind, read(row.record) or "", current_language())),
    ]


def own_code(
    names: Mapping[str, Any], code_head: Message, name_head: Message, read: Callable[[Any], str]
) -> list[Column]:
    """A code of a list of our own (a status, a tier), and its name beside it."""

    def named(row: Seen) -> str:
        found = names.get(read(row.record))
        word: Any = found[0] if isinstance(found, tuple) else found
        return read(row.record) if word is None else say(getattr(word, "name", word), current_language())

    return [Column(code_head, lambda row: read(row.record)), Column(name_head, named)]


def tagged(facet: str, code_head: Message, name_head: Message, kind: str = "") -> list[Column]:
    """Several codes of one list on the record, and their names in the same order."""
    return several(kind or facet, code_head, name_head, lambda record: record.codes(facet))


def several(kind: str, code_head: Message, name_head: Message, read: Callable[[Any], Iterable[str]]) -> list[Column]:
    """Several codes, and their names in the same order."""

    def names(row: Seen) -> str:
        return AMONG.join(name_of(kind, code, current_language()) for code in read(row.record))

    return [Column(code_head, lambda row: AMONG.join(read(row.record))), Column(name_head, names)]


def owner(head: Message) -> list[Column]:
    """Whose record it is: reference, and name in the language of the page."""
    return [
        Column(msg("Organisation, reference"), lambda row: row.record.organisation.ref),
        Column(head, lambda row: row.record.organisation.named(current_language())),
    ]


def address(endpoint: str, **names: Callable[[Any], str]) -> Column:
    """Where the record can be read."""
    read = names or {"ref": lambda record: record.ref}

    def value(row: Seen) -> str:
        values: dict[str, Any] = {name: get(row.record) for name, get in read.items()}
        return site().settings.public_url + url_for(endpoint, **values)

    return Column(msg("Address"), value)


REFERENCE = field(msg("Reference"), "ref")
TITLE = field(msg("Title"), "title")
LANGUAGE = coded("language", msg("Language, code"), msg("Language"), lambda record: record.language)
THEMES = tagged("theme", msg("Themes, codes"), msg("Themes"))
COUNTRIES = tagged("country", msg("Countries, codes"), msg("Countries"))
KINDS = tagged("kind", msg("Kinds of assistance, codes"), msg("Kinds of assistance"))
LANGUAGES = tagged("language", msg("Languages, codes"), msg("Languages"))
STARTS, ENDS = field(msg("From"), "starts_on"), field(msg("Until"), "ends_on")
POSTED = field(msg("Posted on"), "posted_at")
CHANGED = field(msg("Changed on"), "changed_at")
CONFIRM_BY = field(msg("Confirm by"), "verify_by")
BUDGET = [
    field(msg("Budget in all"), "budget_amount", "budget"),
    Column(msg("Currency"), lambda row: row.record.currency if row.record.budget and "budget" in row.sees else None),
]
