"""What the list of one kind of record begins with, as one process has last read it for each kind of reader.

Among thousands of records counting them by their codes, and finding the first twenty of those that the filters leave,
takes longer than drawing the list. What is kept are counts and numbers; the records are read anew, through disclosure.
See app.foundation.kept.readings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import func, select

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, Unchanging, Untouched, untouched_since
from app.foundation.paging import PAGE_SIZE, Numbers, Page
from app.foundation.permissions import Actor
from app.foundation.web import site

Value = TypeVar("Value")
Item = TypeVar("Item")
Narrowed = TypeVar("Narrowed", bound="Filters")
Narrowing_contra = TypeVar("Narrowing_contra", bound="Filters", contravariant=True)
Counts = Mapping[str, Mapping[str, int]]

MOST_KEPT = 256
MANY = 1000
"""Where fewer records than these were ever posted, everything is read anew each time."""


class KeptLists:
    """What one process has last counted and found of one kind of record; `about` are the kinds that may change it."""

    def __init__(self, model: Any, about: Collection[str], many: int = MANY) -> None:
        self.many, self._model = many, model
        self._kept: Kept[Any, Untouched] = Kept(MOST_KEPT, untouched_since(about))

    def value(self, tx: Tx, reader: Actor, what: Hashable, read: Callable[[], Value], words: str = "") -> Value:
        """What `read` finds, as it is at this moment; `what` has to hold everything it follows from but the reader.

        What was looked for by typed words is not kept: everybody types others.
        """

        def is_worth_it(_found: Value) -> bool:
            # disclosure: how high they are numbered decides how long something is kept, and is told to nobody.
            return not words and (tx.scalar(select(func.max(self._model.id))) or 0) >= self.many

        value: Value = self._kept.value(tx, Unchanging(reader, what, read, is_worth_it))
        return value

    def __len__(self) -> int:
        return len(self._kept)


def lists_of(model: Any, about: Collection[str]) -> KeptLists:
    """Those of this site."""
    kept: KeptLists = site().parts.setdefault(f"lists of {model.record_kind}", KeptLists(model, about))
    return kept


class Filters(Protocol):
    """What a list is narrowed to; two that are equal leave the same."""

    @property
    def words(self) -> str:
        """What was typed."""


@dataclass(frozen=True)
class Wanted(Generic[Narrowed]):
    """A page of a list: its filters, what the address says of its number, the day, the order and how long it is."""

    filters: Narrowed
    page: str | None
    today: date
    sort: str
    size: int = PAGE_SIZE


class ListQueries(Protocol[Narrowing_contra]):
    """How a feature reads a list; its module of queries is one."""

    def numbers_of(self, tx: Tx, reader: Actor, wanted: Wanted[Any], /) -> Numbers:
        """Which records stand on a page."""

    def count_facets(self, tx: Tx, reader: Actor, filters: Narrowing_contra, today: date, /) -> Counts:
        """For each facet, how many records each of its values would leave beside the other filters."""


@dataclass(frozen=True)
class CountedList(Generic[Narrowed, Item]):
    """A list of one kind of record, as a feature reads it, read from what is kept as far as it may be."""

    model: Any
    about: frozenset[str]
    queries: ListQueries[Narrowed]
    by_ids: Callable[[Tx, Actor, Sequence[int]], Mapping[int, Item]]

    def page(self, tx: Tx, reader: Actor, wanted: Wanted[Narrowed], lists: KeptLists | None = None) -> Page[Item]:
        """A page of the records that the filters leave, from `lists` or the memory of this site."""
        known = lists_of(self.model, self.about) if lists is None else lists
        words = wanted.filters.words
        numbers = known.value(tx, reader, wanted, lambda: self.queries.numbers_of(tx, reader, wanted), words)
        return numbers.page_of(self.by_ids(tx, reader, numbers.on_page), wanted.size)

    def counts(
        self, tx: Tx, reader: Actor, filters: Narrowed, today: date, lists: KeptLists | None = None
    ) -> Counts:  # fmt: skip
        """For each facet, how many records each of its values would leave beside the other filters; likewise."""
        known = lists_of(self.model, self.about) if lists is None else lists
        read = lambda: self.queries.count_facets(tx, reader, filters, today)  # noqa: E731 - it is said once
        return known.value(tx, reader, ("counts", filters, today), read, filters.words)
