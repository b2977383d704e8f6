"""The second copy of the database, from which lists and exports are read when it is as new as their reader needs.

A copy runs behind the truth. Whoever has just written reads where it was written until the copy has it; and nobody
reads from a copy that is more than about two seconds behind: what has been closed to somebody is closed there as well.
"""

from __future__ import annotations

import time
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.foundation.postgres import make_postgres_engine, position_of, replayed_by

BETWEEN_SAMPLES = 1.0
"""Seconds between two looks at how far the truth is; the copy has to be where the truth was one look before."""
BETWEEN_LOOKS = 0.2
REST = 5.0
"""Seconds for which a copy that did not answer is left alone."""


class Replica:
    """A standby of PostgreSQL that answers reads."""

    def __init__(self, url: str, primary: Engine, *, is_page: bool = True, is_pooled: bool = False) -> None:
        self.engine = make_postgres_engine(url, is_page=is_page, is_pooled=is_pooled)
        self._primary, self._lock = primary, Lock()
        self._samples: tuple[int, int] | None = None
        self._sampled_at = self._looked_at = -REST
        self._replayed = -1
        self._not_before = 0.0

    def serves(self, written: int = 0) -> bool:
        """Whether it may be read by somebody whose last change is at `written`, a position in the log of the truth."""
        moment = time.monotonic()
        if moment < self._not_before:
            return False
        with self._lock:
            if moment - self._sampled_at >= BETWEEN_SAMPLES:
                self._sample(moment)
            if moment - self._looked_at >= BETWEEN_LOOKS or self._replayed < written:
                self._replayed, self._looked_at = replayed_by(self.engine), moment
            if self._replayed < 0:
                self._not_before = moment + REST
                return False
            return self._samples is not None and self._replayed >= max(self._samples[0], written)

    def _sample(self, moment: float) -> None:
        try:
            position = position_of(self._primary)
        except SQLAlchemyError:
            # Nobody can tell how old the copy is.
            self._samples = None
            return
        late = moment - self._sampled_at > 2 * BETWEEN_SAMPLES or self._samples is None
        self._samples = (position, position) if late or self._samples is None else (self._samples[1], position)
        self._sampled_at = moment

    def failed(self) -> None:
        """It did not answer: leave it alone for a while."""
        self._not_before = time.monotonic() + REST

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
