"""What the radar finds in one country: gaps, crowding and collisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, combinations

from app.needs.limits.rules import PROVIDERS, TRAINEES
from app.overview.radar.rules import (
    COLLISION,
    CROWD,
    CROWDING,
    EVERY,
    GAP,
    MONTHS,
    NO_THEME,
    UNNAMED,
    WHOLE,
    Asking,
    Bound,
    Found,
    Presence,
    Ref,
    Window,
    runs,
)
from app.overview.radar.sums import Sums, bits, counted, filled, numbers, ones

PLEDGE = "pledge"
MONTHS_IN_QUARTER = MONTHS // 4


class Place:
    """One country as one reader may see it: what is asked there, who is there, and what its State has limited."""

    def __init__(
        self,
        country: str,
        window: Window,
        askings: Iterable[Asking],
        presences: Iterable[Presence],
        bounds: Iterable[Bound],
    ) -> None:
        self.country = country
        self.window = window
        self.askings = tuple(askings)
        self.presences = tuple(presences)
        self.bounds = tuple(bounds)

    @cached_property
    def sums(self) -> Sums:
        """The sums by theme and quarter."""
        return Sums(self.askings, self.presences)

    @cached_property
    def found(self) -> tuple[list[Found], ...]:
        """The gaps, the crowding and the collisions of the window, the widest of each first."""
        kinds = (_gaps(self), [*_crowds(self), *_pairs(self)], _collisions(self))
        return tuple(sorted(kind, key=by_width) for kind in kinds)

    @cached_property
    def rests_on(self) -> frozenset[Ref]:
        """The records with whose change it changes."""
        rows: Iterable[Asking | Presence] = chain(self.askings, self.presences)
        return frozenset(ref for row in rows for ref in row.rests_on)

    def asked(self, theme: str) -> list[Asking]:
        """What is asked about a theme, or EVERY."""
        return [asking for asking in self.askings if theme == EVERY or theme in asking.themes]

    def there(self, theme: str) -> list[Presence]:
        """Who is there for a theme, or EVERY."""
        return [presence for presence in self.presences if theme == EVERY or theme in presence.themes]


def by_width(found: Found) -> tuple[int | str, ...]:
    """The order in which findings of one kind are told: the widest first."""
    return (-found.width, *found[2:])


# --- gaps ---


def _gaps(place: Place) -> Iterator[Found]:
    """Where lines are open and nobody is there; quarters that follow each other are one gap."""
    for theme, asked in place.sums.asked.items():
        left = asked.open
        alone = filled(left) & ~place.sums.somebody(theme) if theme != EVERY else 0
        for first, last in runs(alone):
            width = sum(numbers(left)[first : last + 1])
            most = max(numbers(asked.lines)[first : last + 1])
            yield Found(GAP, width, place.country, theme, first, last, most)


# --- crowding ---


def _crowds(place: Place) -> Iterator[Found]:
    """Where three or more give the same kind of help; whom the reader may not know is not counted."""
    for theme, by_kind in place.sums.there.items():
        for kind, masks in by_kind.items():
            if len(masks) < CROWD or theme == NO_THEME or not kind:
                continue
            numbered = counted(mask for provider, mask in masks.items() if provider != UNNAMED)
            if max(numbered) < CROWD:
                continue
            for first, last in runs(at_least(numbered, CROWD)):
                number = numbered[first : last + 1]
                width = WHOLE * sum(number)
                yield Found(CROWDING, width, place.country, theme, first, last, max(number), "kind", kind)


def _pairs(place: Place) -> Iterator[Found]:
    """Where two or more donors have pledged for the same unit, in the same months."""
    pledged: dict[str, list[Presence]] = defaultdict(list)
    for presence in place.presences:
        if presence.record[0] == PLEDGE and presence.unit and presence.provider != UNNAMED:
            pledged[presence.unit].append(presence)
    for unit, presences in pledged.items():
        if len({presence.provider for presence in presences}) > 1:
            yield from _meetings(place, unit, presences)


def _meetings(place: Place, unit: str, presences: list[Presence]) -> Iterator[Found]:
    met = [
        (mask, one, other)
        for one, other in combinations(presences, 2)
        if one.provider != other.provider and (mask := _shared(place.window, one, other))
    ]
    together = 0
    for mask, _one, _other in met:
        together |= mask
    for first, last in runs(together):
        here = bits(first, last)
        both = {presence for mask, *pair in met if mask & here for presence in pair}
        donors = len({presence.provider for presence in both})
        themes = {presence.themes for presence in both}
        theme = min(themes)[0] if len(themes) == 1 and len(min(themes)) == 1 else EVERY
        width = WHOLE * donors * (last - first + 1)
        yield Found(CROWDING, width, place.country, theme, first, last, donors, "unit", unit)


def _shared(window: Window, one: Presence, other: Presence) -> int:
    """The quarters with the months in which both run."""
    first, last = max(one.months[0], other.months[0]), min(one.months[1], other.months[1])
    if first > last:
        return 0
    begin = max(0, first // MONTHS_IN_QUARTER - window.begin.index)
    end = min(window.size - 1, last // MONTHS_IN_QUARTER - window.begin.index)
    return bits(begin, end) if begin <= end else 0


# --- collisions ---


def _collisions(place: Place) -> Iterator[Found]:
    """Where more runs or is pledged than a State has said that it can take in."""
    for bound in place.bounds:
        number = load(place, bound)
        over = at_least(number, bound.most + 1) & bits(bound.first, bound.last)
        for first, last in runs(over):
            most = max(number[first : last + 1])
            width = WHOLE * (most - bound.most)
            yield Found(COLLISION, width, bound.country, bound.theme, first, last, most, "limit", bound.ref)


def load(place: Place, bound: Bound) -> tuple[int, ...]:
    """In each quarter, how much there is of what a limit measures."""
    there = under(place, bound)
    if bound.measure == TRAINEES:
        return numbers(sum(ones(p.first, p.last) * p.people for p in there))
    masks: dict[str, int] = {}
    for presence in there:
        if bound.measure == PROVIDERS and presence.provider == UNNAMED:
            continue
        name = str(presence.provider) if bound.measure == PROVIDERS else presence.undertaking
        masks[name] = masks.get(name, 0) | bits(presence.first, presence.last)
    return counted(masks.values())


def under(place: Place, bound: Bound) -> list[Presence]:
    """Everything there that a limit is about. Only pledges say for which unit they are."""
    return [
        presence
        for presence in place.there(bound.theme)
        if bound.kind in {"", *presence.kinds} and bound.unit in {"", presence.unit}
    ]


def at_least(number: Iterable[int], least: int) -> int:
    """The quarters in which there are so many at least."""
    return sum(1 << place for place, each in enumerate(number) if each >= least)
