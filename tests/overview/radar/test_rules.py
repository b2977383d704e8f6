"""Quarters, parts of lines, runs of quarters, and sums: for whatever values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.overview.quarters import Quarter
from app.overview.radar import rules, sums
from app.overview.radar.findings import at_least
from app.overview.radar.rules import EVERY, NO_THEME, UNNAMED, WHOLE, Asking, Cell, Presence, Window
from app.overview.radar.sums import Sums
from app.overview.radar.whole import Radar, Rows

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
PLACES = st.integers(0, sums.SIZE - 1)
SPANS = st.tuples(PLACES, PLACES).map(lambda pair: (min(pair), max(pair)))


@given(DAYS)
def test_a_day_lies_in_its_quarter(day):
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert Quarter.of(quarter.first_day) == Quarter.of(quarter.last_day) == quarter
    assert Quarter.read(str(quarter)) == quarter
    assert Quarter.of(quarter.last_day + timedelta(days=1)) == quarter.plus(1)


@given(DAYS, st.integers(-40, 40))
def test_quarters_are_counted_on_and_back(day, number):
    quarter = Quarter.of(day)
    assert quarter.plus(number).plus(-number) == quarter
    assert quarter.plus(number).index == quarter.index + number
    assert (quarter.plus(number) > quarter) == (number > 0)


@pytest.mark.parametrize("text", ["", "2027", "2027-Q5", "2027-Q", "27-Q1", "2027-Q1x", "٢٠٢٧-Q1", "2027-Q12"])
def test_what_is_no_quarter_is_none(text):
    assert Quarter.read(text) is None


@given(DAYS, DAYS, DAYS)
def test_a_span_is_the_quarters_that_the_days_touch(today, first, last):
    window = Window.around(today)
    touched = [
        place
        for place, q in enumerate(window.quarters)
        if first <= last and q.first_day <= last and q.last_day >= first
    ]
    assert window.span(first, last) == ((touched[0], touched[-1]) if touched else None)
    assert window.quarters[rules.BACK] == Quarter.of(today)


@given(st.sets(PLACES))
def test_runs_are_what_follows_each_other_and_nothing_else(places):
    found = list(rules.runs(sum(1 << place for place in places)))
    assert [place for first, last in found for place in range(first, last + 1)] == sorted(places)
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(found))


@given(st.lists(SPANS, max_size=12), st.integers(1, 4))
def test_the_quarters_are_those_in_which_so_many_are(spans, least):
    counted = sums.counted(sums.bits(*span) for span in spans)
    there = [sum(first <= place <= last for first, last in spans) for place in range(sums.SIZE)]
    assert list(counted) == there
    assert [place for place in range(sums.SIZE) if at_least(counted, least) >> place & 1] == [
        place for place, number in enumerate(there) if number >= least
    ]


@given(st.floats(0, 10**9), st.floats(0, 10**7))
def test_a_line_is_never_covered_more_than_whole(covered, quantity):
    assert 0 <= rules.parts(covered, quantity) <= WHOLE


@given(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_a_line_is_asked_from_one_day_to_a_later_one(begins, ends, posted):
    first, last = rules.asked_days(begins, ends, posted)
    assert first <= last
    assert first == (begins or posted)
    assert last == ends or last - first == timedelta(days=rules.YEAR)


ASKINGS = st.builds(
    lambda countries, themes, span, pledged, delivered: Asking(
        "N", tuple(countries), tuple(themes), *span, pledged, delivered
    ),
    st.sets(st.sampled_from(("SN", "GH")), min_size=1), st.sets(st.sampled_from(("prisons", "customs"))), SPANS,
    st.integers(0, WHOLE), st.integers(0, WHOLE),
)  # fmt: skip
PRESENCES = st.builds(
    lambda provider, countries, themes, kinds, span: Presence(
        ("programme", "P"), provider, tuple(countries), tuple(themes), tuple(kinds), *span
    ),
    st.integers(UNNAMED, 4), st.sets(st.sampled_from(("SN", "GH")), min_size=1),
    st.sets(st.sampled_from(("prisons", "customs"))), st.sets(st.sampled_from(("training", "study"))), SPANS,
)  # fmt: skip


@given(st.lists(ASKINGS, max_size=8), st.lists(PRESENCES, max_size=8))
def test_sums_are_what_one_counts_by_hand(askings, presences):
    radar = Radar.of(Window.around(date(2026, 11, 23)), Rows(tuple(askings), tuple(presences)))
    for country in ("SN", "GH"):
        for theme in (EVERY, "prisons", "customs"):
            for place, cell in enumerate(radar.cells((country, theme))):
                here = [
                    a
                    for a in askings
                    if country in a.countries and theme in {EVERY, *a.themes} and a.first <= place <= a.last
                ]
                there = {
                    p.provider for p in presences
                    if country in p.countries and theme in {EVERY, *p.themes} and p.first <= place <= p.last
                }  # fmt: skip
                assert cell.asked == len(here)
                assert cell.pledged == Decimal(sum(a.pledged for a in here)) / WHOLE
                assert cell.delivered == Decimal(sum(a.delivered for a in here)) / WHOLE
                assert cell.providers == (len(there - {UNNAMED}) or len(there))
                assert 0 <= cell.open <= cell.asked


def test_what_names_no_theme_is_there_for_its_country_alone():
    made = Sums((), [Presence(("programme", "P"), 1, ("SN",), (), (), 0, 0)])
    assert made.cells(EVERY)[0].providers == 1
    assert made.themes() == set()
    assert NO_THEME in made.there


def test_open_is_never_less_than_nothing():
    assert Cell(1, Decimal(3)).open == 0
    assert not Cell(1, Decimal(1)).is_gap
    assert Cell(2, Decimal(1)).is_gap
    assert not Cell(2, Decimal(1), providers=1).is_gap
