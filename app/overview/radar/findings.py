"""What the radar finds: gaps, crowding and collisions, each with the reasons, and the records behind each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from app.foundation.messages import Message, Named, msg
from app.needs.limits.rules import MEASURES, PROVIDERS, TRAINEES
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
    Cell,
    Finding,
    Found,
    Presence,
    Window,
    runs,
)
from app.overview.radar.sums import Key, Sums, bits, counted, filled, numbers, ones, several

PLEDGE = "pledge"
MONTHS_IN_QUARTER = MONTHS // 4


@dataclass(frozen=True)
class Radar:
    """Everything that one reader may see of what is asked, who is there and what States have limited."""

    window: Window
    askings: tuple[Asking, ...]
    presences: tuple[Presence, ...]
    bounds: tuple[Bound, ...]

    @cached_property
    def sums(self) -> Sums:
        """The sums by country, theme and quarter."""
        return Sums(self.askings, self.presences)

    @cached_property
    def asked_in(self) -> dict[Key, list[Asking]]:
        """What is asked, by country and theme, or EVERY."""
        return _by_key(self.askings)

    @cached_property
    def there_in(self) -> dict[Key, list[Presence]]:
        """Who is there, by country and theme, or EVERY."""
        return _by_key(self.presences)

    @cached_property
    def found(self) -> list[Found]:
        """Everything that is found in the window."""
        return findings(self)

    @cached_property
    def found_in(self) -> dict[str, list[Found]]:
        """The same by country."""
        by_country: dict[str, list[Found]] = defaultdict(list)
        for each in self.found:
            by_country[each.country].append(each)
        return by_country

    def cells(self, key: Key) -> list[Cell]:
        """The cells of a country and a theme, or EVERY, quarter by quarter."""
        return self.sums.cells(key)


def _by_key(rows: Iterable[Any]) -> dict[Key, list[Any]]:
    found: dict[Key, list[Any]] = defaultdict(list)
    for row in rows:
        for country in row.countries:
            for theme in (EVERY, *row.themes):
                found[country, theme].append(row)
    return found


def findings(radar: Radar) -> list[Found]:
    """Everything that is found in the window: gaps, then crowding, then collisions, the widest of each first."""
    found = (_gaps(radar), [*_crowds(radar), *_pairs(radar)], _collisions(radar))
    return [each for kind in found for each in widest_first(kind)]


def widest_first(found: Iterable[Found]) -> list[Found]:
    """The order in which findings of one kind are told."""
    return sorted(found, key=lambda each: (-each.width, *each[2:]))


# --- gaps ---


def _gaps(radar: Radar) -> Iterator[Found]:
    """Where lines are open and nobody is there; quarters that follow each other are one gap."""
    sums = radar.sums
    for country, by_theme in sums.asked.items():
        for theme, asked in by_theme.items():
            left = asked.open
            alone = filled(left) & ~sums.somebody((country, theme)) if theme != EVERY else 0
            for first, last in runs(alone):
                width = sum(numbers(left)[first : last + 1])
                most = max(numbers(asked.lines)[first : last + 1])
                yield Found(GAP, width, country, theme, first, last, most)


# --- crowding ---


def _crowds(radar: Radar) -> Iterator[Found]:
    """Where three or more give the same kind of help; whom the reader may not know is not counted."""
    for country, by_theme in radar.sums.there.items():
        for theme, by_kind in by_theme.items():
            for kind, masks in by_kind.items():
                if len(masks) < CROWD or theme == NO_THEME or not kind:
                    continue
                there = [mask for provider, mask in masks.items() if provider != UNNAMED]
                for first, last in runs(several(there, CROWD)):
                    number = counted(there)[first : last + 1]
                    yield Found(CROWDING, WHOLE * sum(number), country, theme, first, last, max(number), "kind", kind)


def _pairs(radar: Radar) -> Iterator[Found]:
    """Where two or more donors have pledged for the same unit, in the same months."""
    pledged: dict[Key, list[Presence]] = defaultdict(list)
    for presence in radar.presences:
        if presence.record[0] == PLEDGE and presence.unit and presence.provider != UNNAMED:
            for country in presence.countries:
                pledged[country, presence.unit].append(presence)
    for (country, unit), presences in pledged.items():
        if len({presence.provider for presence in presences}) > 1:
            yield from _meetings(radar, country, unit, presences)


def _meetings(radar: Radar, country: str, unit: str, presences: list[Presence]) -> Iterator[Found]:
    met = [
        (mask, one, other)
        for one, other in combinations(presences, 2)
        if one.provider != other.provider and (mask := _shared(radar.window, one, other))
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
        yield Found(CROWDING, width, country, theme, first, last, donors, "unit", unit)


def _shared(window: Window, one: Presence, other: Presence) -> int:
    """The quarters with the months in which both run."""
    first, last = max(one.months[0], other.months[0]), min(one.months[1], other.months[1])
    if first > last:
        return 0
    begin = max(0, first // MONTHS_IN_QUARTER - window.begin.index)
    end = min(window.size - 1, last // MONTHS_IN_QUARTER - window.begin.index)
    return bits(begin, end) if begin <= end else 0


# --- collisions ---


def _collisions(radar: Radar) -> Iterator[Found]:
    """Where more runs or is pledged than a State has said that it can take in."""
    for bound in radar.bounds:
        number = load(radar, bound)
        over = sum(1 << place for place in range(bound.first, bound.last + 1) if number[place] > bound.most)
        for first, last in runs(over):
            most = max(number[first : last + 1])
            width = WHOLE * (most - bound.most)
            yield Found(COLLISION, width, bound.country, bound.theme, first, last, most, "limit", bound.ref)


def load(radar: Radar, bound: Bound) -> tuple[int, ...]:
    """In each quarter, how much there is of what a limit measures."""
    there = under(radar, bound)
    if bound.measure == TRAINEES:
        return numbers(sum(ones(p.first, p.last) * p.people for p in there))
    masks: dict[str, int] = {}
    for presence in there:
        if bound.measure == PROVIDERS and presence.provider == UNNAMED:
            continue
        name = str(presence.provider) if bound.measure == PROVIDERS else presence.undertaking
        masks[name] = masks.get(name, 0) | bits(presence.first, presence.last)
    return counted(masks.values())


def under(radar: Radar, bound: Bound) -> list[Presence]:
    """Everything there that a limit is about. Only pledges say for which unit they are."""
    return [
        presence
        for presence in radar.there_in.get((bound.country, bound.theme), ())
        if bound.kind in {"", *presence.kinds} and bound.unit in {"", presence.unit}
    ]


# --- in words, with the records behind ---


def tell(radar: Radar, found: Found) -> Finding:
    """A finding with its reasons and the records that it comes from, those of one kind together."""
    first, last = (radar.window.quarters[place] for place in (found.first, found.last))
    about = {{"kind": "assistance"}.get(found.by, found.by): found.subject} if found.by else {}
    records = tuple(sorted(set(_behind(radar, found))))
    return Finding(found.kind, found.country, found.theme, first, last, why(radar, found), records, **about)


def why(radar: Radar, found: Found) -> tuple[Message, ...]:
    """The reasons of a finding."""
    if found.by == "kind":
        kind = Named("kind", found.subject)
        return (
            msg(
                "Kind of assistance: %(kind)s. Organisations that give it there: %(number)s.",
                kind=kind,
                number=found.number,
            ),
        )
    if found.by == "unit":
        unit = next(p.unit_name for p in radar.there_in[found.country, EVERY] if p.unit == found.subject)
        said = msg(
            "Donors with accepted pledges for %(unit)s in the same months: %(number)s.", unit=unit, number=found.number
        )
        return (said,)
    if found.by == "limit":
        bound = next(bound for bound in radar.bounds if bound.ref == found.subject)
        counts = msg("%(measure)s: %(number)s.", measure=MEASURES[bound.measure], number=found.number)
        return counts, msg("The State has set a limit of %(most)s.", most=bound.most)
    return (
        msg("Items asked there at the same time: %(most)s. Nobody has pledged all of them.", most=found.number),
        msg("No programme, no course session and no accepted pledge is there."),
    )


def _behind(radar: Radar, found: Found) -> Iterator[tuple[str, str]]:
    if found.kind == GAP:
        for asking in radar.asked_in.get((found.country, found.theme), ()):
            if _overlaps(asking, found) and asking.pledged < WHOLE:
                yield "need", asking.need
        return
    if found.by == "limit":
        yield "limit", found.subject
    for presence in _parts(radar, found):
        if _overlaps(presence, found):
            yield presence.record


def _overlaps(row: Asking | Presence, found: Found) -> bool:
    return row.first <= found.last and row.last >= found.first


def _parts(radar: Radar, found: Found) -> list[Presence]:
    """Who is there as far as a finding is about it."""
    if found.by == "limit":
        return [p for bound in radar.bounds if bound.ref == found.subject for p in under(radar, bound)]
    if found.by == "unit":
        here = radar.there_in.get((found.country, EVERY), ())
        return [p for p in here if p.record[0] == PLEDGE and p.unit == found.subject and p.provider != UNNAMED]
    return [p for p in radar.there_in.get((found.country, found.theme), ()) if found.subject in p.kinds]
