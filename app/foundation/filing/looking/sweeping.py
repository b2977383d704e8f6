"""Files that were there before there was a scanner are looked at too, one after the other and without haste.

Such a file stays readable until something is found in it: to take a whole archive away until a scanner has been through
it would cost everybody their files for days, over what has been given out for months. How many are left is said on the
page of the operation, by `flask doctor` and in the figures. What is found is taken away as with a new file: the same
event, the same news, the same line in the log (reactions.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from app.foundation.db import Tx
from app.foundation.filing.files import Attachment
from app.foundation.filing.looking import rules
from app.foundation.filing.looking.clamd import SECONDS, ScannerAway
from app.foundation.filing.looking.reactions import asked, note_verdict
from app.foundation.web import Site

CLEAN, FOUND, UNANSWERED, UNREADABLE, GONE = "clean", "found", "unanswered", "unreadable", "gone"
"""What comes of looking: nothing found, something found, the scanner does not answer, the file is not on the disk,
somebody else was faster."""
PATIENCE = 5.0
"""So many seconds each step of asking may take while other work waits; a command may wait longer."""
SHARE = 4
"""After a file the worker leaves the scanner alone for so many times as long as that took: other work comes first."""
NOTHING_LEFT = 60.0
"""So many seconds go by before it is asked again whether there is such a file, once there is none."""


def count_unscanned(tx: Tx) -> int:
    """How many files nobody has ever scanned."""
    return tx.scalar(select(func.count()).select_from(Attachment).where(Attachment.state == "unscanned")) or 0


def every_unscanned(site: Site) -> Iterator[int]:
    """All of them, oldest first, whenever they were asked about before."""
    last = 0
    while True:
        with site.database.reading() as tx:
            number = tx.scalar(_unscanned().where(Attachment.id > last))
        if number is None:
            return
        yield number
        last = number


def _unscanned() -> Select[int]:
    return select(Attachment.id).where(Attachment.state == "unscanned").order_by(Attachment.id).limit(1)


def _next_due(tx: Tx, now: datetime) -> int | None:
    return tx.scalar(_unscanned().where(or_(Attachment.scan_after.is_(None), Attachment.scan_after <= now)))


def look_at(site: Site, number: int, seconds: float = SECONDS) -> str:
    """Have one file scanned that never was, and write down what the scanner says."""
    with site.database.reading() as tx:
        file = tx.get(Attachment, number)
        if file is None or file.state != "unscanned":
            return GONE
        tx.expunge(file)
    verdict, outcome = None, CLEAN
    try:
        verdict = asked(site, file, seconds)
        outcome = FOUND if verdict.finding else CLEAN
    except ScannerAway:
        outcome = UNANSWERED
    except OSError:
        outcome = UNREADABLE
    with site.database.transaction() as tx:
        # Another worker or the command may have looked at the same file meanwhile.
        again = tx.get(Attachment, number, with_for_update=True)
        if again is None or again.state != "unscanned":
            return GONE
        note_verdict(site, tx, again, verdict)
    return outcome


class Sweep:
    """The worker's part of it: a file at a time, and then a rest; a long one while the scanner does not answer."""

    def __init__(self, moment: Callable[[], float] = time.monotonic) -> None:
        self._moment = moment
        self._rests_until = 0.0
        self._silences = 0

    def __call__(self, site: Site) -> None:
        """Look at the next file, if it is time."""
        began, now = self._moment(), site.clock.now()
        if site.settings.clamd_url is None or began < self._rests_until:
            return
        with site.database.reading() as tx:
            number = _next_due(tx, now)
        if number is None:
            self._rests_until = began + NOTHING_LEFT
            return
        outcome = look_at(site, number, PATIENCE)
        self._silences = self._silences + 1 if outcome == UNANSWERED else 0
        ended = self._moment()
        rest = SHARE * (ended - began)
        if self._silences:
            rest = max(rest, (rules.ask_again_at(self._silences, now) - now).total_seconds())
        self._rests_until = ended + rest
