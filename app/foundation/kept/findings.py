"""What was found among many records, as one process has last read it for each kind of reader: counts and numbers.

Among thousands of records counting them by their codes takes longer than drawing the page. Records themselves are read
anew, through disclosure. See app.foundation.kept.readings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any, TypeVar

from sqlalchemy import func, select

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, Unchanging, Untouched, untouched_since
from app.foundation.permissions import Actor
from app.foundation.web import site

Value = TypeVar("Value")

MOST_KEPT = 256
MANY = 1000
"""Where fewer records of each kind than these were ever posted, everything is read anew each time."""


class Findings:
    """What one process has last found among records of these models; `about` are the kinds that may change it."""

    def __init__(self, models: Sequence[Any], about: Collection[str], many: int = MANY) -> None:
        self.many, self._models = many, models
        self._kept: Kept[Any, Untouched] = Kept(MOST_KEPT, untouched_since(about))

    def value(
        self, tx: Tx, reader: Actor, what: Hashable, read: Callable[[], Value], *, is_common: bool = True
    ) -> Value:  # fmt: skip
        """What `read` finds, as it is at this moment; `what` has to hold everything it follows from but the reader.

        What nobody will ask again, being made of words that somebody typed, is not common and is not kept.
        """

        def is_worth_it(_found: Value) -> bool:
            # disclosure: how high they are numbered decides how long something is kept, and is told to nobody.
            return is_common and any((tx.scalar(select(func.max(one.id))) or 0) >= self.many for one in self._models)

        value: Value = self._kept.value(tx, Unchanging(reader, what, read, is_worth_it))
        return value

    def __len__(self) -> int:
        return len(self._kept)


def findings_of(name: str, models: Sequence[Any], about: Collection[str]) -> Findings:
    """Those of this site that go by a name."""
    found: Findings = site().parts.setdefault(name, Findings(models, about))
    return found
