"""How long organisations take to answer: working days from the question to the answer, and who still waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from app.foundation.days import working_days_between

LEAST = 3
"""From so many answers on there is a median; fewer say more about one case than about an organisation."""
NINTH_TENTH = 0.9

Span: TypeAlias = tuple[int, datetime, datetime | None]
"""Whose answer is waited for (an organisation's number), since when, and when it came, if it has."""


@dataclass(frozen=True)
class Times:
    """How long one organisation takes: in working days, without figures where too few were answered."""

    organisation_id: int
    answered: int
    median: int | None
    most: int | None
    waiting: int
    oldest: int | None


def times_of(spans: Iterable[Span], now: datetime) -> list[Times]:
    """The figures of each organisation, the slowest first, then whoever lets others wait longest."""
    answered: dict[int, list[int]] = {}
    waiting: dict[int, list[int]] = {}
    for organisation_id, began, ended in spans:
        kept = waiting if ended is None else answered
        kept.setdefault(organisation_id, []).append(working_days_between(began, ended or now))
    found = [_times(number, answered.get(number, []), waiting.get(number, [])) for number in {*answered, *waiting}]
    return sorted(found, key=lambda one: (-(one.median or 0), -(one.oldest or 0), one.organisation_id))


def _times(number: int, answered: Sequence[int], waiting: Sequence[int]) -> Times:
    days, has_figures = sorted(answered), len(answered) >= LEAST
    return Times(
        organisation_id=number,
        answered=len(days),
        median=at_share(days, 0.5) if has_figures else None,
        most=at_share(days, NINTH_TENTH) if has_figures else None,
        waiting=len(waiting),
        oldest=max(waiting, default=None),
    )


def at_share(days: Sequence[int], share: float) -> int:
    """The days within which that share of all was answered (nearest rank); `days` are sorted, and not none."""
    # Whole hundredths, so that no rounding of fractions moves a rank.
    rank = -(-len(days) * round(share * 100) // 100)
    return days[max(0, rank - 1)]
