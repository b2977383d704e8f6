"""How often somebody did something, counted in the database, so that all processes and hosts count together.

A sliding window of two counters, as the `limits` library has it for other stores: of what was counted in the window
before, that share still counts which the last `expiry` seconds have of it. Nobody is named: a count stands under a
keyed hash of whom and what it counts, and goes when its time is over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from math import floor
from typing import Any

from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport, TimestampedSlidingWindow
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.clock import Clock
from app.foundation.db import Base, Database, Tx

SCHEME = "counterpart"
MANY_OVER = 100
"""How many counts that are over are thrown away by whoever begins a new one."""


class RateCount(Base):
    """How often something was done in one window; `key` is a hash, `ends_at` when nobody asks any more (UTC)."""

    __tablename__ = "rate_counts"

    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class CountsInDatabase(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """The store of the `limits` library in our own database (PostgreSQL). Times are seconds by the computer's clock."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - the library's own way

    def __init__(self, uri: str | None = None, **options: Any) -> None:
        super().__init__(uri)
        self._database: Callable[[], Database] = options["database"]
        self._secret: bytes = options["secret"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What says that the store cannot be reached."""
        return SQLAlchemyError

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count it, unless there were more than `limit` of it within `expiry` seconds; then nothing is counted."""
        now = _now()
        before, current = self.sliding_window_keys(key, expiry, now)
        with self._database().transaction() as tx:
            # Whoever counts the same at the same time waits here, so that none of them is forgotten.
            hits = self._add(tx, current, amount, 2 * expiry)
            if floor(self._hits(tx, before) * _share(now, expiry) + hits) <= limit:
                return True
            self._add(tx, current, -amount, 2 * expiry)
        return False

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Counted in the window before, seconds that it still counts, counted in this one, seconds until it is over."""
        now = _now()
        before, current = self.sliding_window_keys(key, expiry, now)
        with self._database().reading() as tx:
            earlier, hits = self._hits(tx, before), self._hits(tx, current)
        left = _share(now, expiry) * expiry
        return earlier, left if earlier else 0.0, hits, left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget what was counted."""
        for each in self.sliding_window_keys(key, expiry, _now()):
            self.clear(each)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count by a fixed window; gives what it has come to."""
        with self._database().transaction() as tx:
            return self._add(tx, key, amount, expiry)

    def get(self, key: str) -> int:
        """What was counted under this key, 0 where nothing was or where it is over."""
        with self._database().reading() as tx:
            return self._hits(tx, key)

    def get_expiry(self, key: str) -> float:
        """Until when it counts (seconds since 1970), now where nothing does."""
        with self._database().reading() as tx:
            ends_at = tx.scalar(select(RateCount.ends_at).where(RateCount.key == self._sealed(key)))
        return ends_at.timestamp() if ends_at else _now()

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            with self._database().reading() as tx:
                return tx.scalar(select(1)) == 1
        except SQLAlchemyError:
            return False

    def reset(self) -> int | None:
        """Forget all of it; gives how many counts there were."""
        with self._database().transaction() as tx:
            return len(tx.scalars(delete(RateCount).returning(RateCount.key)).all())

    def clear(self, key: str) -> None:
        """Forget what was counted under this key."""
        with self._database().transaction() as tx:
            tx.execute(delete(RateCount).where(RateCount.key == self._sealed(key)))

    def _add(self, tx: Tx, key: str, amount: int, expiry: int) -> int:
        row = {"key": self._sealed(key), "hits": amount, "ends_at": _moment(_now() + expiry)}
        put = insert(RateCount).values(row)
        put = put.on_conflict_do_update(index_elements=["key"], set_={"hits": RateCount.hits + amount})
        hits = int(tx.scalar(put.returning(RateCount.hits)) or 0)
        if hits == amount:
            _throw_away_what_is_over(tx)
        return hits

    def _hits(self, tx: Tx, key: str) -> int:
        asked = select(RateCount.hits).where(RateCount.key == self._sealed(key), RateCount.ends_at > _moment(_now()))
        return tx.scalar(asked) or 0

    def _sealed(self, key: str) -> str:
        return hashlib.blake2b(key.encode(), digest_size=16, key=self._secret[:64]).hexdigest()


def _throw_away_what_is_over(tx: Tx) -> None:
    over = select(RateCount.key).where(RateCount.ends_at <= _moment(_now())).limit(MANY_OVER)
    # What somebody else is throwing away is left to him: two who wait for each other would both fail.
    keys = tx.scalars(over.with_for_update(skip_locked=True)).all()
    if keys:
        tx.execute(delete(RateCount).where(RateCount.key.in_(keys)))


def _share(now: float, expiry: int) -> float:
    """Of the window before, what lies within the last `expiry` seconds."""
    return 1 - now / expiry % 1


def _now() -> float:
    return Clock().wall().timestamp()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
