"""What is counted of needs is kept until one changes, and for whoever may see exactly the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.foundation.audit import record_event
from app.foundation.audit.chain import AuditEvent
from app.foundation.kept.lists import MANY, MOST_KEPT, KeptLists
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.needs import queries, service
from app.needs.counted import ABOUT, Memory
from app.needs.models import Need
from tests.needs.drafts import DRAFT, as_it_stands

FACETS = ("status", "theme", "country")
EVERYTHING = queries.NeedFilters()


@pytest.fixture
def memory():
    return Memory(KeptLists(Need, ABOUT, many=0))


@pytest.fixture
def author(world):
    return world.actor(world.account(world.organisation()))


def test_every_move_of_a_need_is_counted_at_once_for_everybody(tx, world, author, memory, now):
    readers = (ANONYMOUS, author, world.somebody("donor"))
    confirmed = replace(EVERYTHING, confirmed_on=now.date())

    def is_as_counted_anew():
        tx.flush()
        return all(
            memory.count_by(tx, reader, EVERYTHING, FACETS) == queries.count_by(tx, reader, EVERYTHING, FACETS)
            and memory.list_needs(tx, reader, EVERYTHING, 1, 5) == queries.list_needs(tx, reader, EVERYTHING, 1, 5)
            and memory.count_confirmed(tx, reader, EVERYTHING, now.date()) == queries.count_needs(tx, reader, confirmed)
            for reader in readers
        )

    assert is_as_counted_anew()
    owner = author.memberships[0].organisation_id
    need = service.post_need(tx, author, owner, DRAFT, now)
    assert memory.count_by(tx, ANONYMOUS, EVERYTHING, FACETS)["status"] == {"posted": 1}
    assert is_as_counted_anew()
    for changes in (
        {"themes": ("prisons",)},
        {"disclosure": "own"},
        {"disclosure": "members"},
        {"disclosure": "public"},
    ):
        service.amend_need(tx, author, need, as_it_stands(need, replace(DRAFT, **changes)), need.version, now)
        assert is_as_counted_anew()
    service.end_need(tx, author, need, "withdrawn", "Done by others.", now)
    assert is_as_counted_anew()
    assert memory.count_by(tx, author, EVERYTHING, FACETS)["status"] == {"withdrawn": 1}


def test_what_changes_no_need_changes_no_counts_whatever_day_it_is(tx, world, memory, now):
    world.need(world.organisation())
    record_event(tx, SYSTEM, "need.posted", world.need(world.organisation()), now)
    counts = memory.count_by(tx, ANONYMOUS, EVERYTHING, FACETS)
    for days in (0, 0, 1, 2, 3):
        record_event(tx, SYSTEM, "account.signed_in", world.account(), now + timedelta(days=days))
        assert memory.count_by(tx, ANONYMOUS, EVERYTHING, FACETS) is counts
    record_event(tx, SYSTEM, "need.amended", world.need(world.organisation()), now + timedelta(days=3))
    assert memory.count_by(tx, ANONYMOUS, EVERYTHING, FACETS)["status"] == {"posted": 3}


def test_another_trail_than_the_one_that_was_known_is_no_reason_to_keep(tx, world, memory, now):
    record_event(tx, SYSTEM, "account.signed_in", world.account(), now)
    counts = memory.count_by(tx, ANONYMOUS, EVERYTHING, FACETS)
    tx.flush()
    for event in tx.query(AuditEvent):
        event.hash = "0" * 64
    record_event(tx, SYSTEM, "account.signed_in", world.account(), now)
    assert memory.count_by(tx, ANONYMOUS, EVERYTHING, FACETS) is not counts


def test_few_needs_and_typed_words_are_counted_anew_and_never_more_than_some_kept(tx, world, memory):
    world.need(world.organisation())
    few = Memory(KeptLists(Need, ABOUT, MANY))
    assert few.count_by(tx, ANONYMOUS, EVERYTHING, FACETS) is not few.count_by(tx, ANONYMOUS, EVERYTHING, FACETS)
    memory.count_by(tx, ANONYMOUS, queries.NeedFilters(words="boats"), FACETS)
    assert len(memory.lists) == 0
    memory.list_needs(tx, ANONYMOUS, queries.NeedFilters(words="boats"), 1, 5)
    assert len(memory.lists) == len(few.lists) == 0
    for number in range(MOST_KEPT + 3):
        memory.count_by(tx, ANONYMOUS, queries.NeedFilters(codes={"country": [f"{number:02}"]}), FACETS)
    assert len(memory.lists) == MOST_KEPT


def test_pages_orders_and_days_are_kept_by_themselves(tx, world, memory, now):
    for number in range(5):
        world.need(world.organisation(), posted_at=now - timedelta(days=number), verify_by=now.date())
    record_event(tx, SYSTEM, "need.posted", world.need(world.organisation(), posted_at=now), now)
    asked = [(1, 2, "newest"), (2, 2, "newest"), (2, 3, "newest"), (1, 2, "changed"), (9, 2, "newest")]
    for _twice in range(2):
        for page, size, sort in asked:
            kept = memory.list_needs(tx, ANONYMOUS, EVERYTHING, page, size, sort)
            assert kept == queries.list_needs(tx, ANONYMOUS, EVERYTHING, page, size, sort)
        today = memory.count_confirmed(tx, ANONYMOUS, EVERYTHING, now.date())
        assert memory.count_confirmed(tx, ANONYMOUS, EVERYTHING, now.date() + timedelta(days=1)) == today - 5
    assert len(memory.lists) == len(asked) + 2


def test_a_need_that_went_out_of_sight_unseen_by_the_trail_is_not_shown(tx, world, memory, now):
    need = world.need(world.organisation())
    record_event(tx, SYSTEM, "need.posted", need, now)
    assert memory.list_needs(tx, ANONYMOUS, EVERYTHING, 1, 5).items == [need]
    need.disclosure = "own"
    tx.flush()
    assert memory.list_needs(tx, ANONYMOUS, EVERYTHING, 1, 5).items == []
