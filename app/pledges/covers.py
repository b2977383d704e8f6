"""What covers need lines without being a pledge: entered once for each record that it comes from, or taken back.

A nominee who has passed a course that was offered for a line is such a thing. The feature that knows it tells a fact,
and the reaction to that fact enters it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.permissions import SYSTEM
from app.needs.models import NeedLine
from app.pledges.deliveries import settle_need
from app.pledges.models import Cover
from app.pledges.service import hold_need


@dataclass(frozen=True)
class CoverDraft:
    """So much of a line, in its unit, from the record of that kind and reference."""

    source_kind: str
    source_ref: str
    quantity: Decimal
    happened_on: date
    is_confirmed: bool


def cover_line(tx: Tx, line: NeedLine, draft: CoverDraft, now: datetime) -> Cover:
    """Enter what covers a part of a need line, or change what was entered for the same record; each counts once.

    Raises:
        ValueError: the quantity is not above nothing.
    """
    if draft.quantity <= 0:
        raise ValueError("what covers a line is more than nothing")
    need = hold_need(tx, line.need_id)
    cover = _find(tx, line, draft.source_kind, draft.source_ref)
    if cover is None:
        cover = Cover(need_line_id=line.id, source_kind=draft.source_kind, source_ref=draft.source_ref, created_at=now)
        tx.add(cover)
    cover.quantity, cover.happened_on, cover.changed_at = draft.quantity, draft.happened_on, now
    cover.confirmed_at = now if draft.is_confirmed else None
    tx.flush()
    details = {"line": line.ref, "source": draft.source_ref, "quantity": str(draft.quantity)}
    record_event(tx, SYSTEM, "need.line_covered", need, now, details)
    settle_need(tx, SYSTEM, need, now)
    return cover


def uncover_line(tx: Tx, line: NeedLine, source_kind: str, source_ref: str, now: datetime) -> None:
    """Take back what was entered for that record; what was covered by it is open again."""
    need = hold_need(tx, line.need_id)
    cover = _find(tx, line, source_kind, source_ref)
    if cover is not None:
        tx.delete(cover)
        tx.flush()
        record_event(tx, SYSTEM, "need.line_uncovered", need, now, {"line": line.ref, "source": source_ref})


def _find(tx: Tx, line: NeedLine, source_kind: str, source_ref: str) -> Cover | None:
    return tx.scalar(
        select(Cover).where(
            Cover.need_line_id == line.id, Cover.source_kind == source_kind, Cover.source_ref == source_ref
        )
    )
