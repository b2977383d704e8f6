"""The law of the calendar: months, weeks, filters, and where the bars stand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.courses.calendar.queries import may_attend
from app.courses.calendar.rules import (
    FACETS,
    LANES,
    Month,
    Run,
    Week,
    by_day,
    counts,
    first_weekday,
    fits,
    stays_in_feed,
    weeks_of,
)

MARCH = Month(2027, 3)


def run(number: int, first: date, last: date, *, is_cancelled: bool = False, **codes: Any) -> Run:
    return Run(number, first, last, is_cancelled, {facet: frozenset(codes.get(facet, ())) for facet in FACETS})


def march(number: int, first: int, last: int) -> Run:
    return run(number, date(2027, 3, first), date(2027, 3, last))


@pytest.mark.parametrize(
    "text", ["", "2027", "2027-3", "2027-13", "2027-00", "1999-12", "2100-01", "٢٠٢٧-٠٣", "2027-03x"]
)
def test_what_is_no_month_is_passed_over(text: str) -> None:
    assert Month.read(text) is None


def test_months_follow_one_another() -> None:
    assert Month.read("2027-03") == MARCH
    assert (MARCH.first, MARCH.last, str(MARCH)) == (date(2027, 3, 1), date(2027, 3, 31), "2027-03")
    assert (Month(2026, 12).after, Month(2027, 1).before) == (Month(2027, 1), Month(2026, 12))
    assert (Month(2000, 1).before, Month(2099, 12).after) == (None, None)
    assert Month(2028, 2).last == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("language", "preferred", "weekday"),
    [
        ("en", [], 0), ("fr", [], 0), ("ar", [], 0), ("en", ["en-US", "en"], 6), ("pt", ["pt-BR", "en-US"], 6),
        ("fr", ["en-US", "fr"], 0), ("ar", ["ar-EG"], 5), ("en", ["en-XX-nonsense", "en-US"], 6), ("fr", ["fr-"], 0),
    ],
)  # fmt: skip
def test_the_week_begins_as_the_readers_does(language: str, preferred: list[str], weekday: int) -> None:
    assert first_weekday(language, preferred) == weekday


def days_of(week: Week) -> list[int]:
    return [day.day if day else 0 for day in week.days]


def test_weeks_begin_where_they_are_told_to() -> None:
    assert days_of(weeks_of(MARCH, [])[0]) == [1, 2, 3, 4, 5, 6, 7]
    assert days_of(weeks_of(MARCH, [], 6)[0]) == [0, 1, 2, 3, 4, 5, 6]
    assert days_of(weeks_of(MARCH, [])[-1]) == [29, 30, 31, 0, 0, 0, 0]


def test_a_bar_goes_over_weeks_and_says_so() -> None:
    long = run(1, date(2027, 2, 22), date(2027, 3, 10))
    first, second, third = weeks_of(MARCH, [long])[:3]
    assert [(c.days, c.went_on, c.goes_on, c.is_again) for c in first.lanes[0]] == [(7, True, True, False)]
    bar = second.lanes[0][0]
    assert (bar.run, bar.days, bar.went_on, bar.goes_on, bar.is_again) == (1, 3, True, False, True)
    assert third.lanes == []


def test_what_overlaps_stands_one_below_the_other() -> None:
    week = weeks_of(MARCH, [march(1, 1, 3), march(2, 2, 4), march(3, 4, 5)])[0]
    assert [[cell.run for cell in lane] for lane in week.lanes] == [[1, 3, None, None], [None, 2, None, None, None]]


def test_what_finds_no_lane_is_counted() -> None:
    week = weeks_of(MARCH, [march(n, 2, 3) for n in range(LANES + 3)])[0]
    assert (len(week.lanes), week.more) == (LANES, 3)


@given(
    st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 60)), max_size=30),
    st.integers(0, 6),
    st.integers(1, 12),
)
def test_each_day_of_each_session_is_covered_once(spans: list[tuple[int, int]], begins: int, number: int) -> None:
    month = Month(2027, number)
    start = month.first.toordinal()
    runs = [run(n, date.fromordinal(start + a), date.fromordinal(start + a + b)) for n, (a, b) in enumerate(spans)]
    for week in weeks_of(month, runs, begins):
        inside = [day for day in week.days if day]
        assert all(sum(cell.days for cell in lane) == 7 for lane in week.lanes)
        covered = [
            (cell.run, day)
            for lane in week.lanes
            for place, cell in zip(places(lane), lane, strict=True)
            if cell.run is not None
            for day in week.days[place : place + cell.days]
        ]
        shown = {number for number, _day in covered}
        due = [(r.id, day) for r in runs if r.id in shown for day in inside if r.starts_on <= day <= r.ends_on]
        assert sorted(covered) == sorted(due)
        here = {r.id for r in runs if r.starts_on <= inside[-1] and r.ends_on >= inside[0]}
        assert len(shown) + week.more == len(here)


def places(lane: Any) -> list[int]:
    return [sum(cell.days for cell in lane[:n]) for n in range(len(lane))]


def test_on_a_phone_sessions_stand_on_the_day_on_which_they_begin() -> None:
    before = run(3, date(2027, 2, 22), date(2027, 3, 10))
    assert by_day(MARCH, [march(2, 9, 9), before, march(1, 9, 8)]) == [
        (date(2027, 3, 1), [3]),
        (date(2027, 3, 9), [1, 2]),
    ]


def test_filters_narrow_and_counts_tell_what_each_would_leave() -> None:
    one = run(1, MARCH.first, MARCH.last, theme={"customs", "courts"}, language={"fr"}, open={"yes"})
    two = run(2, MARCH.first, MARCH.last, theme={"courts"}, language={"en"})
    off = run(3, MARCH.first, MARCH.last, theme={"courts"}, language={"fr"}, is_cancelled=True)
    assert [fits(r, {"theme": ("customs",), "language": ()}) for r in (one, two)] == [True, False]
    assert [fits(r, {"theme": ("customs", "courts"), "language": ("en",)}) for r in (one, two)] == [False, True]
    left = counts([one, two, off], {"language": ("fr",)})
    assert (left["theme"], left["language"], left["open"]) == (
        {"customs": 1, "courts": 2},
        {"fr": 2, "en": 1},
        {"yes": 1},
    )
    chosen = {"open": ("yes",), "theme": ("courts",)}
    assert [stays_in_feed(r, chosen) for r in (one, two, off)] == [True, False, True]
    assert not stays_in_feed(off, {"theme": ("customs",)})


def test_people_may_attend_by_their_state_or_its_grouping() -> None:
    none, colombia, west = frozenset[str](), frozenset({"CO"}), frozenset({"ECOWAS"})
    assert may_attend(colombia, none) == {"CO"}
    assert {"SN", "GH", "CO"} <= may_attend(colombia, west)
    assert "FR" not in may_attend(none, west)
    assert {"FR", "SN"} <= may_attend(none, none)
