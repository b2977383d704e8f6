"""A programme that an import held back is shown once its organisation has answered all that it waited for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.matching.relations.models import Relation
from app.matching.relations.rules import UNANSWERED
from app.programmes.imports import release_programme


def release_if_answered(tx: Tx, actor: Actor, record: Any, now: datetime) -> bool:
    """Show a record that was held once nothing is left to be answered; whether it was."""
    if getattr(record, "held_since", None) is None:
        return False
    tx.flush()
    if tx.scalar(select(Relation.id).where(*_open_on(record)).limit(1)) is not None:
        return False
    release_programme(tx, actor, record, now)
    return True


def _open_on(record: Any) -> list[Any]:
    is_first = and_(Relation.first_kind == record.record_kind, Relation.first_id == record.id)
    is_second = and_(Relation.second_kind == record.record_kind, Relation.second_id == record.id)
    return [
        or_(is_first, is_second), Relation.kind == UNANSWERED, Relation.organisation_id == record.organisation_id
    ]  # fmt: skip
