"""For a donor whose offer was turned away: whether the gap is open again, and what is open elsewhere."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.needs.models import Need, NeedLine
from app.needs.rules import OPEN
from app.pledges.models import Pledge
from app.pledges.queries import coverage_shown

MOST = 5
LOOKED_AT = 40


def is_turned_away(pledge: Pledge) -> bool:
    """Whether the recipient declined it because others cover what it offered."""
    return pledge.status == "declined" and pledge.decline_cause == "covered"


def reopened(tx: Tx, reader: Actor, pledge: Pledge, need: Need | None) -> bool:
    """Whether something of what a pledge that was turned away had offered is open again, as far as the reader sees."""
    if need is None or not is_turned_away(pledge) or need.status not in OPEN:
        return False
    cover = coverage_shown(tx, reader, need)
    return any(line.need_line_id in cover and cover[line.need_line_id].open > 0 for line in pledge.lines)


def elsewhere(tx: Tx, reader: Actor, pledge: Pledge, need: Need | None) -> list[Need]:
    """Open needs of the same theme that ask for the same kinds and have something open; the latest first."""
    if need is None or not is_turned_away(pledge):
        return []
    ids = [line.need_line_id for line in pledge.lines]
    kinds = {line.kind for line in need.lines if line.id in ids}
    query = readable(reader, Need).where(
        Need.is_published,
        Need.status.in_(OPEN),
        Need.id != need.id,
        Need.organisation_id != pledge.organisation_id,
        has_code(Need, "theme", need.codes("theme")),
        select(NeedLine.id).where(NeedLine.need_id == Need.id, NeedLine.kind.in_(kinds)).exists(),
    )
    found = tx.scalars(query.options(selectinload(Need.organisation)).order_by(Need.posted_at.desc(), Need.id))
    return [need for need in found.fetchmany(LOOKED_AT) if _is_open(tx, reader, need, kinds)][:MOST]


def _is_open(tx: Tx, reader: Actor, need: Need, kinds: set[str]) -> bool:
    cover = coverage_shown(tx, reader, need)
    return any(line.kind in kinds and cover[line.id].open > 0 for line in need.lines)
