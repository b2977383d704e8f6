"""What the worker has made of the records: matches with their reasons, and what each person was told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.accounts.models import Membership
from app.foundation.messages import msg
from app.foundation.outbox import OutboxRow, Reaction
from app.matching.models import Match
from app.notifications.models import Notice
from tests.benchmarks.whole.kinds import Drawn
from tests.benchmarks.whole.rows import Cast, Filler

MATCHES_OF_A_NEED = 12
NOTICES_OF_A_PERSON, UNREAD = 30, 12
GATES = ("match",) * 6 + ("near_miss",) * 2 + ("related",) * 4
STRENGTHS = ("strong", "fair", "weak")
REASONS = [
    msg("its dates meet the need's").as_json(),
    msg("can help with %(count)s of %(all)s lines", count=1, all=2).as_json(),
    msg("accepts requests").as_json(),
]
OBSTACLES = [msg("Its dates do not meet the need's; ask for an extension or another run.").as_json()]
WHY = msg("It does not say which kinds of assistance it gives.").as_json()


def matches(rows: Filler, drawn: Drawn) -> None:
    """Twelve offers for each open need, and the facts that led to them, done."""
    for need, _ref, owner in drawn.needs:
        lines = [{"ref": ref, "verdict": "cannot_tell", "why": WHY} for ref in drawn.lines[need]]
        chosen = rows.rng.sample(drawn.offers, min(MATCHES_OF_A_NEED, len(drawn.offers)))
        for place, (kind, offer, _its_ref, its_owner) in enumerate(chosen):
            gate = GATES[place]
            rows.part(
                Match, need_id=need, offer_kind=kind, offer_id=offer, offer_organisation_id=its_owner,
                need_organisation_id=owner, need_version=1, offer_version=1, gate=gate,
                strength=STRENGTHS[place % 3], score=Decimal(f"{rows.rng.uniform(1, 9):.2f}"), reasons=REASONS,
                obstacles=OBSTACLES if gate == "near_miss" else [], lines=lines,
                computed_at=rows.now - timedelta(days=rows.rng.randrange(400)),
            )  # fmt: skip
        _fact(rows, need)


def _fact(rows: Filler, need: int) -> None:
    at = rows.now - timedelta(days=1)
    fact = rows.part(OutboxRow, fact="NeedPosted", payload={"need_id": need}, created_at=at, done_at=at)
    for name in ("index", "follow", "match", "tell", "alert"):
        rows.add(Reaction, outbox_id=fact, name=name)


def notices(rows: Filler, cast: Cast, drawn: Drawn) -> None:
    """What every person was told: of needs and offers that fit, and a few of them not yet read."""
    homes: dict[int, int] = dict(rows.tx.query(Membership.account_id, Membership.organisation_id).all())
    for account in homes:
        told = zip(_some(rows, drawn.needs), _some(rows, drawn.offers), strict=False)
        for place, ((_need, need_ref, _owner), (kind, _offer, ref, _its_owner)) in enumerate(told):
            at = rows.now - timedelta(days=place)
            rows.part(
                Notice, account_id=account, cause=f"need_fits|need:{need_ref}|{kind}:{ref}",
                message=msg("A need fits what you offer").as_json(), record_kind="need", record_ref=need_ref,
                created_at=at, read_at=None if place < UNREAD else at,
            )  # fmt: skip
    rows.event("bench.filled", "organisation", rows.ref("O"), cast.states[0], rows.now)


def _some(rows: Filler, values: list[Any]) -> list[Any]:
    return rows.rng.sample(values, min(NOTICES_OF_A_PERSON, len(values)))
