"""What is asked, covered and offered, counted once until something changes. See app.foundation.kept.findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from app.courses.models import Course
from app.foundation.db import Tx
from app.foundation.kept.findings import Findings, findings_of
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.overview import queries
from app.overview.queries import Numbers, Place
from app.overview.rules import Gap
from app.programmes.models import Programme

ASKED = frozenset({"need", "result", "pledge", "contribution", "nomination", "organisation"})
OFFERED = frozenset({"programme", "organisation"})
TAUGHT = frozenset({"course", "course_session", "organisation"})
"""The kinds of record whose changes may change a count: what is asked and covers it, what is offered, and owners."""


def gaps_by(  # noqa: PLR0913 - who asks for what, and from which memory
    tx: Tx,
    reader: Actor,
    facet: str,
    today: date,
    place: Place | None = None,
    *,
    theme: str = "",
    known: Findings | None = None,
) -> Mapping[str, Gap]:
    """What is asked and offered under each code of a facet, as queries.gaps_by counts it."""
    where, dated = (facet, place, theme), (facet, today, place)
    return queries.together(
        _asked(known).value(
            tx, reader, ("asked", *where),
            lambda: queries.asked_by(tx, reader, facet, place, *queries.on_theme(Need, theme)),
        ),
        _offered(known).value(
            tx, reader, ("offered", *where, today),
            lambda: queries.offers_by(tx, reader, *dated, *queries.on_theme(Programme, theme)),
        ),
        _taught(known).value(
            tx, reader, ("taught", *where, today),
            lambda: queries.courses_by(tx, reader, *dated, *queries.on_theme(Course, theme)),
        ),
    )  # fmt: skip


def numbers(
    tx: Tx, reader: Actor, countries: Collection[str] | None = None, known: Findings | None = None
) -> Numbers:  # fmt: skip
    """The three numbers of a place, as queries.numbers counts them."""
    what = ("numbers", None if countries is None else frozenset(countries))
    return _asked(known).value(tx, reader, what, lambda: queries.numbers(tx, reader, countries))


def running_by_country(tx: Tx, reader: Actor, theme: str = "", known: Findings | None = None) -> Mapping[str, int]:
    """Programmes that are prepared, carried out or finished, as queries.running_by_country counts them."""
    return _offered(known).value(tx, reader, ("running", theme), lambda: queries.running_by_country(tx, reader, theme))


def _asked(known: Findings | None) -> Findings:
    return findings_of("what is asked", (Need,), ASKED) if known is None else known


def _offered(known: Findings | None) -> Findings:
    return findings_of("what is offered", (Programme,), OFFERED) if known is None else known


def _taught(known: Findings | None) -> Findings:
    return findings_of("what is taught", (Course,), TAUGHT) if known is None else known
