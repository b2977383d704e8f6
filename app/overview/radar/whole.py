"""The radar over all countries, and each finding in words with the records behind it.

A radar is never changed. When something was written, another one is made, which has in common with it the places that
nothing was written about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TypeVar

from app.foundation.messages import Message, Named, msg
from app.needs.limits.rules import MEASURES
from app.overview.radar.findings import PLEDGE, Place, by_width, under
from app.overview.radar.rules import GAP, UNNAMED, WHOLE, Asking, Bound, Cell, Finding, Found, Presence, Ref, Window

Key = tuple[str, str]
"""A country and a theme, or EVERY."""
Row = TypeVar("Row", Asking, Presence)


@dataclass(frozen=True)
class Rows:
    """What was read: what is asked, who is there, and what States have limited."""

    askings: tuple[Asking, ...] = ()
    presences: tuple[Presence, ...] = ()
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Radar:
    """Everything that one reader may see of what is asked, who is there and what States have limited.

    `places` are the countries of which there is anything to say.
    """

    window: Window
    places: Mapping[str, Place]
    bounds: tuple[Bound, ...] = ()

    @classmethod
    def of(cls, window: Window, rows: Rows) -> Radar:
        """The radar of everything that was read."""
        return cls(window, {}).renewed(frozenset(), rows)

    def renewed(self, gone: frozenset[Ref], rows: Rows) -> Radar:
        """The same after these records were read anew, and all limits: of them nothing is left but what `rows` say."""
        askings, presences = _by_country(rows.askings), _by_country(rows.presences)
        limited = {bound.country for bound in {*self.bounds} ^ {*rows.bounds}}
        left = {country for country, place in self.places.items() if not gone.isdisjoint(place.rests_on)}
        places = dict(self.places)
        for country in {*askings, *presences, *limited, *left}:
            old = places.pop(country, None) or self.at(country)
            asked = [*_staying(old.askings, gone), *askings[country]]
            there = [*_staying(old.presences, gone), *presences[country]]
            if asked or there:
                bounds = [bound for bound in rows.bounds if bound.country == country]
                places[country] = Place(country, self.window, asked, there, bounds)
        return Radar(self.window, places, rows.bounds)

    @cached_property
    def found(self) -> list[Found]:
        """Everything that is found in the window: gaps, then crowding, then collisions, the widest of each first."""
        kinds = zip(*(place.found for place in self.places.values()), strict=True)
        return [found for kind in kinds for found in sorted(chain.from_iterable(kind), key=by_width)]

    def found_in(self, country: str) -> list[Found]:
        """What is found in one country."""
        return [*chain.from_iterable(self.at(country).found)]

    def cells(self, key: Key) -> list[Cell]:
        """The cells of a country and a theme, or EVERY, quarter by quarter."""
        return self.at(key[0]).sums.cells(key[1])

    def themes(self, country: str) -> set[str]:
        """Every theme of which there is anything to say in a country."""
        return self.at(country).sums.themes()

    def at(self, country: str) -> Place:
        """One country, of which there may be nothing to say."""
        return self.places.get(country) or Place(country, self.window, (), (), ())

    @property
    def size(self) -> int:
        """How many rows it has; one of several countries is in each of them."""
        return sum(len(place.askings) + len(place.presences) for place in self.places.values())


def _by_country(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for country in row.countries:
            found[country].append(row)
    return found


def _staying(rows: Iterable[Row], gone: frozenset[Ref]) -> Iterable[Row]:
    return [row for row in rows if gone.isdisjoint(row.rests_on)] if gone else rows


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
        unit = min(p.unit_name for p in radar.at(found.country).presences if p.unit == found.subject)
        said = msg(
            "Donors with accepted pledges for %(unit)s in the same months: %(number)s.", unit=unit, number=found.number
        )
        return (said,)
    if found.by == "limit":
        bound = next(bound for bound in radar.at(found.country).bounds if bound.ref == found.subject)
        counts = msg("%(measure)s: %(number)s.", measure=MEASURES[bound.measure], number=found.number)
        return counts, msg("The State has set a limit of %(most)s.", most=bound.most)
    return (
        msg("Items asked there at the same time: %(most)s. Nobody has pledged all of them.", most=found.number),
        msg("No programme, no course session and no accepted pledge is there."),
    )


def _behind(radar: Radar, found: Found) -> Iterator[tuple[str, str]]:
    if found.kind == GAP:
        for asking in radar.at(found.country).asked(found.theme):
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
    place = radar.at(found.country)
    if found.by == "limit":
        return [p for bound in place.bounds if bound.ref == found.subject for p in under(place, bound)]
    if found.by == "unit":
        its = [p for p in place.presences if p.record[0] == PLEDGE and p.unit == found.subject]
        return [p for p in its if p.provider != UNNAMED]
    return [p for p in place.there(found.theme) if found.subject in p.kinds]
