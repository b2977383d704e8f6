from __future__ import annotations

from dataclasses import replace

import pytest

from app.foundation.permissions import ANONYMOUS
from app.needs import queries, service
from tests.needs.drafts import DRAFT, as_it_stands


@pytest.fixture
def state(world):
    return world.organisation()


@pytest.fixture
def author(world, state):
    return world.actor(world.account(state))


def titles(tx, reader, need):
    return [version.snapshot["title"] for version in queries.versions_of(tx, reader, need)]


def test_the_list_filters_by_one_code_or_several(tx, world, state):
    world.need(state, title="A", themes=["asset_recovery"])
    world.need(state, title="B", themes=["border_control"])
    world.need(state, title="C", themes=["airport_control"])
    world.need(state, title="D", status="closed", themes=["asset_recovery"])

    def listed(**filters):
        return {need.title for need in queries.list_needs(tx, ANONYMOUS, filters, 1, 20).items}

    assert listed(theme="asset_recovery") == {"A", "D"}
    assert listed(theme=["asset_recovery", "border_control"], statuses=["posted"]) == {"A", "B"}
    assert listed(country="GH") == set()


def test_the_list_is_cut_into_pages_newest_first(tx, world, state, now):
    for number in range(5):
        world.need(state, title=str(number), posted_at=now.replace(hour=number))
    page = queries.list_needs(tx, ANONYMOUS, {}, 2, 2)
    assert [need.title for need in page.items] == ["2", "1"]
    assert (page.total, page.pages) == (5, 3)


def test_a_filter_offers_no_code_of_a_need_that_one_may_not_see(tx, world, state, author):
    world.need(state, themes=["asset_recovery"])
    world.need(state, themes=["border_control"], disclosure="own")
    assert queries.codes_in_use(tx, ANONYMOUS, "theme") == ["asset_recovery"]
    assert queries.codes_in_use(tx, author, "theme") == ["asset_recovery", "border_control"]


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
