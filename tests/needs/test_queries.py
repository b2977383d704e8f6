from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.foundation.kept.lists import Wanted
from app.foundation.permissions import ANONYMOUS
from app.needs import queries, service
from app.needs.models import NeedText
from tests.needs.drafts import DRAFT, as_it_stands


@pytest.fixture
def state(world):
    return world.organisation()


@pytest.fixture
def author(world, state):
    return world.actor(world.account(state))


def titles(tx, reader, need):
    return [version.snapshot["title"] for version in queries.versions_of(tx, reader, need)]


def listing(tx, filters, page="1", sort="newest", size=20):
    return queries.list_needs(tx, ANONYMOUS, Wanted(filters, page, date(2026, 11, 23), sort, size))


def test_the_list_filters_by_one_code_or_several(tx, world, state):
    world.need(state, title="A", themes=["asset_recovery"])
    world.need(state, title="B", themes=["border_control"])
    world.need(state, title="C", themes=["airport_control"])
    world.need(state, title="D", status="closed", themes=["asset_recovery"])

    def listed(**filters):
        return {need.title for need in listing(tx, queries.NeedFilters(**filters)).items}

    assert listed(codes={"theme": ["asset_recovery"]}) == {"A", "D"}
    assert listed(codes={"theme": ["asset_recovery", "border_control"]}, statuses=["posted"]) == {"A", "B"}
    assert listed(codes={"country": ["GH"]}) == set()


def test_the_list_is_cut_into_pages_newest_first(tx, world, state, now):
    for number in range(5):
        world.need(state, title=str(number), posted_at=now.replace(hour=number))
    page = listing(tx, queries.NeedFilters(), page="2", size=2)
    assert [need.title for need in page.items] == ["2", "1"]
    assert (page.total, page.pages) == (5, 3)


def test_a_filter_offers_no_code_of_a_need_that_one_may_not_see(tx, world, state, author):
    world.need(state, themes=["asset_recovery"])
    world.need(state, themes=["border_control"], disclosure="own")
    everything = queries.NeedFilters()
    assert queries.count_by(tx, ANONYMOUS, everything, ["theme"]) == {"theme": {"asset_recovery": 1}}
    assert queries.count_by(tx, author, everything, ["theme"]) == {"theme": {"asset_recovery": 1, "border_control": 1}}


def test_a_filter_counts_what_it_would_leave_of_what_the_others_leave(tx, world, state):
    world.need(state, themes=["asset_recovery"], status="met")
    world.need(state, themes=["border_control"])
    met = queries.NeedFilters(codes={"theme": ["border_control"]}, statuses=["met"])
    assert queries.count_by(tx, ANONYMOUS, met, ["status", "theme", "country"]) == {
        "status": {"posted": 1}, "theme": {"asset_recovery": 1}, "country": {},
    }  # fmt: skip
    control = queries.NeedFilters(codes={"theme": ["border_control"]})
    assert queries.count_by(tx, ANONYMOUS, control, ["country", "theme"]) == {
        "country": {"SN": 1}, "theme": {"asset_recovery": 1, "border_control": 1},
    }  # fmt: skip


def test_words_are_looked_for_in_every_language_of_the_title(tx, world, state):
    need = world.need(state, title="Deux scanners")
    need.other_texts = [NeedText(language="en", title="Two scanning lorries, 100 % mobile")]
    tx.flush()

    def found(words):
        return listing(tx, queries.NeedFilters(words=words)).total

    assert [found(words) for words in ("SCANNERS", "lorries two", "deux lorries", "100 %", "boats", "1_0")] == [
        1,
        1,
        1,
        1,
        0,
        0,
    ]


@pytest.mark.parametrize(("sort", "expected"), [("deadline", "bac"), ("wanted", "abc"), ("newest", "cba")])
def test_the_list_is_sorted_as_asked_and_what_has_no_day_comes_last(tx, world, state, now, sort, expected):
    for number, (title, offers, wanted) in enumerate((("a", 20, 21), ("b", 10, 22), ("c", None, None))):
        days = {"offers_due_on": offers and date(2027, 1, offers), "ends_on": wanted and date(2027, 1, wanted)}
        world.need(state, title=title, posted_at=now.replace(hour=number), **days)
    page = listing(tx, queries.NeedFilters(), sort=sort)
    assert "".join(need.title for need in page.items) == expected


def test_a_version_that_was_written_for_fewer_stays_theirs(tx, world, author, state, now):
    secret = replace(DRAFT, title="Secret", disclosure="own")
    need = service.post_need(tx, author, state.id, secret, now)
    service.amend_need(tx, author, need, as_it_stands(need, title="Open", disclosure="public"), need.version, now)
    assert titles(tx, author, need) == ["Open", "Secret"]
    assert titles(tx, ANONYMOUS, need) == ["Open"]
    assert titles(tx, world.somebody("donor"), need) == ["Open"]


def test_a_field_that_was_ever_for_members_is_left_out_of_every_version(tx, world, author, state, now):
    need = service.post_need(tx, author, state.id, DRAFT, now)
    service.amend_need(tx, author, need, as_it_stands(need, restricted_fields=()), need.version, now)
    contacts = [v.snapshot["contact"] for v in queries.versions_of(tx, ANONYMOUS, need)]
    assert contacts == ["", ""]
    members = [v.snapshot["contact"] for v in queries.versions_of(tx, world.somebody("donor"), need)]
    assert members == [DRAFT.contact, DRAFT.contact]


def test_costs_of_lines_go_with_the_budget(tx, author, state, now):
    need = service.post_need(tx, author, state.id, replace(DRAFT, restricted_fields=("budget",)), now)
    (version,) = queries.versions_of(tx, ANONYMOUS, need)
    assert {line["cost_amount"] for line in version.snapshot["lines"]} == {None}


def test_an_indicator_is_found_only_under_its_own_need(tx, author, state, now):
    need, other = (service.post_need(tx, author, state.id, DRAFT, now) for _ in range(2))
    assert queries.find_indicator(tx, ANONYMOUS, need.ref, need.indicators[0].ref) is need.indicators[0]
    assert queries.find_indicator(tx, ANONYMOUS, other.ref, need.indicators[0].ref) is None
