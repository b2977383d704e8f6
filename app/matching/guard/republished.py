"""Whether an activity that is brought in is another organisation's, word for word: the strictest likeness there is.

Every activity is compared with those alone that share its title, so that bringing in many stays quick. Plain values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

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


def is_republished(one: Published, other: Published) -> bool:
    """Whether two organisations tell the same in the same words, of one place and time, and neither names the other."""
    if one.organisation_id == other.organisation_id or _names(one, other) or _names(other, one):
        return False
    if not _says_enough(one) or _words(one.title) != _words(other.title):
        return False
    if _words(one.description) != _words(other.description) or one.countries != other.countries:
        return False
    return _close(one.starts_on, other.starts_on) and _close(one.ends_on, other.ends_on)


def _names(one: Published, other: Published) -> bool:
    return other.identifier in one.kin or are_kin(one.identifier, other.identifier)


def _says_enough(each: Published) -> bool:
    return len(_words(each.title)) >= FEWEST_TITLE_WORDS and len(_words(each.description)) >= FEWEST_WORDS


def _words(text: str) -> list[str]:
    return words(fold(text))


def _close(first: date | None, second: date | None) -> bool:
    return first == second if first is None or second is None else abs(first - second) <= CLOSE


class Shelf:
    """Activities by the words of their titles."""

    def __init__(self, there: Iterable[tuple[int, Published]]) -> None:
        self._by_title: dict[tuple[str, ...], dict[int, Published]] = defaultdict(dict)
        for number, each in there:
            self.put(number, each)

    def put(self, number: int, each: Published) -> None:
        """Let later ones be compared with this one."""
        self._by_title[tuple(_words(each.title))][number] = each

    def same_as(self, each: Published) -> Collection[int]:
        """The numbers of those that say the same in the same words."""
        near = self._by_title.get(tuple(_words(each.title)), {})
        return [number for number, other in near.items() if is_republished(each, other)]
