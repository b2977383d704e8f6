"""Which lessons are shown on a record, as one process has last judged them for each kind of reader.

Two hundred lessons are judged for the three that are shown, whoever opens the page, and nothing about it changes until
a lesson does, or the search index. See app.foundation.kept.readings.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, Untouched, untouched_since, view_of
from app.foundation.permissions import Actor
from app.foundation.web import site
from app.matching.advice.facts import Asking
from app.matching.advice.queries import Advice, best_for, lessons_of
from app.matching.advice.rules import Judged
from app.search.engine_types import SearchEngine
from app.search.reactions import engine_of

MOST_KEPT = 1000
"""About 3 KB each."""
ABOUT = frozenset({"lesson", "lesson_tie"})
"""The kinds of record whose changes may bring another lesson to the top, or take one out of sight."""


@dataclass(frozen=True)
class Judging:
    """The lessons for one record, as one reader may see them; `mark` is that of the search index, None if broken."""

    tx: Tx
    reader: Actor
    engine: SearchEngine
    mine: Asking
    mark: Hashable

    @property
    def key(self) -> Hashable:
        """What the reader may see, the words and codes that lessons are looked for by, and the state of the index."""
        codes = tuple(sorted((facet, tuple(sorted(some))) for facet, some in self.mine.codes.items()))
        asked = (self.mine.kind, self.mine.title, self.mine.text, codes, self.mine.own_ref)
        # The words may be long; that two have the same hash, and all the rest the same, does not happen.
        return view_of(self.reader), hash(asked), self.mine.own_ref, self.mark

    def whole(self) -> Sequence[Judged]:
        """Judge them."""
        return best_for(self.tx, self.reader, self.engine, self.mine)

    def renewed(self, kept: Sequence[Judged], changed: Untouched) -> Sequence[Judged]:  # noqa: ARG002 - nothing is new
        """The very same: no lesson has changed."""
        return kept

    def is_much(self, value: Sequence[Judged]) -> bool:  # noqa: ARG002 - it is the judging that takes long
        """Always, but where the index could not be read: then some are missing that will be found again."""
        return self.mark is not None


class Memory:
    """What one process has last judged."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.kept: Kept[Sequence[Judged], Untouched] = Kept(most, untouched_since(ABOUT))

    def advise(self, tx: Tx, reader: Actor, engine: SearchEngine, mine: Asking) -> list[Advice]:
        """The lessons to read before deciding on a record, each with why, as they are at this moment."""
        return lessons_of(tx, reader, self.kept.value(tx, Judging(tx, reader, engine, mine, engine.mark())))


def advise_on(tx: Tx, reader: Actor, mine: Asking) -> list[Advice]:
    """The same from the memory of this site."""
    memory: Memory = site().parts.setdefault("lessons for records", Memory())
    return memory.advise(tx, reader, engine_of(site()), mine)
