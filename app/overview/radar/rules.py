"""Quarters, what is asked and who is there in each of them, and what the radar calls a gap, crowding or a collision.

Plain values in, plain values out. What one line of a need counts is the part of it that is covered; these parts are
kept as whole numbers of ten-thousandths, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from app.foundation.messages import Message, msg
from app.overview.quarters import Quarter, quarter_index

BACK, AHEAD = 8, 8
"""Quarters that the radar looks back, and ahead; the present one is the first of those ahead."""
WHOLE = 10_000
"""The parts of one line."""
CROWD = 3
"""So many providers of the same kind of assistance are crowding."""
UNNAMED = 0
"""Stands for a donor whom the reader may not know."""
EVERY = ""
"""Stands for every theme."""
NO_THEME = "-"
"""Where what names no theme is kept: it is there for its country alone."""
MONTHS = 12
YEAR = 365

GAP, CROWDING, COLLISION = "gap", "crowding", "collision"
KINDS: Mapping[str, Message] = {
    GAP: msg("Gaps"),
    CROWDING: msg("Crowding"),
    COLLISION: msg("Collisions"),
}
MEANINGS: Mapping[str, Message] = {
    GAP: msg("Something is asked, and nobody is there."),
    CROWDING: msg("Several do the same in the same place at the same time."),
    COLLISION: msg("More runs or is pledged than the State can take in."),
}


@dataclass(frozen=True)
class Window:
    """The quarters that the radar looks at, from `begin` on; in it a quarter is known by its place, 0 to 15."""

    begin: Quarter
    size: int = BACK + AHEAD

    @classmethod
    def around(cls, today: date) -> Window:
        """Eight quarters back, the present one, and seven more."""
        return cls(Quarter.of(today).plus(-BACK))

    @cached_property
    def quarters(self) -> tuple[Quarter, ...]:
        """All of them in their order."""
        return tuple(self.begin.plus(place) for place in range(self.size))

    @cached_property
    def first_day(self) -> date:
        """The first day that it shows."""
        return self.begin.first_day

    @cached_property
    def last_day(self) -> date:
        """The last day that it shows."""
        return self.begin.plus(self.size - 1).last_day

    def place(self, quarter: Quarter) -> int | None:
        """Where a quarter stands, if it is one of them."""
        place = quarter.index - self.begin.index
        return place if 0 <= place < self.size else None

    def span(self, first: date, last: date) -> tuple[int, int] | None:
        """The places of the first and last quarter that a stretch of days touches; none where it touches none."""
        begin, end = quarter_index(first) - self.begin.index, quarter_index(last) - self.begin.index
        if end < 0 or begin >= self.size or first > last:
            return None
        return max(begin, 0), min(end, self.size - 1)


Ref = tuple[str, str]
"""A record by its kind and its reference."""


class Asking(NamedTuple):
    """A line of a posted need; `first` and `last` are places in the window, `pledged` and `delivered` parts of WHOLE.

    `days` are those from which to which it is asked, `unit` is the beneficiary unit as it was written; `is_people`
    tells that its units are places in training.
    """

    need: str
    countries: tuple[str, ...]
    themes: tuple[str, ...]
    first: int
    last: int
    pledged: int = 0
    delivered: int = 0
    kind: str = ""
    unit: str = ""
    days: tuple[date, date] = (date.min, date.min)
    is_people: bool = False

    @property
    def rests_on(self) -> tuple[Ref, ...]:
        """The records with whose change it changes."""
        return (("need", self.need),)


class Presence(NamedTuple):
    """One way in which somebody helps: a programme, a session of a course, or what is pledged for one line.

    `provider` is an organisation's number or UNNAMED. `undertaking` is what it is counted as once: a pledge from a
    programme is that programme. `unit` is the beneficiary unit, folded; `months` are whole months since the year 0;
    `people` are places in training in each of its quarters; `unit_name` is the unit as it was written; `need` is the
    one that a pledge is for.
    """

    record: Ref
    provider: int
    countries: tuple[str, ...]
    themes: tuple[str, ...]
    kinds: tuple[str, ...]
    first: int
    last: int
    undertaking: str = ""
    unit: str = ""
    months: tuple[int, int] = (0, 0)
    people: int = 0
    unit_name: str = ""
    need: str = ""

    @property
    def rests_on(self) -> tuple[Ref, ...]:
        """The records with whose change it changes."""
        return (self.record, ("need", self.need)) if self.need else (self.record,)


class Found(NamedTuple):
    """A finding before it is told: where and in which places of the window, and how wide it is.

    `number` is the most that there was of what was counted; `subject` is the kind of assistance, the unit (folded) or
    the limit that it is about, as `by` says ("kind", "unit", "limit").
    """

    kind: str
    width: int
    country: str
    theme: str
    first: int
    last: int
    number: int
    by: str = ""
    subject: str = ""


class Bound(NamedTuple):
    """A limit that a State has set: at most `most` of `measure` at once; empty theme, kind or unit is every one."""

    ref: str
    country: str
    theme: str
    kind: str
    unit: str
    measure: str
    most: int
    first: int
    last: int


@dataclass(frozen=True)
class Cell:
    """One country, one theme, one quarter: lines asked, and how much of them is pledged and delivered; who is there."""

    asked: int = 0
    pledged: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)
    providers: int = 0

    @property
    def open(self) -> Decimal:
        """What nobody has pledged."""
        return max(Decimal(0), self.asked - self.pledged)

    @property
    def is_gap(self) -> bool:
        """Something is asked, and nobody is there."""
        return self.open > 0 and self.providers == 0


@dataclass(frozen=True)
class Finding:
    """A gap, crowding or a collision in one country over some quarters, with the reasons and the records behind it.

    `theme` is empty where it is about several. `records` are (kind, reference). `assistance`, `unit` and `limit` say
    what providers crowd with, or on which unit, and which limit is exceeded.
    """

    kind: str
    country: str
    theme: str
    first: Quarter
    last: Quarter
    why: tuple[Message, ...]
    records: tuple[tuple[str, str], ...] = ()
    assistance: str = ""
    unit: str = ""
    limit: str = ""


def runs(mask: int) -> Iterator[tuple[int, int]]:
    """Places that follow each other, as the first and the last of each run of bits."""
    place = 0
    while mask:
        skipped = (mask & -mask).bit_length() - 1
        mask >>= skipped
        length = (~mask & (mask + 1)).bit_length() - 1
        yield place + skipped, place + skipped + length - 1
        place += skipped + length
        mask >>= length


def month(day: date) -> int:
    """The number of a month, counted from the first of the year 0."""
    return day.year * MONTHS + day.month - 1


def asked_days(begins: date | None, ends: date | None, posted: date) -> tuple[date, date]:
    """From which day to which one a line is asked, given the days that it or its need names.

    Without a start it is asked from its posting on, without an end (or a day for offers) for a year.
    """
    first = begins or posted
    return first, ends if ends and ends >= first else first + timedelta(days=YEAR)


def parts(covered: float | None, quantity: float | None) -> int:
    """How much of a line is covered, in parts of WHOLE."""
    if not covered or not quantity or quantity <= 0:
        return 0
    return round(WHOLE * min(1.0, covered / quantity))
