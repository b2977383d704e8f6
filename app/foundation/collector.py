"""When garbage is looked for, and by whom.

Python 3.11 looks for garbage wherever enough has been made, in the middle of making one thing more. Where that thing
is the dictionary of an object that two threads share, whatever is thrown away may let the other thread go on (a cursor
of SQLite does), which then makes the same dictionary: its memory is given back twice, and the process ends with a
segmentation fault. From Python 3.12 on it is looked for between two instructions only. So in a process of several
threads one of them looks for garbage, between two instructions of its own, and no other one does.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

PAUSE = 0.05
"""Seconds between two looks at how much has been made since."""
MANY = 5_000
"""So many more things than were thrown away are worth looking through."""
YOUNGER = 10
"""So many looks among the younger things come before one among older ones too, as Python does it."""

_AT_REST: set[object] = set()
"""One thing for each part of the program that is making very many small things just now."""


@contextmanager
def collector_resting() -> Iterator[None]:
    """Make very many small things without looking ten times among them for what can be thrown away: all of it stays.

    Looking takes a fifth to a third of the time. It goes on for all threads when the last one is done.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    making = object()
    _AT_REST.add(making)
    try:
        yield
    finally:
        _AT_REST.discard(making)
        if was_at_work:
            gc.enable()


def settle() -> None:
    """What there is now stays until the process ends: no later look for garbage goes through half a million things."""
    gc.collect()
    gc.freeze()


class Collector(Thread):
    """The thread that looks for garbage in a process of several threads, which must not do it themselves."""

    def __init__(self) -> None:
        super().__init__(name="collector", daemon=True)
        self._is_over = Event()

    def start(self) -> None:
        """From now on this thread looks, and no other one."""
        gc.disable()
        super().start()

    def run(self) -> None:
        """Look every now and then, until the process ends or somebody ends it."""
        while not self._is_over.wait(PAUSE):
            look()

    def end(self) -> None:
        """Let the others look for garbage themselves again."""
        self._is_over.set()
        self.join()
        gc.enable()


def look() -> int | None:
    """Throw away what nobody can reach, if much has been made since the last time; which generation, if any."""
    young, middle, old = gc.get_count()
    if _AT_REST or young < MANY:
        return None
    generation = 2 if old > YOUNGER else 1 if middle > YOUNGER else 0
    gc.collect(generation)
    return generation
