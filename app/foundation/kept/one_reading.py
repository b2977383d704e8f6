"""A page reads in one transaction: its parts see the same picture, and a row that several ask for is read once.

Parts of a page know nothing of each other: each opens a reading of its own, and is given the one that is open already.
It ends with the request, or as soon as the request has changed something, which the next part has to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from flask import g

from app.foundation.db import Tx, changes_here
from app.foundation.kept.once import remember

_OPEN, _ALL = "open_reading", "open_readings"


@dataclass(frozen=True)
class _Reading:
    """A transaction, and how much this thread had changed when it began."""

    tx: Tx
    changes: int


@contextmanager
def one_reading(begin: Callable[[], AbstractContextManager[Tx]]) -> Iterator[Tx]:
    """The reading transaction of this request; `begin` opens it where there is none, or where it is too old.

    Whatever goes wrong in it ends it for the parts that follow: an engine may refuse to read on.
    """
    kept: _Reading | None = g.get(_OPEN)
    if kept is None or kept.changes != changes_here():
        readings: ExitStack = g.setdefault(_ALL, ExitStack())
        kept = _Reading(readings.enter_context(begin()), changes_here())
        remember(kept.tx)
        setattr(g, _OPEN, kept)
    try:
        yield kept.tx
    except BaseException:
        if g.get(_OPEN) is kept:
            g.pop(_OPEN)
        raise


def end_readings(_error: BaseException | None = None) -> None:
    """The request is over: whatever it has opened is given back."""
    g.pop(_OPEN, None)
    readings: ExitStack | None = g.pop(_ALL, None)
    if readings is not None:
        readings.close()
