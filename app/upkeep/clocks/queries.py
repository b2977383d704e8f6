"""Reading the clocks of needs: what stopped each of them, one by one and for the office's list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload

from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, readable
from app.foundation.permissions import STATUSES_THAT_COUNT, SYSTEM, Actor
from app.matching.feedback.models import MatchAnswer
from app.needs.models import Need
from app.needs.rules import OPEN, PUBLISHED
from app.notifications.models import Notice
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.pledges.queries import shown as shown_pledges
from app.upkeep.clocks import rules
from app.upkeep.clocks.models import NeedMoment
from app.upkeep.clocks.rules import ANSWERED, Clock, Stop, clocks_of, earliest

USEFUL = "useful"
TOLD = "need_fits|%"
AT_ONCE = 200


@dataclass(frozen=True)
class Watched:
    """A need with its clocks, what its author said a year later, and the words with which it was acknowledged."""

    need: Need
    clocks: Sequence[Clock]
    outcome: NeedMoment | None
    acknowledged: NeedMoment | None


def outcome_of(tx: Tx, need_id: int) -> NeedMoment | None:
    """What the author of a need has said of whether it was met, the last word of it."""
    query = select(NeedMoment).where(NeedMoment.need_id == need_id, NeedMoment.what == ANSWERED)
    return tx.scalar(query.order_by(NeedMoment.id.desc()).limit(1))


def moment_of(tx: Tx, need_id: int, what: str) -> NeedMoment | None:
    """The first moment of that kind in the life of a need."""
    query = select(NeedMoment).where(NeedMoment.need_id == need_id, NeedMoment.what == what)
    return tx.scalar(query.order_by(NeedMoment.id).limit(1).options(joinedload(NeedMoment.organisation)))


def watched(tx: Tx, needs: Iterable[Need], now: datetime) -> list[Watched]:
    """These needs with their clocks."""
    posted = [need for need in needs if need.posted_at is not None]
    ids = [need.id for need in posted]
    moments = _moments(tx, ids)
    pledged, liked = _pledged(tx, ids), _liked(tx, posted)
    return [_watched(need, moments.get(need.id, {}), pledged, liked, now) for need in posted]


def _watched(
    need: Need,
    moments: Mapping[str, NeedMoment],
    pledged: Mapping[int, datetime],
    liked: Mapping[int, datetime],
    now: datetime,
) -> Watched:
    def by(what: str, how: str, at: Mapping[int, datetime]) -> Stop | None:
        return Stop(at[need.id], how) if need.id in at and what == rules.ACKNOWLEDGED else None

    noted = {what: Stop(row.happened_at, row.how) for what, row in moments.items()}
    first = earliest(
        noted.get(rules.ACKNOWLEDGED),
        by(rules.ACKNOWLEDGED, rules.PLEDGE, pledged),
        by(rules.ACKNOWLEDGED, rules.INTEREST, liked),
    )
    stops = {**noted, **({rules.ACKNOWLEDGED: first} if first else {})}
    assert need.posted_at is not None
    clocks = clocks_of(need.posted_at, stops, now, is_open=need.status in OPEN)
    return Watched(need, clocks, moments.get(ANSWERED), moments.get(rules.ACKNOWLEDGED))


def _moments(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, NeedMoment]]:
    """The first moment of each kind of each need; of what authors said, the last."""
    query = select(NeedMoment).where(NeedMoment.need_id.in_(ids)).order_by(NeedMoment.id)
    found: dict[int, dict[str, NeedMoment]] = {}
    for row in tx.scalars(query.options(joinedload(NeedMoment.organisation))):
        own = found.setdefault(row.need_id, {})
        if row.what == ANSWERED or row.what not in own:
            own[row.what] = row
    return found


def _pledged(tx: Tx, ids: Sequence[int]) -> dict[int, datetime]:
    posted = shown_pledges(SYSTEM).where(Pledge.need_id.in_(ids), Pledge.posted_at.is_not(None))
    query = posted.with_only_columns(Pledge.need_id, func.min(Pledge.posted_at)).group_by(Pledge.need_id)
    return {number: at for number, at in tx.execute(query) if at is not None}


def _liked(tx: Tx, needs: Sequence[Need]) -> dict[int, datetime]:
    owners = {need.id: need.organisation_id for need in needs}
    query = select(MatchAnswer.need_id, MatchAnswer.organisation_id, MatchAnswer.answered_at)
    liked = query.where(MatchAnswer.need_id.in_(owners), MatchAnswer.says == USEFUL)
    found: dict[int, datetime] = {}
    for number, organisation_id, at in tx.execute(liked.order_by(MatchAnswer.answered_at)):
        if organisation_id != owners[number]:
            found.setdefault(number, at)
    return found


def posted_needs(tx: Tx, reader: Actor) -> list[Need]:
    """Every posted need that this reader may see, the latest first."""
    query = readable(reader, Need).where(Need.is_published, Need.posted_at.is_not(None), Need.status.in_(PUBLISHED))
    slim = (joinedload(Need.organisation), lazyload(Need.tags), lazyload(Need.lines), lazyload(Need.other_texts))
    return list(tx.scalars(query.order_by(Need.posted_at.desc(), Need.id.desc()).options(*slim)))


def circulated_by_matches(tx: Tx) -> list[tuple[Need, datetime]]:
    """Needs that nobody is known to have circulated, and whose first matching organisations were told: when."""
    known = select(NeedMoment.id).where(NeedMoment.need_id == Need.id, NeedMoment.what == rules.CIRCULATED)
    told = (
        select(Notice.record_ref, func.min(Notice.created_at).label("at"))
        .where(Notice.record_kind == "need", Notice.cause.like(TOLD))
        .group_by(Notice.record_ref)
        .subquery()
    )
    query = readable(SYSTEM, Need).add_columns(told.c.at).join(told, told.c.record_ref == Need.ref)
    rows = tx.execute(query.where(~known.exists()).order_by(Need.id).limit(AT_ONCE))
    return [(need, at) for need, at in rows]


def organisations_to_tell(tx: Tx, need: Need) -> list[Organisation]:
    """Whom a need can be sent on to: verified organisations that may see it, but for its owner."""
    query = select(Organisation).where(
        Organisation.status.in_(STATUSES_THAT_COUNT),
        Organisation.id != need.organisation_id,
        Organisation.kind.in_(("donor", "centre", "regional", "ngo")),
    )
    if need.disclosure == "named":
        query = query.where(Organisation.id.in_(audience_of(tx, need)))
    return [] if need.disclosure == "own" else list(tx.scalars(query.order_by(Organisation.name, Organisation.id)))
