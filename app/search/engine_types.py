"""What a search engine is asked and what it answers; any engine that keeps to this can stand behind the site."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Key = tuple[str, int]
"""Kind and number of a record: ("need", 12)."""
Filters = Mapping[str, frozenset[str]]
"""By facet the values of which a record has to have one."""

KINDS = ("need", "programme", "course", "lesson", "output")
OFFERS = frozenset({"programme", "course", "output"})


class EngineBroken(RuntimeError):
    """The index cannot be read; answers have to come from the database until it is rebuilt."""


@dataclass(frozen=True)
class IndexDocument:
    """What the index keeps of one record. `tokens` open it when it is not public; `files` are words of public files.

    `posted`, `due` and `confirm` (until when its owner is to say that it still stands) are ordinals of days, or 0.
    """

    key: Key
    version: int
    title: tuple[str, ...]
    body: tuple[str, ...]
    concepts: tuple[str, ...]
    words: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    is_public: bool
    tokens: tuple[str, ...] = ()
    posted: int = 0
    due: int = 0
    confirm: int = 0
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermGroup:
    """One word of a question: its possible stems, and the concepts that it is part of."""

    word: str
    stems: tuple[str, ...]
    concepts: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True)
class EngineQuery:
    """A question to the engine. `tokens` None reads everything (the site itself); empty reads what is public.

    `only` is public or restricted to ask one part alone. `within`, if given, names the only records that count.
    `today` (an ordinal) lets what nobody has confirmed in time stand lower; 0 takes no notice of it. `in_files` finds
    records by the words of their files too: for people who search, not for comparing one record with another.
    """

    groups: tuple[TermGroup, ...] = ()
    filters: Filters = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    tokens: frozenset[str] | None = frozenset()
    sort: str = "best"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    all_words_first: bool = True
    only: str = ""
    within: frozenset[Key] | None = None
    today: int = 0
    in_files: bool = False


@dataclass(frozen=True)
class Hit:
    """One record found; the score orders and is never shown."""

    key: Key
    score: float


@dataclass(frozen=True)
class EngineAnswer:
    """What was found: one page of hits, how many in all, counts for each facet, and whether words were let go."""

    hits: tuple[Hit, ...]
    total: int
    counts: Mapping[str, Mapping[str, int]]
    relaxed: bool = False


Reading = Callable[[], tuple[Sequence[IndexDocument], Sequence[Key]]]
"""Reads some records as they are now: documents of those that are published, and keys of those that are gone."""


class SearchEngine(Protocol):
    """An index of records that can be thrown away and built anew."""

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Answer a question. Raises EngineBroken."""
        ...

    def search_each(self, query: EngineQuery, narrower: Sequence[Filters]) -> list[EngineAnswer]:
        """Answer a question with each of these further filters by itself. Raises EngineBroken."""
        ...

    def replace(self, documents: Sequence[IndexDocument], gone: Sequence[Key]) -> None:
        """Put these documents in the place of older ones, and take away those that are gone. Raises EngineBroken."""
        ...

    def renew(self, read: Reading) -> None:
        """The same with what is read once nobody else writes the index. Raises EngineBroken."""
        ...

    def rebuild(self, documents: Iterable[IndexDocument], expected: Callable[[], int] | None = None) -> int:
        """Build a new index beside the old one and put it in its place; how many documents it has.

        Raises EngineBroken if it has not as many as expected, asked before and after; the old one stays then.
        """
        ...

    def tend(self) -> bool:
        """Keep the index in shape while there is nothing else to do; whether it did anything. Raises EngineBroken."""
        ...

    def mark(self) -> Hashable:
        """What is another one whenever an answer may be; None as long as there is nothing that can be read.

        Pages are kept by it: whatever was asked before a change has to have another mark than what is asked after it.
        """
        ...

    def is_there(self) -> bool:
        """Whether there is an index at all, whole or not."""
        ...

    def close(self) -> None:
        """Let go of everything that is open."""
        ...

    def versions(self) -> dict[Key, int]:
        """Which version of which record the index has. Raises EngineBroken."""
        ...

    def suggest(self, word: str) -> str | None:
        """The nearest word of the public vocabulary to one that it does not have."""
        ...
