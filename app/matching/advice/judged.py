"""Which lessons are shown on a record, as one process has last judged them for each kind of reader.

Two hundred lessons are judged for the three that are shown, whoever opens the page, and nothing about it changes until
a lesson does, or the search index. See app.foundation.kept.readings.
"""

from __future__ import annotations

from collections.abc import Hashable

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, Unchanging, Untouched, untouched_since
from app.foundation.permissions import Actor
from app.foundation.web import site
from app.matching.advice.facts import Asking
from app.matching.advice.queries import Advice, Best, best_for, lessons_of
from app.search.engine_types import SearchEngine
from app.search.reactions import engine_of

MOST_KEPT = 1000
"""Up to 10 KB each: the words that were asked with, and three lessons."""
ABOUT = frozenset({"lesson", "lesson_tie"})
"""The kinds of record whose changes may bring another lesson to the top, or take one out of sight."""


class Memory:
    """What one process has last judged."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.kept: Kept[Best, Untouched] = Kept(most, untouched_since(ABOUT))

    def advise(self, tx: Tx, reader: Actor, engine: SearchEngine, mine: Asking) -> list[Advice]:
        """The lessons to read before deciding on a record, each with why, as they are at this moment."""
        # Told before the index is asked: what changes meanwhile makes it one of the past.
        mark = engine.mark()

        def read() -> Best:
            return best_for(tx, reader, engine, mine)

        def is_worth_it(best: Best) -> bool:
            return mark is not None and best.is_whole

        asked = Unchanging(reader, (_asked_with(mine), mark), read, is_worth_it)
        return lessons_of(tx, reader, self.kept.value(tx, asked).lessons)


def _asked_with(mine: Asking) -> Hashable:
    codes = tuple(sorted((facet, tuple(sorted(some))) for facet, some in mine.codes.items()))
    return mine.kind, mine.title, mine.text, codes, mine.own_ref


def advise_on(tx: Tx, reader: Actor, mine: Asking) -> list[Advice]:
    """The same from the memory of this site."""
    memory: Memory = site().parts.setdefault("lessons for records", Memory())
    return memory.advise(tx, reader, engine_of(site()), mine)
