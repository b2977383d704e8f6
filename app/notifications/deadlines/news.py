"""Which days are near, and whom each concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.courses.models import Course, CourseSession
from app.foundation.disclosure import readable
from app.foundation.messages import Message, Named, msg
from app.foundation.permissions import SYSTEM
from app.matching.models import Match
from app.needs.models import Need
from app.needs.rules import OPEN
from app.notifications.deadlines import rules
from app.notifications.following.queries import followers_of, told_from
from app.notifications.rules import Part, cause_of
from app.notifications.telling import Telling
from app.pledges.models import Contribution, Pledge, PledgeLine, Tranche
from app.pledges.rules import ENDED, LAPSES

OFFERS_DUE = msg("Offers for the need “%(record)s” are due by %(day)s")
REGISTRATION_ENDS = msg("Registration for a session of “%(record)s” ends on %(day)s")
PLEDGE_LAPSES = msg("The pledge %(ref)s lapses after %(day)s unless it goes on before")
TRANCHE_DUE = msg("A part of the pledge %(ref)s is planned for %(day)s")
STILL_WAITS = msg("A delivery for the need %(ref)s still waits for your confirmation")


def near_days(telling: Telling, now: datetime) -> None:
    """Everybody whom a near day concerns is told of it."""
    today = now.date()
    _offers_due(telling, today)
    _registration_ends(telling, today)
    _pledges_lapse(telling, today)
    _tranches_due(telling, today)
    _still_to_confirm(telling, now)


def _offers_due(telling: Telling, today: date) -> None:
    near = Need.offers_due_on.between(today, rules.last_day(today))
    query = readable(SYSTEM, Need).where(Need.is_published, Need.status.in_(OPEN), near)
    for need in telling.tx.scalars(query.order_by(Need.id)):
        pledged = readable(SYSTEM, Pledge).where(Pledge.need_id == need.id, Pledge.status.not_in(ENDED))
        donors = set(telling.tx.scalars(pledged.with_only_columns(Pledge.organisation_id)))
        people = [*followers_of(telling.tx, "need", need.ref), *telling.people_of(*sorted(donors))]
        words = Message(OFFERS_DUE.text, {"record": need.title})
        _tell(telling, people, need, words, need.offers_due_on, today)


def _registration_ends(telling: Telling, today: date) -> None:
    ends = func.coalesce(CourseSession.register_by, CourseSession.starts_on)
    query = (
        select(CourseSession)
        .where(CourseSession.status == "open", ends.between(today, rules.last_day(today)))
        .options(joinedload(CourseSession.course))
        .order_by(CourseSession.id)
    )
    for run in telling.tx.scalars(query):
        course = run.course
        if course.is_published:
            people = [*followers_of(telling.tx, "course", course.ref), *_whom_it_fits(telling, course)]
            words = Message(REGISTRATION_ENDS.text, {"record": course.title})
            _tell(telling, people, course, words, run.register_by or run.starts_on, today, ("session", run.ref))


def _whom_it_fits(telling: Telling, course: Course) -> list[Account]:
    """Those whose open needs a course fits, if the match is strong enough for them."""
    fits = (Match.offer_kind == "course", Match.offer_id == course.id, Match.gate == "match")
    found: list[Account] = []
    for organisation_id, strength in telling.tx.execute(
        select(Match.need_organisation_id, Match.strength).where(*fits).distinct()
    ):
        found += told_from(telling.tx, telling.people_of(organisation_id), strength)
    return found


def _pledges_lapse(telling: Telling, today: date) -> None:
    near = Pledge.expires_on.between(today, rules.last_day(today))
    query = readable(SYSTEM, Pledge).where(near, Pledge.status.in_(LAPSES))
    for pledge in telling.tx.scalars(query.order_by(Pledge.id)):
        people = telling.people_of(pledge.organisation_id, pledge.need_organisation_id)
        words = Message(PLEDGE_LAPSES.text, {"ref": pledge.ref})
        _tell(telling, people, pledge, words, pledge.expires_on, today, ("lapses", pledge.ref))


def _tranches_due(telling: Telling, today: date) -> None:
    near = select(Tranche.pledge_id).where(Tranche.due_on.between(today, rules.last_day(today)))
    query = readable(SYSTEM, Pledge).where(Pledge.id.in_(near))
    query = query.where(Pledge.status.not_in(ENDED), Pledge.accepted_at.is_not(None))
    for pledge in telling.tx.scalars(query.order_by(Pledge.id)):
        days = [part.due_on for part in pledge.tranches if rules.mark_before(part.due_on, today)]
        for day in sorted(set(days)):
            words = Message(TRANCHE_DUE.text, {"ref": pledge.ref})
            people = telling.people_of(pledge.organisation_id)
            _tell(telling, people, pledge, words, day, today, ("tranche", pledge.ref))


def _still_to_confirm(telling: Telling, now: datetime) -> None:
    waits = Contribution.donor_confirmed_at.is_(None) | Contribution.recipient_confirmed_at.is_(None)
    query = (
        select(Contribution)
        .where(waits)
        .options(joinedload(Contribution.line).joinedload(PledgeLine.pledge))
        .order_by(Contribution.id)
    )
    for part in telling.tx.scalars(query):
        pledge, mark = part.line.pledge, rules.mark_after(part.created_at, now)
        if mark is None or pledge.status in ENDED - {"delivered"}:
            continue
        sides = (
            (part.donor_confirmed_at, pledge.organisation_id),
            (part.recipient_confirmed_at, pledge.need_organisation_id),
        )
        cause = cause_of("deadline_near", ("pledge", pledge.ref), ("contribution", part.ref), ("after", str(mark)))
        for confirmed_at, organisation_id in sides:
            if confirmed_at is None:
                words = Message(STILL_WAITS.text, {"ref": pledge.need_ref})
                telling.tell(telling.people_of(organisation_id), cause, words, pledge)


def _tell(
    telling: Telling,
    people: Iterable[Account],
    record: Any,
    words: Message,
    day: date | None,
    today: date,
    *further: Part,
) -> None:
    mark = rules.mark_before(day, today) if day else None
    if day is None or mark is None:
        return
    cause = cause_of(
        "deadline_near", (record.record_kind, record.ref), *further, ("day", day.isoformat()), ("before", str(mark))
    )
    said = Message(words.text, {**words.values, "day": Named("day", day.isoformat())})
    each = {person.id: person for person in people}
    telling.tell(each.values(), cause, said, record)
