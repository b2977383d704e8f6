"""Sums that are added up once, and from then on changed by what is taken away and what comes in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.overview.rules import Gap

Ref = tuple[str, str]
"""A record by its kind and its reference."""
Counts = tuple[int, int, int, int, int]
"""Open needs, lines, lines that are covered whole, programmes that take requests, courses with dates."""
NOTHING: Counts = (0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Part:
    """What one record adds, and the themes and countries under which it adds it."""

    counts: Counts
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sum:
    """Counts added up, and of how many records: a code under which nothing stands any more is left out."""

    counts: Counts = NOTHING
    records: int = 0


@dataclass(frozen=True)
class Sums:
    """What every record adds, and the sums: of all, by theme, by country."""

    parts: Mapping[Ref, Part] = field(default_factory=dict)
    whole: Sum = Sum()
    themes: Mapping[str, Sum] = field(default_factory=dict)
    countries: Mapping[str, Sum] = field(default_factory=dict)

    def by_theme(self) -> dict[str, Gap]:
        """What is asked and offered under each theme."""
        return {code: Gap(code, *found.counts) for code, found in self.themes.items()}

    def by_country(self) -> dict[str, Gap]:
        """What is asked under each country that a need names."""
        return {code: Gap(code, *found.counts) for code, found in self.countries.items()}


def changed(kept: Sums, gone: Iterable[Ref], come: Mapping[Ref, Part]) -> Sums:
    """These sums without some records and with others; `kept` stays as it is, since others may be reading it."""
    parts, whole = dict(kept.parts), kept.whole
    themes, countries = dict(kept.themes), dict(kept.countries)
    moves = [(parts.pop(ref), -1) for ref in gone if ref in parts]
    moves += [(part, 1) for part in come.values()]
    parts.update(come)
    for part, sign in moves:
        whole = _moved(whole, part, sign)
        for sums, codes in ((themes, part.themes), (countries, part.countries)):
            for code in codes:
                found = _moved(sums.get(code, Sum()), part, sign)
                sums[code] = found
                if not found.records:
                    del sums[code]
    return Sums(parts, whole, themes, countries)


def _moved(before: Sum, part: Part, sign: int) -> Sum:
    needs, lines, covered, offers, courses = (
        one + sign * two for one, two in zip(before.counts, part.counts, strict=True)
    )
    return Sum((needs, lines, covered, offers, courses), before.records + sign)
