"""Who is asked when something has ended, once; and what becomes of the question."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.closing.models import LessonRequest
from app.closing.queries import (
    asked_of,
    find_asked,
    wanted_for_need,
    wanted_for_nomination,
    wanted_for_pledge,
    wanted_for_programme,
)
from app.closing.rules import MoveRefused
from app.closing.service import answer_with_lesson, ask_for, nothing_to_tell
from app.foundation.audit import AuditEvent
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.lessons.service import LessonDraft
from app.needs.service import end_need
from app.wiring import REACTIONS

DRAFT = LessonDraft(
    language="en", title="T", context="C", action="A", result="R", instruction="I", themes=("asset_recovery",),
    disclosure="own",
)  # fmt: skip


@pytest.fixture
def need(world):
    return world.need(world.organisation())


def given(world, need, donor=None, **kw):
    kw = {"status": "delivered", "accepted_at": world.now} | kw
    return world.pledge(need, donor or world.organisation("donor"), **kw)


def sides(wanted):
    return sorted((one.organisation_id, one.view, one.tier) for one in wanted)


def test_a_closed_need_asks_its_author_and_whoever_gave(tx, world, need):
    pledge = given(world, need)
    given(world, need, status="declined", accepted_at=None)
    given(world, need, status="pledged", accepted_at=None)
    tx.flush()

    assert sides(wanted_for_need(tx, need.id)) == sorted([
        (need.organisation_id, "recipient", "public"), (pledge.organisation_id, "donor", "public"),
    ])  # fmt: skip


def test_a_donor_who_is_not_named_is_not_given_away(tx, world, need):
    pledge = given(world, need, field_disclosure={"donor": "own"})
    tx.flush()

    assert (pledge.organisation_id, "donor", "own") in sides(wanted_for_need(tx, need.id))


def test_a_pledge_asks_both_sides_once_it_is_delivered_and_not_before(tx, world, need):
    under_way, whole = given(world, need, status="delivering"), given(world, need)
    tx.flush()

    assert wanted_for_pledge(tx, under_way.id) == []
    assert len(wanted_for_pledge(tx, whole.id)) == 2


def test_a_programme_asks_who_ran_it_and_whom_it_gave_to(tx, world, need):
    donor = world.organisation("donor")
    programme = world.programme(donor, status="4")
    given(world, need, donor, programme_id=programme.id)
    suspended = world.programme(donor, status="6")
    tx.flush()

    assert sides(wanted_for_programme(tx, programme.id)) == sorted([
        (donor.id, "donor", "public"), (need.organisation_id, "recipient", "public"),
    ])  # fmt: skip
    assert wanted_for_programme(tx, suspended.id) == []


def test_a_session_with_results_asks_the_centre_who_nominated_and_who_paid(tx, world):
    centre, state, sponsor = (world.organisation(kind) for kind in ("centre", "state", "donor"))
    course = world.course(centre, sessions=[{"starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 5)}])
    session = course.sessions[0]
    nomination = world.nomination(session, state, status="passed")
    world.sponsorship(session, sponsor, status="accepted")
    tx.flush()
    found = wanted_for_nomination(tx, nomination.id)

    assert {(one.organisation_id, one.view) for one in found} == {
        (centre.id, "centre"), (state.id, "recipient"), (sponsor.id, "donor"),
    }  # fmt: skip
    assert {(one.of_kind, one.of_ref, one.about_ref) for one in found} == {
        ("course_session", session.ref, course.ref)
    }  # fmt: skip


def test_nobody_is_asked_twice_nor_when_nobody_is_there_to_answer(tx, world, need, now):
    given(world, need, world.organisation("donor", status="recorded"))
    tx.flush()
    ask_for(tx, wanted_for_need(tx, need.id), now)

    assert [row.organisation_id for row in tx.scalars(select(LessonRequest))] == [need.organisation_id]
    assert wanted_for_need(tx, need.id) == []


def test_closing_a_need_leads_to_the_question_and_to_a_fact(tx, world, need, now, app):
    author = world.actor(world.account(world.tx.get(type(need.organisation), need.organisation_id)))
    end_need(tx, author, need, "closed", "Met elsewhere", now)
    facts = [row.as_fact() for row in tx.scalars(select(OutboxRow)) if row.fact == "NeedClosed"]
    assert "close" in REACTIONS.wakes[type(facts[0])]

    REACTIONS.handlers["close"](app.extensions["counterpart"], facts)(tx)
    REACTIONS.handlers["close"](app.extensions["counterpart"], facts)(tx)

    row = tx.scalars(select(LessonRequest)).one()
    assert [asked.request for asked in asked_of(tx, author)] == [row]
    assert [one.fact for one in tx.scalars(select(OutboxRow)) if one.fact == "LessonAsked"] == ["LessonAsked"]


@pytest.fixture
def asked(tx, world, need, now):
    return ask_for(tx, wanted_for_need(tx, need.id), now)[0]


@pytest.fixture
def editor(world, need):
    return world.actor(world.account(need.organisation))


def test_a_lesson_answers_the_question_and_hangs_on_it(tx, asked, editor, now):
    lesson = answer_with_lesson(tx, editor, asked, DRAFT, now)

    assert (asked.status, asked.lesson_id, lesson.status) == ("told", lesson.id, "submitted")
    assert actions(tx, asked) == ["lesson_request.asked", "lesson_request.told"]
    with pytest.raises(MoveRefused):
        answer_with_lesson(tx, editor, asked, DRAFT, now)


def test_nothing_to_tell_is_kept_and_not_asked_again(tx, asked, editor, now, need):
    nothing_to_tell(tx, editor, asked, now)

    assert asked_of(tx, editor) == []
    assert wanted_for_need(tx, need.id) == []
    assert actions(tx, asked) == ["lesson_request.asked", "lesson_request.nothing"]


def test_others_neither_see_the_question_nor_answer_it(tx, asked, world, now):
    other = world.somebody("donor")

    assert asked_of(tx, other) == []
    assert find_asked(tx, other, asked.ref) is None
    with pytest.raises(Refused):
        nothing_to_tell(tx, other, asked, now)


def test_whoever_may_not_see_the_record_any_more_is_not_shown_the_question(tx, world, need, now):
    donor = world.organisation("donor")
    given(world, need, donor)
    tx.flush()
    ask_for(tx, wanted_for_need(tx, need.id), now)
    reader = world.actor(world.account(donor))
    assert len(asked_of(tx, reader)) == 1

    need.disclosure = "own"
    tx.flush()
    assert asked_of(tx, reader) == []


def actions(tx, row):
    events = select(AuditEvent.action).where(AuditEvent.record_ref == row.ref).order_by(AuditEvent.id)
    return list(tx.scalars(events))
