"""What the radar finds: gaps, crowding and collisions, each with the reasons, and the records behind each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from app.foundation.messages import Message, Named, msg
from app.needs.limits.rules import MEASURES, PROVIDERS, TRAINEES
from app.overview.radar.rules import (
    COLLISION,
    CROWD,
    CROWDING,
    EVERYWHERE,
    GAP,
    MONTHS,
    UNNAMED,
    WHOLE,
    Asking,
    Bound,
    Finding,
    Presence,
    Window,
    runs,
    widest_first,
)
from app.overview.radar.sums import Key, Sums, bits, counted, numbers, ones

PLEDGE = "pledge"


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
        return Sums(self.askings, self.presences, self.window.size)

    @cached_property
    def asked_in(self) -> dict[str, list[Asking]]:
        """What is asked, by country."""
        return _by_country(self.askings)

    @cached_property
    def there_in(self) -> dict[str, list[Presence]]:
        """Who is there, by country."""
        return _by_country(self.presences)

    def finding(
        self, kind: str, key: Key, run: tuple[int, int], why: tuple[Message, ...], width: int, **more: Any
    ) -> Finding:
        """A finding over a run of places."""
        first, last = (self.window.quarters[place] for place in run)
        return Finding(kind, key[0], key[1], first, last, why, width=width, **more)


def _by_country(rows: Iterable[Asking] | Iterable[Presence]) -> dict[str, list]:  # type: ignore[type-arg]
    found: dict[str, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        for country in row.countries:
            found[country].append(row)
    return found


def findings(radar: Radar) -> list[Finding]:
    """Everything that is found in the window: gaps, then crowding, then collisions, the widest of each first."""
    return [*gaps(radar), *crowding(radar), *collisions(radar)]


# --- gaps ---


def gaps(radar: Radar) -> list[Finding]:
    """Where lines are open and nobody is there; quarters that follow each other are one gap."""
    found: list[Finding] = []
    for key in radar.sums.asked:
        if key[1] == EVERYWHERE:
            continue
        there, left = radar.sums.providers(key), radar.sums.open(key)
        alone = [place for place, number in enumerate(left) if number > 0 and not there[place]]
        found += [_gap(radar, key, run, left) for run in runs(alone)]
    return widest_first(found)


def _gap(radar: Radar, key: Key, run: tuple[int, int], left: list[int]) -> Finding:
    asked = numbers(radar.sums.asked[key], radar.window.size)[run[0] : run[1] + 1]
    why = (
        msg("Items asked there at the same time: %(most)s; nobody has pledged them whole.", most=max(asked)),
        msg("No programme, no course session and no accepted pledge is there."),
    )
    return radar.finding(GAP, key, run, why, sum(left[run[0] : run[1] + 1]))


# --- crowding ---


def crowding(radar: Radar) -> list[Finding]:
    """Where three or more give the same kind of help, and where two or more pledge for the same unit."""
    return widest_first([*_crowds(radar), *_pairs(radar)])


def _crowds(radar: Radar) -> Iterator[Finding]:
    for key, masks in radar.sums.masks.items():
        if key[1] == EVERYWHERE or len(masks) < CROWD:
            continue
        for kind, number in radar.sums.by_kind(key):
            for run in runs(place for place, providers in enumerate(number) if providers >= CROWD):
                most = max(number[run[0] : run[1] + 1])
                said = msg(
                    "Organisations that give the same kind of assistance there, %(kind)s: %(number)s.",
                    kind=Named("kind", kind), number=most,
                )  # fmt: skip
                width = WHOLE * sum(number[run[0] : run[1] + 1])
                yield radar.finding(CROWDING, key, run, (said,), width, assistance=kind)


def _pairs(radar: Radar) -> Iterator[Finding]:
    pledged: dict[Key, list[Presence]] = defaultdict(list)
    for presence in radar.presences:
        if presence.record[0] == PLEDGE and presence.unit and presence.provider != UNNAMED:
            for country in presence.countries:
                pledged[country, presence.unit].append(presence)
    for (country, unit), presences in pledged.items():
        if len({presence.provider for presence in presences}) > 1:
            yield from _meetings(radar, country, unit, presences)


def _meetings(radar: Radar, country: str, unit: str, presences: list[Presence]) -> Iterator[Finding]:
    """Months in which pledges of several donors for one unit run together, as findings over their quarters."""
    shared = [
        (max(one.months[0], other.months[0]), min(one.months[1], other.months[1]), one, other)
        for one, other in combinations(presences, 2)
        if one.provider != other.provider
    ]
    met = [(first, last, one, other) for first, last, one, other in shared if first <= last]
    places = {place for first, last, _one, _other in met for place in _places(radar.window, first, last)}
    for run in runs(places):
        here = [pair for pair in met if set(_places(radar.window, *pair[:2])) & set(range(run[0], run[1] + 1))]
        both = {presence for pair in here for presence in pair[2:]}
        donors = len({presence.provider for presence in both})
        themes = set.intersection(*(set(presence.themes) for presence in both))
        theme = min(themes) if len(themes) == 1 else EVERYWHERE
        said = msg(
            "Donors with accepted pledges for %(unit)s in the same months: %(number)s.", unit=unit, number=donors
        )
        width = WHOLE * donors * (run[1] - run[0] + 1)
        yield radar.finding(CROWDING, (country, theme), run, (said,), width, unit=unit)


def _places(window: Window, first: int, last: int) -> range:
    """The places of the quarters that these months touch."""
    begin = window.begin.index
    months_in_quarter = MONTHS // 4
    return range(max(0, first // months_in_quarter - begin), min(window.size, last // months_in_quarter - begin + 1))


# --- collisions ---


def collisions(radar: Radar) -> list[Finding]:
    """Where more runs or is pledged than a State has said that it can take in."""
    found = []
    for bound in radar.bounds:
        number = load(radar, bound)
        over = [place for place in range(bound.first, bound.last + 1) if number[place] > bound.most]
        for run in runs(over):
            most = max(number[run[0] : run[1] + 1])
            said = msg(
                "%(measure)s: %(number)s. The State has set a limit of %(most)s.",
                measure=MEASURES[bound.measure], number=most, most=bound.most,
            )  # fmt: skip
            width = WHOLE * (most - bound.most)
            found.append(radar.finding(COLLISION, (bound.country, bound.theme), run, (said,), width, limit=bound.ref))
    return widest_first(found)


def load(radar: Radar, bound: Bound) -> list[int]:
    """In each quarter, how much there is of what a limit measures."""
    there = under(radar, bound)
    if bound.measure == TRAINEES:
        return numbers(sum(ones(p.first, p.last) * p.people for p in there), radar.window.size)
    masks: dict[str, int] = {}
    for presence in there:
        if bound.measure == PROVIDERS and presence.provider == UNNAMED:
            continue
        name = str(presence.provider) if bound.measure == PROVIDERS else presence.undertaking
        masks[name] = masks.get(name, 0) | bits(presence.first, presence.last)
    return counted(masks.values(), radar.window.size)


def under(radar: Radar, bound: Bound) -> list[Presence]:
    """Everything there that a limit is about. Only pledges say for which unit they are."""
    return [
        presence
        for presence in radar.there_in.get(bound.country, ())
        if bound.theme in {EVERYWHERE, *presence.themes}
        and bound.kind in {"", *presence.kinds}
        and bound.unit in {"", presence.unit}
    ]


# --- the records behind ---


def with_records(radar: Radar, finding: Finding) -> Finding:
    """The finding with the records that it comes from, those of one kind together."""
    return replace(finding, records=tuple(sorted(set(_behind(radar, finding)))))


def _behind(radar: Radar, finding: Finding) -> Iterator[tuple[str, str]]:
    first, last = finding.first.index - radar.window.begin.index, finding.last.index - radar.window.begin.index
    if finding.kind == GAP:
        for asking in radar.asked_in.get(finding.country, ()):
            is_there = asking.first <= last and asking.last >= first
            if is_there and finding.theme in asking.themes and asking.pledged < WHOLE:
                yield "need", asking.need
        return
    if finding.limit:
        yield "limit", finding.limit
    for presence in radar.there_in.get(finding.country, ()):
        if presence.first <= last and presence.last >= first and _is_part(radar, finding)(presence):
            yield presence.record


def _is_part(radar: Radar, finding: Finding) -> Callable[[Presence], bool]:
    if finding.limit:
        parts = {id(p) for bound in radar.bounds if bound.ref == finding.limit for p in under(radar, bound)}
        return lambda presence: id(presence) in parts
    if finding.unit:
        return lambda presence: presence.record[0] == PLEDGE and presence.unit == finding.unit
    return lambda presence: finding.theme in presence.themes and finding.assistance in presence.kinds
