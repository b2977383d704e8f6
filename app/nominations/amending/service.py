"""Amending a candidate, and ranking all candidates of an organisation anew; seats that were given stay given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import check_version
from app.needs.models import NeedLine
from app.nominations.amending import rules
from app.nominations.amending.events import NominationAmended
from app.nominations.letters import drop_letters
from app.nominations.models import Nomination
from app.nominations.rules import (
    LIVE,
    STATUS_NAMES,
    Candidate,
    DraftRefused,
    MoveRefused,
    Problem,
    candidate_problems,
    check_to_come,
)
from app.nominations.seats import Held, fill, hold_session, release_late
from app.nominations.service import name_problems


@dataclass(frozen=True)
class AmendDraft:
    """What is said of a candidate from now on; the rank is another matter."""

    candidate: Candidate
    motivation: str
    need_line: NeedLine | None = None


@dataclass(frozen=True)
class RankDraft:
    """A rank for each candidate, by reference, and the mark (rules.mark_of) of the order that the person was shown."""

    ranks: Mapping[str, int]
    seen: str


class RanksChanged(Exception):
    """Somebody else has put forward, withdrawn or ranked a candidate since this person opened the list."""


def amend(
    tx: Tx, actor: Actor, nomination: Nomination, draft: AmendDraft, opened_version: int | None, now: datetime
) -> tuple[str, ...]:
    """Put right what was said of a candidate; the names of what has changed.

    Where quotas look at another sex from now on, whoever waits and may have a seat by them gets it at once; no seat is
    taken back. Where the address is another one, the link to the old one is good no more and a new one goes out.

    Raises:
        Refused: the actor is no focal point of the organisation. StaleVersion: the nomination has changed meanwhile.
        MoveRefused: it ended already, or the session has begun. DraftRefused: something is missing, or this
        organisation has put the same person forward already.
    """
    require(actor, Permission.NOMINATION_CHANGE, now, nomination)
    held = hold_session(tx, nomination.session_id, now)
    check_version(nomination, opened_version)
    release_late(held)
    check_to_come(held.window, held.today)
    check_amendable(nomination)
    if problems := _problems(held, nomination, draft.candidate):
        raise DraftRefused(problems)
    before, after = _words(nomination), _words_of(draft)
    fields = rules.changed(before, after)
    if fields:
        _write(held, actor, nomination, after, fields)
        if "sex" in fields:
            fill(held)
    return fields


def check_amendable(nomination: Nomination) -> None:
    """Go on only while there is something to amend.

    Raises:
        MoveRefused: the nomination has ended.
    """
    if nomination.status not in rules.AMENDABLE or nomination.forgotten_at is not None:
        name = STATUS_NAMES[nomination.status][0]
        raise MoveRefused(msg("This is not possible any more: the nomination is “%(status)s”.", status=name))


def _problems(held: Held, nomination: Nomination, candidate: Candidate) -> list[Problem]:
    problems = candidate_problems(candidate)
    if candidate.name != nomination.name:
        problems += name_problems(candidate.name)
    others = [one for one in held.of(LIVE) if one.organisation_id == nomination.organisation_id and one != nomination]
    if any(one.candidate_key == candidate.key for one in others):
        problems.append(Problem("email", msg("You have put this person forward for this session already.")))
    return problems


def _words(nomination: Nomination) -> dict[str, Any]:
    return vars(nomination.candidate) | {"motivation": nomination.motivation, "need_line_id": nomination.need_line_id}


def _words_of(draft: AmendDraft) -> dict[str, Any]:
    line = draft.need_line
    return vars(draft.candidate) | {"motivation": draft.motivation, "need_line_id": line.id if line else None}


def _write(
    held: Held, actor: Actor, nomination: Nomination, words: Mapping[str, Any], fields: tuple[str, ...]
) -> None:  # fmt: skip
    tx, now = held.tx, held.now
    has_new_address = nomination.candidate.key != Candidate("", words["email"]).key
    if has_new_address:
        # What was written to the old address may have gone to a stranger: neither its words nor its link remain.
        drop_letters(tx, nomination)
        if nomination.seat_given_at is not None:
            nomination.seat_given_at = rules.new_turn(nomination.seat_given_at, now)
    for name, value in words.items():
        setattr(nomination, name, value)
    nomination.candidate_key, nomination.changed_at = nomination.candidate.key, now
    tx.flush()
    tx.expire(nomination, ["need_line"])
    record_event(tx, actor, "nomination.amended", nomination, now, {"fields": list(fields)})
    tell(tx, NominationAmended(nomination.id, nomination.version, has_new_address), now)


def rank_anew(
    tx: Tx, actor: Actor, session_id: int, organisation_id: int, draft: RankDraft, now: datetime
) -> int:  # fmt: skip
    """Give the candidates of an organisation who are still to be decided on or to come these ranks; how many changed.

    Whoever comes first by them gets the next seat that becomes free; what was decided stays as it is.

    Raises:
        Refused: the actor is no focal point of the organisation. MoveRefused: the session has begun. RanksChanged: the
        order is not any more as it was shown. DraftRefused: two have the same rank, or one has none.
    """
    held, ranks = hold_session(tx, session_id, now), draft.ranks
    check_to_come(held.window, held.today)
    people = [one for one in held.of(rules.AMENDABLE) if one.organisation_id == organisation_id]
    if draft.seen != rules.mark_of({one.ref: one.rank for one in people}) or set(ranks) != {one.ref for one in people}:
        raise RanksChanged
    if problems := rules.rank_problems(ranks):
        raise DraftRefused([Problem(ref, message) for ref, message in problems.items()])
    moved = [one for one in people if one.rank != ranks[one.ref]]
    for one in moved:
        require(actor, Permission.NOMINATION_CHANGE, now, one)
        details = {"rank": str(ranks[one.ref]), "before": str(one.rank)}
        one.rank, one.changed_at = ranks[one.ref], now
        tx.flush()
        record_event(tx, actor, "nomination.ranked", one, now, details)
    return len(moved)
