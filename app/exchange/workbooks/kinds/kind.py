"""What a workbook needs to know of a kind of record; the form and the service of its feature do the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from app.foundation.db import Tx
from app.foundation.messages import Message
from app.foundation.permissions import Actor, Membership


@dataclass(frozen=True)
class Place:
    """For whom a workbook is written, by whom, and when."""

    actor: Actor
    owner: Membership
    now: datetime
    shelf: dict[str, Any] = field(default_factory=dict)
    """What the forms of all rows need and what is read once."""

    def once(self, name: str, read: Callable[[], Any]) -> Any:
        """What was read under that name, read now if it was not before."""
        if name not in self.shelf:
            self.shelf[name] = read()
        return self.shelf[name]


class Refusal(ValueError):
    """A row that its service does not take: why, and in which field, if in one."""

    def __init__(self, reason: Message | str, field: str = "") -> None:
        super().__init__(str(reason))
        self.reason, self.field = reason, field


class Kind(Protocol):
    """One kind of workbook."""

    name: str
    title: Message
    lead: Message
    names: Sequence[str]
    """Fields of the form that have a column, in their order."""
    parts: Mapping[str, tuple[Message, Sequence[str], int]]
    """Repeated parts by name of the field: how one is called, its fields, and how many there are at least."""

    def owners(self, actor: Actor) -> list[Membership]:
        """The organisations for which this person may fill in such a workbook."""

    def records(self, tx: Tx, place: Place) -> list[Any]:
        """The records of that organisation that this person may change now."""

    def title_of(self, record: Any) -> str:
        """How a record is called."""

    def prepared(self, tx: Tx, place: Place) -> list[Mapping[str, str]]:
        """Rows for something new in which something stands already."""

    def form(self, tx: Tx, place: Place, record: Any, sent: Any = None) -> Any:
        """The form of a record, or of a new one, as it is opened; with `sent` as if that had been sent."""

    def problems(self, place: Place, rows: Sequence[tuple[Any, Any]]) -> Sequence[Sequence[tuple[str, str]]]:
        """What stands in the way of each (record, form) although the form is sound: (name of a field, what)."""

    def save(self, tx: Tx, place: Place, record: Any, form: Any) -> Any:
        """Save what the form says by the feature's own service, and give back the record.

        Raises:
            Refusal: the service does not take it.
        """
