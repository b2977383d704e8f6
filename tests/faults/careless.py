"""The site made careless on purpose, as a hurried hand would make it: the same checks have to find each of them out.

Nothing of it is reached by the product: the nursery of the fault tests puts a variant into a process that it starts.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

LATE = 0.4
"""Seconds between the answer and the commit, or between the mark and the mail, of those who begin with the second."""


def answer_before_commit() -> None:
    """The page is answered first and the change kept a moment later: a kill in between loses what was acknowledged."""
    from flask import has_request_context, request

    from app.foundation.db import Database, Tx

    careful, queue = Database.transaction, threading.Lock()

    def commit_later(tx: Tx) -> None:
        time.sleep(LATE)
        tx.commit()
        tx.close()
        queue.release()

    @contextmanager
    def transaction(self: Database) -> Iterator[Tx]:
        if not has_request_context() or request.path.startswith("/sign-in"):
            # Whoever could not even sign in would write nothing.
            with careful(self) as tx:
                yield tx
            return
        queue.acquire()
        tx = self.open(writing=True)
        try:
            tx.begin()
            yield tx
            tx.flush()
        except BaseException:
            tx.rollback()
            tx.close()
            queue.release()
            raise
        threading.Thread(target=commit_later, args=(tx,)).start()

    Database.transaction = transaction  # type: ignore[method-assign]


def mark_before_sending() -> None:
    """A mail is marked as sent and sent a moment later: a kill in between loses it."""
    from app.notifications import mailer

    def send(site: Any, post: Any, mail: Any, now: Any) -> bool:
        with site.database.reading() as tx:
            finished = mailer.letter_to_send(tx, site.settings, mail, now)
        if finished.letter is None:
            mailer._note_withheld(site, mail, finished)
            return False
        mailer._mark_sent(site, mail, finished, now)
        time.sleep(3 * LATE)
        post(mailer.compose(site.settings, finished.letter, mail.message_id, now))
        return True

    mailer._send = send


def no_row_locks(*, holds: bool = False) -> None:
    """Nobody waits for the row that is counted: two who look at once both find room. With `holds` they do wait.

    Either way whoever has looked takes a moment to decide, as on a machine with much to do.
    """
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def strip(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> tuple[str, Any]:
        # The chain of events is held as before: its key would keep the second out where the ledger does not.
        is_held = "FOR UPDATE" in statement and "FROM needs" in statement
        if is_held and not holds:
            statement = re.sub(r"FOR UPDATE( OF [\w.]+(, [\w.]+)*)?", "", statement)
        return statement, parameters

    def decide(_c: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        if "FROM pledge_lines" in statement or "FROM pledges" in statement:
            time.sleep(LATE)

    event.listen(Engine, "before_cursor_execute", strip, retval=True)
    event.listen(Engine, "after_cursor_execute", decide)


def no_form_keys() -> None:
    """A form that comes again is acted upon again: whoever presses twice after a broken line has two records."""
    from app.foundation import drafts, sending, web

    def never(*_args: Any) -> None:
        return None

    drafts.already_done = never  # type: ignore[assignment]
    sending.already_done = never  # type: ignore[assignment]
    web.already_done = never  # type: ignore[assignment]
    for module in (drafts, sending):
        module.note_done = never  # type: ignore[assignment]
    from app.needs import posting

    posting.note_done = never  # type: ignore[assignment]
    _answer_late()


def _answer_late() -> None:
    from app.foundation.db import Database, Tx

    before = Database.transaction

    @contextmanager
    def transaction(self: Database) -> Iterator[Tx]:
        with before(self) as tx:
            yield tx
        time.sleep(LATE)

    Database.transaction = transaction  # type: ignore[method-assign]


def moved_clock() -> None:
    """Not careless: the clock is as many days off as the file of FAULTS_CLOCK says, where no library can do that."""
    from app.foundation.clock import Clock

    file, real = Path(os.environ["FAULTS_CLOCK"]), Clock.now

    def now(self: Clock) -> datetime:
        return real(self) + timedelta(days=int(file.read_text().strip().removesuffix("d") or 0))

    Clock.now = Clock.wall = now  # type: ignore[method-assign]


VARIANTS: dict[str, Callable[[], None]] = {
    "answer-before-commit": answer_before_commit,
    "mark-before-sending": mark_before_sending,
    "no-row-locks": no_row_locks,
    "no-form-keys": no_form_keys,
    "moved-clock": moved_clock,
}
