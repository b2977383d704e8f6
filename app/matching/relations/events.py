"""What happens to relations, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class RelationDeclared(Fact):
    """An organisation has said how two records stand to each other, or has posted one without saying it."""

    relation_id: int
