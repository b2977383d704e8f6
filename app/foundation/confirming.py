"""Records that their owner confirms from time to time: until when, and since when nobody has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Mapped

from app.foundation.messages import Message, msg

HALF_A_YEAR = timedelta(days=180)
CONFIRMED: Mapping[str, Message] = {"yes": msg("Confirmed in time only")}
"""The one choice of the filter `confirmed` in lists."""


class Confirmable:
    """A record whose owner is asked, by the day `verify_by`, whether it still stands as it is written."""

    verify_after: ClassVar[timedelta] = HALF_A_YEAR

    verify_by: Mapped[date | None]

    @property
    def is_going_on(self) -> bool:
        """Whether anybody still relies on it; each kind of record says when."""
        raise NotImplementedError

    @property
    def confirm_due(self) -> date | None:
        """Until when it is to be confirmed; nothing once it is over, or where nobody is asked (an import)."""
        return self.verify_by if self.is_going_on else None

    @property
    def confirmed_on(self) -> date | None:
        """The day on which its owner last said that it stands, by posting, amending or confirming it."""
        return self.verify_by - self.verify_after if self.verify_by else None

    def is_unconfirmed(self, today: date) -> bool:
        """Whether its day has passed and nobody has said that it still stands; it is marked, never closed."""
        return self.confirm_due is not None and self.confirm_due < today


def confirmed_in_time(model: type[Any], today: date) -> ColumnElement[bool]:
    """The criterion that nobody waits for the word of a record's owner."""
    column = model.verify_by
    return or_(column.is_(None), column >= today)
