"""Gathering who is where when: programmes, accepted pledges and course sessions, as far as one reader may see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from app.courses.models import Course, CourseSession, CourseTag
from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.overview.giving.memory import given
from app.overview.giving.rules import Choice, Giving, Period
from app.overview.timeline.rules import Span
from app.reference.groupings import members


def spans_in(tx: Tx, reader: Actor, choice: Choice, period: Period, today: date) -> tuple[list[Span], int, set[str]]:
    """What happens in the period; how much more says nothing of its days; and every country that is spoken of."""
    every = given(tx, reader, today, period)
    wanted = [giving for giving in every if choice.wants(giving)]
    dated = [giving for giving in wanted if giving.starts_on or giving.ends_on]
    spans = [_span(giving, choice) for giving in dated]
    places = {place for giving in every for place, _share in giving.places}
    return [*spans, *_sessions(tx, reader, choice, period)], len(wanted) - len(dated), places


def _span(giving: Giving, choice: Choice) -> Span:
    themes = sorted((code for code, _share in giving.themes), key=lambda code: (code != choice.theme, code))
    days = giving.starts_on, giving.ends_on
    return Span(giving.kind, giving.ref, giving.title, giving.language, giving.donor, tuple(themes), *days)


def _sessions(tx: Tx, reader: Actor, choice: Choice, period: Period) -> list[Span]:
    """Course sessions by where they are held."""
    query = (
        select(
            Course.id, CourseSession.ref, Course.title, Course.language, Course.organisation_id,
            CourseSession.starts_on, CourseSession.ends_on, Course.ref,
        )
        .join(CourseSession.course)
        .where(
            visible_to(reader, Course),
            Course.is_published,
            Course.status == "posted",
            CourseSession.status != "cancelled",
            CourseSession.starts_on <= period.last,
            CourseSession.ends_on >= period.first,
            *_chosen(choice),
        )
    )  # fmt: skip
    rows = tx.execute(query).all()
    themes = _themes(tx, {row[0] for row in rows})
    return [
        Span("session", ref, title, language, by, _first(themes.get(number, []), choice.theme), begins, ends, course)
        for number, ref, title, language, by, begins, ends, course in rows
    ]


def _chosen(choice: Choice) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if choice.country:
        where.append(CourseSession.country == choice.country)
    elif choice.grouping:
        where.append(CourseSession.country.in_(sorted(members(choice.grouping))))
    return [*where, has_code(Course, "theme", [choice.theme])] if choice.theme else where


def _themes(tx: Tx, courses: set[int]) -> dict[int, list[str]]:
    query = select(CourseTag.record_id, CourseTag.value).where(CourseTag.facet == "theme")
    found: dict[int, list[str]] = {}
    rows: Any = tx.execute(query.where(CourseTag.record_id.in_(courses)).order_by(CourseTag.value))
    for number, code in rows:
        found.setdefault(number, []).append(code)
    return found


def _first(themes: list[str], chosen: str) -> tuple[str, ...]:
    return tuple(sorted(themes, key=lambda code: (code != chosen, code)))
