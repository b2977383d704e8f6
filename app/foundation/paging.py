"""Lists are pages: the same question gives the same pages, and every page can be linked to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from app.foundation.db import Tx

Item = TypeVar("Item")

PAGE_SIZE = 20
AT_ONCE = 10_000
"""Values in one question: SQLite takes 32,766, PostgreSQL 65,535."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list: `number` counts from 1, `total` is the number of items on all pages."""

    items: Sequence[Item]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first item of this page, from 1; 0 when the list is empty."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Position of the last item of this page."""
        return min(self.number * self.size, self.total)


def in_parts(numbers: Sequence[int], size: int = AT_ONCE) -> Iterator[Sequence[int]]:
    """So many numbers at a time as every database takes in one question."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def page_number(text: str | None, total: int, size: int = PAGE_SIZE) -> int:
    """The page that an address asks for, kept between the first and the last."""
    wanted = int(text) if text and text.isdecimal() and len(text) < 8 else 1  # noqa: PLR2004 - longer is no page
    return min(max(1, wanted), max(1, -(-total // size)))


@dataclass(frozen=True)
class Numbers:
    """Which page of a list was meant, how many records the list holds, and the numbers of those on that page."""

    page: int
    total: int
    on_page: Sequence[int]

    def page_of(self, found: Mapping[int, Item], size: int) -> Page[Item]:
        """The page itself, of those records that were found for its reader."""
        return Page([found[one] for one in self.on_page if one in found], self.page, self.total, size)


def numbers_on(tx: Tx, query: Select[Any], order: Sequence[Any], page: str | None, size: int) -> Numbers:
    """What stands on a page of a list; `query` selects the numbers of its records, `page` is what the address asks for.

    The numbers first: sorting tens of thousands of records with all their words would take most of the time.
    """
    total = tx.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = page_number(page, total, size)
    return Numbers(number, total, tx.scalars(query.order_by(*order).offset((number - 1) * size).limit(size)).all())
