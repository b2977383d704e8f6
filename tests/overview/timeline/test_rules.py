"""Each thing stands where its days are, and what is alike stands together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.overview.quarters import Quarter
from app.overview.timeline.rules import (
    HEAD,
    LANE,
    LEAST,
    QUARTERS,
    TITLE,
    WIDTH,
    Span,
    asked_quarter,
    drawn,
    first_shown,
    line_of,
    ordered,
    shown_period,
)

TODAY = date(2026, 11, 23)
BEGIN = first_shown(TODAY)
NAMES = {1: "Agency", 2: "Bureau"}
DAYS = st.none() | st.dates(date(2015, 1, 1), date(2040, 1, 1))


def span(ref="P-1", organisation=1, theme="borders", starts=date(2026, 1, 1), ends=date(2026, 6, 30), kind="programme"):
    return Span(kind, ref, "Title", "en", organisation, (theme,), starts, ends)


def test_the_picture_begins_two_years_back_and_shows_four():
    assert Quarter(2024, 4) == BEGIN
    assert shown_period(BEGIN).first == date(2024, 10, 1)
    assert shown_period(BEGIN).last == date(2028, 9, 30)


@pytest.mark.parametrize(
    ("text", "quarter"),
    [("2027-Q2", Quarter(2027, 2)), ("2027-Q5", None), ("1999-Q1", None), ("2099-Q1", None), ("x", None), ("", None),
     ("٢٠٢٧-Q2", None), ("20271-Q2", None), ("2027-2", None)],
)  # fmt: skip
def test_an_address_names_a_quarter(text, quarter):
    assert asked_quarter(text) == quarter


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(-40, 40))
def test_quarters_go_there_and_back(day, steps):
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day < quarter.plus(1).first_day
    assert quarter.plus(steps).plus(-steps) == quarter
    assert asked_quarter(str(quarter)) in {quarter, None}


def test_a_bar_is_as_long_as_its_days():
    line = line_of(span(starts=date(2026, 1, 1), ends=date(2026, 3, 31)), 0, shown_period(BEGIN))
    days = (date(2028, 10, 1) - date(2024, 10, 1)).days
    assert line.x == round(WIDTH * (date(2026, 1, 1) - date(2024, 10, 1)).days / days, 1)
    assert abs(line.width - WIDTH * 90 / days) < 0.2
    assert not line.is_open


def test_three_days_can_be_seen():
    assert line_of(span(starts=TODAY, ends=TODAY), 0, shown_period(BEGIN)).width >= LEAST


@given(DAYS, DAYS)
def test_no_bar_leaves_the_picture(starts, ends):
    period = shown_period(BEGIN)
    if starts and ends and starts > ends:
        starts, ends = ends, starts
    if period.meets(starts, ends):
        line = line_of(span(starts=starts, ends=ends), 0, period)
        assert line.x >= 0
        assert line.width >= LEAST - 0.1
        assert line.x + line.width <= WIDTH + 0.1
        assert line.is_open is (starts is None or ends is None)


def test_organisations_stand_together_and_in_them_themes():
    spans = [
        span("P-1", 2), span("P-2", 1, "justice"), span("P-3", 1, starts=date(2027, 1, 1)), span("P-4", 1, "borders"),
    ]  # fmt: skip
    assert [one.ref for one in ordered(spans, "organisation", NAMES)] == ["P-4", "P-3", "P-2", "P-1"]


def test_by_theme_what_overlaps_stands_under_one_another():
    spans = [
        span("P-1", 2, starts=TODAY), span("P-2", 1, "justice"), span("P-3", 1, starts=TODAY - timedelta(days=9)),
        span("P-4", 2, "justice", starts=None),
    ]  # fmt: skip
    assert [one.ref for one in ordered(spans, "theme", NAMES)] == ["P-3", "P-1", "P-4", "P-2"]


def test_each_line_has_its_own_place_below_the_name_of_its_group():
    picture = drawn([span("P-1"), span("P-2"), span("P-3", 2)], BEGIN, "organisation", TODAY)
    assert [(group.code, group.y) for group in picture.groups] == [(1, HEAD), (2, HEAD + TITLE + 2 * LANE)]
    assert [line.y for group in picture.groups for line in group.lines] == [
        HEAD + TITLE, HEAD + TITLE + LANE, HEAD + 2 * TITLE + 2 * LANE,
    ]  # fmt: skip
    assert picture.height > HEAD + 2 * TITLE + 3 * LANE
    assert len(picture.ticks) == QUARTERS
    assert picture.ticks[0] == (BEGIN, 0)


def test_today_is_marked_where_it_is_in_the_picture():
    assert 0 < drawn([], BEGIN, "theme", TODAY).today < WIDTH
    assert drawn([], BEGIN.plus(20), "theme", TODAY).today is None
