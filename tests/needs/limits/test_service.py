"""What a State may do with its limits, who sees them, and what the record says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.foundation.audit import history_of
from app.foundation.permissions import ANONYMOUS, Refused
from app.foundation.wording.versions import StaleVersion
from app.needs.limits import rules, service
from app.needs.limits.queries import countries_with_limits, find_limit, limits_of, list_limits, standing_limits
from app.needs.limits.service import LimitDraft, LimitRefused

DRAFT = LimitDraft("providers", 3, date(2027, 1, 1), "Deux conseillers seulement.", "fr")
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


@pytest.fixture
def state(world):
    return world.somebody("state", country="GH")


def own(actor):
    return actor.memberships[0].organisation_id


@pytest.fixture
def limit(tx, state, now):
    return service.set_limit(tx, state, own(state), DRAFT, now)


def actions(tx, limit):
    return [event.action for event in history_of(tx, limit.ref)]


def test_a_limit_is_set_for_the_states_own_country(tx, limit):
    assert (limit.country, limit.most, limit.status, limit.version) == ("GH", 3, "standing", 1)
    assert actions(tx, limit) == ["limit.set"]
    assert standing_limits(tx, ANONYMOUS, *YEAR, ["GH"]) == [limit]
    assert standing_limits(tx, ANONYMOUS, *YEAR, ["SN"]) == []
    assert countries_with_limits(tx, ANONYMOUS) == ["GH"]


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [("donor", "focal_point", "trusted"), ("state", "member", "trusted"), ("state", "editor", "applied"),
     ("secretariat", "editor", "trusted")],
)  # fmt: skip
def test_nobody_else_sets_one(tx, world, now, kind, role, status):
    actor = world.somebody(kind, role, status)
    with pytest.raises(Refused):
        service.set_limit(tx, actor, own(actor), DRAFT, now)


def test_nobody_sets_one_for_another_state(tx, world, state, now, limit):
    other = world.somebody("state")
    with pytest.raises(Refused):
        service.set_limit(tx, other, own(state), DRAFT, now)
    with pytest.raises(Refused):
        service.amend_limit(tx, other, limit, DRAFT, 1, now)
    with pytest.raises(Refused):
        service.end_limit(tx, other, limit, "No.", now)


def test_a_state_without_a_country_is_told_how_to_mend_it(tx, world, now):
    actor = world.somebody("state", country=None)
    with pytest.raises(LimitRefused) as refused:
        service.set_limit(tx, actor, own(actor), DRAFT, now)
    assert [problem.field for problem in refused.value.problems] == ["organisation"]


def test_what_does_not_hold_together_changes_nothing(tx, state, now, limit):
    with pytest.raises(LimitRefused):
        service.amend_limit(tx, state, limit, replace(DRAFT, ends_on=date(2026, 1, 1)), 1, now)
    assert (limit.ends_on, actions(tx, limit)) == (None, ["limit.set"])


def test_a_limit_is_amended_by_whoever_saw_it_as_it_is(tx, state, now, limit):
    service.amend_limit(tx, state, limit, replace(DRAFT, most=1), 1, now)
    assert (limit.most, limit.version) == (1, 2)
    with pytest.raises(StaleVersion):
        service.amend_limit(tx, state, limit, replace(DRAFT, most=9), 1, now)
    assert sorted(actions(tx, limit)) == ["limit.amended", "limit.set"]


def test_a_limit_that_is_ended_is_read_and_no_longer_holds(tx, state, now, limit):
    service.end_limit(tx, state, limit, "Un troisième conseiller est arrivé.", now)
    assert standing_limits(tx, ANONYMOUS, *YEAR) == []
    assert limits_of(tx, ANONYMOUS, own(state)) == []
    assert find_limit(tx, ANONYMOUS, limit.ref) is limit
    assert limit.status_reason
    for act in (service.end_limit, lambda *args: service.amend_limit(*args[:3], DRAFT, None, now)):
        with pytest.raises(rules.MoveRefused):
            act(tx, state, limit, "Again.", now)


@pytest.mark.parametrize(("tier", "seen_by"), [("public", 4), ("members", 3), ("own", 2)])
def test_who_sees_a_limit(tx, world, state, now, tier, seen_by):
    limit = service.set_limit(tx, state, own(state), replace(DRAFT, disclosure=tier), now)
    readers = [ANONYMOUS, world.somebody("donor"), world.somebody("secretariat"), state]
    assert sum(find_limit(tx, reader, limit.ref) is not None for reader in readers) == seen_by
    for reader in readers:
        sees = find_limit(tx, reader, limit.ref) is not None
        assert bool(list_limits(tx, reader, "GH", None).total) is sees
        assert bool(countries_with_limits(tx, reader)) is sees


def test_limits_hold_from_their_first_day_to_their_last(tx, world):
    limit = world.limit(world.organisation(), starts_on=date(2027, 6, 1), ends_on=date(2027, 6, 30))
    for first, last, is_there in [
        (date(2027, 6, 30), date(2027, 7, 1), True), (date(2027, 5, 1), date(2027, 6, 1), True),
        (date(2027, 7, 1), date(2027, 9, 1), False), (date(2027, 1, 1), date(2027, 5, 31), False),
    ]:  # fmt: skip
        assert (limit in standing_limits(tx, ANONYMOUS, first, last)) is is_there
