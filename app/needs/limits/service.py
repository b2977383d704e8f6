"""What a State may do with its limits: set one, amend it, and end it with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import check_version
from app.needs.limits import rules
from app.needs.limits.events import LimitAmended, LimitEnded, LimitSet
from app.needs.limits.models import Limit
from app.needs.limits.rules import Problem
from app.organisations.models import Organisation

COLUMNS = (
    "measure", "most", "theme", "kind", "beneficiary_unit", "starts_on", "ends_on", "language", "reason", "disclosure",
)  # fmt: skip


class LimitRefused(ValueError):
    """What was said of a limit does not hold together; `problems` say where, and how to mend it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.field for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class LimitDraft:
    """Everything that a State says of a limit; its country is the State's own."""

    measure: str
    most: int
    starts_on: date
    reason: str
    language: str
    theme: str = ""
    kind: str = ""
    beneficiary_unit: str = ""
    ends_on: date | None = None
    disclosure: str = "public"


def set_limit(tx: Tx, actor: Actor, organisation_id: int, draft: LimitDraft, now: datetime) -> Limit:
    """Set a limit: it holds from its first day on.

    Raises:
        Refused: the actor may not write for that State. LimitRefused: it does not hold together.
    """
    limit = Limit(organisation_id=organisation_id, status="standing", is_published=True, posted_at=now, version=1)
    require(actor, Permission.LIMIT_SET, now, limit)
    organisation = tx.get_one(Organisation, organisation_id)
    if not organisation.country:
        message = msg("Your organisation names no country. Ask the secretariat to add it, then set the limit.")
        raise LimitRefused([Problem("organisation", message)])
    limit.country, limit.created_at = organisation.country, now
    _fill(limit, draft, now)
    tx.add(limit)
    tx.flush()
    record_event(tx, actor, "limit.set", limit, now)
    tell(tx, LimitSet(limit.id), now)
    return limit


def amend_limit(
    tx: Tx, actor: Actor, limit: Limit, draft: LimitDraft, opened_version: int | None, now: datetime
) -> Limit:
    """Let a limit say something else.

    Raises:
        Refused: the actor may not. StaleVersion: somebody else changed it. LimitRefused: it does not hold together.
        MoveRefused: it has ended.
    """
    require(actor, Permission.LIMIT_SET, now, limit)
    check_version(limit, opened_version)
    rules.check_move(limit.status, "standing")
    _fill(limit, draft, now)
    tx.flush()
    record_event(tx, actor, "limit.amended", limit, now)
    tell(tx, LimitAmended(limit.id), now)
    return limit


def end_limit(tx: Tx, actor: Actor, limit: Limit, reason: str, now: datetime) -> None:
    """The limit holds no longer.

    Raises:
        Refused: the actor may not. MoveRefused: it has ended before.
    """
    require(actor, Permission.LIMIT_SET, now, limit)
    rules.check_move(limit.status, "ended")
    limit.status, limit.status_reason, limit.changed_at = "ended", reason, now
    record_event(tx, actor, "limit.ended", limit, now, {"reason": reason})
    tell(tx, LimitEnded(limit.id), now)


def _fill(limit: Limit, draft: LimitDraft, now: datetime) -> None:
    problems = rules.limit_problems(
        most=draft.most, starts_on=draft.starts_on, ends_on=draft.ends_on, kind=draft.kind, measure=draft.measure
    )
    if problems:
        raise LimitRefused(problems)
    for name in COLUMNS:
        setattr(limit, name, getattr(draft, name))
    limit.changed_at = now
