"""What a list of needs begins with, as one process has last read it for each kind of reader: how many, and which.

Among thousands of needs counting them by their codes, and finding the first twenty of those that two filters leave,
takes as long as drawing the list. See app.foundation.kept.readings.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy import func, select

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, Untouched, untouched_since, view_of
from app.foundation.paging import Page
from app.foundation.permissions import Actor
from app.foundation.web import site
from app.needs import queries
from app.needs.models import Need
from app.needs.queries import NeedFilters, Numbers

Counts = Mapping[str, Mapping[str, int]]
Value = TypeVar("Value")

MOST_KEPT = 256
MANY = 1000
"""Where fewer needs than these were ever posted, everything is read anew each time."""
ABOUT = frozenset({"need", "result", "pledge", "contribution", "organisation"})
"""The kinds of record whose changes may move a need, or take it out of sight."""


@dataclass(frozen=True)
class Asked(Generic[Value]):
    """Something about the needs that some filters leave, as one reader may see them: `what` tells it from others."""

    tx: Tx
    reader: Actor
    filters: NeedFilters
    what: Hashable
    read: Callable[[], Value]
    many: int

    @property
    def key(self) -> Hashable:
        """What the reader may see, and what was asked for."""
        codes = tuple(sorted((facet, tuple(sorted(some))) for facet, some in self.filters.codes.items()))
        asked = (codes, tuple(sorted(self.filters.statuses)), self.filters.words, self.filters.confirmed_on)
        return view_of(self.reader), asked, self.what

    def whole(self) -> Value:
        """Read it."""
        return self.read()

    def renewed(self, kept: Value, changed: Untouched) -> Value:  # noqa: ARG002 - there is nothing to renew
        """The very same: nothing that it follows from has changed."""
        return kept

    def is_much(self, value: Value) -> bool:  # noqa: ARG002 - what takes long is looking through all of them
        """Whether there are so many needs, and they were not looked for by words, of which everybody types others."""
        # disclosure: how high they are numbered decides how long something is kept, and is told to nobody.
        return not self.filters.words and (self.tx.scalar(select(func.max(Need.id))) or 0) >= self.many


class Memory:
    """What one process has last counted and found."""

    def __init__(self, many: int = MANY) -> None:
        self.many = many
        self.counts: Kept[Counts, Untouched] = Kept(MOST_KEPT, untouched_since(ABOUT))
        self.pages: Kept[Numbers, Untouched] = Kept(MOST_KEPT, untouched_since(ABOUT))
        self.totals: Kept[int, Untouched] = Kept(MOST_KEPT, untouched_since(ABOUT))

    def count_by(self, tx: Tx, reader: Actor, filters: NeedFilters, facets: Sequence[str]) -> Counts:
        """The counts of each facet as this reader may see them at this moment."""

        def read() -> Counts:
            return queries.count_by(tx, reader, filters, facets)

        return self.counts.value(tx, Asked(tx, reader, filters, tuple(facets), read, self.many))

    def count_confirmed(self, tx: Tx, reader: Actor, filters: NeedFilters, today: date) -> int:
        """For how many of the needs nobody waits for the word of their authors on that day."""
        narrower = replace(filters, confirmed_on=today)

        def read() -> int:
            return queries.count_needs(tx, reader, narrower)

        return self.totals.value(tx, Asked(tx, reader, narrower, "confirmed", read, self.many))

    def list_needs(
        self, tx: Tx, reader: Actor, filters: NeedFilters, page: int, size: int, sort: str = "newest"
    ) -> Page[Need]:
        """One page of the needs that a reader may see."""

        def read() -> Numbers:
            return queries.numbers_of(tx, reader, filters, page, size, sort)

        numbers = self.pages.value(tx, Asked(tx, reader, filters, (page, size, sort), read, self.many))
        return queries.page_of(tx, reader, numbers, page, size)


def memory() -> Memory:
    """The memory of this site."""
    kept: Memory = site().parts.setdefault("needs counted", Memory())
    return kept
