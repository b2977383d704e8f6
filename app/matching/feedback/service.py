"""Saying what one thinks of a match, taking it back, and deciding on it for everybody; each leaves an audit event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, Refused, require
from app.matching.feedback.events import MatchReviewed
from app.matching.feedback.models import MatchAnswer, MatchReview
from app.matching.feedback.queries import answer_of, answers_on, review_of
from app.matching.feedback.rules import (
    DECIDED_ACTIONS,
    SAID_ACTIONS,
    AnswerDraft,
    AnswerRefused,
    check_answer,
    decisions_on,
    speaks_for,
)
from app.matching.models import Match
from app.matching.queries import ShownMatch


def answer(
    tx: Tx, actor: Actor, shown: ShownMatch, organisation_id: int, draft: AnswerDraft, now: datetime
) -> MatchAnswer:
    """Say for one's organisation what a pair is worth; the same organisation's former answer is replaced.

    Raises:
        Refused: the actor does not write for that organisation, or it is on neither side.
        AnswerRefused: the answer lacks something.
    """
    _require_side(actor, shown.match, organisation_id, now)
    sound = check_answer(draft)
    row = answer_of(tx, shown.match, organisation_id)
    if row is None:
        row = MatchAnswer(**_pair(shown.match), organisation_id=organisation_id)
        tx.add(row)
    row.says, row.reason, row.words = sound.says, sound.reason, sound.words
    row.gate, row.strength = shown.match.gate, shown.match.strength
    row.themes = sorted(shown.need.codes("theme"))
    row.need_language, row.offer_language = shown.need.language, shown.offer.language
    row.answered_by, row.answered_at = actor.account_id, now
    details = {**_about(shown), "because": sound.reason} if sound.reason else _about(shown)
    record_event(tx, actor, SAID_ACTIONS[sound.says], row, now, details)
    return row


def withdraw(tx: Tx, actor: Actor, shown: ShownMatch, organisation_id: int, now: datetime) -> bool:
    """Take one's organisation's answer back; whether there was one.

    Raises:
        Refused: the actor does not write for that organisation, or it is on neither side.
    """
    _require_side(actor, shown.match, organisation_id, now)
    row = answer_of(tx, shown.match, organisation_id)
    if row is None:
        return False
    record_event(tx, actor, "match.answer_withdrawn", row, now, _about(shown))
    tx.delete(row)
    return True


def review(tx: Tx, actor: Actor, shown: ShownMatch, verdict: str, note: str, now: datetime) -> MatchReview:
    """Decide for everybody: agree with what was said of a pair, or keep it as it is.

    Raises:
        Refused: the actor is not of the secretariat.
        AnswerRefused: nobody has said what this would agree with, or the note is missing.
    """
    require(actor, Permission.MATCH_REVIEW, now)
    row = review_of(tx, shown.match)
    there = answers_on(tx, shown.match)
    if verdict not in decisions_on(one.says for one in there) and (row is None or verdict != row.verdict):
        raise AnswerRefused("verdict", msg("Choose what is to become of this pair."))
    if not note.strip():
        raise AnswerRefused("note", msg("Write why you decide so: the record keeps it."))
    if row is None:
        row = MatchReview(**_pair(shown.match))
        tx.add(row)
    row.verdict, row.note = verdict, note.strip()
    row.decided_by, row.decided_at = actor.account_id, now
    record_event(tx, actor, DECIDED_ACTIONS[verdict], row, now, _about(shown))
    tell(tx, MatchReviewed(shown.need.id), now)
    return row


def _require_side(actor: Actor, match: Match, organisation_id: int, now: datetime) -> None:
    require(actor, Permission.MATCH_JUDGE, now, match)
    if organisation_id not in {place.organisation_id for place in speaks_for(actor, match)}:
        raise Refused(Permission.MATCH_JUDGE.value)


def _pair(match: Match) -> dict[str, Any]:
    return {"need_id": match.need_id, "offer_kind": match.offer_kind, "offer_id": match.offer_id}


def _about(shown: ShownMatch) -> dict[str, Any]:
    return {"need": shown.need.ref, "offer": shown.offer.ref}
