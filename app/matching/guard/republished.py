"""Whether an activity that is brought in is another organisation's, word for word: the strictest likeness there is.

Every activity is compared with those alone that share its title, so that bringing in many stays quick. Plain values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import blake2b

from app.foundation.text import fold
from app.matching.duplicates import are_kin
from app.search.language import words

FEWEST_TITLE_WORDS, FEWEST_WORDS = 3, 8
"""Fewer words than these say too little to be anybody's own."""
CLOSE = timedelta(days=62)


@dataclass(frozen=True)
class Published:
    """What is compared of an activity; `kin` are the identifiers of those that it names as its relations."""

    organisation_id: int
    identifier: str
    title: str
    description: str
    countries: frozenset[str] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None
    kin: frozenset[str] = frozenset()

    @cached_property
    def mark(self) -> Mark:
        """What of it is compared."""
        return Mark(self)


class Mark:
    """An activity as it stands on the shelf: of its words a digest is enough, so that many take up little room."""

    __slots__ = ("countries", "ends_on", "identifier", "kin", "organisation_id", "starts_on", "text", "title")

    def __init__(self, each: Published) -> None:
        title, description = _words(each.title), _words(each.description)
        says_enough = len(title) >= FEWEST_TITLE_WORDS and len(description) >= FEWEST_WORDS
        self.organisation_id, self.identifier, self.kin = each.organisation_id, each.identifier, each.kin
        self.countries, self.starts_on, self.ends_on = each.countries, each.starts_on, each.ends_on
        self.title = _digest(title) if says_enough else b""
        self.text = _digest(description) if says_enough else b""


def is_republished(one: Published, other: Published) -> bool:
    """Whether two organisations tell the same in the same words, of one place and time, and neither names the other."""
    return _alike(one.mark, other.mark)


def _alike(one: Mark, other: Mark) -> bool:
    if one.organisation_id == other.organisation_id or not one.title or one.title != other.title:
        return False
    if one.text != other.text or one.countries != other.countries or _names(one, other) or _names(other, one):
        return False
    return _close(one.starts_on, other.starts_on) and _close(one.ends_on, other.ends_on)


def _names(one: Mark, other: Mark) -> bool:
    return other.identifier in one.kin or are_kin(one.identifier, other.identifier)


def _words(text: str) -> list[str]:
    return words(fold(text))


def _digest(said: list[str]) -> bytes:
    return blake2b("\n".join(said).encode(), digest_size=16).digest()


def _close(first: date | None, second: date | None) -> bool:
    return first == second if first is None or second is None else abs(first - second) <= CLOSE


class Shelf:
    """Activities by the words of their titles; those that say too little to be anybody's own are not put there."""

    def __init__(self, there: Iterable[tuple[int, Published]]) -> None:
        self._by_title: dict[bytes, dict[int, Mark]] = {}
        for number, each in there:
            self.put(number, each)

    def put(self, number: int, each: Published) -> None:
        """Let later ones be compared with this one."""
        mark = each.mark
        if mark.title:
            self._by_title.setdefault(mark.title, {})[number] = mark

    def take(self, number: int, each: Published) -> None:
        """What was put there is there no more."""
        self._by_title.get(each.mark.title, {}).pop(number, None)

    def same_as(self, each: Published) -> Collection[int]:
        """The numbers of those that say the same in the same words."""
        mark = each.mark
        return [number for number, other in self._by_title.get(mark.title, {}).items() if _alike(mark, other)]
