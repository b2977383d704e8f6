"""The law of conflicts: one person in two places, too many of one office in a week, more than a State takes in.

Plain values in, plain values out. A conflict is told to whoever may see both sides of it, and forbids nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.nominations import rules as law
from app.overview.quarters import Quarter

MOST_IN_A_WEEK = 5
"""More people of one organisation away in one week are told of."""
TRAINING = "training"
"""The kind of assistance that a session is."""
STAYS = law.LIVE - {law.NO_SHOW}
"""States in which a nomination says that somebody is, or would be, at the session."""


@dataclass(frozen=True)
class Stay:
    """Somebody at a session, or put forward for it: the number of the nomination, who it is, from where, and when.

    `person` tells whether two are of one person; empty where it is not known any more.
    """

    number: int
    session: int
    person: str
    organisation: int
    starts_on: date
    ends_on: date
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Run:
    """A session: its days, what it is about, in which languages, where it is held and for whom."""

    number: int
    starts_on: date
    ends_on: date
    themes: frozenset[str]
    languages: frozenset[str]
    country: str
    reach: frozenset[str]


@dataclass(frozen=True)
class Bound:
    """A limit of people in training in a quarter; an empty theme is every one, an empty end is never."""

    most: int
    theme: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Cap:
    """A limit of providers or programmes at once, as far as it says whom it is about; what is empty is every one."""

    theme: str
    kind: str
    unit: str


@dataclass(frozen=True)
class Excess:
    """More than the bound: how many, in the time that begins on that day."""

    begins: date
    number: int


def in_two_places(own: Stay, others: Iterable[Stay]) -> list[Stay]:
    """The other sessions at which the same person is on some of the same days."""
    return [one for one in others if own.person and one.person == own.person and _meets(own, one)]


def away_then(run: Run, others: Iterable[Stay]) -> list[Stay]:
    """Those who are at another session on some of the days of this one."""
    return [one for one in others if one.session != run.number and _overlap(run, one)]


def crowded_week(run: Run, stays: Sequence[Stay], more: int = 0) -> Excess | None:
    """The week of the session in which most people of one organisation are away, if they are too many.

    `stays` are of one organisation; `more` people would come on top. A person counts once in a week.
    """
    weeks = [Excess(day, _people(stays, day, day + timedelta(days=6)) + more) for day in _weeks(run)]
    fullest = max(weeks, key=lambda week: week.number, default=None)
    return fullest if fullest is not None and fullest.number > MOST_IN_A_WEEK else None


def over_limit(bound: Bound, run: Run, stays: Sequence[Stay], more: int = 0) -> Excess | None:
    """The first quarter of the session in which more people of a State are in training than it has said.

    `stays` are of that State; `more` people would come on top. The limit holds for quarters that it touches.
    """
    if bound.theme and bound.theme not in run.themes:
        return None
    about = [one for one in stays if not bound.theme or bound.theme in one.themes]
    for quarter in _quarters(run):
        first, last = quarter.first_day, quarter.last_day
        holds = bound.starts_on <= last and (bound.ends_on is None or bound.ends_on >= first)
        number = _people(about, first, last) + more
        if holds and number > bound.most:
            return Excess(first, number)
    return None


def counts_for(cap: Cap, run: Run) -> bool:
    """Whether a session counts towards such a limit: it is training, and names no unit that it is for."""
    return cap.kind in {"", TRAINING} and cap.theme in {"", *run.themes} and not cap.unit


def quarters_meet(run: Run, first: Quarter, last: Quarter) -> bool:
    """Whether one of the quarters of the session is among these."""
    return Quarter.of(run.starts_on) <= last and first <= Quarter.of(run.ends_on)


def alike_then(own: Run, others: Iterable[Run]) -> list[Run]:
    """The other sessions on the same theme, in the same language, in the same quarter and for the same place."""
    return [
        one
        for one in others
        if one.number != own.number
        and Quarter.of(one.starts_on) == Quarter.of(own.starts_on)
        and one.themes & own.themes
        and one.languages & own.languages
        and (one.reach & own.reach or (own.country and one.country == own.country))
    ]


def _meets(own: Stay, other: Stay) -> bool:
    return own.session != other.session and _overlap(own, other)


def _overlap(first: Stay | Run, second: Stay | Run) -> bool:
    return first.starts_on <= second.ends_on and second.starts_on <= first.ends_on


def _people(stays: Iterable[Stay], first: date, last: date) -> int:
    there = [one for one in stays if one.starts_on <= last and one.ends_on >= first]
    # Somebody of whom nothing is kept any more counts for one.
    return len({one.person or str(one.number) for one in there})


def _weeks(run: Run) -> Iterator[date]:
    day = run.starts_on - timedelta(days=run.starts_on.weekday())
    while day <= run.ends_on:
        yield day
        day += timedelta(days=7)


def _quarters(run: Run) -> Iterator[Quarter]:
    quarter, last = Quarter.of(run.starts_on), Quarter.of(run.ends_on)
    while quarter <= last:
        yield quarter
        quarter = quarter.plus(1)
