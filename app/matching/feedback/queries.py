"""Reading what is said of matches: one's own word on a pair, what waits for the secretariat, and the year's figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.matching.feedback.models import MatchAnswer, MatchReview
from app.matching.feedback.rules import Answer, Figures, figures, months_until
from app.matching.models import Match
from app.matching.queries import ShownMatch, shown_matches
from app.organisations.models import Organisation

SHOWN = 8
"""So many of the latest decisions are listed."""
MOST_WAITING = 200
"""So many waiting pairs are drawn up at once; the others follow as these are decided."""

Pair = tuple[int, str, int]
"""Number of the need, kind and number of the offer."""


@dataclass(frozen=True)
class Said:
    """One answer with the organisation whose it is."""

    answer: MatchAnswer
    organisation: Organisation


@dataclass(frozen=True)
class Discussed:
    """A pair with everything that was said of it, and the secretariat's decision, if there is one."""

    shown: ShownMatch
    said: Sequence[Said]
    review: MatchReview | None


def answer_of(tx: Tx, match: Match, organisation_id: int) -> MatchAnswer | None:
    """What an organisation says of a pair."""
    query = select(MatchAnswer).where(*_of_pair(MatchAnswer, match), MatchAnswer.organisation_id == organisation_id)
    return tx.scalar(query)


def answers_on(tx: Tx, match: Match) -> Sequence[MatchAnswer]:
    """Everything that is said of a pair; for the secretariat's eyes."""
    query = select(MatchAnswer).where(*_of_pair(MatchAnswer, match))
    return tx.scalars(query.order_by(MatchAnswer.answered_at, MatchAnswer.id)).all()


def review_of(tx: Tx, match: Match) -> MatchReview | None:
    """What the secretariat decided on a pair."""
    return tx.scalar(select(MatchReview).where(*_of_pair(MatchReview, match)))


def _of_pair(model: Any, match: Match) -> list[ColumnElement[bool]]:
    return [model.need_id == match.need_id, model.offer_kind == match.offer_kind, model.offer_id == match.offer_id]


def discussed(tx: Tx, reader: Actor, shown: ShownMatch) -> Discussed | None:
    """What was said of this pair, for the secretariat; nothing for anybody else, or where nobody has said anything."""
    if not reader.of_kind("secretariat"):
        return None
    said, review = _said(tx, answers_on(tx, shown.match)), review_of(tx, shown.match)
    return Discussed(shown, said, review) if said or review else None


def waiting(tx: Tx, reader: Actor) -> list[Discussed]:
    """Pairs with an answer that is newer than the last decision on them; those that waited longest first."""
    if not reader.of_kind("secretariat"):
        return []
    newest = _newest_answers()
    query = (
        select(Match)
        .join(newest, _same(newest.c, Match))
        .outerjoin(MatchReview, _same(MatchReview, Match))
        .where(or_(MatchReview.id.is_(None), MatchReview.decided_at < newest.c.newest))
        .order_by(newest.c.oldest, Match.id)
        .limit(MOST_WAITING)
    )
    return _discussions(tx, reader, tx.scalars(query).all())


def decided(tx: Tx, reader: Actor) -> list[Discussed]:
    """The latest decisions, newest first; the pairs are those that still stand."""
    if not reader.of_kind("secretariat"):
        return []
    query = select(Match).join(MatchReview, _same(MatchReview, Match))
    rows = tx.scalars(query.order_by(MatchReview.decided_at.desc(), MatchReview.id.desc()).limit(SHOWN)).all()
    return _discussions(tx, reader, rows)


def _newest_answers() -> Any:
    pair = (MatchAnswer.need_id, MatchAnswer.offer_kind, MatchAnswer.offer_id)
    newest, oldest = func.max(MatchAnswer.answered_at), func.min(MatchAnswer.answered_at)
    return select(*pair, newest.label("newest"), oldest.label("oldest")).group_by(*pair).subquery()


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.need_id == other.need_id, one.offer_kind == other.offer_kind, one.offer_id == other.offer_id)


def _discussions(tx: Tx, reader: Actor, matches: Sequence[Match]) -> list[Discussed]:
    shown = shown_matches(tx, reader, matches)
    ids = {one.need.id for one in shown}
    answers, reviews = _by_pair(tx, MatchAnswer, ids), _by_pair(tx, MatchReview, ids)
    names = _names(tx, [answer for rows in answers.values() for answer in rows])
    return [
        Discussed(one, [Said(row, names[row.organisation_id]) for row in answers.get(pair, [])], review)
        for one in shown
        for pair in [_pair(one.match)]
        for review in [next(iter(reviews.get(pair, [])), None)]
    ]


def _by_pair(tx: Tx, model: Any, need_ids: Collection[int]) -> dict[Pair, list[Any]]:
    found: dict[Pair, list[Any]] = {}
    for row in tx.scalars(select(model).where(model.need_id.in_(need_ids)).order_by(model.id)):
        found.setdefault(_pair(row), []).append(row)
    return found


def _pair(row: Any) -> Pair:
    return row.need_id, row.offer_kind, row.offer_id


def _said(tx: Tx, answers: Sequence[MatchAnswer]) -> list[Said]:
    names = _names(tx, answers)
    return [Said(answer, names[answer.organisation_id]) for answer in answers]


def _names(tx: Tx, answers: Sequence[MatchAnswer]) -> dict[int, Organisation]:
    ids = {answer.organisation_id for answer in answers}
    return {row.id: row for row in tx.scalars(select(Organisation).where(Organisation.id.in_(ids)))}


def year_of_answers(tx: Tx, today: date) -> Figures:
    """What the answers of the last twelve months say together, on every pair that was ever answered."""
    begins = datetime.combine(months_until(today)[0], time(), UTC)
    query = select(MatchAnswer).where(MatchAnswer.answered_at >= begins)
    return figures([_as_figure(row) for row in tx.scalars(query)], today)


def _as_figure(row: MatchAnswer) -> Answer:
    languages = (row.need_language, row.offer_language)
    return Answer(row.says, row.reason, row.gate, row.strength, tuple(row.themes), languages, row.answered_at)
