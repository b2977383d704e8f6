"""The clocks of a need on its page: for its owner and the secretariat; for desks, what they may do."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor, Permission, allowed
from app.foundation.web import now, reading, render_part
from app.needs.queries import find_need
from app.needs.rules import OPEN
from app.upkeep.clocks import rules
from app.upkeep.clocks.queries import outcome_of, watched

surface("need.clocks.panel", "panel", "need")


def clocks_on_need(reader: Actor, ref: str) -> str:
    """The clocks and what may be done about them; everybody who sees the need reads what came of it."""
    with reading() as tx:
        need = find_need(tx, reader, ref)
        if need is None or not need.is_published or need.posted_at is None:
            return ""
        is_own = need.organisation_id in reader.organisation_ids
        may_act = need.status in OPEN and allowed(reader, Permission.NEED_ACKNOWLEDGE, now(), need)
        sees = is_own or allowed(reader, Permission.UPKEEP_KEEP, now())
        outcome = outcome_of(tx, need.id)
        if not (sees or may_act or outcome):
            return ""
        (one,) = watched(tx, [need], now())
        return render_part(
            "upkeep/_on_need.html", need=need, one=one, sees=sees, outcome=outcome, may_act=may_act, rules=rules,
            moment=now(), is_acknowledged=one.acknowledged is not None,
        )  # fmt: skip
