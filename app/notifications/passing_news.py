"""What is told of needs that somebody looks at before they are posted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.foundation.disclosure import readable
from app.foundation.messages import msg
from app.foundation.permissions import SYSTEM
from app.needs.models import Need, Passing
from app.notifications.rules import cause_of
from app.notifications.telling import Telling


def need_waits(telling: Telling, fact: Any) -> None:
    """Those who are asked are told that something waits, and not what: it is not posted yet."""
    need = _need(telling, fact.need_id)
    if need is None:
        return
    asked = select(Passing).where(Passing.need_id == need.id, Passing.decided_at.is_(None))
    for passing in telling.tx.scalars(asked):
        people = telling.people_of(passing.organisation_id)
        cause = cause_of("need_passing", ("passing", str(passing.id)), ("waiting", need.ref))
        telling.tell(people, cause, msg("A need waits for you before it is posted"), need)


def need_returned(telling: Telling, fact: Any) -> None:
    """The author is told that the need came back."""
    need = _need(telling, fact.need_id)
    if need is not None:
        cause = cause_of("need_returned", ("need", need.ref), ("passing", str(fact.passing_id)))
        message = msg("Your need “%(need)s” was returned before it was posted", need=need.title)
        telling.tell(telling.people_of(need.organisation_id), cause, message, need)


def _need(telling: Telling, number: int) -> Need | None:
    return telling.tx.scalar(readable(SYSTEM, Need).where(Need.id == number))
