"""Reading matches: those of a need, those of an offer, one pair; only where the reader may see both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import Actor
from app.matching.feedback.verdicts import hidden_for, review_order, shown_to
from app.matching.models import Match
from app.needs.models import Need
from app.search.documents import MODELS

GATES = ("match", "near_miss", "related")


@dataclass(frozen=True)
class ShownMatch:
    """A match with both its records, as this reader may see them."""

    match: Match
    need: Need
    offer: Any


def matches_of_need(tx: Tx, reader: Actor, need: Need, gate: str | None = None, limit: int = 50) -> list[ShownMatch]:
    """The matches of a need that this reader may see, best first: offers, then near misses, then related experience.

    What the reader's own organisation has said not to fit is not among them: see `hidden_on_need`.
    """
    rows = seen_of_need(tx, reader, need, gate, limit)
    return _shown(tx, reader, rows, {need.id: need})


def seen_of_need(tx: Tx, reader: Actor, need: Need, gate: str | None = None, limit: int = 50) -> list[Match]:
    """The same without the records: enough to count them."""
    where = [Match.need_id == need.id, shown_to(reader), *([Match.gate == gate] if gate else [])]
    query = select(Match).where(*where, offer_seen(reader)).limit(limit)
    return list(tx.scalars(query.order_by(*_best_first(), Match.offer_kind, Match.offer_id)))


def offer_seen(reader: Actor, *, is_published: bool = False) -> ColumnElement[bool]:
    """Holds for the matches whose offer this reader may see, and which is published if that is asked for."""
    return or_(*(_is_seen(reader, kind, model, is_published=is_published) for kind, model in MODELS.items()))


def _is_seen(reader: Actor, kind: str, model: Any, *, is_published: bool) -> ColumnElement[bool]:
    offer = select(model.id).where(model.id == Match.offer_id, visible_to(reader, model))
    there = offer.where(model.is_published) if is_published else offer
    return and_(Match.offer_kind == kind, there.correlate(Match).exists())


def hidden_on_need(tx: Tx, reader: Actor, need: Need) -> list[ShownMatch]:
    """The matches of a need that the reader's own organisation has said not to fit."""
    query = select(Match).where(Match.need_id == need.id, hidden_for(reader))
    rows = tx.scalars(query.order_by(*_best_first(), Match.offer_kind, Match.offer_id)).all()
    return _shown(tx, reader, rows, {need.id: need})


def matches_of_offer(tx: Tx, reader: Actor, kind: str, offer: Any, limit: int = 50) -> list[ShownMatch]:
    """The needs that an offer fits, best first, as far as this reader may see them."""
    return _of_offer(tx, reader, kind, offer, shown_to(reader))[:limit]


def hidden_on_offer(tx: Tx, reader: Actor, kind: str, offer: Any) -> list[ShownMatch]:
    """The needs that the reader's own organisation has said an offer does not fit."""
    return _of_offer(tx, reader, kind, offer, hidden_for(reader))


def _of_offer(tx: Tx, reader: Actor, kind: str, offer: Any, which: ColumnElement[bool]) -> list[ShownMatch]:
    query = select(Match).where(Match.offer_kind == kind, Match.offer_id == offer.id, which)
    rows = tx.scalars(query.order_by(*_best_first(), Match.need_id)).all()
    needs = _needs(tx, reader, [row.need_id for row in rows])
    return [ShownMatch(row, needs[row.need_id], offer) for row in rows if row.need_id in needs]


def shown_matches(
    tx: Tx, reader: Actor, rows: Sequence[Match], known: Sequence[Need] | None = None
) -> list[ShownMatch]:
    """These matches with their records, in their order, without those of which the reader may not see both sides.

    Needs that the caller has found for this reader are `known`.
    """
    needs = {need.id: need for need in known} if known is not None else None
    return _shown(tx, reader, rows, needs if needs is not None else _needs(tx, reader, [r.need_id for r in rows]))


def find_pair(tx: Tx, reader: Actor, need: Need, offer_kind: str, offer_ref: str) -> ShownMatch | None:
    """The match between a need and the offer with that reference."""
    model = MODELS.get(offer_kind)
    if model is None:
        return None
    offer = tx.scalar(readable(reader, model).where(model.ref == offer_ref).options(selectinload(model.organisation)))
    if offer is None:
        return None
    query = select(Match).where(Match.need_id == need.id, Match.offer_kind == offer_kind, Match.offer_id == offer.id)
    match = tx.scalar(query)
    return ShownMatch(match, need, offer) if match else None


def count_matches(tx: Tx, reader: Actor, need_ids: Sequence[int]) -> dict[int, int]:
    """How many offers fit each of these needs, counting only what this reader may see."""
    fit = (Match.gate == "match", Match.need_id.in_(need_ids), offer_seen(reader), shown_to(reader))
    rows = tx.execute(select(Match.need_id, func.count()).where(*fit).group_by(Match.need_id))
    return dict(rows.all())


def _best_first() -> tuple[Any, ...]:
    return _gate_order(), review_order(), Match.score.desc()


def _gate_order() -> Any:
    return case({gate: number for number, gate in enumerate(GATES)}, value=Match.gate, else_=len(GATES))


def _needs(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Need]:
    query = readable(reader, Need).where(Need.id.in_(ids)).options(selectinload(Need.organisation))
    return {need.id: need for need in tx.scalars(query)}


def _shown(tx: Tx, reader: Actor, rows: Sequence[Match], needs: dict[int, Need]) -> list[ShownMatch]:
    offers: dict[tuple[str, int], Any] = {}
    for kind in {row.offer_kind for row in rows}:
        model = MODELS[kind]
        ids = [row.offer_id for row in rows if row.offer_kind == kind]
        query = readable(reader, model).where(model.id.in_(ids)).options(selectinload(model.organisation))
        offers.update({(kind, row.id): row for row in tx.scalars(query)})
    return [
        ShownMatch(row, needs[row.need_id], offers[(row.offer_kind, row.offer_id)])
        for row in rows
        if (row.offer_kind, row.offer_id) in offers and row.need_id in needs
    ]
