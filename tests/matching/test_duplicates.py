"""One undertaking told twice, and two that only look alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.matching.duplicates import Told, agreement_in_time, are_kin, is_duplicate

FIRST = Told(
    title="Training of customs officers at the port of Dakar",
    description="Risk analysis and container profiling for sixty officers.",
    countries=frozenset({"SN"}),
    start="2014-03-01",
    end="2016-11-30",
)


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (replace(FIRST), True),
        (replace(FIRST, title="Formation des douaniers du port de Dakar", description="", start="2014-04"), True),
        (replace(FIRST, title="Customs officers trained at Dakar port", end="2016"), True),
        (replace(FIRST, countries=frozenset({"GM"})), False),
        (replace(FIRST, start="2018-01", end="2020-12"), False),
        (replace(FIRST, title="Training of customs officers at the port of Ziguinchor"), False),
        (replace(FIRST, title="Legal aid for women", description="Paralegals in villages."), False),
    ],
)
def test_place_time_and_words_have_to_agree(other, is_one) -> None:
    assert is_duplicate(FIRST, other) is is_one
    assert is_duplicate(other, FIRST) is is_one


def test_a_part_is_known_by_its_identifier_or_by_what_it_calls_itself() -> None:
    assert are_kin("GB-1-113961", "GB-1-113961-101")
    assert not are_kin("GB-1-113961", "GB-1-1139617")
    assert not are_kin("", "GB-1-113961")
    year = replace(FIRST, title="Customs officers, port of Dakar: year 2 of 3", start="2015-03", end="2015-12")
    assert is_duplicate(FIRST, year)
    assert not is_duplicate(FIRST, replace(year, title="Customs officers of the port of Dakar"))


def test_the_same_course_for_another_group_is_another_told() -> None:
    course = replace(FIRST, title="Course on firearms tracing", description="For 60 officers.")
    assert not is_duplicate(course, replace(course, description="For 100 officers."))


def test_phases_and_years_tell_apart() -> None:
    second = replace(FIRST, title="Training of customs officers at the port of Dakar, phase II")
    assert not is_duplicate(replace(FIRST, title=FIRST.title + ", phase I"), second)


def test_whole_calendar_years_say_less_than_days() -> None:
    usual = replace(FIRST, start="2010-01-01", end="2010-12-31")
    assert agreement_in_time(usual, usual) == "usual"
    assert agreement_in_time(FIRST, FIRST) == "same"
    assert agreement_in_time(FIRST, replace(FIRST, start="", end="")) == "unknown"
