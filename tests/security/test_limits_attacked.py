"""Whoever sends too often is stopped: on each route, as a person from any address, and as an address without a name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from app import create_app
from app.foundation.limits import EVERYTHING, LIMITS
from tests.pages import CheckingClient
from tests.security.ground import NOBODY, rules_of, windows

pytestmark = [pytest.mark.one_engine, pytest.mark.slow]

# Who sends there; everybody else sends without a name.
BY_STATE = frozenset({
    "accounts.prove", "accounts.password", "accounts.change_email", "accounts.people", "needs.coach",
})  # fmt: skip
ADDRESS, OTHER = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def counting(attacked) -> Any:
    """The same site as in production, where it counts; each has counters of its own."""
    site = create_app(replace(attacked.settings, production=True, rate_limits=True), attacked.database)
    site.extensions["counterpart"].clock = attacked.clock
    site.test_client_class = CheckingClient
    return site


def number_in(limit: str) -> int:
    """How often within a minute."""
    return int(re.match(r"\d+(?= per minute)", limit).group())


def post(browser: Any, path: str, address: str) -> int:
    return browser.post(path, data={}, environ_base={"REMOTE_ADDR": address}, check=False).status_code


@pytest.mark.parametrize("endpoint", sorted(LIMITS))
def test_each_route_stops_whoever_sends_too_often(counting, ground, endpoint):
    rule = next(rule for rule in rules_of(counting, "POST") if rule.endpoint == endpoint)
    path, most = ground.address(counting, rule), number_in(LIMITS[endpoint])
    names = ("state", "office") if endpoint in BY_STATE else (NOBODY,)
    one, *others = windows(counting.test_client, ground, names).values()
    # Somebody with a name is the same person at every address; whoever has none is the address.
    addresses = [f"192.0.2.{number % 200}" if others else ADDRESS for number in range(most + 1)]
    statuses = [post(one, path, address) for address in addresses]
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429
    answer = one.post(path, data={}, environ_base={"REMOTE_ADDR": addresses[-1]}, check=False)
    assert int(answer.headers["Retry-After"]) > 0
    if others:
        assert post(others[0], path, addresses[-1]) != 429, "another person at the same address goes on"
    else:
        assert post(counting.test_client(), path, ADDRESS) == 429, "a new browser is the same address"
        assert post(one, path, OTHER) != 429, "another address goes on"
    assert one.get("/help", check=False).status_code != 429, "the pages stay open"


def test_no_route_is_asked_without_end(counting):
    browser, most = counting.test_client(), number_in(EVERYTHING)
    how = {"environ_base": {"REMOTE_ADDR": ADDRESS}, "check": False}
    statuses = [browser.get("/language/fr", **how).status_code for _ in range(most + 1)]
    assert set(statuses[:-1]) == {303} or set(statuses[:-1]) == {302}
    assert statuses[-1] == 429
