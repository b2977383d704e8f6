"""The law of the calendar: months and their weeks, which sessions fit what is asked, and where each of them stands."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale, UnknownLocaleError

FACETS = ("open", "theme", "country", "grouping", "language", "format", "type", "centre")
"""What a calendar can be narrowed by, in the order in which the page asks."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
MONTHS = 12
LANES = 8
"""So many bars stand one below the other in a week; what is more is counted, and stands in the list."""
SHAPE = re.compile(r"(\d{4})-(\d{2})", re.ASCII)

Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True, order=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day is in."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """The month that an address names (2027-03), if the calendar has it."""
        found = SHAPE.fullmatch(text)
        year, number = (int(found[1]), int(found[2])) if found else (0, 0)
        return cls(year, number) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= MONTHS else None

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def before(self) -> Month | None:
        """The month before it, if the calendar has it."""
        return Month.read(str(Month.of(self.first - timedelta(days=1))))

    @property
    def after(self) -> Month | None:
        """The month after it, if the calendar has it."""
        return Month.read(str(Month.of(self.last + timedelta(days=1))))


def first_weekday(language: str, preferred: Iterable[str] = ()) -> int:
    """On which weekday (0 is Monday) a reader's week begins.

    The region decides where the browser names one together with the page's language (pt-BR), else the language alone.
    """
    regional = (text.replace("-", "_") for text in preferred if "-" in text and text.split("-")[0].lower() == language)
    for name in (*regional, language):
        try:
            return Locale.parse(name).first_week_day
        except (UnknownLocaleError, ValueError):
            continue
    return 0


@dataclass(frozen=True)
class Run:
    """A session as the calendar looks at it; `codes` are what it can be found by, facet by facet."""

    id: int
    starts_on: date
    ends_on: date
    is_cancelled: bool
    codes: Mapping[str, frozenset[str]]


def fits(run: Run, chosen: Chosen) -> bool:
    """Whether a session has one of the chosen codes of each facet."""
    return all(run.codes[facet].intersection(codes) for facet, codes in chosen.items() if codes)


def stays_in_feed(run: Run, chosen: Chosen) -> bool:
    """The same for calendars that people subscribed to: what is cancelled stays, although nobody can register."""
    return fits(run, {**chosen, "open": ()} if run.is_cancelled else chosen)


def counts(runs: Sequence[Run], chosen: Chosen) -> dict[str, dict[str, int]]:
    """For each facet, how many sessions each of its codes would leave beside the other filters."""
    narrowed = [facet for facet, codes in chosen.items() if codes]
    met: dict[str, list[frozenset[str]]] = {facet: [] for facet in FACETS}
    for run in runs:
        missed = [facet for facet in narrowed if not run.codes[facet].intersection(chosen[facet])]
        # What no filter but one's own keeps out is counted; looking once at each session is enough for all facets.
        for facet in FACETS if not missed else missed if len(missed) == 1 else ():
            met[facet].append(run.codes[facet])
    return {facet: _added_up(many) for facet, many in met.items()}


def _added_up(many: Iterable[frozenset[str]]) -> dict[str, int]:
    """How often each code is among these; most sessions have the codes that many others have."""
    sums: Counter[str] = Counter()
    for codes, times in Counter(many).items():
        for code in codes:
            sums[code] += times
    return dict(sums)


@dataclass(frozen=True)
class Cell:
    """A field of a week: a session's bar over so many `days` (`run` is its number), or one day without.

    `goes_on` and `went_on` tell that the session goes on after this week or month, or began before it; `is_again` that
    it has had a bar in an earlier week of the month already.
    """

    days: int = 1
    run: int | None = None
    went_on: bool = False
    goes_on: bool = False
    is_again: bool = False
    is_outside: bool = False


@dataclass(frozen=True)
class Week:
    """Seven days of a month (nothing where the day is another month's), the bars below them, and how many more."""

    days: Sequence[date | None]
    lanes: Sequence[Sequence[Cell]]
    more: int


def weeks_of(month: Month, runs: Iterable[Run], begins: int = 0) -> list[Week]:
    """The weeks of a month, which begin on the weekday `begins`, with the bars of the sessions."""
    longest_first = sorted(runs, key=lambda run: (run.starts_on, -(run.ends_on - run.starts_on).days, run.id))
    grid = calendar.Calendar(begins).monthdatescalendar(month.year, month.number)
    return [_week([day if Month.of(day) == month else None for day in days], longest_first) for days in grid]


def _week(days: Sequence[date | None], runs: Iterable[Run]) -> Week:
    inside = [day for day in days if day]
    offset = days.index(inside[0])
    lanes: list[list[tuple[int, int, Run]]] = []
    more = 0
    for run in runs:
        if run.starts_on > inside[-1] or run.ends_on < inside[0]:
            continue
        first = offset + max(0, (run.starts_on - inside[0]).days)
        last = offset + min(len(inside) - 1, (run.ends_on - inside[0]).days)
        free = next((lane for lane in lanes if lane[-1][1] < first), None)
        if free is None and len(lanes) == LANES:
            more += 1
        elif free is None:
            lanes.append([(first, last, run)])
        else:
            free.append((first, last, run))
    return Week(days, [_cells(lane, days) for lane in lanes], more)


def _cells(lane: Sequence[tuple[int, int, Run]], days: Sequence[date | None]) -> list[Cell]:
    cells: list[Cell] = []
    at = 0
    for first, last, run in lane:
        cells += [Cell(is_outside=day is None) for day in days[at:first]]
        begin, end = days[first], days[last]
        went_on, goes_on = bool(begin and run.starts_on < begin), bool(end and run.ends_on > end)
        is_again = bool(went_on and begin and begin.day > 1)
        cells.append(Cell(last - first + 1, run.id, went_on, goes_on, is_again))
        at = last + 1
    return [*cells, *(Cell(is_outside=day is None) for day in days[at:])]


def by_day(month: Month, runs: Iterable[Run]) -> list[tuple[date, list[int]]]:
    """The days of a month on which sessions begin, with their numbers; what began before stands at the first."""
    days: dict[date, list[int]] = {}
    for run in sorted(runs, key=lambda run: (run.starts_on, run.ends_on, run.id)):
        days.setdefault(max(run.starts_on, month.first), []).append(run.id)
    return sorted(days.items())
