"""Matches with believable values, for tests that do not ask the index."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.foundation.messages import msg
from app.matching.models import Match


def match(world: Any, need: Any, offer: Any, **values: Any) -> Match:
    """A need and an offer that have been put together: a strong match, unless told otherwise."""
    row = {
        "gate": "match", "strength": "strong", "reasons": [msg("accepts requests").as_json()], "obstacles": [],
        "lines": [], "computed_at": world.now, "need_version": 1, "offer_version": 1,
    } | values  # fmt: skip
    made = Match(
        need_id=need.id, offer_kind=offer.record_kind, offer_id=offer.id, need_organisation_id=need.organisation_id,
        offer_organisation_id=offer.organisation_id, **{**row, "score": Decimal(row.get("score", 5))},
    )  # fmt: skip
    world.tx.add(made)
    world.tx.flush()
    return made
