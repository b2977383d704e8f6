"""What shows that two records mean alike though they share no word: the two passages that are nearest to each other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.text import shorten
from app.matching.evidence import LONGEST_QUOTE, Quote
from app.matching.queries import ShownMatch
from app.matching.scoring import SIMILAR
from app.matching.semantic.models import RecordVectors
from app.matching.semantic.rules import closest
from app.matching.semantic.shelf import meaning_kept, read_shelf
from app.matching.semantic.texts import passages_of


def closest_passages(tx: Tx, shown: ShownMatch) -> tuple[Quote, Quote] | None:
    """The nearest passages of need and offer, where the match rests on meaning alone and both are still as compared."""
    if not any(reason["text"] == SIMILAR.text for reason in shown.match.reasons):
        return None
    kind = shown.match.offer_kind
    sides = [_side(tx, "need", shown.need), _side(tx, kind, shown.offer)]
    if sides[0] is None or sides[1] is None or sides[0][0].model != sides[1][0].model:
        return None
    (asked, its_passages), (given, other_passages) = sides[0], sides[1]
    common = read_shelf(tx, asked.model).centres
    first, second = closest(*(meaning_kept(row).less(common.get(row.language)) for row in (asked, given)))
    return (
        _quote("need", its_passages[first], shown.need.language),
        _quote("offer", other_passages[second], shown.offer.language),
    )


def _side(tx: Tx, kind: str, record: Any) -> tuple[RecordVectors, list[str]] | None:
    row = tx.scalar(
        select(RecordVectors).where(
            RecordVectors.record_kind == kind,
            RecordVectors.record_id == record.id,
            RecordVectors.record_version == record.version,
        )
    )
    found = passages_of(kind, record)
    return (row, found) if row is not None and len(found) == len(meaning_kept(row).passages) else None


def _quote(side: str, text: str, language: str) -> Quote:
    name = msg("From the need") if side == "need" else msg("From the offer")
    return Quote(side, name, shorten(text, LONGEST_QUOTE), language)
