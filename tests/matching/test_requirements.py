"""A need and an offer side by side beyond the lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.matching.requirements import requirements
from app.matching.scoring import NeedFacts, OfferFacts

TODAY = date(2026, 11, 23)
NEED = NeedFacts(
    countries=frozenset({"SN"}), groupings=frozenset({"ECOWAS"}), themes=frozenset({"customs", "courts"}),
    sibling_themes=frozenset({"port_control"}), purpose_code="", languages=frozenset({"fr"}),
    starts_on=date(2027, 2, 1), ends_on=date(2027, 12, 31), lines=(),
)  # fmt: skip
OFFER = OfferFacts(
    kind="programme", countries=frozenset({"SN", "TG"}), groupings=frozenset(), themes=frozenset({"customs", "courts"}),
    purpose_code="", languages=frozenset({"fr"}), starts_on=date(2027, 1, 1), ends_on=date(2028, 1, 1),
    accepting="yes", apply_by=None, offers=(),
)  # fmt: skip


def verdicts(need: NeedFacts = NEED, offer: OfferFacts = OFFER) -> dict[str, str]:
    return {each.name.text: each.verdict for each in requirements(need, offer, TODAY)}


def test_what_fits_in_everything_is_covered() -> None:
    assert set(verdicts().values()) == {"covered"}
    assert list(verdicts()) == ["Themes", "Countries", "Languages", "Dates", "Requests"]


@pytest.mark.parametrize(
    ("name", "changed", "verdict"),
    [
        ("Themes", {"themes": frozenset({"customs"})}, "in_part"),
        ("Themes", {"themes": frozenset({"port_control"})}, "in_part"),
        ("Themes", {"themes": frozenset({"prevention"})}, "missing"),
        ("Themes", {"themes": frozenset()}, "cannot_tell"),
        ("Countries", {"countries": frozenset({"PE"})}, "missing"),
        ("Countries", {"countries": frozenset(), "groupings": frozenset({"ECOWAS"})}, "covered"),
        ("Countries", {"countries": frozenset()}, "cannot_tell"),
        ("Languages", {"languages": frozenset({"en"})}, "missing"),
        ("Languages", {"languages": frozenset()}, "cannot_tell"),
        ("Dates", {"ends_on": date(2027, 1, 31)}, "missing"),
        ("Dates", {"ends_on": date(2027, 6, 30)}, "in_part"),
        ("Dates", {"starts_on": None, "ends_on": None}, "cannot_tell"),
        ("Requests", {"accepting": "unknown"}, "cannot_tell"),
        ("Requests", {"accepting": "no"}, "missing"),
        ("Requests", {"apply_by": date(2026, 11, 22)}, "missing"),
    ],
)
def test_each_requirement_is_judged_by_itself(name: str, changed: dict[str, object], verdict: str) -> None:
    found = verdicts(offer=replace(OFFER, **changed))  # type: ignore[arg-type]
    assert found[name] == verdict
    assert {other for key, other in found.items() if key != name} == {"covered"}


def test_one_of_two_states_is_in_part() -> None:
    assert verdicts(replace(NEED, countries=frozenset({"SN", "GH"})))["Countries"] == "in_part"


def test_what_a_need_does_not_ask_for_is_not_judged() -> None:
    silent = replace(
        NEED, themes=frozenset(), countries=frozenset(), languages=frozenset(), starts_on=None, ends_on=None
    )
    assert list(verdicts(silent)) == ["Requests"]


def test_the_states_of_a_long_list_are_counted_and_the_common_one_named() -> None:
    many = frozenset({"SN", *(f"A{letter}" for letter in "ABCDEFGHIJ")})
    place = requirements(NEED, replace(OFFER, countries=many), TODAY)[1]
    (said,) = place.given
    assert said.values["count"] == 3  # type: ignore[union-attr]
    assert said.values["countries"].codes[0] == "SN"  # type: ignore[union-attr]
