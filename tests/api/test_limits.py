"""How much a program may ask is told with every answer, and one token's count is not another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.foundation import limits


@pytest.fixture
def settings(settings, monkeypatch):
    """Where requests are counted; few are allowed, so that the test need not send thousands."""
    monkeypatch.setattr(limits, "FOR_CLIENTS", "1 per minute")
    return replace(settings, rate_limits=True)


@pytest.mark.one_engine
def test_limits_are_told_and_kept_for_each_token(program, world):
    first, second = (program(world.account(world.organisation("donor"))) for _number in range(2))
    told = first("GET", "/codes/units").headers
    allowed, left = int(told["RateLimit-Limit"]), int(told["RateLimit-Remaining"])
    assert (allowed - left, 0 < int(told["RateLimit-Reset"]) <= 60) == (1, True)
    for _number in range(left):
        last = first("GET", "/codes/units?x=1")
    assert last.headers["RateLimit-Remaining"] == "0"
    refused = first("GET", "/codes/units")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert int(refused.headers["Retry-After"]) > 0
    assert second("GET", "/codes/units").status_code == 200
