"""What the list of one kind of record begins with: how many there are by their codes, and which stand on a page.

It is kept until a record changes, see app.foundation.kept.findings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from app.foundation.db import Tx
from app.foundation.kept.findings import Findings, findings_of
from app.foundation.paging import PAGE_SIZE, Numbers, Page
from app.foundation.permissions import Actor

Item = TypeVar("Item")
Narrowed = TypeVar("Narrowed", bound="Filters")
Narrowing_contra = TypeVar("Narrowing_contra", bound="Filters", contravariant=True)
Counts = Mapping[str, Mapping[str, int]]


def lists_of(model: Any, about: Collection[str]) -> Findings:
    """What this site has last found for lists of these records."""
    return findings_of(f"lists of {model.record_kind}", (model,), about)


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

    def page(self, tx: Tx, reader: Actor, wanted: Wanted[Narrowed], lists: Findings | None = None) -> Page[Item]:
        """A page of the records that the filters leave, from `lists` or the memory of this site."""
        known = lists_of(self.model, self.about) if lists is None else lists
        read = lambda: self.queries.numbers_of(tx, reader, wanted)  # noqa: E731 - it is said once
        numbers = known.value(tx, reader, wanted, read, is_common=not wanted.filters.words)
        return numbers.page_of(self.by_ids(tx, reader, numbers.on_page), wanted.size)

    def counts(
        self, tx: Tx, reader: Actor, filters: Narrowed, today: date, lists: Findings | None = None
    ) -> Counts:  # fmt: skip
        """For each facet, how many records each of its values would leave beside the other filters; likewise."""
        known = lists_of(self.model, self.about) if lists is None else lists
        read = lambda: self.queries.count_facets(tx, reader, filters, today)  # noqa: E731 - it is said once
        return known.value(tx, reader, ("counts", filters, today), read, is_common=not filters.words)
