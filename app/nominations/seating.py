"""Who gets a seat: the published rule, as plain functions over plain values.

Seats are given while there are any, as long as no ceiling is passed and enough seats are left for the floors that are
not filled. Of those who wait, whoever helps to fill a floor comes first, then the lower rank, then the longer wait.
Until registration closes a floor keeps its seats for whoever may still be nominated; from then on it keeps them only
for those who wait and fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.foundation.messages import Message, Named, msg

COUNTRY, GROUPING, ORGANISATION, SEX = "country", "grouping", "organisation", "sex"
DIMENSIONS: Mapping[str, Message] = {
    COUNTRY: msg("Country"),
    GROUPING: msg("Grouping"),
    ORGANISATION: msg("Organisation"),
    SEX: msg("Sex"),
}
FLOOR, CEILING = "floor", "ceiling"
BOUNDS: Mapping[str, Message] = {FLOOR: msg("At least"), CEILING: msg("At most")}

Mark = tuple[str, str]
"""By what a quota knows a person: a dimension and a code."""


@dataclass(frozen=True)
class Quota:
    """At least or at most so many seats for those who bear a mark.

    The code of an organisation is its reference, and `name` what it is called; other codes have names of their own.
    """

    dimension: str
    code: str
    bound: str
    seats: int
    name: str = field(default="", compare=False)

    @property
    def mark(self) -> Mark:
        """What a person bears whom it counts."""
        return (self.dimension, self.code)

    def named(self) -> Message:
        """The quota in words."""
        words = {
            FLOOR: msg("at least %(seats)s for %(who)s", seats=self.seats, who=self._who()),
            CEILING: msg("at most %(seats)s for %(who)s", seats=self.seats, who=self._who()),
        }
        return words[self.bound]

    def _who(self) -> Named | str:
        return self.name or Named(self.dimension, self.code)


@dataclass(frozen=True)
class Seeker:
    """Somebody who has a seat or wants one: the number of the nomination, marks, rank at home, since when it waits."""

    number: int
    marks: frozenset[Mark]
    rank: int
    since: datetime


@dataclass(frozen=True)
class Room:
    """What a session offers: its seats, its quotas, and whether registration is closed."""

    seats: int
    quotas: tuple[Quota, ...] = ()
    is_closed: bool = False

    def of(self, bound: str) -> tuple[Quota, ...]:
        """The floors or the ceilings."""
        return tuple(quota for quota in self.quotas if quota.bound == bound)


@dataclass(frozen=True)
class Verdict:
    """Whether somebody gets a seat now, and by which rule, in a sentence for everybody concerned."""

    has_seat: bool
    rule: Message
    fills: int = 0
    """How many unfilled floors this person counts towards."""


def judge(room: Room, held: Sequence[Seeker], seeker: Seeker, waiting: Sequence[Seeker]) -> Verdict:
    """Whether this person may have a seat now; `held` have one, `waiting` wait besides."""
    if len(held) >= room.seats:
        return Verdict(False, msg("Every seat is given."))
    ceiling = full_ceiling(room, held, seeker)
    if ceiling is not None:
        return Verdict(False, msg("The ceiling is reached: %(quota)s.", quota=ceiling.named()))
    missing = missing_of(room, held, [one for one in waiting if one.number != seeker.number])
    filled = [quota for quota in missing if quota.mark in seeker.marks]
    if filled:
        rule = msg("Counts towards a floor that is not filled: %(quota)s.", quota=filled[0].named())
        return Verdict(True, rule, len(filled))
    if room.seats - len(held) <= sum(missing.values()):
        first = next(iter(missing))
        return Verdict(False, msg("The seats that are left are kept for a floor: %(quota)s.", quota=first.named()))
    return Verdict(True, msg("A seat was free, and no quota stands against it."))


def full_ceiling(room: Room, held: Sequence[Seeker], seeker: Seeker) -> Quota | None:
    """The first ceiling that this person would pass."""
    for quota in room.of(CEILING):
        if quota.mark in seeker.marks and _count(held, quota) >= quota.seats:
            return quota
    return None


def missing_of(room: Room, held: Sequence[Seeker], waiting: Sequence[Seeker]) -> dict[Quota, int]:
    """How many seats each floor still keeps, those that keep none left out.

    Once registration is closed nobody can come any more: a floor then keeps no more seats than people who count
    towards it wait and pass no ceiling.
    """
    found = {}
    for quota in room.of(FLOOR):
        lacking = quota.seats - _count(held, quota)
        if room.is_closed:
            fitting = [one for one in waiting if full_ceiling(room, held, one) is None]
            lacking = min(lacking, _count(fitting, quota))
        if lacking > 0:
            found[quota] = lacking
    return found


def lost(room: Room, held: Sequence[Seeker]) -> list[Quota]:
    """The quotas that do not hold any more, because what was said of somebody with a seat was put right.

    A ceiling is passed by those who have a seat; floors lack more seats than are free. Once registration is closed the
    rule itself gives a floor's seats to others, and none is lost by that.
    """
    passed = [quota for quota in room.of(CEILING) if _count(held, quota) > quota.seats]
    missing = {} if room.is_closed else missing_of(room, held, ())
    return passed + (list(missing) if sum(missing.values()) > room.seats - len(held) else [])


def next_up(room: Room, held: Sequence[Seeker], waiting: Sequence[Seeker]) -> tuple[Seeker, Verdict] | None:
    """Who of those who wait gets the next seat, and by which rule; nobody where none of them may have one."""
    judged = [(one, judge(room, held, one, waiting)) for one in waiting]
    may = [(one, verdict) for one, verdict in judged if verdict.has_seat]
    if not may:
        return None
    one, verdict = min(may, key=lambda pair: order(pair[0], pair[1].fills))
    if len(waiting) > 1 and not verdict.fills:
        verdict = Verdict(True, msg("First on the waiting list: by rank, then by the time of waiting."))
    return one, verdict


def order(seeker: Seeker, fills: int) -> tuple[bool, int, datetime, int]:
    """The place in the waiting list: quota first, then rank, then time."""
    return (not fills, seeker.rank, seeker.since, seeker.number)


def in_order(room: Room, held: Sequence[Seeker], waiting: Sequence[Seeker]) -> list[Seeker]:
    """Those who wait, in the order in which they would be asked if seats became free now."""
    missing = missing_of(room, held, waiting)
    return sorted(waiting, key=lambda one: order(one, sum(quota.mark in one.marks for quota in missing)))


def quota_problem(quotas: Iterable[Quota], seats: int) -> Message | None:
    """What is wrong with these quotas together: what one has to mend, or nothing."""
    quotas = list(quotas)
    kept = sum(quota.seats for quota in quotas if quota.bound == FLOOR)
    if kept > seats:
        return msg(
            "The floors together keep %(kept)s seats, and there are %(seats)s. Lower a floor, or add seats.",
            kept=kept, seats=seats,
        )  # fmt: skip
    seen: dict[tuple[str, Mark], Quota] = {}
    for quota in quotas:
        if (quota.bound, quota.mark) in seen:
            return msg("Two quotas are about the same people. Take one of them out.")
        seen[quota.bound, quota.mark] = quota
    for (bound, mark), quota in seen.items():
        ceiling = seen.get((CEILING, mark))
        if bound == FLOOR and ceiling is not None and ceiling.seats < quota.seats:
            return msg("A floor is above the ceiling for the same people. Lower the floor, or raise the ceiling.")
    return None


def _count(people: Iterable[Seeker], quota: Quota) -> int:
    return sum(quota.mark in one.marks for one in people)
