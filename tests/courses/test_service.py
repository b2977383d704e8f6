"""Posting, amending and withdrawing courses, and what may be done with their sessions, on real rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.courses import rules, service
from app.courses.models import Course
from app.courses.service import CourseDraft, SessionDraft
from app.foundation.audit import AuditEvent, history_of
from app.foundation.db import Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.foundation.wording.versions import StaleVersion
from tests.factories import World

DRAFT = CourseDraft(
    language="fr",
    title="Ciblage et visite des conteneurs",
    description="Trois semaines entre la salle et le terminal.",
    themes=("port_control", "customs"),
    languages=("fr",),
    groupings=("ECOWAS",),
    level="intermediate",
    hours=90,
    fee_amount=Decimal(850),
    currency="EUR",
    fee_covers="Hébergement, repas",
)
SESSION = SessionDraft(
    date(2027, 3, 1), date(2027, 3, 19), 20, "Africa/Dakar", "Dakar", "SN", date(2027, 2, 1), ("fr",)
)


def told(tx: Tx) -> list[str]:
    return list(tx.scalars(select(OutboxRow.fact).order_by(OutboxRow.id)))


def post(tx: Tx, world: World, now: datetime, draft: CourseDraft = DRAFT) -> tuple[Any, Course]:
    actor = world.somebody("centre")
    assert actor.main
    return actor, service.post_course(tx, actor, actor.main.organisation_id, draft, now)


def test_a_posted_course_is_kept_whole(tx: Tx, world: World, now: datetime) -> None:
    _actor, course = post(tx, world, now)
    assert course.is_published
    assert course.fee
    assert str(course.fee.amount) == "850.00"
    assert course.codes("theme") == ["customs", "port_control"]
    assert course.sessions == []
    assert [event.action for event in history_of(tx, course.ref)] == ["course.posted"]
    assert told(tx) == ["CoursePosted"]


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [("donor", "editor", "verified"), ("centre", "member", "verified"), ("centre", "editor", "applied")],
)
def test_only_editors_of_verified_centres_post(
    tx: Tx, world: World, now: datetime, kind: str, role: str, status: str
) -> None:
    actor = world.somebody(kind, role, status)
    assert actor.main
    with pytest.raises(Refused):
        service.post_course(tx, actor, actor.main.organisation_id, DRAFT, now)


def test_a_wrong_draft_names_every_wrong_field(tx: Tx, world: World, now: datetime) -> None:
    wrong = replace(DRAFT, themes=(), languages=(), groupings=(), currency="", disclosure="named")
    with pytest.raises(rules.DraftRefused) as refused:
        post(tx, world, now, wrong)
    assert {p.field for p in refused.value.problems} == {"themes", "languages", "countries", "currency", "named"}
    assert tx.scalar(select(Course.id)) is None


def test_an_amendment_makes_a_new_version_and_tells(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    service.amend_course(tx, actor, course, replace(DRAFT, languages=("fr", "en")), course.version, now)
    assert (course.version, course.codes("language")) == (2, ["en", "fr"])
    assert told(tx) == ["CoursePosted", "CourseAmended"]
    with pytest.raises(StaleVersion):
        service.amend_course(tx, actor, course, DRAFT, 1, now)


def test_a_session_is_announced(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    session = service.add_session(tx, actor, course, SESSION, now)
    assert (session.status, session.seats, session.languages, session.course) == ("open", 20, ["fr"], course)
    assert course.version == 2
    assert told(tx) == ["CoursePosted", "SessionPosted"]
    event = history_of(tx, session.ref)[0]
    assert (event.action, event.record_kind, event.organisation_id, event.record_version) == (
        "course_session.posted", "course_session", course.organisation_id, 2,
    )  # fmt: skip


def test_a_session_in_the_past_or_without_seats_is_refused(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    past = replace(SESSION, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 5), register_by=None, seats=0)
    with pytest.raises(rules.DraftRefused) as refused:
        service.add_session(tx, actor, course, past, now)
    assert {p.field for p in refused.value.problems} == {"ends_on", "seats"}
    assert course.sessions == []


def test_a_session_is_changed_by_one_editor_at_a_time(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    session = service.add_session(tx, actor, course, SESSION, now)
    service.amend_session(tx, actor, session, replace(SESSION, seats=25, status="full"), 2, now)
    assert (session.seats, session.status, course.version) == (25, "full", 3)
    with pytest.raises(StaleVersion):
        service.amend_session(tx, actor, session, SESSION, 2, now)
    assert told(tx)[-1] == "SessionChanged"


def test_a_session_that_has_begun_can_still_be_corrected(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    session = service.add_session(tx, actor, course, SESSION, now)
    later = datetime(2027, 4, 1, tzinfo=now.tzinfo)
    service.amend_session(tx, actor, session, replace(SESSION, place="Thiès"), None, later)
    assert session.place == "Thiès"


def test_a_cancelled_session_keeps_its_reason_and_stays_cancelled(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    session = service.add_session(tx, actor, course, SESSION, now)
    service.cancel_session(tx, actor, session, "No trainer", now)
    assert session.status == "cancelled"
    assert history_of(tx, session.ref)[0].details["reason"] == "No trainer"
    assert told(tx)[-1] == "SessionCancelled"
    with pytest.raises(rules.MoveRefused):
        service.amend_session(tx, actor, session, SESSION, None, now)
    with pytest.raises(rules.MoveRefused):
        service.cancel_session(tx, actor, session, "Again", now)


def test_withdrawing_a_course_cancels_what_is_still_to_come(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    held = world.course_session(course, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 6))
    coming = service.add_session(tx, actor, course, SESSION, now)
    service.withdraw_course(tx, actor, course, "The centre moves", now)
    assert (course.status, course.is_published) == ("withdrawn", False)
    assert (held.status, coming.status) == ("open", "cancelled")
    assert told(tx)[-2:] == ["SessionCancelled", "CourseWithdrawn"]
    for refused in (
        lambda: service.withdraw_course(tx, actor, course, "Again", now),
        lambda: service.add_session(tx, actor, course, SESSION, now),
        lambda: service.amend_course(tx, actor, course, DRAFT, None, now),
    ):
        with pytest.raises(rules.MoveRefused):
            refused()


def test_nobody_else_touches_a_course_or_its_sessions(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    session = service.add_session(tx, actor, course, SESSION, now)
    stranger = world.somebody("centre")
    for refused in (
        lambda: service.amend_course(tx, stranger, course, DRAFT, None, now),
        lambda: service.withdraw_course(tx, stranger, course, "x", now),
        lambda: service.add_session(tx, stranger, course, SESSION, now),
        lambda: service.amend_session(tx, stranger, session, SESSION, None, now),
        lambda: service.cancel_session(tx, stranger, session, "x", now),
    ):
        with pytest.raises(Refused):
            refused()


def test_every_move_has_one_audit_event(tx: Tx, world: World, now: datetime) -> None:
    actor, course = post(tx, world, now)
    session = service.add_session(tx, actor, course, SESSION, now)
    service.amend_session(tx, actor, session, replace(SESSION, seats=5), None, now)
    service.amend_course(tx, actor, course, DRAFT, None, now)
    service.withdraw_course(tx, actor, course, "Over", now)
    actions = list(tx.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert actions == [
        "course.posted", "course_session.posted", "course_session.amended", "course.amended",
        "course_session.cancelled", "course.withdrawn",
    ]  # fmt: skip
    assert len(actions) == len(told(tx))
