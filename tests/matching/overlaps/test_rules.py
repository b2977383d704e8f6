"""Whether two programmes seem to do the same thing, from plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.matching.overlaps.rules import Undertaking, likeness

WEIGHTS = {"least": 0.22, "concept": 0.05, "theme": 0.5, "country": 0.3}
ONE = Undertaking(
    number=1, organisation_id=10, status="2", countries=frozenset({"SN", "ML"}), groupings=frozenset(),
    groupings_of=frozenset({"ECOWAS", "AU"}), themes=frozenset({"asset_recovery"}), starts_on=date(2026, 1, 1),
    ends_on=date(2027, 12, 31),
    words={"seiz": "seizure", "confisc": "confiscation", "judg": "judges", "asset": "assets"},
    concepts=frozenset({"confiscation"}), identifiers=frozenset({"XM-1"}),
)  # fmt: skip
OTHER = replace(
    ONE, number=2, organisation_id=20, countries=frozenset({"SN"}), starts_on=date(2027, 1, 1),
    ends_on=date(2029, 12, 31), identifiers=frozenset({"XM-2"}),
    words={"seiz": "seizing", "confisc": "confiscated", "judg": "judge", "port": "ports"},
)  # fmt: skip


def texts(one: Undertaking, other: Undertaking) -> list[str]:
    found = likeness(one, other, WEIGHTS)
    return [str(reason) for reason in found.reasons] if found else []


def test_theme_place_time_and_words_together_are_an_overlap_with_reasons() -> None:
    assert texts(ONE, OTHER) == [
        "about asset_recovery", "for SN", "both run from 2027-01-01 to 2027-12-31", "both speak of confiscation",
        "both use the words seizure, confiscation, judges",
    ]  # fmt: skip


def test_the_order_makes_no_difference() -> None:
    assert likeness(ONE, OTHER, WEIGHTS) == likeness(OTHER, ONE, WEIGHTS)


@pytest.mark.parametrize(
    "changed",
    [
        {"organisation_id": 10},
        {"status": "5"},
        {"themes": frozenset({"judicial_process"})},
        {"countries": frozenset({"BR"}), "groupings_of": frozenset({"OAS"})},
        {"starts_on": date(2028, 1, 1)},
        {"words": {"port": "ports"}, "concepts": frozenset()},
        {"identifiers": frozenset({"XM-1", "XM-2"})},
        {"kin": frozenset({"XM-1"})},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_it_takes_all_of_them_and_two_undertakings(changed: dict[str, object]) -> None:
    assert likeness(ONE, replace(OTHER, **changed), WEIGHTS) is None  # type: ignore[arg-type]


def test_a_grouping_meets_a_state_that_belongs_to_it_and_counts_less_than_a_state() -> None:
    grouped = replace(OTHER, countries=frozenset(), groupings=frozenset({"ECOWAS"}), groupings_of=frozenset())
    found, named = likeness(ONE, grouped, WEIGHTS), likeness(ONE, OTHER, WEIGHTS)
    assert found
    assert named
    assert found.score < named.score
    assert "covers ECOWAS" in texts(ONE, grouped)


def test_two_states_of_one_grouping_are_not_one_place() -> None:
    assert likeness(ONE, replace(OTHER, countries=frozenset({"GH"})), WEIGHTS) is None


def test_a_missing_date_sets_no_limit_and_is_no_reason() -> None:
    said = texts(ONE, replace(OTHER, ends_on=None))
    assert said
    assert not any("both run" in text for text in said)


def test_concepts_alone_reach_between_two_languages() -> None:
    many = frozenset({"confiscation", "asset_tracing", "seizure", "joint_investigation_team", "egmont"})
    one, other = replace(ONE, concepts=many), replace(OTHER, concepts=many, words={"saisi": "saisie"})
    assert likeness(one, other, WEIGHTS) is not None
