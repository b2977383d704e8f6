"""What the list of one kind of record begins with, as one process has last read it for each kind of reader.

Among thousands of records counting them by their codes, and finding the first twenty of those that the filters leave,
takes longer than drawing the list. What is kept are counts and numbers; the records are read anew, through disclosure.
See app.foundation.kept.readings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, Untouched, untouched_since, view_of
from app.foundation.permissions import Actor
from app.foundation.web import site

Value = TypeVar("Value")

MOST_KEPT = 256
MANY = 1000
"""Where fewer records than these were ever posted, everything is read anew each time."""


@dataclass(frozen=True)
class Asked(Generic[Value]):
    """Something about the records that some filters leave, as one reader may see them; `what` tells it from others."""

    reader: Actor
    what: Hashable
    read: Callable[[], Value]
    is_worth_it: Callable[[], bool]

    @property
    def key(self) -> Hashable:
        """What the reader may see, and what was asked for."""
        return view_of(self.reader), self.what

    def whole(self) -> Value:
        """Read it."""
        return self.read()

    def renewed(self, kept: Value, changed: Untouched) -> Value:  # noqa: ARG002 - there is nothing to renew
        """The very same: nothing that it follows from has changed."""
        return kept

    def is_much(self, value: Value) -> bool:  # noqa: ARG002 - what takes long is looking through all of them
        """Whether it is worth keeping."""
        return self.is_worth_it()


class KeptLists:
    """What one process has last counted and found of one kind of record; `about` are the kinds that may change it."""

    def __init__(self, model: Any, about: Collection[str], many: int = MANY) -> None:
        self.many, self._model = many, model
        self._kept: Kept[Any, Untouched] = Kept(MOST_KEPT, untouched_since(about))

    def value(self, tx: Tx, reader: Actor, what: Hashable, read: Callable[[], Value], words: str = "") -> Value:
        """What `read` finds, as it is at this moment; `what` has to hold everything it follows from but the reader.

        What was looked for by typed words is not kept: everybody types others.
        """

        def is_worth_it() -> bool:
            # disclosure: how high they are numbered decides how long something is kept, and is told to nobody.
            return not words and (tx.scalar(select(func.max(self._model.id))) or 0) >= self.many

        value: Value = self._kept.value(tx, Asked(reader, what, read, is_worth_it))
        return value

    def __len__(self) -> int:
        return len(self._kept)


def lists_of(model: Any, about: Collection[str]) -> KeptLists:
    """Those of this site."""
    kept: KeptLists = site().parts.setdefault(f"lists of {model.record_kind}", KeptLists(model, about))
    return kept
