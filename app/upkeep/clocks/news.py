"""What the clocks mean for people: the author hears that a need was read, others that it was sent on to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.accounts.queries import secretariat_accounts
from app.foundation.disclosure import readable
from app.foundation.messages import msg
from app.foundation.permissions import SYSTEM
from app.needs.models import Need
from app.notifications.rules import cause_of
from app.notifications.telling import Telling
from app.upkeep.clocks import rules
from app.upkeep.clocks.models import NeedMoment
from app.upkeep.clocks.queries import moment_of, outcome_of


def need_acknowledged(telling: Telling, fact: Any) -> None:
    """The author of a need hears that somebody has read it, and in which words."""
    need = _need(telling, fact.need_id)
    moment = moment_of(telling.tx, fact.need_id, rules.ACKNOWLEDGED)
    if need is None or moment is None:
        return
    whose = moment.organisation.name if moment.organisation else ""
    message = msg("%(organisation)s has read your need “%(need)s”", organisation=whose, need=need.title)
    if moment.words:
        message = msg(
            "%(organisation)s has read your need “%(need)s”: %(words)s",
            organisation=whose, need=need.title, words=moment.words,
        )  # fmt: skip
    telling.tell(
        telling.people_of(need.organisation_id), cause_of("need_acknowledged", ("need", need.ref)), message, need
    )


def need_circulated(telling: Telling, fact: Any) -> None:
    """Those to whom a need was sent on are told of it."""
    need, moment = _need(telling, fact.need_id), telling.tx.get(NeedMoment, fact.moment_id)
    if need is None or moment is None or not moment.told:
        return
    message = msg("The need “%(need)s” was sent on to you", need=need.title)
    if moment.words:
        message = msg("The need “%(need)s” was sent on to you: %(words)s", need=need.title, words=moment.words)
    cause = cause_of("need_circulated", ("need", need.ref), ("moment", moment.ref))
    telling.tell(telling.people_of(*moment.told), cause, message, need)


def outcome_said(telling: Telling, fact: Any) -> None:
    """The secretariat learns what came of a need."""
    need, moment = _need(telling, fact.need_id), outcome_of(telling.tx, fact.need_id)
    if need is not None and moment is not None:
        message = msg(
            "Whether the need “%(need)s” was met: %(outcome)s", need=need.title, outcome=rules.OUTCOMES[moment.how][0]
        )
        cause = cause_of("outcome_said", ("need", need.ref))
        telling.tell(secretariat_accounts(telling.tx), cause, message, need, by_mail=False)


def _need(telling: Telling, number: int) -> Need | None:
    return telling.tx.scalar(readable(SYSTEM, Need).where(Need.id == number))


NEWS: Mapping[str, Callable[[Telling, Any], None]] = {
    "NeedAcknowledged": need_acknowledged,
    "NeedCirculated": need_circulated,
    "OutcomeSaid": outcome_said,
}
"""Which fact is news for people, by its name."""
