"""Whether two programmes seem to do the same thing in the same place and time, and by what one sees it.

Plain values in, plain out. What is said of a pair depends on these two programmes alone, so that no third one, which a
reader may not be allowed to see, shows in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from app.foundation.messages import Message, Named, Several, msg

MOST_WORDS = 6
"""So many shared words are named."""
CANCELLED = "5"


@dataclass(frozen=True)
class Undertaking:
    """What one programme does. `words` are its telling words by their stems; `groupings_of` those of its countries.

    `identifiers` are its own IATI identifier and those under which it stands elsewhere; `kin` those of its parents,
    children and other reports of it.
    """

    number: int
    organisation_id: int
    status: str
    countries: frozenset[str]
    groupings: frozenset[str]
    groupings_of: frozenset[str]
    themes: frozenset[str]
    starts_on: date | None
    ends_on: date | None
    words: Mapping[str, str]
    concepts: frozenset[str]
    identifiers: frozenset[str] = frozenset()
    kin: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """How much alike two are, for ordering, and the reasons, each of which stands in both records."""

    score: float
    reasons: tuple[Message, ...]


def likeness(one: Undertaking, other: Undertaking, weights: Mapping[str, float]) -> Likeness | None:
    """How far two programmes seem to do the same; None when they do not, or are one and the same.

    The order of the two makes no difference.
    """
    one, other = sorted((one, other), key=lambda each: each.number)
    if not _may_overlap(one, other):
        return None
    place, time = _place(one, other), _time(one, other)
    themes = one.themes & other.themes
    text = share_of_words(one, other)
    concepts = one.concepts & other.concepts
    said = text + weights["concept"] * len(concepts)
    if not place or time is None or not themes or said < weights["least"]:
        return None
    reasons = [msg("about %(themes)s", themes=Several("theme", tuple(sorted(themes)))), *place, *time]
    score = said + weights["theme"] * len(themes) / len(one.themes | other.themes)
    if one.countries & other.countries:
        score += weights["country"]
    return Likeness(round(score, 4), (*reasons, *_spoken(one, other, concepts)))


def is_same_undertaking(one: Undertaking, other: Undertaking) -> bool:
    """Whether one is the other published again: the same identifier, or one names the other as its parent or child."""
    return bool(one.identifiers & other.identifiers or one.kin & other.identifiers or other.kin & one.identifiers)


def share_of_words(one: Undertaking, other: Undertaking) -> float:
    """How many of their telling words two texts share, between 0 and 1 (the cosine of the sets)."""
    if not one.words or not other.words:
        return 0.0
    return len(one.words.keys() & other.words.keys()) / sqrt(len(one.words) * len(other.words))


def _may_overlap(one: Undertaking, other: Undertaking) -> bool:
    if one.organisation_id == other.organisation_id or CANCELLED in {one.status, other.status}:
        return False
    return not is_same_undertaking(one, other)


def _place(one: Undertaking, other: Undertaking) -> list[Message]:
    same = one.countries & other.countries
    if same:
        return [msg("for %(countries)s", countries=Several("country", tuple(sorted(same))))]
    # A State that one names belongs to a grouping that the other names, or both name the grouping itself.
    grouped = (one.groupings & (other.groupings | other.groupings_of)) | (one.groupings_of & other.groupings)
    if grouped:
        return [msg("covers %(groupings)s", groupings=Several("grouping", tuple(sorted(grouped))))]
    return []


def _time(one: Undertaking, other: Undertaking) -> list[Message] | None:
    """When both run: nothing to say where a date is missing, None where they do not meet."""
    starts = [each.starts_on for each in (one, other) if each.starts_on]
    ends = [each.ends_on for each in (one, other) if each.ends_on]
    if starts and ends and max(starts) > min(ends):
        return None
    if len(starts) + len(ends) < 4:  # noqa: PLR2004 - both begin and both end
        return []
    first, last = (Named("day", day.isoformat()) for day in (max(starts), min(ends)))
    return [msg("both run from %(start)s to %(end)s", start=first, end=last)]


def _spoken(one: Undertaking, other: Undertaking, concepts: frozenset[str]) -> list[Message]:
    said = []
    if concepts:
        said.append(msg("both speak of %(concepts)s", concepts=Several("concept", tuple(sorted(concepts))[:4])))
    shared = [word for stem, word in one.words.items() if stem in other.words]
    if shared:
        said.append(msg("both use the words %(words)s", words=", ".join(shared[:MOST_WORDS])))
    return said
