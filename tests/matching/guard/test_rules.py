"""Whether two records seem to be the same: the same from either side, and by nothing but the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.guard.rules import POSSIBLE, STRONG, Facts, judge

TITLES = (
    "Scanners for the port of Dakar", "Scanners for the port of Dakar, phase 2", "Des scanners pour le port de Dakar",
    "Training of judges in asset recovery", "Formation des magistrats au recouvrement des avoirs", "Rural roads",
)  # fmt: skip
DAYS = st.none() | st.sampled_from([date(2024, 1, 1), date(2025, 3, 31), date(2026, 6, 30), date(2029, 12, 31)])
CODES = st.frozensets(st.sampled_from(["SN", "GH", "PE"]), max_size=2)
GROUPINGS = st.frozensets(st.sampled_from(["ECOWAS", "SADC"]), max_size=1)
THEMES = st.frozensets(st.sampled_from(["port_control", "customs", "asset_recovery", "prisons"]), max_size=2)


def any_facts() -> Any:
    return st.builds(
        lambda title, **kw: Facts(1, "en", {"en": (title, "Customs officers and judges are trained.")}, **kw),
        st.sampled_from(TITLES), countries=CODES, groupings=GROUPINGS, groupings_of=GROUPINGS, themes=THEMES,
        starts_on=DAYS, ends_on=DAYS, identifiers=st.frozensets(st.sampled_from(["XM-1", "XM-1-2"]), max_size=1),
    )  # fmt: skip


def facts(title: str = TITLES[0], rest: str = "Containers are searched.", **more: Any) -> Facts:
    given_facts = Facts(
        1, "en", {"en": (title, rest)}, frozenset({"SN"}), themes=frozenset({"port_control"}),
        starts_on=date(2026, 2, 10), ends_on=date(2028, 7, 20),
    )  # fmt: skip
    return replace(given_facts, **more)


@given(any_facts(), any_facts())
def test_the_order_of_the_two_makes_no_difference(one: Facts, other: Facts) -> None:
    assert judge(one, other) == judge(other, one)


@given(any_facts())
def test_whose_they_are_makes_no_difference(one: Facts) -> None:
    assert judge(one, one) == judge(one, replace(one, organisation_id=2))


@pytest.mark.parametrize(
    ("other", "strength"),
    [
        (facts(), STRONG),
        (facts(starts_on=date(2026, 6, 1), ends_on=date(2028, 11, 1)), STRONG),
        (facts(themes=frozenset({"customs"})), STRONG),
        (facts(countries=frozenset()), STRONG),
        (facts(title=f"{TITLES[0]}, phase 1", ends_on=date(2027, 6, 30)), STRONG),
        (facts(countries=frozenset({"GH"})), None),
        (facts(themes=frozenset({"prisons"})), None),
        (facts(starts_on=date(2029, 1, 1), ends_on=date(2031, 1, 1)), None),
        (facts(title="Books for schools", rest="Pupils read."), None),
    ],
)
def test_what_seems_to_be_the_same(other: Facts, strength: str | None) -> None:
    found = judge(facts(), other)
    assert (found.strength if found else None) == strength


def test_two_phases_of_one_undertaking_are_two() -> None:
    first = facts(title=f"{TITLES[0]}, phase 1", ends_on=date(2027, 3, 1))
    second = facts(title=f"{TITLES[0]}, phase 2", starts_on=date(2027, 3, 2))
    found = judge(first, second)
    assert found is None or found.strength == POSSIBLE


def test_the_same_identifier_is_the_same_whatever_the_rest_says() -> None:
    other = facts(title="Elsewhere", countries=frozenset({"PE"}), identifiers=frozenset({"XM-1"}))
    found = judge(facts(identifiers=frozenset({"XM-1"})), other)
    assert found is not None
    assert found.is_strong


def test_what_is_the_same_is_told_with_it() -> None:
    found = judge(
        facts(kinds=frozenset({"training"}), served="Port unit"),
        facts(kinds=frozenset({"training", "equipment"}), served="port  unit".replace("  ", " ")),
    )
    assert found is not None
    assert (found.countries, found.themes, found.kinds) == ({"SN"}, {"port_control"}, {"training"})
    assert found.same_dates
    assert found.same_unit
    assert {"scanner", "port"} & found.stems
