"""What a process keeps open of one part of the index: its columns, and what words are suggested from."""

from __future__ import annotations

from collections import defaultdict
from math import log

import numpy as np

from app.search.columns_file import ColumnsDamaged
from app.search.homes import Listed, PartStore, Stamp
from app.search.snapshot import GrowingPart, Snapshot

MOST_OF_A_SIZE = 6
"""So many segments of about the same size become one: each document is copied once for each size that it passes."""
MOST_DELETED = 0.5
SHORT_WORD = 6


class OpenPart:
    """One part of one generation, brought up to date commit by commit."""

    def __init__(self, store: PartStore, generation: int = 0) -> None:
        self.store, self.generation = store, generation
        self.snapshot: Snapshot = GrowingPart().snapshot(())
        self._stamp: Stamp = ()
        self._growing = GrowingPart()
        self._listed: list[Listed] = []

    def is_at(self, generation: int, stamp: Stamp) -> bool:
        """Whether it is this generation, with nothing committed since."""
        return self.generation == generation and bool(self._stamp) and stamp == self._stamp

    def refresh(self) -> None:
        """Take in what was committed: what is known already is not read again.

        Raises:
            ColumnsDamaged: the columns of a segment are missing or not whole.
        """
        for _try in range(2):
            stamp, listed = self.store.stamp(), self.store.listed()
            try:
                growing = self._grown(listed)
            except ColumnsDamaged:
                # The writer takes old segments away when it has merged them; then the list is another one by now.
                if self.store.stamp() == stamp:
                    raise
                continue
            break
        else:
            raise ColumnsDamaged("the list of segments does not come to rest")
        self.snapshot = growing.snapshot(one.deleted for one in listed)
        self._growing, self._listed, self._stamp = growing, listed, stamp
        self.store.let_go()

    def _grown(self, listed: list[Listed]) -> GrowingPart:
        names = [one.name for one in listed]
        growing = self._growing
        if names[: len(growing.names)] != growing.names:
            growing, known = GrowingPart(), growing.by_name()
            for name in names:
                growing.extend(name, known.get(name) or self.store.columns(name))
            return growing
        for name in names[len(growing.names) :]:
            growing.extend(name, self.store.columns(name))
        return growing

    def check(self) -> None:
        """Look whether others could still read what this process has in memory.

        Raises:
            ColumnsDamaged: they could not.
        """
        for one in self._listed:
            self.store.check(one.name)

    def worth_merging(self) -> frozenset[str]:
        """The segments that had better be one: many of a size, the smallest first, or one that is mostly deleted."""
        sizes: defaultdict[int, list[Listed]] = defaultdict(list)
        for one in self._listed:
            sizes[int(log(max(one.live, 1), MOST_OF_A_SIZE))].append(one)
        for size in sorted(sizes):
            if len(sizes[size]) >= MOST_OF_A_SIZE:
                return frozenset(one.name for one in sizes[size])
        return frozenset(next(([one.name] for one in self._listed if one.live < one.size * (1 - MOST_DELETED)), []))

    def suggest(self, word: str) -> str | None:
        """The nearest word that a live document has, or None if the word is there itself or nothing is near."""
        if self._is_live(word):
            return None
        found = self.store.near(word, 1 if len(word) < SHORT_WORD else 2)
        return next((other for other in found if self._is_live(other)), None)

    def _is_live(self, word: str) -> bool:
        """Whether a document that is there now has the word: vocabularies remember the words of those that are gone."""
        return bool(self.snapshot.find("words", (word,), np.zeros(0, dtype=np.int64)).live[0])

    def close(self) -> None:
        """Close what is open; snapshots that were given away stay whole."""
        self.store.let_go()
