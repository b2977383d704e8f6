"""What counts as a gap, as crowding and as a collision, without a database."""

from __future__ import annotations

from datetime import date

import pytest

from app.overview.radar.findings import load
from app.overview.radar.rules import COLLISION, CROWDING, EVERY, GAP, UNNAMED, WHOLE, Asking, Bound, Presence, Window
from app.overview.radar.whole import Radar, Rows, tell

WINDOW = Window.around(date(2026, 11, 23))
MONTH = WINDOW.begin.index * 3


def asking(first=8, last=10, pledged=0, themes=("prisons",)):
    return Asking("N-1", ("SN",), themes, first, last, pledged)


def there(provider=1, first=8, last=10, kinds=("training",), themes=("prisons",), ref="", people=0):
    ref = ref or f"P-{provider}"
    return Presence(("programme", ref), provider, ("SN",), themes, kinds, first, last, ref, people=people)


def pledge(provider, months, unit="brigade", themes=("prisons",)):
    begin, end = months
    return Presence(
        ("pledge", f"G-{provider}"), provider, ("SN",), themes, ("training",), begin // 3, end // 3, f"G-{provider}",
        unit, (MONTH + begin, MONTH + end), 0, "Brigade",
    )  # fmt: skip


def bound(measure="providers", most=1, theme="", kind="", unit="", first=0, last=15):
    return Bound("AL-1", "SN", theme, kind, unit, measure, most, first, last)


def found(askings=(), presences=(), bounds=()):
    return Radar.of(WINDOW, Rows(tuple(askings), tuple(presences), tuple(bounds)))


def test_quarters_that_follow_each_other_are_one_gap():
    radar = found([asking(8, 9), asking(10, 11), asking(14, 14)])
    assert [(each.first, each.last) for each in radar.found] == [(8, 11), (14, 14)]


def test_the_widest_gap_comes_first():
    radar = found([asking(8, 8), asking(8, 8, themes=("customs",)), asking(8, 8, themes=("customs",))])
    assert [each.theme for each in radar.found] == ["customs", "prisons"]


def test_there_is_no_gap_while_somebody_is_there_or_all_is_pledged():
    assert not found([asking(8, 8, pledged=WHOLE)]).found
    assert [(each.first, each.last) for each in found([asking()], [there(first=9, last=9)]).found] == [(8, 8), (10, 10)]
    assert not found([asking()], [there(provider=UNNAMED)]).found


@pytest.mark.parametrize(("providers", "kinds", "number"), [(2, ("training",), 0), (3, ("training",), 1), (3, (), 0)])
def test_three_of_one_kind_are_crowding(providers, kinds, number):
    radar = found(presences=[there(provider, kinds=kinds) for provider in range(1, providers + 1)])
    assert [each.kind for each in radar.found] == [CROWDING] * number


def test_the_same_organisation_twice_and_one_that_is_not_named_do_not_crowd():
    twice = [there(1), there(1, ref="P-9"), there(2)]
    assert not found(presences=twice).found
    assert not found(presences=[*twice, there(UNNAMED)]).found


def test_crowding_is_where_all_three_are():
    radar = found(presences=[there(1, 2, 12), there(2, 8, 15), there(3, 5, 9)])
    (each,) = radar.found
    assert (each.first, each.last, each.number) == (8, 9, 3)


def test_two_donors_for_one_unit_crowd_in_the_months_that_they_share():
    (each,) = found(presences=[pledge(1, (24, 30)), pledge(2, (30, 35), themes=("customs",))]).found
    assert (each.kind, each.first, each.last, each.theme) == (CROWDING, 10, 10, EVERY)


@pytest.mark.parametrize("other", [pledge(1, (24, 30)), pledge(2, (31, 32)), pledge(2, (24, 30), unit="other")])
def test_one_donor_or_other_months_or_another_unit_do_not_crowd(other):
    assert not found(presences=[pledge(1, (24, 30)), other]).found


def test_a_limit_is_exceeded_by_one_more():
    assert not found(presences=[there(1)], bounds=[bound()]).found
    (each,) = found(presences=[there(1), there(2, 9, 9)], bounds=[bound()]).found
    assert (each.kind, each.first, each.last, each.number) == (COLLISION, 9, 9, 2)


def test_a_limit_holds_from_its_first_quarter_to_its_last():
    both = [there(1, 0, 15), there(2, 0, 15)]
    (each,) = found(presences=both, bounds=[bound(first=3, last=5)]).found
    assert (each.first, each.last) == (3, 5)


@pytest.mark.parametrize(
    ("about", "number"),
    [({}, 2), ({"theme": "customs"}, 1), ({"kind": "study"}, 1), ({"theme": "customs", "kind": "training"}, 0)],
)
def test_a_limit_counts_what_it_is_about(about, number):
    radar = found(presences=[there(1), there(2, themes=("customs",), kinds=("study",))])
    assert load(radar.at("SN"), bound(**about))[8] == number


def test_a_pledge_from_a_programme_is_that_programme():
    paid = pledge(1, (24, 30))._replace(undertaking="P-1")
    radar = found(presences=[there(1), paid, pledge(2, (24, 30))])
    assert load(radar.at("SN"), bound(measure="programmes"))[8] == 2


def test_places_in_training_are_added_up():
    radar = found(presences=[there(1, people=20), there(2, people=15, last=8)])
    assert load(radar.at("SN"), bound(measure="trainees"))[8:10] == (35, 20)


def test_a_finding_is_told_with_its_records():
    radar = found([asking()], [there(1), there(2), there(3, themes=("customs",))], [bound()])
    told = {each.kind: tell(radar, each) for each in radar.found}
    assert GAP not in told
    assert told[COLLISION].records == (
        ("limit", "AL-1"),
        ("programme", "P-1"),
        ("programme", "P-2"),
        ("programme", "P-3"),
    )
    assert str(told[COLLISION].first) == "2026-Q4"
    assert all(str(message) for message in told[COLLISION].why)
