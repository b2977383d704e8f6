"""Two people may open the same record: whoever saves second is shown both texts, and nothing is overwritten.

And every version of a programme, a course or a lesson is kept word for word, so that a reader sees what changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import tally
from app.foundation.db import Base, Tx
from app.foundation.disclosure import audience_of, may_see_field
from app.foundation.permissions import Actor


class StaleVersion(Exception):
    """Somebody else has changed the record since this person opened it; `record` is as it stands now."""

    def __init__(self, record: Any) -> None:
        super().__init__(record.ref)
        self.record = record
        tally.count("stale_version")


def check_version(record: Any, opened: int | None) -> None:
    """Go on only if the record is still as the person saw it.

    Raises:
        StaleVersion: it is not.
    """
    if opened is not None and record.version != opened:
        raise StaleVersion(record)


class RecordVersion(Base):
    """One version of a record, word for word, as its feature's `snapshot` wrote it; `number` is the record's own."""

    __tablename__ = "record_versions"
    __table_args__ = (UniqueConstraint("record_kind", "record_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_kind: Mapped[str]
    record_id: Mapped[int]
    number: Mapped[int]
    snapshot: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None]


def plain(value: Any) -> Any:
    """A column's value as JSON can hold it: days and amounts as text."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def snapshot_of(record: Any, columns: Sequence[str], facets: Mapping[str, str]) -> dict[str, Any]:
    """The words of a record as plain values: its columns, its codes by the names of a draft, and who may see it."""
    state: dict[str, Any] = {name: plain(getattr(record, name)) for name in columns}
    state |= {name: record.codes(facet) for facet, name in facets.items()}
    return state | {"disclosure": record.disclosure, "field_disclosure": dict(record.field_disclosure)}


def rows_of(rows: Sequence[Any], names: Sequence[str]) -> list[dict[str, Any]]:
    """The parts of a record that have rows of their own, as plain values."""
    return [{name: plain(getattr(row, name)) for name in names} for row in rows]


def keep_before(tx: Tx, record: Any, snapshot: dict[str, Any]) -> None:
    """Before a record is changed: keep it as it stands, if no version of it has been kept yet."""
    query = select(RecordVersion.id).where(
        RecordVersion.record_kind == record.record_kind, RecordVersion.record_id == record.id
    )
    if tx.scalar(query.limit(1)) is None:
        _keep(tx, record, snapshot, record.changed_at, None)


def keep_version(tx: Tx, actor: Actor, record: Any, snapshot: dict[str, Any], now: datetime) -> None:
    """Keep a record as it has just been saved; its row has been written, so that it has its new number."""
    _keep(tx, record, snapshot, now, actor.account_id)


def _keep(tx: Tx, record: Any, snapshot: dict[str, Any], saved_at: datetime, saved_by: int | None) -> None:
    tx.add(
        RecordVersion(
            record_kind=record.record_kind,
            record_id=record.id,
            number=record.version,
            snapshot=snapshot,
            saved_at=saved_at,
            saved_by=saved_by,
        )
    )


@dataclass(frozen=True)
class PastVersion:
    """A version as a reader may see it: when it was saved (UTC), and its words."""

    saved_at: datetime
    snapshot: dict[str, Any]


def versions_of(
    tx: Tx, reader: Actor, record: Any, parts: Mapping[str, Sequence[str]] | None = None
) -> list[PastVersion]:
    """The versions of a record that the reader may see, newest first, as far as this reader could see each.

    `parts` says which entries of a snapshot make up each sensitive field. A version that was written for fewer people
    stays theirs when the record is opened to more. A field that the reader may not see in one of the versions is left
    out of all, so that nothing follows from comparing them.
    """
    query = select(RecordVersion).where(
        RecordVersion.record_kind == record.record_kind, RecordVersion.record_id == record.id
    )
    named = audience_of(tx, record)
    saved = [(row, _as_saved(record, row)) for row in tx.scalars(query.order_by(RecordVersion.number.desc()))]
    shown = [(row, was) for row, was in saved if reader.is_secretariat or may_see_field(reader, was, "", named)]
    hidden = {
        entry
        for seen in [record, *(was for _row, was in shown)]
        for field, entries in (parts or {}).items()
        if not may_see_field(reader, seen, field, named)
        for entry in entries
    }
    return [
        PastVersion(row.saved_at, {name: value for name, value in row.snapshot.items() if name not in hidden})
        for row, _was in shown
    ]


def _as_saved(record: Any, row: RecordVersion) -> Any:
    tiers = {"disclosure": row.snapshot["disclosure"], "field_disclosure": row.snapshot["field_disclosure"]}
    return type(record)(organisation_id=record.organisation_id, **tiers)
