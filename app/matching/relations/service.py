"""Saying how two records stand to each other; each answer leaves an audit event and is told to the other side."""

from __future__ import annotations

from datetime import datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, Refused, require
from app.matching.relations.events import RelationDeclared
from app.matching.relations.models import Relation
from app.matching.relations.queries import Pair, answers_on
from app.matching.relations.releasing import release_if_answered
from app.matching.relations.rules import (
    UNANSWERED,
    AnswerDraft,
    check_answer,
    kind_of,
    ordered,
    replaced_by,
    speaks_for,
)

RECORDED = "recorded"
"""The status of an organisation that is known from files alone."""


def declare(
    tx: Tx, actor: Actor, pair: Pair, organisation_id: int, draft: AnswerDraft, now: datetime
) -> Relation:  # fmt: skip
    """Say for one's organisation how `pair.own` stands to `pair.other`; its former answer is replaced.

    That a record was posted without an answer replaces none that was given before.

    Raises:
        Refused: the actor does not write for that organisation, or neither record is its own.
        AnswerRefused: the answer lacks something.
    """
    require(actor, Permission.RELATION_DECLARE, now, pair)
    if organisation_id not in {place.organisation_id for place in speaks_for(actor, pair.organisation_ids)}:
        raise Refused(Permission.RELATION_DECLARE.value)
    return _write(tx, actor, pair, organisation_id, check_answer(draft), now)


def answer_for(tx: Tx, actor: Actor, pair: Pair, draft: AnswerDraft, now: datetime) -> Relation:
    """The secretariat answers for an organisation that is known from files alone, whose programme waits for it.

    Raises:
        Refused: the actor is not of the secretariat, or the organisation has people of its own.
        AnswerRefused: the answer lacks something.
    """
    require(actor, Permission.MATCH_REVIEW, now)
    if pair.own.organisation.status != RECORDED or getattr(pair.own.record, "held_since", None) is None:
        raise Refused(Permission.MATCH_REVIEW.value)
    return _write(tx, actor, pair, pair.own.organisation.id, check_answer(draft), now)


def _write(tx: Tx, actor: Actor, pair: Pair, organisation_id: int, sound: AnswerDraft, now: datetime) -> Relation:
    row, before = _row(tx, pair, organisation_id)
    if before and sound.says == UNANSWERED:
        return row
    first, _second = ordered(pair.own.key, pair.other.key)
    replaced = replaced_by(sound.says, pair.own.key, pair.other.key)
    row.kind, row.sentence = kind_of(sound.says), sound.sentence
    row.replaced = "" if replaced is None else "first" if replaced == first else "second"
    row.declared_by, row.declared_at = actor.account_id, now
    versions = {pair.own.key: pair.own.version, pair.other.key: pair.other.version}
    row.first_version, row.second_version = (versions[key] for key in ordered(pair.own.key, pair.other.key))
    tx.add(row)
    details = {"one": pair.own.ref, "other": pair.other.ref, "relation": sound.says}
    details |= {"before": before} if before else {}
    action = "relation.left_open" if row.kind == UNANSWERED else "relation.declared"
    record_event(tx, actor, action, row, now, details)
    tell(tx, RelationDeclared(row.id), now)
    release_if_answered(tx, actor, pair.own.record, now)
    return row


def _row(tx: Tx, pair: Pair, organisation_id: int) -> tuple[Relation, str]:
    """The organisation's answer to the pair, and of which kind it was; a new one has none."""
    there = [row for row in answers_on(tx, pair.own.key, pair.other.key) if row.organisation_id == organisation_id]
    if there:
        return there[0], there[0].kind
    first, second = ordered(pair.own.key, pair.other.key)
    made = Relation(
        first_kind=first[0], first_id=first[1], second_kind=second[0], second_id=second[1],
        organisation_id=organisation_id,
    )  # fmt: skip
    return made, ""
