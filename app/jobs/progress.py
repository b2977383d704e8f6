"""How work tells how far it is, lives on in the eyes of the site, and hears that it is to stop."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.foundation.web import Site
from app.jobs import service

BETWEEN_BEATS = 1.0
"""Seconds between two signs of life at least: a number that changes faster helps nobody."""


class JobStopped(Exception):
    """The work is to end at this step: its person stopped it, or another program has it now."""


class JobHandedBack(Exception):
    """The program is told to end: the work waits for another one."""


class Progress:
    """How far one piece of work is, in units of which there are `total` (0: nobody knows how many).

    It writes to the database by itself: it is never told anything inside an open transaction.
    """

    def __init__(self, site: Site, ref: str, runner: str, goes_on: Callable[[], bool] = lambda: True) -> None:
        self._site = site
        self._ref = ref
        self._runner = runner
        self._goes_on = goes_on
        self._told_at = time.monotonic()
        self.done = 0
        self.total = 0

    def begin(self, total: int, done: int = 0) -> None:
        """There are so many units to do from now on.

        Raises:
            JobStopped: see `tell`. JobHandedBack: the same.
        """
        self.total, self.done = total, done
        self.tell()

    def tick(self, units: int = 1) -> None:
        """So many more are done; told at most once in a second.

        Raises:
            JobStopped: see `tell`. JobHandedBack: the same.
        """
        self.done += units
        if time.monotonic() - self._told_at >= BETWEEN_BEATS:
            self.tell()

    def tell(self) -> None:
        """Give a sign of life now.

        Raises:
            JobStopped: the person has stopped the work, or it is not this program's any more.
            JobHandedBack: the program is to end.
        """
        self._told_at = time.monotonic()
        if not self._goes_on():
            raise JobHandedBack(self._ref)
        wall = self._site.clock.wall()
        with self._site.database.transaction() as tx:
            goes_on = service.beat(tx, self._ref, self._runner, self.done, self.total, wall)
        if not goes_on:
            raise JobStopped(self._ref)
