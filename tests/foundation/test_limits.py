"""Too much is refused, with the time to wait; what one does by hand is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import create_app
from app.foundation.limits import LIMITS, times
from tests.house import MovableClock


@pytest.fixture
def counting_site(settings, database, clock: MovableClock):
    """Makes a site that counts; each has counters of its own."""

    def make(**changes):
        site = create_app(replace(settings, rate_limits=True, **changes), database)
        site.extensions["counterpart"].clock = clock
        return site

    return make


PRODUCTION = {
    "production": True, "smtp_url": "smtp://localhost", "fixed_now": None, "audit_key": "k" * 40,
    "public_url": "https://counterpart.example",
}  # fmt: skip
TYPED = {"email": "x@y.example", "password": "wrong wrong wrong"}


def statuses(client, number, **how):
    how = {"base_url": "https://counterpart.example", **how}
    return [client.post("/sign-in", data=TYPED, **how).status_code for _ in range(number)]


def test_guessing_from_one_address_is_slowed_down(counting_site):
    site = counting_site(**PRODUCTION)
    client = site.test_client()
    assert statuses(client, 21) == [422] * 20 + [429]
    refused = client.post("/sign-in", data=TYPED, base_url="https://counterpart.example")
    assert int(refused.headers["Retry-After"]) > 0
    assert "Too many" in refused.get_data(as_text=True) or "wait" in refused.get_data(as_text=True)
    elsewhere = {"environ_base": {"REMOTE_ADDR": "198.51.100.7"}}
    assert statuses(client, 1, **elsewhere) == [422]
    assert client.get("/sign-in", base_url="https://counterpart.example").status_code == 200


def test_an_address_that_is_only_claimed_is_not_believed(counting_site):
    site = counting_site(**PRODUCTION)
    client = site.test_client()
    claims = [{"headers": {"X-Forwarded-For": f"203.0.113.{number}"}} for number in range(21)]
    assert [statuses(client, 1, **claim)[0] for claim in claims] == [422] * 20 + [429]


def test_behind_a_proxy_of_ones_own_each_visitor_counts_alone(counting_site):
    site = counting_site(**PRODUCTION, proxies=1)
    client = site.test_client()
    assert statuses(client, 21, headers={"X-Forwarded-For": "203.0.113.1"})[-1] == 429
    assert statuses(client, 1, headers={"X-Forwarded-For": "203.0.113.2"}) == [422]
    # What the visitor put there itself stands before what the proxy added.
    assert statuses(client, 1, headers={"X-Forwarded-For": "203.0.113.9, 203.0.113.1"}) == [429]


def test_in_a_trial_one_person_plays_many(counting_site):
    site = counting_site()
    assert statuses(site.test_client(), 30, base_url="http://localhost:5000") == [422] * 30


def test_a_limit_is_multiplied_in_all_its_parts():
    assert times("20 per minute; 200 per hour", 3) == "60 per minute; 600 per hour"


def test_every_way_in_has_a_limit():
    assert set(LIMITS) >= {"accounts.sign_in", "accounts.second_step", "accounts.forgotten", "organisations.apply"}
