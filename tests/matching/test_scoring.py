"""Gates, lines and reasons of a match."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.matching.aboutness import Likeness
from app.matching.scoring import LineFacts, NeedFacts, OfferFacts, judge
from app.matching.service import weights

TODAY = date(2026, 11, 23)
NEED = NeedFacts(
    countries=frozenset({"SN"}),
    groupings=frozenset({"ECOWAS", "AU"}),
    themes=frozenset({"judicial_process"}),
    sibling_themes=frozenset({"prisons"}),
    purpose_code="15130",
    languages=frozenset({"fr"}),
    starts_on=date(2027, 3, 1),
    ends_on=date(2027, 12, 31),
    lines=(LineFacts("NL-1", "training", Decimal(40), "judges"), LineFacts("NL-2", "equipment", Decimal(2), "sets")),
)
OFFER = OfferFacts(
    kind="programme",
    countries=frozenset(),
    groupings=frozenset({"ECOWAS"}),
    themes=frozenset({"judicial_process"}),
    purpose_code="15130",
    languages=frozenset({"fr", "en"}),
    starts_on=date(2026, 1, 1),
    ends_on=date(2028, 1, 1),
    accepting="yes",
    apply_by=date(2027, 1, 31),
    offers=(("training", Decimal(60), "judges"),),
)
ALIKE = Likeness(words=1.0, title_words=1.0, concepts=0.6, title_concepts=0.6, themes=0.9)


def test_a_fitting_offer_is_a_match_with_reasons() -> None:
    judged = judge(NEED, OFFER, ALIKE, TODAY, weights())
    assert judged is not None
    assert (judged.gate, judged.strength) == ("match", "strong")
    assert [line.verdict for line in judged.lines] == ["covered", "missing"]
    said = [str(reason) for reason in judged.reasons]
    assert "covers ECOWAS" in said
    assert "works in fr" in said
    assert not judged.obstacles


def test_one_failed_gate_is_a_near_miss_that_says_what_would_mend_it() -> None:
    elsewhere = replace(OFFER, groupings=frozenset({"SADC"}))
    judged = judge(NEED, elsewhere, ALIKE, TODAY, weights())
    assert judged is not None
    assert judged.gate == "near_miss"
    assert str(judged.obstacles[0]) == "Open to SADC only; ask the donor to include SN."


def test_two_failed_gates_are_nothing() -> None:
    wrong = replace(OFFER, groupings=frozenset({"SADC"}), languages=frozenset({"en"}))
    assert judge(NEED, wrong, ALIKE, TODAY, weights()) is None


def test_what_cannot_be_asked_for_is_experience_and_never_an_offer() -> None:
    for record in (
        replace(OFFER, accepting="unknown"),
        replace(OFFER, apply_by=date(2026, 11, 1)),
        replace(OFFER, ends_on=date(2026, 1, 31), apply_by=None),
        replace(OFFER, is_record=True),
    ):
        judged = judge(NEED, record, ALIKE, TODAY, weights())
        assert judged is not None
        assert judged.gate == "related"


def test_dates_that_do_not_meet_are_a_near_miss() -> None:
    late = replace(OFFER, starts_on=date(2028, 2, 1), ends_on=date(2029, 1, 1))
    judged = judge(NEED, late, ALIKE, TODAY, weights())
    assert judged is not None
    assert judged.gate == "near_miss"


def test_country_and_language_alone_make_no_match() -> None:
    other = replace(OFFER, themes=frozenset({"small_arms"}), purpose_code="15240")
    assert judge(NEED, other, Likeness(words=0.2), TODAY, weights()) is None


def test_capacity_is_compared_with_the_quantity() -> None:
    small = replace(OFFER, offers=(("training", Decimal(10), "judges"), ("equipment", None, "")))
    judged = judge(NEED, small, ALIKE, TODAY, weights())
    assert judged is not None
    assert [line.verdict for line in judged.lines] == ["in_part", "in_part"]
    assert "10" in str(judged.lines[0].why)


def test_much_of_the_same_elsewhere_is_no_strong_match() -> None:
    there = replace(OFFER, groupings=frozenset({"SADC"}))
    judged = judge(NEED, there, ALIKE, TODAY, weights())
    assert judged is not None
    assert judged.strength != "strong"


def test_an_import_without_a_country_says_that_its_place_is_likely() -> None:
    likely = replace(OFFER, groupings=frozenset(), countries=frozenset({"SN"}), is_likely_place=True)
    judged = judge(NEED, likely, ALIKE, TODAY, weights())
    assert judged is not None
    assert "probably for SN" in [str(reason) for reason in judged.reasons]


def test_experience_of_long_ago_stands_below_that_of_yesterday() -> None:
    recent = replace(OFFER, is_record=True, ends_on=date(2025, 1, 1), apply_by=None)
    old = replace(recent, starts_on=date(2010, 1, 1), ends_on=date(2012, 1, 1))
    scores = [judged.score for judged in (judge(NEED, o, ALIKE, TODAY, weights()) for o in (recent, old)) if judged]
    assert scores[0] > scores[1]


def test_related_experience_is_listed_however_many_gates_it_would_fail() -> None:
    elsewhere = replace(OFFER, groupings=frozenset({"SADC"}), languages=frozenset({"en"}), is_record=True)
    judged = judge(NEED, elsewhere, ALIKE, TODAY, weights())
    assert judged is not None
    assert judged.gate == "related"
    assert not judged.obstacles
