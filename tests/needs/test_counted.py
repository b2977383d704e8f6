"""What is counted of needs is kept until one changes, and for whoever may see exactly the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.foundation.audit import record_event
from app.foundation.audit.chain import AuditEvent
from app.foundation.kept.findings import MANY, MOST_KEPT, Findings
from app.foundation.kept.lists import Wanted
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.needs import queries, service
from app.needs.counted import LIST_OF
from app.needs.models import Need
from tests.needs.drafts import DRAFT, as_it_stands

EVERYTHING = queries.NeedFilters()


@pytest.fixture
def lists():
    return Findings((Need,), LIST_OF.about, many=0)


@pytest.fixture
def author(world):
    return world.actor(world.account(world.organisation()))


def test_every_move_of_a_need_is_counted_at_once_for_everybody(tx, world, author, lists, now):
    readers = (ANONYMOUS, author, world.somebody("donor"))
    today, first = now.date(), Wanted(EVERYTHING, "1", now.date(), "newest", 5)

    def is_as_counted_anew():
        tx.flush()
        return all(
            LIST_OF.counts(tx, reader, EVERYTHING, today, lists) == queries.count_facets(tx, reader, EVERYTHING, today)
            and LIST_OF.page(tx, reader, first, lists) == queries.list_needs(tx, reader, first)
            for reader in readers
        )

    assert is_as_counted_anew()
    owner = author.memberships[0].organisation_id
    need = service.post_need(tx, author, owner, DRAFT, now)
    assert LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists)["status"] == {"posted": 1}
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
    assert LIST_OF.counts(tx, author, EVERYTHING, now.date(), lists)["status"] == {"withdrawn": 1}


def test_what_changes_no_need_changes_no_counts_whatever_day_it_is(tx, world, lists, now):
    world.need(world.organisation())
    record_event(tx, SYSTEM, "need.posted", world.need(world.organisation()), now)
    counts = LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists)
    for days in (0, 0, 1, 2, 3):
        record_event(tx, SYSTEM, "account.signed_in", world.account(), now + timedelta(days=days))
        assert LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists) is counts
    record_event(tx, SYSTEM, "need.amended", world.need(world.organisation()), now + timedelta(days=3))
    assert LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists)["status"] == {"posted": 3}


def test_another_trail_than_the_one_that_was_known_is_no_reason_to_keep(tx, world, lists, now):
    record_event(tx, SYSTEM, "account.signed_in", world.account(), now)
    counts = LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists)
    tx.flush()
    for event in tx.query(AuditEvent):
        event.hash = "0" * 64
    record_event(tx, SYSTEM, "account.signed_in", world.account(), now)
    assert LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists) is not counts


def test_few_needs_and_typed_words_are_counted_anew_and_never_more_than_some_kept(tx, world, lists, now):
    world.need(world.organisation())
    few = Findings((Need,), LIST_OF.about, MANY)
    once, again = (LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), few) for _twice in range(2))
    assert once == again
    assert once is not again
    LIST_OF.counts(tx, ANONYMOUS, queries.NeedFilters(words="boats"), now.date(), lists)
    LIST_OF.page(tx, ANONYMOUS, Wanted(queries.NeedFilters(words="boats"), "1", now.date(), "newest"), lists)
    assert len(lists) == len(few) == 0
    for number in range(MOST_KEPT + 3):
        LIST_OF.counts(tx, ANONYMOUS, queries.NeedFilters(codes={"country": [f"{number:02}"]}), now.date(), lists)
    assert len(lists) == MOST_KEPT


def test_pages_orders_and_days_are_kept_by_themselves(tx, world, lists, now):
    for number in range(5):
        world.need(world.organisation(), posted_at=now - timedelta(days=number), verify_by=now.date())
    record_event(tx, SYSTEM, "need.posted", world.need(world.organisation(), posted_at=now), now)
    today, tomorrow = now.date(), now.date() + timedelta(days=1)
    asked = [("1", 2, "newest"), ("2", 2, "newest"), ("2", 3, "newest"), ("1", 2, "changed"), ("9", 2, "newest")]
    for _twice in range(2):
        for page, size, sort in asked:
            wanted = Wanted(EVERYTHING, page, today, sort, size)
            assert LIST_OF.page(tx, ANONYMOUS, wanted, lists) == queries.list_needs(tx, ANONYMOUS, wanted)
        confirmed = LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, today, lists)["confirmed"]["yes"]
        assert LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, tomorrow, lists)["confirmed"] == {"yes": confirmed - 5}
    assert len(lists) == len(asked) + 2


def test_filters_that_leave_the_same_are_kept_once_and_others_by_themselves():
    one, other = (queries.NeedFilters(codes={"theme": ["prisons"], "kind": some}) for some in ((), ["training"]))
    assert hash(one) == hash(queries.NeedFilters(codes={"kind": (), "theme": ["prisons"]}))
    assert one == queries.NeedFilters(codes={"kind": (), "theme": ["prisons"]})
    assert len({one, other, queries.NeedFilters(), replace(one, statuses=("met",)), replace(one, words="ports")}) == 5


def test_a_need_that_went_out_of_sight_unseen_by_the_trail_is_not_shown(tx, world, lists, now):
    need = world.need(world.organisation())
    record_event(tx, SYSTEM, "need.posted", need, now)
    assert LIST_OF.page(tx, ANONYMOUS, Wanted(EVERYTHING, "1", now.date(), "newest"), lists).items == [need]
    need.disclosure = "own"
    tx.flush()
    assert LIST_OF.page(tx, ANONYMOUS, Wanted(EVERYTHING, "1", now.date(), "newest"), lists).items == []
