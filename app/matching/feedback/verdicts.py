"""What answers and reviews do to lists of matches: a pair is hidden for one organisation, or put last for everybody."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.matching.feedback.models import MatchAnswer, MatchReview
from app.matching.feedback.rules import DOWN, NOT_FIT, UP
from app.matching.models import Match

ORDER = {UP: 0, DOWN: 2}
UNREVIEWED = 1


def reviewed_pairs(tx: Tx, need_id: int) -> dict[tuple[str, int], str]:
    """For each offer that the secretariat has decided on for this need, (kind, number): `down` or `up`.

    Pairs that were kept as they are, or that nobody has looked at, are not among them.
    """
    query = select(MatchReview.offer_kind, MatchReview.offer_id, MatchReview.verdict)
    rows = tx.execute(query.where(MatchReview.need_id == need_id, MatchReview.verdict.in_((DOWN, UP))))
    return {(kind, number): verdict for kind, number, verdict in rows}


def shown_to(reader: Actor) -> ColumnElement[bool]:
    """Holds for the matches that no organisation of this reader has said not to fit."""
    return ~hidden_for(reader) if reader.organisation_ids else true()


def hidden_for(reader: Actor) -> ColumnElement[bool]:
    """Holds for the matches that an organisation of this reader has said not to fit."""
    return said_not_to_fit_by(reader.organisation_ids)


def said_not_to_fit_by(organisations: Collection[int] | ColumnElement[int]) -> ColumnElement[bool]:
    """Holds for the matches that one of these organisations (or that of a column of the match) has said not to fit."""
    mine: Any = MatchAnswer.organisation_id
    whose = mine.in_(organisations) if isinstance(organisations, Collection) else mine == organisations
    return (
        select(MatchAnswer.id)
        .where(
            MatchAnswer.need_id == Match.need_id,
            MatchAnswer.offer_kind == Match.offer_kind,
            MatchAnswer.offer_id == Match.offer_id,
            MatchAnswer.says == NOT_FIT,
            whose,
        )
        .correlate(Match)
        .exists()
    )


def review_order() -> ColumnElement[int]:
    """Orders matches by what the secretariat decided: put first, undecided, put last."""
    same = and_(
        MatchReview.need_id == Match.need_id,
        MatchReview.offer_kind == Match.offer_kind,
        MatchReview.offer_id == Match.offer_id,
    )
    place = case(ORDER, value=MatchReview.verdict, else_=UNREVIEWED)
    return func.coalesce(select(place).where(same).correlate(Match).scalar_subquery(), UNREVIEWED)
