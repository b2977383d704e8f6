"""How many needs carry each code, as one process has last counted them for each kind of reader.

Among thousands of needs counting them takes as long as drawing the list. See app.foundation.kept.readings.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, Untouched, untouched_since, view_of
from app.foundation.permissions import Actor
from app.foundation.web import site
from app.needs import queries
from app.needs.queries import NeedFilters

Counts = Mapping[str, Mapping[str, int]]

MOST_KEPT = 64
MANY = 1000
"""Fewer needs than these are counted anew each time."""
ABOUT = frozenset({"need", "result", "pledge", "contribution", "organisation"})
"""The kinds of record whose changes may move a need, or take it out of sight."""


@dataclass(frozen=True)
class Counting:
    """Needs by the codes of some facets, as one reader may see them."""

    tx: Tx
    reader: Actor
    filters: NeedFilters
    facets: tuple[str, ...]
    many: int

    @property
    def key(self) -> Hashable:
        """What the reader may see, and what was asked for."""
        codes = tuple(sorted((facet, tuple(sorted(some))) for facet, some in self.filters.codes.items()))
        asked = (codes, tuple(sorted(self.filters.statuses)), self.filters.words, self.filters.confirmed_on)
        return view_of(self.reader), asked, self.facets

    def whole(self) -> Counts:
        """Count them."""
        return queries.count_by(self.tx, self.reader, self.filters, self.facets)

    def renewed(self, kept: Counts, changed: Untouched) -> Counts:  # noqa: ARG002 - there is nothing to renew
        """The very same: nothing that is counted has changed."""
        return kept

    def is_much(self, value: Counts) -> bool:
        """Whether they are so many, and were not looked for by words, of which everybody types others."""
        return not self.filters.words and sum(value.get("status", {}).values()) >= self.many


class Memory:
    """The counts that one process has last read."""

    def __init__(self, many: int = MANY) -> None:
        self.many = many
        self.kept: Kept[Counts, Untouched] = Kept(MOST_KEPT, untouched_since(ABOUT))

    def count_by(self, tx: Tx, reader: Actor, filters: NeedFilters, facets: Sequence[str]) -> Counts:
        """The counts as this reader may see them at this moment."""
        return self.kept.value(tx, Counting(tx, reader, filters, tuple(facets), self.many))


def count_by(tx: Tx, reader: Actor, filters: NeedFilters, facets: Sequence[str]) -> Counts:
    """The same from the memory of this site."""
    memory: Memory = site().parts.setdefault("counts of needs", Memory())
    return memory.count_by(tx, reader, filters, facets)
