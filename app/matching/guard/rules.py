"""Whether two records of one kind seem to be the same thing, how strongly, and what of them is the same.

Plain values in, plain out. What is said of a pair depends on these two alone, so that no third record, which a reader
may not be allowed to see, shows in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from app.foundation.text import fold
from app.matching.aboutness import about
from app.matching.duplicates import Told, are_kin, likeness_of_sense
from app.matching.guard.likeness import share_of_title, told_twice
from app.reference.concepts import concepts
from app.reference.themes import siblings
from app.search.language import query_words, stems_of

STRONG, POSSIBLE = "strong", "possible"
SHOWN = 5
"""So many are shown, the strong ones first."""
POSSIBLE_WORDS, POSSIBLE_SENSE = 0.5, 0.6
APART = timedelta(days=300)
"""So far apart two may lie in time and still be told of one thing: sources differ by some months."""
MOST_CONCEPTS = 4


@dataclass(frozen=True)
class Facts:
    """What the guard knows of a record, posted or about to be.

    `texts` are (title, the rest) by language; `groupings_of` are the groupings of its countries; `units` in which its
    assistance is counted, `served` the unit that benefits, as it is written. `identifier` is its own IATI identifier,
    `identifiers` that and those under which it stands elsewhere.
    """

    organisation_id: int
    language: str
    texts: Mapping[str, tuple[str, str]]
    countries: frozenset[str] = frozenset()
    groupings: frozenset[str] = frozenset()
    groupings_of: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    served: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    identifiers: frozenset[str] = frozenset()
    identifier: str = ""

    @property
    def title(self) -> str:
        """Its title in its own language."""
        return self.texts[self.language][0]

    @property
    def text(self) -> str:
        """Everything that it says in its own language."""
        return " ".join(self.texts[self.language])

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the words of all that."""
        return frozenset(stem for word in query_words(self.text) if not word.isdecimal() for stem in stems_of(word))

    @cached_property
    def near_themes(self) -> frozenset[str]:
        """Its themes and their neighbours."""
        return self.themes.union(*map(siblings, self.themes))

    @cached_property
    def told(self) -> Mapping[str, Told]:
        """What it tells in each of its languages."""
        start, end = (day.isoformat() if day else "" for day in (self.starts_on, self.ends_on))
        return {
            language: Told(title, rest, self.countries, start, end) for language, (title, rest) in self.texts.items()
        }


@dataclass(frozen=True)
class Judgement:
    """How strongly two seem to be the same, and by what: codes by list, and the stems of the words that both use.

    `score` orders and is never shown.
    """

    strength: str
    score: float
    countries: frozenset[str] = frozenset()
    groupings: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    concepts: tuple[str, ...] = ()
    stems: frozenset[str] = field(default_factory=frozenset)
    same_dates: bool = False
    same_unit: bool = False

    @property
    def is_strong(self) -> bool:
        """Whether it has to be answered."""
        return self.strength == STRONG


def judge(one: Facts, other: Facts) -> Judgement | None:
    """Whether the two seem to be the same; None where they do not. The order of the two makes no difference."""
    is_same = is_one_undertaking(one, other)
    if not is_same and not (_near(one, other) and _meets(one, other)):
        return None
    words, sense = _likeness(one, other)
    if not is_same and words < POSSIBLE_WORDS and sense < POSSIBLE_SENSE:
        return None
    return Judgement(
        strength=STRONG if is_same else POSSIBLE,
        score=round(words + sense + len(one.kinds & other.kinds) / 10 + _same_days(one, other), 4),
        countries=one.countries & other.countries,
        groupings=(one.groupings & (other.groupings | other.groupings_of)) | (one.groupings_of & other.groupings),
        themes=one.themes & other.themes,
        kinds=one.kinds & other.kinds,
        units=one.units & other.units,
        concepts=_shared_concepts(one, other),
        stems=one.stems & other.stems,
        same_dates=_meets(one, other) and bool(one.starts_on and other.starts_on),
        same_unit=bool(one.served) and fold(one.served) == fold(other.served),
    )


