"""The kinds of record that may stand to each other, each read for one reader: what that one may not see is not there.

Higher features bring kinds of their own (pledges); the wiring registers them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import selectinload

from app.courses.models import Course
from app.foundation.db import Tx
from app.foundation.disclosure import find_readable, readable
from app.foundation.permissions import Actor
from app.matching.relations.rules import Key
from app.needs.models import Need
from app.organisations.models import Organisation
from app.programmes.models import Programme


@dataclass(frozen=True)
class Side:
    """One of two records, as far as its reader may see it; a record without a title is called by its reference."""

    kind: str
    number: int
    ref: str
    title: str
    language: str
    organisation: Organisation
    version: int
    record: Any

    @property
    def key(self) -> Key:
        """Kind and number."""
        return self.kind, self.number


Finder = Callable[[Tx, Actor, ColumnElement[bool]], Iterable[Side]]
FinderOfOne = Callable[[Tx, Actor, str], Side | None]


@dataclass(frozen=True)
class RecordKind:
    """A kind of record, and how those of a criterion, or the one with a reference, are found for one reader."""

    model: type[Any]
    find: Finder
    find_one: FinderOfOne


def side_of(record: Any, title: str = "") -> Side:
    """A record that its reader may see, as one of two."""
    language = getattr(record, "language", "")
    return Side(
        record.record_kind, record.id, record.ref, title or getattr(record, "title", ""), language,
        record.organisation, record.version, record,
    )  # fmt: skip


def _finder(model: type[Any]) -> Finder:
    def find(tx: Tx, reader: Actor, which: ColumnElement[bool]) -> list[Side]:
        query = readable(reader, model).where(which).options(selectinload(model.organisation))
        return [side_of(row) for row in tx.scalars(query.order_by(model.id))]

    return find


def _finder_of_one(model: type[Any]) -> FinderOfOne:
    def find(tx: Tx, reader: Actor, ref: str) -> Side | None:
        # Mostly the page that shows it has read it already.
        record = find_readable(tx, reader, model, ref)
        return None if record is None else side_of(record)

    return find


RECORD_KINDS: dict[str, RecordKind] = {
    model.record_kind: RecordKind(model, _finder(model), _finder_of_one(model)) for model in (Need, Programme, Course)
}


def register_kind(model: type[Any], find: Finder) -> None:
    """Let records of a further kind stand to others."""

    def find_one(tx: Tx, reader: Actor, ref: str) -> Side | None:
        return next(iter(find(tx, reader, model.ref == ref)), None)

    RECORD_KINDS[model.record_kind] = RecordKind(model, find, find_one)


def sides_by_keys(tx: Tx, reader: Actor, keys: Iterable[Key]) -> dict[Key, Side]:
    """Those of these records that the reader may see, with one question for each kind."""
    wanted: dict[str, set[int]] = {}
    for kind, number in keys:
        wanted.setdefault(kind, set()).add(number)
    found: dict[Key, Side] = {}
    for kind, numbers in wanted.items():
        its = RECORD_KINDS.get(kind)
        if its is not None:
            found.update((side.key, side) for side in its.find(tx, reader, its.model.id.in_(numbers)))
    return found


def side_by_ref(tx: Tx, reader: Actor, ref: str) -> Side | None:
    """The record with that reference, if the reader may see it."""
    for its in RECORD_KINDS.values():
        if ref.startswith(f"{its.model.reference_prefix}-"):
            return its.find_one(tx, reader, ref)
    return None
