"""When garbage is looked for, and when it would be a waste: where very many things are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """Make very many small things without looking ten times among them for what can be thrown away: all of it stays.

    Looking takes a fifth to a third of the time. It goes on for all threads when the first one is done.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def settle() -> None:
    """What there is now stays until the process ends: no later look for garbage goes through half a million things."""
    gc.collect()
    gc.freeze()
