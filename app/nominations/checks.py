"""What stands against a change of a session because of the seats that are given already."""

from __future__ import annotations

from app.courses.models import CourseSession
from app.courses.rules import Problem
from app.courses.service import SessionDraft
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.nominations import rules, seating
from app.nominations.seats import hold_session


def seats_given(tx: Tx, session: CourseSession, draft: SessionDraft) -> list[Problem]:
    """A session cannot have fewer seats than people hold, nor fewer than its floors keep."""
    held = hold_session(tx, session.id, session.changed_at)
    given = len(held.of(rules.HOLDING))
    if draft.seats < given:
        text = msg("%(given)s seats are given already. Keep as many, or turn somebody down first.", given=given)
        return [Problem("seats", text)]
    problem = seating.quota_problem(held.intake.all_quotas, draft.seats)
    return [Problem("seats", problem)] if problem else []
