"""Both sides of an overlap are told of it, once, as far as they may see both programmes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.messages import Message
from app.foundation.outbox import Fact
from app.matching.overlaps.models import Overlap
from app.notifications.models import Notice
from app.notifications.overlaps.models import ToldOverlap
from app.notifications.overlaps.reactions import tell_of_overlaps
from app.programmes.events import ProgrammeImported, ProgrammePosted
from tests.factories import World
from tests.notifications.mailbox import carried

ALL = "6 pairs of a programme of yours and one of others seem to do the same; the nearest are "


@pytest.fixture
def overlap(tx: Tx, now: datetime) -> Callable[..., Overlap]:
    """These two overlap."""

    def make(one: Any, other: Any, score: float = 5) -> Overlap:
        first, second = sorted([one.id, other.id])
        row = Overlap(
            first_id=first, second_id=second, first_version=1, second_version=1, score=Decimal(score), reasons=[],
            computed_at=now,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        return row

    return make


@pytest.fixture
def tell(tx: Tx, app: Flask) -> Callable[..., dict[int, list[str]]]:
    """Let these facts reach people; who was told what."""

    def happen(*facts: Fact) -> dict[int, list[str]]:
        tx.flush()
        tell_of_overlaps(app.extensions["counterpart"], facts)(tx)
        tx.flush()
        found: dict[int, list[str]] = {}
        for notice in tx.scalars(select(Notice).order_by(Notice.id)):
            found.setdefault(notice.account_id, []).append(say(Message.from_json(notice.message), "en"))
        return found

    return happen


def test_both_sides_are_told_once(world: World, tx: Tx, overlap: Any, tell: Any) -> None:
    one = world.programme(world.organisation("donor"), title="Aid")
    other = world.programme(world.organisation("donor"), title="Help")
    people = [world.account(row.organisation) for row in (one, other)]
    member = world.account(one.organisation, "member")
    row = overlap(one, other)
    told = tell(ProgrammePosted(one.id))
    assert told == {
        people[0].id: ["“Help” seems to do the same as your programme “Aid”"],
        people[1].id: ["“Aid” seems to do the same as your programme “Help”"],
    }
    assert {address for address, _cause in carried(tx)} == {person.email for person in people}
    assert tell(ProgrammePosted(one.id), ProgrammePosted(other.id)) == told
    # No longer an overlap, and one again: that is no news.
    tx.delete(row)
    tx.flush()
    overlap(one, other)
    assert tell(ProgrammePosted(one.id)) == told
    assert member.id not in told


def test_nobody_learns_of_a_programme_that_is_hidden(world: World, tx: Tx, overlap: Any, tell: Any) -> None:
    one = world.programme(world.organisation("donor"), title="Aid")
    other = world.programme(world.organisation("donor"), title="Secret help", disclosure="own")
    people = [world.account(row.organisation) for row in (one, other)]
    overlap(one, other)
    told = tell(ProgrammePosted(other.id))
    assert told == {people[1].id: ["“Aid” seems to do the same as your programme “Secret help”"]}
    # When it is opened to others, the other side is told too.
    other.disclosure = "public"
    assert set(tell(ProgrammePosted(other.id))) == {person.id for person in people}
    assert len(tx.scalars(select(ToldOverlap)).all()) == 2


def test_an_import_is_one_notice(world: World, tx: Tx, overlap: Any, tell: Any) -> None:
    donor, theirs = world.organisation("donor"), world.programme(world.organisation("donor"), title="Help")
    owner, other = world.account(donor), world.account(theirs.organisation)
    imported = [world.programme(donor, title=f"Aid {number}", source="iati") for number in range(6)]
    for number, one in enumerate(imported):
        overlap(one, theirs, score=9 - number)
    told = tell(*(ProgrammeImported(one.id) for one in imported))
    assert told == {
        owner.id: [ALL + "“Aid 0” and “Help”"],
        other.id: [ALL + "“Help” and “Aid 0”"],
    }
    assert len(carried(tx)) == 2
    assert len(tx.scalars(select(ToldOverlap)).all()) == 12
    assert tell(*(ProgrammeImported(one.id) for one in imported)) == told


def test_one_organisation_is_nobodys_other_side(world: World, overlap: Any, tell: Any) -> None:
    donor = world.organisation("donor")
    one, other = world.programme(donor), world.programme(donor)
    world.account(donor)
    overlap(one, other)
    assert tell(ProgrammePosted(one.id)) == {}
