"""Asking those who took part, keeping what they answer, and erasing their words with their personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select, update

from app.config import Settings
from app.courses.models import CourseSession
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.nominations.evaluations import rules
from app.nominations.evaluations.models import Evaluation
from app.nominations.evaluations.queries import people_to_ask
from app.nominations.letters import letter_to_candidate
from app.nominations.models import Nomination
from app.nominations.rules import MoveRefused
from app.notifications.rules import cause_of
from app.notifications.service import put_mails

LETTERS: Mapping[str, tuple[str, Message]] = {
    rules.END: (
        "evaluation_asked",
        msg(
            "Your course has ended. Please say what you think of it: five questions, two minutes. Your answers are "
            "counted together with those of others, and nobody reads whose they are."
        ),
    ),
    rules.USE: (
        "evaluation_later",
        msg(
            "Half a year ago you took part in a course. Please say whether you could use it on the job: three "
            "questions, two minutes. Your answers are counted together with those of others, and nobody reads whose "
            "they are."
        ),
    ),
}
"""Which mail asks which questions."""


def ask_due(tx: Tx, settings: Settings, now: datetime) -> int:
    """Write to those whose day has come, each once for each kind; how many were asked."""
    mails = []
    for kind, one in people_to_ask(tx, now):
        row = Evaluation(nomination_id=one.id, session_id=one.session_id, kind=kind, asked_at=now)
        tx.add(row)
        what, text = LETTERS[kind]
        cause = cause_of(what, ("nomination", one.ref), ("evaluation", row.ref))
        mails.append(letter_to_candidate(one, cause, text, has_link=True))
    tx.flush()
    put_mails(tx, mails, urlsplit(settings.public_url).hostname or "localhost", now)
    return len(mails)


def answer(
    tx: Tx, evaluation: Evaluation, figures: Mapping[str, Any], texts: Mapping[str, str], now: datetime
) -> None:  # fmt: skip
    """Keep what a candidate answers; a later answer takes the place of the one before.

    Raises:
        MoveRefused: it is too late.
    """
    # The session is held, so that answers at one instant are kept, and counted in, one after the other.
    tx.execute(select(CourseSession.id).where(CourseSession.id == evaluation.session_id).with_for_update())
    row = tx.scalars(
        select(Evaluation).where(Evaluation.id == evaluation.id).execution_options(populate_existing=True)
    ).one()
    if now >= rules.answers_until(row.asked_at) or row.nomination.forgotten_at is not None:
        raise MoveRefused(msg("Answers were taken for %(days)s days.", days=rules.ANSWER_DAYS))
    row.figures = {name: value for name, value in figures.items() if value}
    row.texts = {name: text.strip() for name, text in texts.items() if text and text.strip()}
    row.answered_at = now
    tx.flush()
    _count_in(tx, row.session_id, row.kind)


def _count_in(tx: Tx, session_id: int, kind: str) -> None:
    """Show the answers of a session, if enough have come since they were shown last."""
    query = select(Evaluation).where(
        Evaluation.session_id == session_id, Evaluation.kind == kind, Evaluation.answered_at.is_not(None)
    )
    rows = {row.id: row for row in tx.scalars(query.execution_options(populate_existing=True))}
    shown = {number: row for number, row in rows.items() if row.shown_figures is not None}
    counted = rules.shown_from_now(shown, rows)
    if counted.keys() != shown.keys():
        for row in counted.values():
            row.shown_figures, row.shown_texts = dict(row.figures), dict(row.texts)
        tx.flush()


def forget_words(tx: Tx, nomination: Nomination) -> None:
    """Erase what a candidate wrote in own words; the figures remain, so that a centre can still count."""
    tx.execute(update(Evaluation).where(Evaluation.nomination_id == nomination.id).values(texts={}, shown_texts={}))
