"""How long the processor takes for one thing, whatever else this process has made before."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Effort:
    """What the block took; 0 until it is over."""

    seconds: float = 0.0


@contextmanager
def effort(clock: Callable[[], float] = time.thread_time) -> Iterator[Effort]:
    """Seconds of this thread's (or of another clock's) time on a processor that the block takes.

    Garbage is not looked for meanwhile, as in `timeit`: in a process that has run some thousand tests one look
    through all they keep takes longer than most of what is measured.
    """
    gc.collect()
    was_at_work = gc.isenabled()
    gc.disable()
    spent = Effort()
    began = clock()
    try:
        yield spent
    finally:
        spent.seconds = clock() - began
        if was_at_work:
            gc.enable()
