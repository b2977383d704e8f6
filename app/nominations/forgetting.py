"""Personal data of candidates is erased once the term that the centre has set is over; what remains tells of nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.courses.models import CourseSession
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.nominations import rules
from app.nominations.evaluations.service import forget_words
from app.nominations.letters import drop_letters
from app.nominations.models import Intake, Nomination

PERSONAL = ("name", "email", "post", "unit", "phone", "motivation", "status_reason", "candidate_key")
"""What is emptied. Sex, country, states and marks remain, so that a centre can still count."""
AT_ONCE = 200


def forget_due(tx: Tx, now: datetime) -> int:
    """Erase what is due today, in portions; how many candidates were forgotten."""
    long_ago = now.date() - timedelta(days=rules.DAYS_A_MONTH)
    query = (
        readable(SYSTEM, Nomination)
        .join(CourseSession, CourseSession.id == Nomination.session_id)
        .where(Nomination.forgotten_at.is_(None), CourseSession.ends_on <= long_ago)
        .order_by(Nomination.id)
    )
    kept = dict(tx.execute(select(Intake.session_id, Intake.keep_months)).all())
    done = 0
    for one in tx.scalars(query):
        if rules.forget_on(one.session.ends_on, kept.get(one.session_id, rules.KEEP_MONTHS)) > now.date():
            continue
        # What was written to this person holds the name and the address too.
        drop_letters(tx, one)
        for name in PERSONAL:
            setattr(one, name, "")
        forget_words(tx, one)
        one.forgotten_at = one.changed_at = now
        record_event(tx, SYSTEM, "nomination.forgotten", one, now)
        done += 1
        if done >= AT_ONCE:
            break
    tx.flush()
    return done
