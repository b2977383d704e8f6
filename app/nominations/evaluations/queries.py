"""Reading evaluations: who is to be asked, and the sums of what was answered; never one person's answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.courses.models import CourseSession
from app.courses.rules import day_there
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM, Actor, Permission, allowed
from app.nominations.evaluations import rules
from app.nominations.evaluations.models import Evaluation
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS, nominations_in

AT_ONCE = 100


@dataclass(frozen=True)
class Answers:
    """What a session's people answered to the questions of one kind: sums, and words without names.

    They are those of `shown` people: answers are counted in batches, and all once none is taken any more. Both are
    empty as long as fewer than rules.LEAST have answered.
    """

    kind: str
    asked: int
    answered: int
    shown: int
    sums: list[rules.Sum]
    texts: dict[str, list[str]]


def people_to_ask(tx: Tx, now: datetime) -> Iterator[tuple[str, Nomination]]:
    """Those whose day has come and who were not asked yet, in portions, with what they are asked."""
    for kind, days in rules.AFTER_DAYS.items():
        last = now.date() - timedelta(days=days - 1)
        asked = select(Evaluation.id).where(Evaluation.nomination_id == Nomination.id, Evaluation.kind == kind)
        query = (
            readable(SYSTEM, Nomination)
            .join(CourseSession, CourseSession.id == Nomination.session_id)
            .where(
                Nomination.status.in_(sorted(rules.ASKED)),
                Nomination.forgotten_at.is_(None),
                CourseSession.status != "cancelled",
                CourseSession.ends_on <= last,
                CourseSession.ends_on > last - timedelta(days=rules.ANSWER_DAYS + 2),
                ~asked.exists(),
            )
            .order_by(Nomination.id)
            .limit(AT_ONCE)
        )
        for one in tx.scalars(query.options(*OPTIONS)).all():
            if rules.is_due(kind, one.session.ends_on, day_there(now, one.session.time_zone)):
                yield kind, one


def may_read(tx: Tx, reader: Actor, session: CourseSession, now: datetime) -> bool:
    """Whether this reader is shown the sums: who writes for the centre, and who had sent somebody that took part."""
    if decides(reader, session, now):
        return True
    return reader.is_signed_in and any(
        one.status in rules.ASKED and one.organisation_id in reader.organisation_ids
        for one in nominations_in(tx, reader, session.id)
    )


def decides(reader: Actor, session: CourseSession, now: datetime) -> bool:
    """Whether this reader decides on the session's candidates for the centre."""
    return allowed(reader, Permission.NOMINATION_DECIDE, now) and allowed(reader, Permission.COURSE_AMEND, now, session)


def answers_of(tx: Tx, session_id: int, now: datetime) -> list[Answers]:
    """What was answered on a session, as far as it is shown, for those kinds of questions that somebody was asked."""
    rows = list(tx.scalars(select(Evaluation).where(Evaluation.session_id == session_id)))
    return [_answers(kind, own, now) for kind in rules.QUESTIONS if (own := [row for row in rows if row.kind == kind])]


def _answers(kind: str, rows: list[Evaluation], now: datetime) -> Answers:
    given = [row for row in rows if row.answered_at is not None]
    if now >= max(rules.answers_until(row.asked_at) for row in rows):
        shown = [(row.figures, row.texts) for row in given]
    else:
        shown = [(row.shown_figures, row.shown_texts) for row in given if row.shown_figures is not None]
    texts: dict[str, list[str]] = {}
    if len(shown) >= rules.LEAST:
        # In the order of the alphabet, so that the place of a text does not tell whose it is.
        texts = {name: sorted(own[name] for _, own in shown if own.get(name)) for name in rules.TEXTS[kind]}
    sums = rules.sums_of(kind, [figures for figures, _ in shown])
    people = len(shown) if sums else 0
    return Answers(kind, len(rows), len(given), people, sums, {name: found for name, found in texts.items() if found})
