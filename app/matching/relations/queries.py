"""Reading relations: what is said of a record and of a pair, where the reader may see both; and what totals count once.

Whoever may not see one of the two records sees nothing of the relation, and nothing counts it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.matching.relations.models import Relation
from app.matching.relations.records import Side, side_by_ref, side_of, sides_by_keys
from app.matching.relations.rules import (
    UNANSWERED,
    Key,
    as_answer,
    counts_once,
    effective,
    ordered,
    said_from,
    standing,
)
from app.organisations.models import Organisation

MOST_AT_ONCE = 300
"""So many numbers are asked for in one question."""
MOST_QUESTIONS = 4


@dataclass(frozen=True)
class Said:
    """One answer with the organisation whose it is; `says` is how it reads from the record in hand."""

    relation: Relation
    organisation: Organisation
    says: str


@dataclass(frozen=True)
class Pair:
    """Two records that the reader may see, seen from `own`, with what is said of them."""

    own: Side
    other: Side
    said: Sequence[Said]

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations of the two records, which are asked."""
        return frozenset({self.own.organisation.id, self.other.organisation.id})

    @property
    def standing(self) -> str:
        """What the answers of both sides come to."""
        return standing((as_answer(one.relation) for one in self.said), self.organisation_ids)

    def answer_of(self, organisation_id: int) -> Said | None:
        """What one organisation says."""
        return next((one for one in self.said if one.relation.organisation_id == organisation_id), None)


def find_pair(tx: Tx, reader: Actor, own_ref: str, other_ref: str) -> Pair | None:
    """Two records side by side, if the reader may see both."""
    own, other = side_by_ref(tx, reader, own_ref), side_by_ref(tx, reader, other_ref)
    if own is None or other is None or own.key == other.key:
        return None
    return Pair(own, other, _said(tx, reader, own, other, answers_on(tx, own.key, other.key)))


def pairs_of(tx: Tx, reader: Actor, key: Key, own: Any = None) -> list[Pair]:
    """Every other record of which somebody says how it stands to this one, where the reader may see both.

    `own` is the record itself where the caller has found it for the reader already.
    """
    by_other: dict[Key, list[Relation]] = {}
    for row in tx.scalars(select(Relation).where(_with(key)).order_by(Relation.declared_at.desc(), Relation.id)):
        by_other.setdefault(_other(row, key), []).append(row)
    if not by_other:
        return []
    sides = sides_by_keys(tx, reader, [key, *by_other])
    mine = sides.get(key) if own is None else side_of(own)
    if mine is None:
        return []
    found = [
        Pair(mine, sides[other], _said(tx, reader, mine, sides[other], rows))
        for other, rows in by_other.items()
        if other in sides
    ]
    return [pair for pair in found if pair.said]


def answers_on(tx: Tx, one: Key, other: Key) -> Sequence[Relation]:
    """Everything that is said of a pair; the caller has found both records for its reader."""
    first, second = ordered(one, other)
    query = select(Relation).where(*_is_first(first), *_is_second(second))
    return tx.scalars(query.order_by(Relation.declared_at, Relation.id)).all()


def answers_among(tx: Tx, keys: Collection[Key]) -> Mapping[tuple[Key, Key], Sequence[Relation]]:
    """The same of every pair of these records, by the two in their order."""
    by_pair: dict[tuple[Key, Key], list[Relation]] = {}
    asked = set(keys)
    for row in _among(tx, asked):
        first, second = (row.first_kind, row.first_id), (row.second_kind, row.second_id)
        if first in asked and second in asked:
            by_pair.setdefault((first, second), []).append(row)
    return by_pair


def ties_for(tx: Tx, reader: Actor, keys: Collection[Key]) -> list[tuple[Key, Key, str]]:
    """Which of these records are one whole in totals: (one, other, kind), of kind same or co_fund, undisputed.

    Records that the reader may not see tie nothing together.
    """
    by_pair = answers_among(tx, keys)
    sides = sides_by_keys(tx, reader, {key for pair in by_pair for key in pair})
    return [
        (first, second, effective(map(as_answer, rows)))
        for (first, second), rows in sorted(by_pair.items())
        if first in sides and second in sides and counts_once(map(as_answer, rows))
    ]


def _among(tx: Tx, keys: Collection[Key]) -> Iterable[Relation]:
    for kind in sorted({kind for kind, _number in keys}):
        numbers = sorted(number for its, number in keys if its == kind)
        if len(numbers) > MOST_AT_ONCE * MOST_QUESTIONS:
            # Few records are tied to others: where very many are asked for, it is quicker to ask for every tie.
            yield from tx.scalars(select(Relation).where(Relation.first_kind == kind))
            continue
        for start in range(0, len(numbers), MOST_AT_ONCE):
            lot = numbers[start : start + MOST_AT_ONCE]
            yield from tx.scalars(select(Relation).where(Relation.first_kind == kind, Relation.first_id.in_(lot)))


def _said(tx: Tx, reader: Actor, own: Side, other: Side, rows: Iterable[Relation]) -> list[Said]:
    told = [row for row in rows if row.kind != UNANSWERED or may_see_unanswered(reader, own, other)]
    names = _names(tx, told)
    return [Said(row, names[row.organisation_id], _reads(row, own.key)) for row in told]


def may_see_unanswered(reader: Actor, own: Side, other: Side) -> bool:
    """Whether the reader is told that a record was posted without an answer: people of both sides, and the office."""
    sides = {own.organisation.id, other.organisation.id}
    return reader.is_system or reader.is_secretariat or bool(sides & reader.organisation_ids)


def _reads(row: Relation, own: Key) -> str:
    return said_from(row.kind, as_answer(row).replaced, own)


def _names(tx: Tx, rows: Iterable[Relation]) -> Mapping[int, Organisation]:
    ids = {row.organisation_id for row in rows}
    return {row.id: row for row in tx.scalars(select(Organisation).where(Organisation.id.in_(ids)))} if ids else {}


def _other(row: Relation, key: Key) -> Key:
    first = (row.first_kind, row.first_id)
    return (row.second_kind, row.second_id) if first == key else first


def _with(key: Key) -> ColumnElement[bool]:
    return or_(and_(*_is_first(key)), and_(*_is_second(key)))


def _is_first(key: Key) -> list[ColumnElement[bool]]:
    return [Relation.first_kind == key[0], Relation.first_id == key[1]]


def _is_second(key: Key) -> list[ColumnElement[bool]]:
    return [Relation.second_kind == key[0], Relation.second_id == key[1]]
