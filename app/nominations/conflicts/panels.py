"""Conflicts where they matter: beside the form of a nomination, on its page, and on a session for its centre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.courses.models import CourseSession
from app.courses.rules import day_there
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.messages import Message, Named, msg
from app.foundation.permissions import Actor, Permission, allowed
from app.foundation.web import now, reading, render_part
from app.needs.limits.models import Limit
from app.nominations.conflicts import queries, rules
from app.nominations.conflicts.rules import Excess, Stay
from app.nominations.models import Nomination
from app.nominations.queries import find_nomination, readable_session

surface("nomination.conflicts.panel", "panel", "nomination", "course", "limit")
surface("session.conflicts.panel", "panel", "course", "limit")
SHOWN = 5


@dataclass(frozen=True)
class Conflict:
    """What is told: the sentence, and the records behind it that the reader may open."""

    text: Message
    people: Sequence[Nomination] = ()
    limit: Limit | None = None


def beside_form(reader: Actor, session_ref: str) -> str:
    """What a focal point has to know before somebody is put forward for these days."""
    with reading() as tx:
        session = readable_session(tx, reader, session_ref)
        owners = [m for m in reader.of_kind("state", "regional") if m.role == "focal_point"]
        if session is None or not owners:
            return ""
        found = list(_away(tx, reader, session, [m.organisation_id for m in owners]))
        for owner in owners:
            found += _of_owner(tx, reader, session, owner.organisation_id, owner.country, 1)
        found += _collisions(tx, reader, session, sorted({m.country for m in owners if m.country}))
        return _draw(found)


def on_nomination(reader: Actor, ref: str) -> str:
    """What stands against one candidate at this session."""
    with reading() as tx:
        one = find_nomination(tx, reader, ref)
        if one is None or one.status not in rules.STAYS:
            return ""
        near = queries.of_organisations(tx, reader, one.session, [one.organisation_id], one.candidate_key)
        others = rules.in_two_places(queries.stay_of(one), map(queries.stay_of, near))
        found = []
        if others:
            text = msg("The same person has a seat, or is put forward, at another session in the same days.")
            found.append(Conflict(text, _named(near, others)))
        found += _of_owner(tx, reader, one.session, one.organisation_id, one.organisation.country, 0)
        return _draw(found)


def _away(tx: Tx, reader: Actor, session: CourseSession, owners: Sequence[int]) -> Iterable[Conflict]:
    near = queries.of_organisations(tx, reader, session, owners)
    away = rules.away_then(queries.run_of(session), map(queries.stay_of, near))
    if away:
        yield Conflict(msg("These people of yours are at another session in the same days."), _named(near, away))


def _of_owner(
    tx: Tx, reader: Actor, session: CourseSession, owner: int, country: str | None, more: int
) -> Iterable[Conflict]:
    run = queries.run_of(session)
    near = [queries.stay_of(one) for one in queries.of_organisations(tx, reader, session, [owner])]
    week = rules.crowded_week(run, near, more)
    if week is not None:
        yield Conflict(_week(week, more))
    if country is None or not (limits := queries.limits_then(tx, reader, session, country)):
        return
    stays = [queries.stay_of(one) for one in queries.of_country(tx, reader, session, country)]
    for limit in limits:
        excess = rules.over_limit(queries.bound_of(limit), run, stays, more)
        if excess is not None:
            yield Conflict(_limit(excess, limit, more), limit=limit)


def _collisions(tx: Tx, reader: Actor, session: CourseSession, countries: Iterable[str]) -> Iterable[Conflict]:
    for country in countries:
        for one in queries.collisions_then(tx, reader, session, country, now().date()):
            counts, most = one.found.why
            text = msg(
                "With this session, more is at work in %(country)s than its State takes in, from %(first)s to "
                "%(last)s. As far as you see it here: %(counts)s %(most)s",
                country=Named("country", country), first=_day(one.found.first.first_day),
                last=_day(one.found.last.last_day), counts=counts, most=most,
            )  # fmt: skip
            yield Conflict(text, limit=one.limit)


def _week(week: Excess, more: int) -> Message:
    text = (
        msg("With one more, %(number)s people of this organisation would be away in the week from %(day)s on.")
        if more
        else msg("%(number)s people of this organisation are away in the week from %(day)s on.")
    )
    return Message(text.text, {"number": week.number, "day": _day(week.begins)})


def _limit(excess: Excess, limit: Limit, more: int) -> Message:
    text = (
        msg(
            "With one more, %(number)s people of %(country)s that you see here would be in training in the quarter "
            "from %(day)s on. The State has set a limit of %(most)s."
        )
        if more
        else msg(
            "%(number)s people of %(country)s that you see here are in training in the quarter from %(day)s on. The "
            "State has set a limit of %(most)s."
        )
    )
    country = Named("country", limit.country)
    values = {"number": excess.number, "day": _day(excess.begins), "most": limit.most, "country": country}
    return Message(text.text, values)


def _day(day: date) -> Named:
    return Named("day", day.isoformat())


def _named(people: Sequence[Nomination], stays: Sequence[Stay]) -> list[Nomination]:
    by_number = {one.id: one for one in people}
    return [by_number[stay.number] for stay in stays]


def _draw(found: Sequence[Conflict]) -> str:
    return render_part("conflicts/_notices.html", found=found, shown=SHOWN) if found else ""


def alike_on_session(reader: Actor, session_ref: str) -> str:
    """For the centre: sessions of others on the same theme, in the same language, quarter and place; and limits."""
    with reading() as tx:
        session = readable_session(tx, reader, session_ref)
        if session is None or not allowed(reader, Permission.COURSE_AMEND, now(), session):
            return ""
        is_over = session.ends_on < day_there(now(), session.time_zone)
        if is_over or session.status == "cancelled" or session.course.status == "withdrawn":
            return ""
        found = queries.alike_sessions(tx, session)
        passed = list(_collisions(tx, reader, session, queries.countries_of(tx, reader, session)))
        if not found and not passed:
            return ""
        return render_part("conflicts/_on_session.html", found=found, passed=passed, shown=SHOWN)
