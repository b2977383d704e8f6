"""The law of amending: which parts of a candidate differ, and how the candidates of one organisation are ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from app.foundation.messages import Message, msg
from app.nominations.rules import MOST_RANK, TO_COME

AMENDABLE = TO_COME
"""From these states a candidate can still be amended and ranked, until the session begins."""
RANK = msg("Write the rank as a whole number: 1 is the first of yours.")
SAME_RANK = msg("Another candidate of yours has this rank. Give each a rank of their own.")
UP, DOWN = "up", "down"
INSTANT = timedelta(microseconds=1)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the parts that differ, in their order; never what stands in them."""
    return tuple(name for name, value in after.items() if before.get(name) != value)


def new_turn(given_at: datetime | None, now: datetime) -> datetime:
    """From when on a seat is held at another address: later than it was given, or the old link would still be good."""
    return now if given_at is None or now > given_at else given_at + INSTANT


def in_order(ranks: Mapping[str, int | None], refs: Sequence[str]) -> list[str]:
    """The candidates by the ranks that were typed, those without one last."""
    place = {ref: position for position, ref in enumerate(refs)}
    return sorted(refs, key=lambda ref: (ranks.get(ref) or MOST_RANK + 1, place[ref]))


def stepped(order: Sequence[str], press: str) -> list[str]:
    """The order after a button was pressed (`up:K-...`); what cannot go further, or is not there, stays."""
    step, _colon, ref = press.partition(":")
    new = list(order)
    if ref in new and step in {UP, DOWN}:
        at = new.index(ref)
        to = at - 1 if step == UP else at + 1
        if 0 <= to < len(new):
            new[at], new[to] = new[to], new[at]
    return new


def rank_problems(ranks: Mapping[str, int | None]) -> dict[str, Message]:
    """What is wrong with these ranks, by the candidate: each has one of its own, from 1 on."""
    typed = list(ranks.values())
    found = {}
    for ref, rank in ranks.items():
        if rank is None or not 1 <= rank <= MOST_RANK:
            found[ref] = RANK
        elif typed.count(rank) > 1:
            found[ref] = SAME_RANK
    return found


def mark_of(ranks: Mapping[str, int]) -> str:
    """Tells one order of the same people from another, so that nobody overwrites what was never seen."""
    return sha256(repr(sorted(ranks.items())).encode()).hexdigest()[:32]