def is_one_undertaking(one: Facts, other: Facts) -> bool:
    """Whether the two seem to be the same so strongly that somebody has to say how they stand to each other."""
    if _identified(one, other):
        return True
    if _told_apart_by_its_owner(one, other) or not _near(one, other):
        return False
    if not _may_meet(one, other):
        return False
    return any(
        told_twice(first, second, in_one_language=first_language == second_language)
        for (first, first_language), (second, second_language) in _told_pairs(one, other)
    )


def _told_apart_by_its_owner(one: Facts, other: Facts) -> bool:
    """One organisation has given the two an identifier each."""
    is_one_owner = one.organisation_id == other.organisation_id
    return is_one_owner and bool(one.identifier and other.identifier) and one.identifier != other.identifier


def _identified(one: Facts, other: Facts) -> bool:
    """The same identifier in any register, or one that is the other with a part added."""
    if one.identifiers & other.identifiers:
        return True
    return any(are_kin(first, second) for first in one.identifiers for second in other.identifiers)


def _told_pairs(one: Facts, other: Facts) -> list[tuple[tuple[Told, str], tuple[Told, str]]]:
    """The two as they are told in each language that both are written in; else each in its own."""
    shared = sorted(one.texts.keys() & other.texts.keys())
    pairs = [(language, language) for language in shared] or [(one.language, other.language)]
    return [((one.told[first], first), (other.told[second], second)) for first, second in pairs]


def _near(one: Facts, other: Facts) -> bool:
    """Whether both could be in one place and about one thing; what is not said excludes nothing."""
    return _may_share_place(one, other) and _may_share_theme(one, other)


def _may_share_place(one: Facts, other: Facts) -> bool:
    if one.countries and other.countries and not (one.groupings or other.groupings):
        return bool(one.countries & other.countries)
    mine, theirs = one.countries | one.groupings, other.countries | other.groupings
    if not mine or not theirs:
        return True
    both = one.countries & other.countries or one.groupings & (other.groupings | other.groupings_of)
    return bool(both or one.groupings_of & other.groupings)


def _may_share_theme(one: Facts, other: Facts) -> bool:
    return not one.themes or not other.themes or bool(one.near_themes & other.themes)


def _meets(one: Facts, other: Facts) -> bool:
    """Whether both run at one time, as far as they say when."""
    starts = [each.starts_on for each in (one, other) if each.starts_on]
    ends = [each.ends_on for each in (one, other) if each.ends_on]
    return not starts or not ends or max(starts) <= min(ends)


def _same_days(one: Facts, other: Facts) -> int:
    """How many of their two days are the same: of a series of like ones this tells which it is."""
    return sum(
        first is not None and first == second
        for first, second in ((one.starts_on, other.starts_on), (one.ends_on, other.ends_on))
    )


def _may_meet(one: Facts, other: Facts) -> bool:
    """Whether both run at one time, or nearly so; a quick question before the others."""
    if one.starts_on and other.ends_on and one.starts_on > other.ends_on + APART:
        return False
    return not (other.starts_on and one.ends_on and other.starts_on > one.ends_on + APART)


def _likeness(one: Facts, other: Facts) -> tuple[float, float]:
    pairs = _told_pairs(one, other)
    words = max(share_of_title(first.title, second.title) for (first, _one), (second, _other) in pairs)
    return words, max(likeness_of_sense(first, second) for (first, _one), (second, _other) in pairs)


def _shared_concepts(one: Facts, other: Facts) -> tuple[str, ...]:
    first, second = (about(*each.texts[each.language]).concepts for each in (one, other))
    shared = [concept for concept in first if concept in second and concepts()[concept].themes]
    return tuple(sorted(shared, key=lambda concept: (-min(first[concept], second[concept]), concept))[:MOST_CONCEPTS])
