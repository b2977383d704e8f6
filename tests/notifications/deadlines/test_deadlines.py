"""A day that is near is told a week and a day before, once each, to those whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.messages import Message
from app.notifications.deadlines.reactions import tell_of_deadlines
from app.notifications.deadlines.rules import mark_after, mark_before
from app.notifications.following import service
from app.notifications.models import Notice
from app.pledges.models import Contribution, Tranche
from tests.factories import World
from tests.house import MovableClock
from tests.notifications.mailbox import carried

TODAY = date(2026, 11, 23)


@pytest.fixture
def look(tx: Tx, app: Flask, clock: MovableClock) -> Callable[..., dict[int, list[str]]]:
    """Let time pass and the worker look; who was told what."""
    site = app.extensions["counterpart"]

    def happen(**passed: float) -> dict[int, list[str]]:
        tx.flush()
        clock.move(**passed)
        tell_of_deadlines(site)
        tx.expire_all()
        found: dict[int, list[str]] = {}
        for notice in tx.scalars(select(Notice).order_by(Notice.id)):
            found.setdefault(notice.account_id, []).append(say(Message.from_json(notice.message), "en"))
        return found

    return happen


def test_the_two_words_before_a_day() -> None:
    day = TODAY + timedelta(days=10)
    marks = [mark_before(day, TODAY + timedelta(days=passed)) for passed in range(13)]
    assert marks == [None, None, None, 7, 7, 7, 7, 7, 7, 1, 1, None, None]


def test_the_reminders_after_a_delivery() -> None:
    then = datetime(2026, 11, 23, 9, tzinfo=UTC)
    marks = [mark_after(then, then + timedelta(days=days)) for days in (0, 6, 7, 29, 30, 90)]
    assert marks == [None, None, 7, 7, 30, 30]


def test_offers_that_are_due(world: World, tx: Tx, look: Any, now: datetime) -> None:
    need = world.need(world.organisation(), title="Ports", offers_due_on=TODAY + timedelta(days=9))
    pledge = world.pledge(need, world.organisation("donor"), status="interest")
    donor, follower = world.account(pledge.organisation), world.account(world.organisation())
    other = world.account(world.organisation("donor"))
    service.follow(tx, world.actor(follower), "need", need.ref, now)
    assert look() == {}
    told = look(days=2)
    assert told == {
        person.id: ["Offers for the need “Ports” are due by 2 December 2026"] for person in (donor, follower)
    }
    assert look(days=3) == told
    told = look(days=3, hours=2)
    assert [len(told[person.id]) for person in (donor, follower)] == [2, 2]
    assert look(days=5) == told
    assert len(carried(tx)) == 4
    assert other.id not in told


def test_a_day_that_moves_is_told_anew(world: World, tx: Tx, look: Any, now: datetime) -> None:
    need = world.need(world.organisation(), offers_due_on=TODAY + timedelta(days=5))
    follower = world.account(world.organisation())
    service.follow(tx, world.actor(follower), "need", need.ref, now)
    assert len(look()[follower.id]) == 1
    need.offers_due_on = TODAY + timedelta(days=6)
    assert len(look(hours=2)[follower.id]) == 2


def test_it_is_looked_after_once_an_hour(world: World, tx: Tx, look: Any, now: datetime) -> None:
    look()
    need = world.need(world.organisation(), offers_due_on=TODAY + timedelta(days=5))
    service.follow(tx, world.actor(world.account(world.organisation())), "need", need.ref, now)
    assert look(minutes=59) == {}
    assert len(look(minutes=2)) == 1


def test_registration_that_ends(world: World, tx: Tx, look: Any, now: datetime, pair: Any) -> None:
    terms = {"starts_on": date(2027, 1, 11), "ends_on": date(2027, 1, 15), "register_by": TODAY + timedelta(days=7)}
    course = world.course(world.organisation("centre"), title="Drones", sessions=[terms])
    need, far = world.need(world.organisation()), world.need(world.organisation())
    pair(need, course, "course")
    pair(far, course, "course", gate="near_miss")
    fits, follower, nobody = world.account(need.organisation), world.account(), world.account(far.organisation)
    service.follow(tx, world.actor(follower), "course", course.ref, now)
    told = look()
    sentence = "Registration for a session of “Drones” ends on 30 November 2026"
    assert told == {fits.id: [sentence], follower.id: [sentence]}
    assert nobody.id not in told
    course.sessions[0].status = "cancelled"
    assert look(days=6, hours=1) == told


def test_pledges_that_lapse_and_parts_that_are_due(world: World, tx: Tx, look: Any) -> None:
    need = world.need(world.organisation())
    pledge = world.pledge(need, world.organisation("donor"), expires_on=TODAY + timedelta(days=1))
    paid = world.pledge(need, pledge.organisation, accepted_at=world.now, status="committed")
    for position, days in enumerate((3, 40), start=1):
        due = TODAY + timedelta(days=days)
        tx.add(Tranche(pledge_id=paid.id, position=position, due_on=due, amount=5, currency="EUR"))
    donor, recipient = world.account(pledge.organisation), world.account(need.organisation)
    lapses = f"The pledge {pledge.ref} lapses after 24 November 2026 unless it goes on before"
    assert look() == {
        donor.id: [lapses, f"A part of the pledge {paid.ref} is planned for 26 November 2026"],
        recipient.id: [lapses],
    }


def test_deliveries_that_nobody_has_confirmed(world: World, tx: Tx, look: Any, now: datetime) -> None:
    need = world.need(world.organisation())
    pledge = world.pledge(need, world.organisation("donor"), accepted_at=world.now, status="delivering")
    part = Contribution(
        pledge_line_id=pledge.lines[0].id, quantity=5, delivered_on=TODAY, donor_much=5, donor_confirmed_at=now,
        created_at=now, changed_at=now,
    )  # fmt: skip
    tx.add(part)
    donor, recipient = world.account(pledge.organisation), world.account(need.organisation)
    assert look(days=6) == {}
    sentence = f"A delivery for the need {need.ref} still waits for your confirmation"
    assert look(days=1, hours=1) == {recipient.id: [sentence]}
    assert look(days=25) == {recipient.id: [sentence, sentence]}
    assert donor.id
    part.recipient_confirmed_at = now
    assert look(days=90) == {recipient.id: [sentence, sentence]}
