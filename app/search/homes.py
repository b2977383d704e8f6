"""Where an index lives: its generations, and in each two parts, every one a list of segments that never change.

An engine on columns needs no more than this of whatever keeps them: a folder with Whoosh in it, or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from app.search.columns import Segment

PARTS = ("public", "restricted")
Stamp = tuple[str, ...]
"""What is another one after each commit to a part."""


@dataclass(frozen=True)
class Listed:
    """A segment as the list of a part has it."""

    name: str
    size: int
    deleted: frozenset[int]

    @property
    def live(self) -> int:
        """How many of its documents are there still."""
        return self.size - len(self.deleted)


@dataclass(frozen=True)
class Look:
    """What there is at one moment: the number of the generation in force, and the stamp of each of its parts."""

    generation: int
    stamps: Mapping[str, Stamp]


class PartStore(Protocol):
    """One part of one generation."""

    def create(self) -> None:
        """Make an empty part."""
        ...

    def stamp(self) -> Stamp:
        """What is another one after each commit."""
        ...

    def listed(self) -> list[Listed]:
        """The segments in their order."""
        ...

    def columns(self, name: str) -> Segment:
        """The columns of a segment. Raises ColumnsDamaged."""
        ...

    def add(self, segment: Segment, deleted: Sequence[int] = ()) -> None:
        """Commit one more segment, and deletions by the number of the document in the part."""
        ...

    def merge(self, names: frozenset[str]) -> None:
        """Make one segment of several; what is deleted in them goes for good."""
        ...

    def mend_all(self) -> None:
        """Write the columns anew wherever they are missing or not whole. Raises EngineBroken if that cannot be."""
        ...

    def check(self, name: str) -> None:
        """Look whether what is kept of a segment is still what was read. Raises ColumnsDamaged."""
        ...

    def near(self, word: str, slips: int) -> list[str]:
        """The likeliest words of the vocabulary that are at most so many slips away, those of deleted ones too."""
        ...

    def let_go(self) -> None:
        """Close what is open."""
        ...


class Home(Protocol):
    """Where the generations of an index are."""

    def look(self) -> Look | None:
        """What there is now; nothing if there is no index."""
        ...

    def part(self, generation: int, name: str) -> PartStore:
        """One part of a generation."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Only one process writes the index at a time."""
        ...

    def swap(self, generation: int) -> None:
        """Put a generation in force; the one before stays for those who still read it, older ones go."""
        ...

    def drop(self, generation: int) -> None:
        """Throw a generation away, if it is there."""
        ...

    def close(self) -> None:
        """Let go of everything that is open."""
        ...
