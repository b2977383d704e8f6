"""Reading what people follow: who follows a record, what one person follows, and from which strength matches count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Account
from app.accounts.queries import people_by_id
from app.foundation.db import Tx
from app.foundation.disclosure import model_of, readable
from app.foundation.kept.once import all_read_once
from app.foundation.permissions import Actor
from app.notifications.following.models import Follow, MatchThreshold
from app.notifications.following.rules import KINDS, USUAL, is_enough


@dataclass(frozen=True)
class Followed:
    """One thing that a person follows; without `record` it is no longer shown to this person."""

    follow: Follow
    record: Any | None


def find_record(tx: Tx, reader: Actor, kind: str, ref: str) -> Any | None:
    """The published record of a kind that can be followed, if this reader may see it."""
    model = model_of(kind) if kind in KINDS else None
    if model is None:
        return None
    return tx.scalar(readable(reader, model).where(model.ref == ref, model.is_published))


def follow_of(tx: Tx, reader: Actor, kind: str, ref: str) -> Follow | None:
    """That this person follows the record, if so."""
    own = Follow.account_id == reader.account_id
    return tx.scalar(select(Follow).where(own, Follow.record_kind == kind, Follow.record_ref == ref))


def count_followed(tx: Tx, reader: Actor) -> int:
    """How many records this person follows."""
    return tx.scalar(select(func.count()).select_from(Follow).where(Follow.account_id == reader.account_id)) or 0


def followed_by(tx: Tx, reader: Actor) -> list[Followed]:
    """What this person follows, the latest first, each with its record as far as it is still shown."""
    own = select(Follow).where(Follow.account_id == reader.account_id).order_by(Follow.since.desc(), Follow.id.desc())
    rows = tx.scalars(own).all()
    records: dict[tuple[str, str], Any] = {}
    for kind in {row.record_kind for row in rows}:
        model = model_of(kind)
        refs = [row.record_ref for row in rows if row.record_kind == kind]
        if model is not None:
            shown = readable(reader, model).where(model.ref.in_(refs), model.is_published)
            records.update({(kind, record.ref): record for record in tx.scalars(shown)})
    return [Followed(row, records.get((row.record_kind, row.record_ref))) for row in rows]


def followers_of(tx: Tx, kind: str, ref: str) -> list[Account]:
    """The people who follow a record, whether or not they may still see it: whoever tells them asks that."""
    numbers = tx.scalars(select(Follow.account_id).where(Follow.record_kind == kind, Follow.record_ref == ref))
    return people_by_id(tx, numbers)


def followed_refs(tx: Tx, kind: str, refs: Collection[str]) -> dict[str, list[int]]:
    """Who follows which of these records, by account number."""
    found: dict[str, list[int]] = {}
    query = select(Follow.record_ref, Follow.account_id).where(Follow.record_kind == kind)
    for ref, account_id in tx.execute(query.order_by(Follow.id)):
        if ref in refs:
            found.setdefault(ref, []).append(account_id)
    return found


def threshold_of(tx: Tx, reader: Actor) -> str:
    """From which strength on this person is told of matches."""
    row = tx.get(MatchThreshold, reader.account_id) if reader.is_signed_in else None
    return row.least if row is not None else USUAL


def told_from(tx: Tx, people: Iterable[Account], strength: str) -> Sequence[Account]:
    """Those of these people who want to be told of a match of this strength."""
    people = list(people)

    def read(numbers: list[int]) -> dict[int, str]:
        rows = tx.scalars(select(MatchThreshold).where(MatchThreshold.account_id.in_(numbers)))
        return dict.fromkeys(numbers, USUAL) | {row.account_id: row.least for row in rows}

    least = all_read_once(tx, "from which strength on", [one.id for one in people], read)
    return [one for one in people if is_enough(strength, least[one.id])]
