"""What the list of needs begins with: how many there are by their codes, and which. See app.foundation.kept.lists."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.foundation.db import Tx
from app.foundation.kept.lists import KeptLists, lists_of
from app.foundation.paging import Page
from app.foundation.permissions import Actor
from app.needs import queries
from app.needs.models import Need
from app.needs.queries import NeedFilters, Numbers

Counts = Mapping[str, Mapping[str, int]]

ABOUT = frozenset({"need", "result", "pledge", "contribution", "organisation"})
"""The kinds of record whose changes may move a need, or take it out of sight."""


@dataclass(frozen=True)
class Memory:
    """What one process has last counted and found."""

    lists: KeptLists

    def count_by(self, tx: Tx, reader: Actor, filters: NeedFilters, facets: Sequence[str]) -> Counts:
        """The counts of each facet as this reader may see them at this moment."""

        def read() -> Counts:
            return queries.count_by(tx, reader, filters, facets)

        return self.lists.value(tx, reader, ("counts", _key(filters), tuple(facets)), read, filters.words)

    def count_confirmed(self, tx: Tx, reader: Actor, filters: NeedFilters, today: date) -> int:
        """For how many of the needs nobody waits for the word of their authors on that day."""
        narrower = replace(filters, confirmed_on=today)

        def read() -> int:
            return queries.count_needs(tx, reader, narrower)

        return self.lists.value(tx, reader, ("confirmed", _key(narrower)), read, filters.words)

    def list_needs(
        self, tx: Tx, reader: Actor, filters: NeedFilters, page: int, size: int, sort: str = "newest"
    ) -> Page[Need]:
        """One page of the needs that a reader may see."""

        def read() -> Numbers:
            return queries.numbers_of(tx, reader, filters, page, size, sort)

        numbers = self.lists.value(tx, reader, ("page", _key(filters), page, size, sort), read, filters.words)
        return queries.page_of(tx, reader, numbers, page, size)


def _key(filters: NeedFilters) -> Hashable:
    codes = tuple(sorted((facet, tuple(sorted(some))) for facet, some in filters.codes.items()))
    return codes, tuple(sorted(filters.statuses)), filters.words, filters.confirmed_on


def memory() -> Memory:
    """The memory of this site."""
    return Memory(lists_of(Need, ABOUT))
