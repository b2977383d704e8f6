from datetime import date

import pytest

from app.overview.rules import Gap, by_month, first_month, longest_bar, share, standing, widest_first

TODAY = date(2026, 11, 23)


def test_the_widest_gap_comes_first_and_what_is_not_asked_is_left_out():
    many_but_offered = Gap("a", needs=3, lines=12, offers=11)
    unanswered = Gap("b", needs=1, lines=4)
    covered = Gap("c", needs=1, lines=5, covered=5)
    only_offered = Gap("d", offers=9)
    assert [gap.code for gap in widest_first([covered, only_offered, many_but_offered, unanswered])] == ["b", "a", "c"]
    assert unanswered.is_unanswered
    assert not many_but_offered.is_unanswered


def test_equal_gaps_stand_in_the_order_of_their_codes():
    assert [gap.code for gap in widest_first([Gap("z", 1, 2), Gap("y", 1, 2)])] == ["y", "z"]


def test_bars_are_to_scale_and_never_divide_by_nothing():
    assert longest_bar([]) == 1
    assert longest_bar([Gap("a", lines=3), Gap("b", lines=8)]) == 8
    assert share(2, 8) == 25.0
    assert share(9, 8) == 100.0
    assert share(3, 0) == 0.0


@pytest.mark.parametrize(
    ("gap", "stands"),
    [
        (Gap("a"), "quiet"),
        (Gap("a", lines=3, covered=2), "quiet"),
        (Gap("a", lines=3, covered=3), "whole"),
        (Gap("a", courses=1), "offered"),
        (Gap("a", lines=3, covered=2, offers=1), "offered"),
        (Gap("a", lines=3, covered=3, offers=1), "whole"),
        (Gap("a", needs=1), "open"),
        (Gap("a", needs=1, lines=4, covered=1, offers=9), "open"),
        (Gap("a", needs=1, lines=4, covered=2), "partly"),
        (Gap("a", needs=1, lines=4, covered=3), "partly"),
        (Gap("a", needs=1, lines=4, covered=4), "whole"),
    ],
)
def test_a_country_stands_on_the_map_by_what_is_open(gap, stands):
    assert standing(gap) == stands


def test_two_years_are_counted_month_by_month():
    months = by_month([date(2026, 11, 1), date(2026, 11, 23), date(2025, 1, 31), date(2020, 1, 1)], TODAY)
    assert len(months) == 24
    assert months[0].first == first_month(TODAY) == date(2024, 12, 1)
    assert {month.first: month.count for month in months if month.count} == {
        date(2025, 1, 1): 1,
        date(2026, 11, 1): 2,
    }


def test_a_chart_of_months_begins_in_the_right_year():
    assert first_month(date(2026, 12, 31)) == date(2025, 1, 1)
    assert first_month(date(2027, 1, 1)) == date(2025, 2, 1)
