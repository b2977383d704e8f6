"""Whether two texts with places and dates tell of one thing: word for word, shortened, as a part, or translated.

What is strong here has to be answered by a person, so it asks more than app.matching.duplicates, which sorts pairs that
somebody has put before it. Plain values in, plain out; the order of the two makes no difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from app.foundation.text import fold
from app.matching.aboutness import About, about, cosine
from app.matching.duplicates import (
    NUMBER,
    PHASE,
    ROMAN,
    YEARS_END,
    Told,
    agreement_in_time,
    likeness_of_words,
    tells_apart,
)
from app.reference.concepts import concepts
from app.reference.places import named_in
from app.search.language import query_words, stems_of

TOKEN = re.compile(r"\w+")
Words: TypeAlias = tuple[frozenset[str], ...]
"""Words in their order, each as its possible stems."""

NEVER, UNDATED = "none", "unknown"
"""What app.matching.duplicates says of dates that exclude each other, and where one has none."""
LONG_TITLE, MOST_OF_LONG = 9, 0.9
"""In a title of so many telling words one may differ; in a shorter one none."""
FEW_WORDS, PART_OF_TITLE, MOST_OF_TITLE = 3, 0.4, 0.6
"""A title of fewer telling words, or one that is a smaller part of the other, says little by itself."""
TEXT, WHOLE_TEXT, FEWEST_WORDS, ENOUGH_WORDS = 0.6, 0.8, 3, 5
"""Which share of the words beside the titles has to agree, and how many words a text needs to be one."""


@dataclass(frozen=True)
class Asked:
    """How far two languages have to agree on the same days: the concepts of titles, of all, or words as they are."""

    title: float
    whole: float
    words: float


DAYS, YEARS = Asked(0.5, 0.4, 0.4), Asked(0.8, 0.6, 0.6)
"""For days that tell something, and for the ends of years."""
TITLE_SENSE, TEXT_SENSE, TITLE_CONCEPTS = 0.75, 0.6, 2
"""What is asked of the concepts of two languages where the days are not the same.

