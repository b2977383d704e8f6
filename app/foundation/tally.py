"""What is counted while one request is answered, for whoever watches over the site: which conflict, never whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar

KINDS: Mapping[str, str] = {
    "over_pledge": "a pledge would have covered more than was asked",
    "envelope": "a programme had not enough left for a pledge",
    "stale_version": "somebody else had saved first",
    "sent_twice": "the same was sent twice at one instant",
    "forged_form": "a form came without a good token",
    "limited": "more requests came than are taken",
    "search_from_database": "a search was answered from the database, since the index could not be read",
}
"""What is counted, by its name."""

_COUNTED: ContextVar[Counter[str] | None] = ContextVar("counted", default=None)


def begin() -> None:
    """Count anew from here, in this thread."""
    _COUNTED.set(Counter())


def count(kind: str) -> None:
    """Note that this happened once more; outside a request (the worker, the terminal) nobody counts.

    Raises:
        LookupError: there is no such kind.
    """
    if kind not in KINDS:
        raise LookupError(kind)
    counted = _COUNTED.get()
    if counted is not None:
        counted[kind] += 1


def counted() -> bool:
    """Whether anything was counted since the beginning."""
    return bool(_COUNTED.get())


def end() -> Mapping[str, int]:
    """What was counted since the beginning; from here on nobody counts."""
    counted = _COUNTED.get()
    _COUNTED.set(None)
    return counted or {}
