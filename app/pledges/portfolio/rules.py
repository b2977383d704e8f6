"""How a pledge stands in a portfolio: waiting, pledged, committed, delivered or ended, and whether it is late."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.foundation.messages import Message, msg, pmsg
from app.foundation.money import Money
from app.pledges.rules import RUNNING

SOON = timedelta(days=30)
"""A pledge that lapses within so many days is expiring."""
STATES: Mapping[str, tuple[Message, str]] = {
    "waiting": (msg("Awaiting an answer"), "neutral"),
    "pledged": (pmsg("portfolio", "Pledged"), "info"),
    "committed": (pmsg("portfolio", "Committed"), "accent"),
    "delivered": (pmsg("portfolio", "Delivered"), "success"),
    "ended": (msg("Ended without delivery"), "neutral"),
}
"""Every pledge is in one of these."""
WARNINGS: Mapping[str, tuple[Message, str]] = {
    "overdue": (msg("Overdue"), "danger"),
    "expiring": (msg("Expiring soon"), "warning"),
    "disputed": (msg("In dispute"), "danger"),
}
"""What calls for somebody, besides; a pledge may be in several."""
FILTERS = {**STATES, **WARNINGS}


@dataclass(frozen=True)
class Standing:
    """What a portfolio needs to know of one pledge. `overdue` is money or a day that has passed."""

    status: str
    is_accepted: bool
    promised: tuple[Money, ...] = ()
    arrived: tuple[Money, ...] = ()
    expires_on: date | None = None
    due_on: date | None = None
    overdue: tuple[Money, ...] = ()
    is_disputed: bool = False


def state_of(standing: Standing) -> str:
    """Which of STATES the pledge is in."""
    if standing.status == "delivered":
        return "delivered"
    if standing.status not in RUNNING | {"interest"}:
        return "ended"
    if standing.status in {"committed", "delivering"}:
        return "committed"
    return "pledged" if standing.is_accepted else "waiting"


def warnings_of(standing: Standing, today: date) -> tuple[str, ...]:
    """Which of WARNINGS hold on that day."""
    state = state_of(standing)
    runs = state in {"pledged", "committed"}
    is_late = bool(standing.overdue) or (standing.due_on is not None and standing.due_on < today)
    lapses = standing.status in {"interest", "pledged", "committed"} and standing.expires_on is not None
    found = {
        "overdue": runs and is_late,
        "expiring": lapses and standing.expires_on is not None and today <= standing.expires_on <= today + SOON,
        "disputed": standing.is_disputed,
    }
    return tuple(name for name in WARNINGS if found[name])


@dataclass(frozen=True)
class Sum:
    """How many pledges are in a state, and their money by currency: what arrived of delivered ones, else promises."""

    count: int
    money: tuple[Money, ...]


def sums(standings: Iterable[Standing], today: date) -> dict[str, Sum]:
    """For every filter, how many pledges it holds and their money; two currencies are never added."""
    counts: Counter[str] = Counter()
    money: dict[str, dict[str, Money]] = defaultdict(dict)
    for standing in standings:
        state = state_of(standing)
        for name in (state, *warnings_of(standing, today)):
            counts[name] += 1
            for amount in standing.arrived if name == "delivered" else standing.promised:
                before = money[name].get(amount.currency)
                money[name][amount.currency] = amount if before is None else before + amount
    return {name: Sum(counts[name], tuple(money[name][c] for c in sorted(money[name]))) for name in FILTERS}
