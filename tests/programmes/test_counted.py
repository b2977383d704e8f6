"""Which programmes a list begins with is kept until one changes, and is always what would be found anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.foundation.audit import record_event
from app.foundation.kept.findings import Findings
from app.foundation.kept.lists import Wanted
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.programmes import queries, service
from app.programmes.counted import LIST_OF
from app.programmes.models import Programme
from app.programmes.queries import SORTS, ProgrammeFilters
from tests.programmes.drafts import DRAFT

EVERYTHING = ProgrammeFilters()


@pytest.fixture
def lists():
    return Findings((Programme,), LIST_OF.about, many=0)


def test_every_move_of_a_programme_is_seen_at_once_by_everybody(tx, world, lists, now):
    author = world.somebody("donor")
    readers = (ANONYMOUS, author, world.somebody("recipient"))
    today, owner = now.date(), author.main.organisation_id
    seen = []

    def is_as_found_anew():
        tx.flush()
        kept, anew = [], []
        for reader in readers:
            for sort in SORTS:
                kept.append(LIST_OF.page(tx, reader, Wanted(EVERYTHING, "1", today, sort, 5), lists))
                anew.append(queries.list_programmes(tx, reader, Wanted(EVERYTHING, "1", today, sort, 5)))
            kept.append(LIST_OF.counts(tx, reader, EVERYTHING, today, lists))
            anew.append(queries.count_facets(tx, reader, EVERYTHING, today))
        seen.append(str(kept))
        return kept == anew

    world.programme(world.organisation("donor"), title="Another")
    assert is_as_found_anew()
    programme = service.post_programme(tx, author, owner, DRAFT, now)
    assert is_as_found_anew()
    for changes in ({"themes": ("prisons",)}, {"disclosure": "own"}, {"disclosure": "members"}, {}):
        service.amend_programme(tx, author, programme, replace(DRAFT, **changes), programme.version, now)
        assert is_as_found_anew()
    service.close_programme(tx, author, programme, "5", "No money is left.", now)
    assert is_as_found_anew()
    assert len(set(seen)) == len(seen), "a move that changed nothing shows nothing"


def test_what_is_no_programme_changes_nothing_and_what_went_out_of_sight_is_not_shown(tx, world, lists, now):
    programme = world.programme(world.organisation("donor"))
    record_event(tx, SYSTEM, "need.posted", world.need(world.organisation()), now)
    facets = LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists)
    for days in (0, 1, 2):
        record_event(tx, SYSTEM, "need.posted", world.need(world.organisation()), now + timedelta(days=days))
        assert LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists) is facets
    assert LIST_OF.page(tx, ANONYMOUS, Wanted(EVERYTHING, None, now.date(), "open"), lists).items == [programme]
    programme.disclosure = "own"
    tx.flush()
    assert LIST_OF.page(tx, ANONYMOUS, Wanted(EVERYTHING, None, now.date(), "open"), lists).items == []
    record_event(tx, SYSTEM, "programme.amended", programme, now + timedelta(days=2))
    assert LIST_OF.counts(tx, ANONYMOUS, EVERYTHING, now.date(), lists) != facets
    assert LIST_OF.page(tx, ANONYMOUS, Wanted(EVERYTHING, None, now.date(), "open"), lists).total == 0


def test_pages_days_and_filters_are_kept_by_themselves_and_typed_words_not_at_all(tx, world, lists, now):
    donor = world.organisation("donor")
    for number in range(5):
        world.programme(
            donor, title=f"Ports {number}", apply_by=now.date() + timedelta(days=number), themes=["prisons"]
        )
    asked = [("1", EVERYTHING), ("2", EVERYTHING), ("99", EVERYTHING), ("1", ProgrammeFilters(themes=("prisons",)))]
    for _twice in range(2):
        for day in (0, 3):
            today = now.date() + timedelta(days=day)
            for page, filters in asked:
                wanted = Wanted(filters, page, today, "open", 2)
                kept = LIST_OF.page(tx, ANONYMOUS, wanted, lists)
                assert kept == queries.list_programmes(tx, ANONYMOUS, wanted)
    assert len(lists) == 2 * len(asked)
    words = ProgrammeFilters(words="ports")
    assert LIST_OF.page(tx, ANONYMOUS, Wanted(words, None, now.date(), "open"), lists).total == 5
    assert len(lists) == 2 * len(asked)
