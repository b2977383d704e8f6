"""The geometry of the timeline: quarters from left to right, one line for each thing, those of one group together.

Plain values in, plain out. Within a group what is about the same theme stands together, the earliest first, so that
what overlaps stands under one another.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from app.overview.giving.rules import NOT_SAID, Period
from app.overview.quarters import Quarter

BACK, QUARTERS = 8, 16
"""How many quarters before the present one the picture begins, and how many it shows."""
STEP = 8
"""By how many quarters one goes earlier or later."""
FIRST_YEAR, LAST_YEAR = 2000, 2099

WIDTH = 1000.0
HEAD, TITLE, LANE = 46.0, 30.0, 38.0
"""How high the head of the picture, the name of a group, and a line are."""
BAR = 9.0
LEAST = 4.0
"""So wide is a bar at least, or a course of three days would not be seen."""
LETTER = 6.7
"""About how wide a letter of the names is."""

ORGANISATION, THEME = "organisation", "theme"
GROUPS = (ORGANISATION, THEME)
"""By what the lines are put together, the usual way first."""


def asked_quarter(text: str) -> Quarter | None:
    """The quarter that an address names, if it names one that can be shown."""
    asked = Quarter.read(text)
    return asked if asked and FIRST_YEAR <= asked.year <= LAST_YEAR - QUARTERS else None


def first_shown(today: date) -> Quarter:
    """With which quarter the picture begins, unless somebody asks for another."""
    return Quarter.of(today).plus(-BACK)


def shown_period(begin: Quarter) -> Period:
    """All days of the picture."""
    return Period(begin.first_day, begin.plus(QUARTERS - 1).last_day)


@dataclass(frozen=True)
class Span:
    """A programme, a course session or a pledge, and when it is; at least one of its days is known.

    `sessions` of courses are found by the reference of the course besides their own.
    """

    kind: str
    ref: str
    title: str
    language: str
    organisation: int
    themes: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    course_ref: str = ""

    @property
    def theme(self) -> str:
        """The theme that it stands under."""
        return self.themes[0] if self.themes else NOT_SAID


def ordered(spans: Iterable[Span], by: str, names: dict[int, str]) -> list[Span]:
    """The lines from top to bottom: by organisation and in it by theme, or by theme and in it by time."""

    def place(span: Span) -> tuple[Hashable, ...]:
        begins = span.starts_on or date.min
        name = (names.get(span.organisation, ""), span.organisation)
        inner = (begins, span.ends_on or date.max, span.ref)
        return (*name, span.theme, *inner) if by == ORGANISATION else (span.theme, *inner[:2], *name, span.ref)

    return sorted(spans, key=place)


@dataclass(frozen=True)
class Line:
    """One thing on the picture: its bar, where its words stand, and on which sides it goes on beyond the picture.

    `is_open` where nobody says when it ends (or begins).
    """

    span: Span
    y: float
    x: float
    width: float
    text_x: float
    is_text_at_end: bool
    is_open: bool
    room: int

    @property
    def bar_y(self) -> float:
        """Where its bar stands."""
        return self.y + LANE - BAR - 8

    @property
    def text_y(self) -> float:
        """Where its words stand."""
        return self.bar_y - 5


@dataclass(frozen=True)
class Group:
    """The lines of one organisation or theme, below its name."""

    code: int | str
    y: float
    lines: Sequence[Line]


@dataclass(frozen=True)
class Drawing:
    """The whole picture; `ticks` are the quarters with the places of their first days."""

    groups: Sequence[Group]
    ticks: Sequence[tuple[Quarter, float]]
    today: float | None
    height: float
    width: float = field(default=WIDTH)


def drawn(spans: Sequence[Span], begin: Quarter, by: str, today: date) -> Drawing:
    """The picture of these lines, in the order that they have."""
    period, groups, y = shown_period(begin), [], HEAD
    for code, own in groupby(spans, key=lambda span: span.organisation if by == ORGANISATION else span.theme):
        top, y = y, y + TITLE
        lines = []
        for span in own:
            lines.append(line_of(span, y, period))
            y += LANE
        groups.append(Group(code, top, lines))
    ticks = [(quarter, along(quarter.first_day, period)) for quarter in (begin.plus(n) for n in range(QUARTERS))]
    now = along(today, period) if period.first <= today <= period.last else None
    return Drawing(groups, ticks, now, y + 8)


def line_of(span: Span, y: float, period: Period) -> Line:
    """Where a line's bar begins and ends, kept within the picture, and on which side there is room for its words."""
    left = along(max(span.starts_on or period.first, period.first), period)
    last = min(span.ends_on or period.last, period.last)
    right = max(along(last + timedelta(days=1), period), left + LEAST)
    if right > WIDTH:
        left, right = WIDTH - LEAST, WIDTH
    is_late = left > WIDTH / 2
    room = (right if is_late else WIDTH - left) / LETTER
    is_open = span.starts_on is None or span.ends_on is None
    return Line(span, y, left, round(right - left, 1), right if is_late else left, is_late, is_open, int(room))


def along(day: date, period: Period) -> float:
    """How far from the left a day begins."""
    days = (period.last - period.first).days + 1
    return round(WIDTH * (day - period.first).days / days, 1)
