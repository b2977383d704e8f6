"""What is kept of the radar: for whoever may see exactly the same, and until something changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.foundation.audit import record_event
from app.foundation.kept.readings import view_of
from app.foundation.permissions import ANONYMOUS, SYSTEM, Actor, Membership
from app.overview.radar.memory import MOST_KEPT, Memory

TODAY = date(2026, 11, 23)


@pytest.fixture
def memory():
    return Memory(many=0)


def member(number, status="trusted", kind="donor"):
    return Actor(account_id=9, memberships=(Membership(number, f"O-{number}", "One", kind, status, "editor"),))


def test_the_same_is_given_to_who_may_see_the_same(tx, world, memory):
    world.programme(world.organisation("donor"))
    radar = memory.radar(tx, ANONYMOUS, TODAY)
    assert memory.radar(tx, Actor(), TODAY) is radar
    assert memory.radar(tx, member(7), TODAY) is not radar
    assert memory.radar(tx, ANONYMOUS, TODAY + timedelta(days=1)) is not radar


def test_who_may_see_something_else_is_never_given_it():
    readers = [
        ANONYMOUS, SYSTEM, Actor(account_id=1), member(1), member(2), member(1, "applied"),
        member(1, kind="secretariat"),
        Actor(account_id=1, memberships=(*member(1).memberships, *member(2).memberships)),
        Actor(account_id=1, memberships=(*member(1).memberships, *member(2, "applied").memberships)),
    ]  # fmt: skip
    assert len({view_of(reader) for reader in readers}) == len(readers)


def test_a_hidden_programme_stays_its_owners(tx, world, memory):
    owner = world.organisation("donor")
    world.programme(owner, disclosure="own")
    assert memory.radar(tx, world.actor(world.account(owner)), TODAY).size
    assert not memory.radar(tx, ANONYMOUS, TODAY).size
    assert not memory.radar(tx, world.somebody("donor"), TODAY).size


def test_a_change_is_seen_at_once(tx, world, memory, now):
    programme = world.programme(world.organisation("donor"))
    assert memory.radar(tx, ANONYMOUS, TODAY).size == 1
    programme.status = "5"
    record_event(tx, SYSTEM, "programme.cancelled", programme, now)
    tx.flush()
    assert not memory.radar(tx, ANONYMOUS, TODAY).size


def test_a_sign_in_changes_nothing(tx, world, memory, now):
    radar = memory.radar(tx, ANONYMOUS, TODAY)
    record_event(tx, SYSTEM, "account.signed_in", world.account(), now)
    assert memory.radar(tx, ANONYMOUS, TODAY) is radar


def test_what_is_quickly_read_is_not_kept_and_never_more_than_a_few(tx, world, memory):
    world.programme(world.organisation("donor"))
    few = Memory()
    assert few.radar(tx, ANONYMOUS, TODAY) is not few.radar(tx, ANONYMOUS, TODAY)
    for number in range(MOST_KEPT + 3):
        memory.radar(tx, member(number), TODAY)
    assert len(memory.kept) == MOST_KEPT
