"""Stand-ins that the site takes for its own: a database that forgets and a clock that a test moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState, Session

from app.accounts.models import SignIn
from app.api.models import ApiToken
from app.foundation.audit import AuditEvent, AuditHead, AuditOrigin
from app.foundation.db import Database, Tx
from app.search.models import PastSearch, SavedSearch

# Looking changes nothing, but that the office looked at what is not public is itself put on record, and so is that a
# sign-in or a token is in use; and what a person searches for is among her last searches, which have to work without
# scripts.
NOTED = (AuditEvent, AuditHead, AuditOrigin, SignIn, ApiToken, PastSearch, SavedSearch)


class RolledBackDatabase(Database):
    """The site's database on one connection, in a transaction that the test rolls back at its end.

    What the site commits is a savepoint in it. A reading transaction joins without one: on a real database it is a
    connection of its own, so that what is written while it is open stays; here it must not take that away.
    """

    def __init__(self, url: str, connection: Connection) -> None:
        self.url = url
        self.engine = connection.engine
        self.connection = connection
        self.tests_own: Session | None = None
        self.is_looked_at = False
        self.offences: list[str] = []

    def open(self, *, writing: bool) -> Session:
        mode = "create_savepoint" if writing else "rollback_only"
        tx = Session(self.connection, expire_on_commit=False, autoflush=writing, join_transaction_mode=mode)
        if not writing:
            event.listen(tx, "before_flush", _refuse)
        elif self.is_looked_at:
            event.listen(tx, "before_flush", self._note_rows)
            event.listen(tx, "do_orm_execute", self._note_statement)
        return tx

    def _note_rows(self, tx: Session, _context: object, _instances: object) -> None:
        rows = [*tx.new, *tx.dirty, *tx.deleted]
        self.offences += [f"somebody only looks, and the site writes {r}" for r in rows if not isinstance(r, NOTED)]

    def _note_statement(self, state: ORMExecuteState) -> None:
        if not state.is_select:
            self.offences.append(f"somebody only looks, and the site writes: {state.statement}")

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        with self.open(writing=False) as tx:
            yield tx

    def close(self) -> None:
        """The connection belongs to the test."""

    def before_request(self, method: str) -> None:
        """Let the site see what the test has made, and watch it while somebody only looks."""
        self.is_looked_at = method in {"GET", "HEAD"}
        if self.tests_own is not None:
            self.tests_own.flush()

    def after_request(self) -> None:
        """Let the test see what the site has made of it."""
        self.is_looked_at = False
        if self.tests_own is not None:
            self.tests_own.expire_all()
        assert not self.offences, self.offences.pop()


def _refuse(tx: Session, _context: object, _instances: object) -> None:
    raise AssertionError(f"a reading transaction writes: {[*tx.new, *tx.dirty, *tx.deleted]}")


class MovableClock:
    """A clock that stands still until the test moves it."""

    def __init__(self, fixed: datetime) -> None:
        self.fixed = fixed

    def now(self) -> datetime:
        return self.fixed

    def wall(self) -> datetime:
        return self.fixed

    def move(self, **how_far: float) -> datetime:
        """Let time pass (days=, hours=, minutes= ...) and tell the new hour."""
        self.fixed += timedelta(**how_far)
        return self.fixed


def wait_until(holds: Callable[[], bool], seconds: float = 15) -> None:
    """Wait for other processes, and fail where what is waited for does not come."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come in time"
        time.sleep(0.02)
