"""When a record last changed as everybody could see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.public_changes.rules import Saved, last_seen_change, leaving_out

pytestmark = pytest.mark.one_engine

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WITHOUT = leaving_out({"budget": ("amount", "currency")})


def at(day: int) -> datetime:
    return BEGIN + timedelta(days=day)


def version(day: int, title: str = "Ports", amount: str = "1", **more: object) -> Saved:
    return Saved(at(day), {"title": title, "amount": amount, "disclosure": "public", "field_disclosure": {}, **more})


HIDDEN = {"field_disclosure": {"budget": "members"}}


@pytest.mark.parametrize(
    ("versions", "now_hidden", "moves", "expected"),
    [
        ([], False, [], 0),
        ([version(0), version(3, "Judges")], False, [], 3),
        ([version(0), version(3, amount="2")], False, [], 3),
        ([version(0), version(3, amount="2", **HIDDEN)], True, [], 0),
        # What is hidden in one version, or now, is compared in none.
        ([version(0), version(3, amount="2")], True, [], 0),
        ([version(0, **HIDDEN), version(3, amount="2")], False, [], 0),
        ([version(0), version(3, **HIDDEN)], True, [], 0),
        ([version(0), version(3)], False, [5], 5),
        # Words that were written for fewer people are not compared; the opening itself is seen.
        ([version(0, "Secret", disclosure="own"), version(3, "Ports"), version(4, "Ports")], False, [], 3),
        ([version(0), version(2, "Secret", disclosure="own"), version(4)], False, [], 0),
    ],
)
def test_only_what_everybody_could_see_moves_it(versions, now_hidden, moves, expected):
    tiers = {"budget": "members"} if now_hidden else {}
    assert last_seen_change(at(0), versions, tiers, WITHOUT, map(at, moves)) == at(expected)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("123")), min_size=1, max_size=8))
def test_hidden_values_never_move_it(steps):
    """Whatever a hidden field goes through, the moment is that of the same history without it."""
    told = [version(day, title, amount, **HIDDEN) for day, (title, amount) in enumerate(steps)]
    bare = [version(day, title, "", **HIDDEN) for day, (title, _amount) in enumerate(steps)]
    tiers = {"budget": "own"}
    assert last_seen_change(at(0), told, tiers, WITHOUT, ()) == last_seen_change(at(0), bare, tiers, WITHOUT, ())