Set on one drawing of planted duplicates, told of another: tests/benchmarks/duplicates_bench.py.
"""


def told_twice(one: Told, other: Told, *, in_one_language: bool) -> bool:
    """Whether the two tell of one thing, or one of a part of what the other tells of."""
    if one.countries and other.countries and not one.countries & other.countries:
        return False
    # Most pairs have not even the words in common, which is quick to see; what they are about is looked at last.
    in_words = agree_in_words(one, other)
    if in_one_language and not in_words:
        return False
    if agreement_in_time(one, other) == NEVER and not (_is_phase(one, other) or _is_phase(other, one)):
        return False
    if _are_told_apart(one, other) or _follows(one, other) or _follows(other, one):
        return False
    return in_words or _agree_in_sense(one, other)


def _are_told_apart(one: Told, other: Told) -> bool:
    """Whether the two name different things of one sort; a text that was shortened has lost some of its numbers."""
    if not tells_apart(one, other):
        return False
    first, second = (frozenset(NUMBER.findall(each.description)) for each in (one, other))
    return not (_tokens(one.title) == _tokens(other.title) and (first <= second or second <= first))


def _tokens(title: str) -> frozenset[str]:
    return frozenset(TOKEN.findall(fold(title)))


def agree_in_words(one: Told, other: Told) -> bool:
    """Whether the shorter title stands whole in the other one, and what is said beside them agrees."""
    shorter, longer = sorted((_words(one.title), _words(other.title)), key=len)
    share = _share(shorter, longer)
    if share < (MOST_OF_LONG if len(shorter) >= LONG_TITLE else 1.0):
        return False
    part = len(shorter) / len(longer) if longer else 1.0
    says_much = len(shorter) >= FEW_WORDS and part >= PART_OF_TITLE
    text, length = share_of_text(one, other)
    if _on_the_same_days(one, other) and part >= PART_OF_TITLE and len(shorter) > 1:
        return length < FEWEST_WORDS or text >= TEXT
    if length < FEWEST_WORDS:
        return says_much and part >= MOST_OF_TITLE
    return text >= TEXT if says_much else text >= WHOLE_TEXT and length >= ENOUGH_WORDS


def _agree_in_sense(one: Told, other: Told) -> bool:
    """Whether two texts of different languages speak of the same concepts, and of the same numbers."""
    first, second = _about(one), _about(other)
    title, whole = cosine(first.title_concepts, second.title_concepts), cosine(first.concepts, second.concepts)
    if _on_the_same_days(one, other) and _numbers(one.title) == _numbers(other.title):
        asked = DAYS if _are_telling_days(one) else YEARS
        if title >= asked.title or whole >= asked.whole or likeness_of_words(one, other) >= asked.words:
            return True
    if agreement_in_time(one, other) == UNDATED:
        return False
    shared = [concept for concept in first.title_concepts if concept in second.title_concepts]
    telling = [concept for concept in shared if concepts()[concept].themes]
    return len(telling) >= TITLE_CONCEPTS and title >= TITLE_SENSE and whole >= TEXT_SENSE


def _on_the_same_days(one: Told, other: Told) -> bool:
    """Begun and ended on the very same days."""
    return bool(one.start) and (one.start, one.end) == (other.start, other.end)


def _are_telling_days(told: Told) -> bool:
    """Whether one of its days is no end of a year, which is written where nobody knows the day."""
    return any(tuple(map(int, day.split("-")[1:])) not in YEARS_END for day in (told.start, told.end) if day)


def _follows(later: Told, earlier: Told) -> bool:
    """Whether one bears a number that the other lacks and begins when that one has ended: its next phase."""
    is_later = bool(earlier.end and later.start > earlier.end)
    return is_later and _is_numbered(later.title) and not _is_numbered(earlier.title)


def _is_phase(part: Told, whole: Told) -> bool:
    """Whether one bears a number that the other lacks and lies within its dates: its phase."""
    if not (part.start and part.end and whole.start and whole.end):
        return False
    is_within = whole.start[:7] <= part.start[:7] and part.end[:7] <= whole.end[:7]
    return is_within and _is_numbered(part.title) and not _is_numbered(whole.title)


def _is_numbered(title: str) -> bool:
    folded = fold(title)
    return bool(PHASE.search(folded) or ROMAN.search(folded))


def _numbers(title: str) -> frozenset[str]:
    return frozenset(NUMBER.findall(title))


def share_of_title(one: str, other: str) -> float:
    """Which share of the telling words of the shorter title stands in the other title, from 0 to 1."""
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    return _share(shorter, longer)


def share_of_text(one: Told, other: Told) -> tuple[float, int]:
    """The same of what they say beside their titles, and how many telling words the shorter one has there."""
    shorter, longer = sorted((_words(one.description), _words(other.description)), key=len)
    return _share(shorter, longer), len(shorter)


def _share(shorter: Words, longer: Words) -> float:
    if not shorter:
        return 0.0 if longer else 1.0
    share = _part(shorter, longer)
    # Of two equally long ones neither is the shorter.
    return min(share, _part(longer, shorter)) if len(longer) == len(shorter) else share


def _part(words: Words, others: Words) -> float:
    there = frozenset[str]().union(*others)
    return sum(bool(stems & there) for stems in words) / len(words)


@lru_cache(maxsize=16384)
def _words(text: str) -> Words:
    """The telling words of a text, each once as its possible stems; names of countries and numbers left aside."""
    places = {word for _iso2, named in named_in(text) for word in named}
    kept = [word for word in query_words(text) if word not in places and not word.isdecimal()]
    return tuple(dict.fromkeys(frozenset(stems_of(word)) for word in kept))


def _about(told: Told) -> About:
    return about(told.title, told.description)
