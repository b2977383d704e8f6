"""What is done for a need in time: acknowledge it, circulate it by hand, and keep what its author says a year later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.needs.models import Need
from app.needs.rules import OPEN
from app.upkeep.clocks import rules
from app.upkeep.clocks.models import NeedMoment
from app.upkeep.clocks.queries import circulated_by_matches, moment_of, organisations_to_tell, outcome_of
from app.upkeep.events import NeedAcknowledged, NeedCirculated, OutcomeSaid


def acknowledge(tx: Tx, actor: Actor, need: Need, words: str, now: datetime) -> NeedMoment:
    """Say that a need was read and is looked after; its author is told, with the word if there is one.

    Raises:
        Refused: the actor is neither of the secretariat nor of a desk for its country. NotNow: it was acknowledged.
    """
    require(actor, Permission.NEED_ACKNOWLEDGE, now, need)
    _check_open(need)
    if moment_of(tx, need.id, rules.ACKNOWLEDGED) is not None:
        raise rules.NotNow(msg("Somebody has acknowledged this need already."))
    moment = _note(tx, actor, need, rules.ACKNOWLEDGED, rules.HAND, words, now)
    record_event(tx, actor, "need.acknowledged", need, now)
    tell(tx, NeedAcknowledged(need.id), now)
    return moment


def circulate(
    tx: Tx, actor: Actor, need: Need, organisation_ids: Iterable[int], words: str, now: datetime
) -> NeedMoment:
    """Send a need on to chosen organisations that may see it; their editors are told.

    Raises:
        Refused: the actor is neither of the secretariat nor of a desk for its country.
        NotNow: it is over, or none of the organisations may see it.
    """
    require(actor, Permission.NEED_ACKNOWLEDGE, now, need)
    _check_open(need)
    may_see = {organisation.id for organisation in organisations_to_tell(tx, need)}
    told = sorted(may_see & set(organisation_ids))
    if not told:
        raise rules.NotNow(msg("Choose at least one organisation that may see this need."))
    moment = _note(tx, actor, need, rules.CIRCULATED, rules.HAND, words, now)
    moment.told = told
    tx.flush()
    record_event(tx, actor, "need.circulated", need, now, {"organisations": told})
    tell(tx, NeedCirculated(need.id, moment.id), now)
    return moment


def note_circulated(tx: Tx, now: datetime) -> int:
    """Keep when the first organisations whose offers fit were told, before their notices go; how many needs."""
    found = circulated_by_matches(tx)
    for need, at in found:
        _note(tx, SYSTEM, need, rules.CIRCULATED, rules.MATCH, "", at)
        record_event(tx, SYSTEM, "need.circulated", need, now)
    return len(found)


def note_asked(tx: Tx, need: Need, now: datetime) -> None:
    """Keep that the author was asked, a year later, whether the need was met."""
    _note(tx, SYSTEM, need, rules.ASKED, rules.SITE, "", now)
    record_event(tx, SYSTEM, "need.outcome_asked", need, now)


def note_outcome(tx: Tx, actor: Actor, need: Need, outcome: str, words: str, now: datetime) -> NeedMoment:
    """Keep what the author of a need says a year later: met, partly, or not, and why. It stands as it was said.

    Raises:
        Refused: the actor may not. NotNow: it was said already. ValueError: there is no such answer.
    """
    require(actor, Permission.NEED_AMEND, now, need)
    if outcome not in rules.OUTCOMES:
        raise ValueError(outcome)
    if outcome_of(tx, need.id) is not None:
        raise rules.NotNow(msg("Your organisation has said this already."))
    moment = _note(tx, actor, need, rules.ANSWERED, outcome, words, now)
    moment.organisation_id = need.organisation_id
    record_event(tx, actor, "need.outcome_said", need, now, {"outcome": outcome})
    tell(tx, OutcomeSaid(need.id), now)
    return moment


def _check_open(need: Need) -> None:
    if need.status not in OPEN or not need.is_published:
        raise rules.NotNow(msg("This need is not open any more."))


def _note(  # noqa: PLR0913, PLR0917 - what happened to which need, by whom, how, in which words and when
    tx: Tx, actor: Actor, need: Need, what: str, how: str, words: str, now: datetime
) -> NeedMoment:
    places = actor.of_kind("secretariat") or actor.of_kind("regional")
    moment = NeedMoment(
        need_id=need.id, what=what, how=how, words=words.strip(), noted_by=actor.account_id, happened_at=now, told=[],
        organisation_id=places[0].organisation_id if places else None,
    )  # fmt: skip
    tx.add(moment)
    tx.flush()
    return moment
