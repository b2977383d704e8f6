"""The list of free seats: which they are, how many by their codes, and how many lines each could serve.

It is kept until something changes, see app.foundation.kept.findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.courses.models import Course, CourseSession
from app.courses.queries import sessions_by_ids
from app.foundation.db import Tx
from app.foundation.kept.findings import Findings, findings_of
from app.foundation.paging import PAGE_SIZE, Page
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.nominations.exchange import queries
from app.nominations.exchange.queries import SeatFilters

SEATS = frozenset({"course", "course_session", "nomination", "organisation"})
"""The kinds of record whose changes may take a seat or give one back, or take a session out of sight."""
ABOUT = SEATS | {"need", "result", "pledge", "contribution"}
"""Those whose changes may change how many lines ask for a seat."""


def page_of(
    tx: Tx, reader: Actor, filters: SeatFilters, page: str | None, now: datetime, known: Findings | None = None
) -> Page[CourseSession]:
    """A page of the sessions with free seats, as queries.numbers_of finds them."""
    what = ("page", filters, page, now.date())
    numbers = _seats(known).value(tx, reader, what, lambda: queries.numbers_of(tx, reader, filters, page, now))
    return numbers.page_of(sessions_by_ids(tx, reader, numbers.on_page), PAGE_SIZE)


def facets(
    tx: Tx, reader: Actor, filters: SeatFilters, now: datetime, known: Findings | None = None
) -> Mapping[str, Mapping[str, int]]:  # fmt: skip
    """What stands beside the list, as queries.count_facets counts it."""
    what = ("facets", filters, now.date())
    return _seats(known).value(tx, reader, what, lambda: queries.count_facets(tx, reader, filters, now))


def lines(
    tx: Tx, reader: Actor, sessions: Sequence[CourseSession], known: Findings | None = None
) -> Mapping[int, int]:  # fmt: skip
    """How many lines each session could serve, as queries.count_lines counts them."""
    what = ("lines", tuple(session.id for session in sessions))
    return _lines(known).value(tx, reader, what, lambda: queries.count_lines(tx, reader, sessions))


def _seats(known: Findings | None) -> Findings:
    return findings_of("free seats", (Course,), SEATS) if known is None else known


def _lines(known: Findings | None) -> Findings:
    return findings_of("lines for free seats", (Course, Need), ABOUT) if known is None else known
