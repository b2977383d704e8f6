"""Reads for public records when each last changed as everybody could see it: many at once, in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select

from app.exchange.public_changes.rules import Saved, Without, last_seen_change, leaving_out
from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.wording.versions import RecordVersion
from app.needs.models import NeedVersion
from app.needs.snapshots import without as need_without
from app.programmes.changes import SENSITIVE as PROGRAMME_PARTS

LOT = 400
"""So many records are asked about at once."""

SEEN_BY_ALL = frozenset({
    "need.posted", "need.passed", "need.confirmed", "need.partly_met", "need.met", "need.closed", "need.withdrawn",
    "programme.confirmed", "programme.closed", "programme.cancelled", "programme.suspended", "programme.released",
    "course.confirmed", "course.withdrawn", "course_session.cancelled", "lesson.validated", "lesson.affirmed",
    "output.amended",
    "pledge.pledged", "pledge.accepted", "pledge.committed", "pledge.delivering", "pledge.delivered", "pledge.declined",
    "pledge.withdrawn", "pledge.lapsed",
})  # fmt: skip
"""Moves that everybody sees on the page of a record. An amendment is none: its versions tell what it changed."""

WITHOUT: Mapping[str, Without] = {
    "need": lambda words, hidden: need_without(dict(words), hidden),
    "programme": leaving_out(PROGRAMME_PARTS),
}
NOTHING_HIDDEN = leaving_out({})


def seen_changes(tx: Tx, kind: str, records: Sequence[Any]) -> dict[int, datetime]:
    """When each of these public records of a kind last changed as everybody could see it (UTC), by its number."""
    found: dict[int, datetime] = {}
    for some in _lots(records):
        versions, moves = _versions(tx, kind, [row.id for row in some]), _moves(tx, [row.ref for row in some])
        for row in some:
            first = shown_since(row)
            saved = [each for each in versions[row.id] if kind != "lesson" or each.at >= first]
            tiers, without = row.field_disclosure or {}, WITHOUT.get(kind, NOTHING_HIDDEN)
            found[row.id] = last_seen_change(first, saved, tiers, without, moves[row.ref])
    return found


def shown_since(row: Any) -> datetime:
    """Since when a record is shown; what a lesson said before it was validated stays with its author."""
    return cast(datetime, getattr(row, "validated_at", None) or row.posted_at or row.created_at)


def _lots(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(records), LOT):
        yield records[begin : begin + LOT]


def _versions(tx: Tx, kind: str, ids: Sequence[int]) -> dict[int, list[Saved]]:
    # disclosure: the records are public ones already, and what is hidden in a version is taken out of it by the rules.
    if kind == "need":
        query = select(NeedVersion.need_id, NeedVersion.saved_at, NeedVersion.snapshot)
        query = query.where(NeedVersion.need_id.in_(ids)).order_by(NeedVersion.need_id, NeedVersion.number)
    else:
        query = select(RecordVersion.record_id, RecordVersion.saved_at, RecordVersion.snapshot)
        query = query.where(RecordVersion.record_kind == kind, RecordVersion.record_id.in_(ids))
        query = query.order_by(RecordVersion.record_id, RecordVersion.number)
    found: dict[int, list[Saved]] = defaultdict(list)
    for number, at, words in tx.execute(query):
        found[number].append(Saved(at, words))
    return found


def _moves(tx: Tx, refs: Sequence[str]) -> dict[str, list[datetime]]:
    # disclosure: the records are public ones already, and only moves that everybody sees are counted.
    query = select(AuditEvent.record_ref, AuditEvent.happened_at)
    found: dict[str, list[datetime]] = defaultdict(list)
    for ref, at in tx.execute(query.where(AuditEvent.record_ref.in_(refs), AuditEvent.action.in_(SEEN_BY_ALL))):
        found[ref].append(at)
    return found
