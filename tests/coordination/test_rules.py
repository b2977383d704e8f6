"""The law of meetings, without a database."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.coordination import rules
from app.coordination.rules import Convener, MoveRefused


@pytest.mark.parametrize(
    ("kind", "status", "wanted", "may"),
    [
        ("meeting", "planned", "held", True),
        ("meeting", "planned", "cancelled", True),
        ("meeting", "held", "cancelled", False),
        ("meeting", "held", "held", False),
        ("meeting", "cancelled", "held", False),
        ("action_point", "open", "done", True),
        ("action_point", "open", "dropped", True),
        ("action_point", "done", "dropped", False),
        ("action_point", "open", "open", False),
        ("action_point", "done", "open", True),
        ("action_point", "dropped", "open", True),
    ],
)
def test_moves(kind, status, wanted, may):
    if may:
        rules.check_move(kind, status, wanted)
        return
    with pytest.raises(MoveRefused):
        rules.check_move(kind, status, wanted)


def test_every_status_has_a_name_and_leads_to_one_that_has():
    for kind, names in (("meeting", rules.STATUS_NAMES), ("action_point", rules.POINT_NAMES)):
        assert set(rules.MOVES[kind]) == set(names)
        assert set().union(*rules.MOVES[kind].values()) <= set(names)


def test_a_cancelled_meeting_stays_as_it_was():
    rules.check_amendable("held")
    with pytest.raises(MoveRefused):
        rules.check_amendable("cancelled")


def test_a_meeting_is_held_from_its_day_on():
    rules.check_day(date(2027, 3, 2), date(2027, 3, 2))
    with pytest.raises(MoveRefused):
        rules.check_day(date(2027, 3, 2), date(2027, 3, 1))


@pytest.mark.parametrize(
    ("convener", "may"),
    [
        (Convener("secretariat"), True),
        (Convener("state", "SN"), True),
        (Convener("state", "GH"), False),
        (Convener("regional", None, frozenset({"SN", "GH"})), True),
        (Convener("regional", None, frozenset({"JM"})), False),
        (Convener("donor", None, is_active=True), True),
        (Convener("donor", None), False),
    ],
)
def test_who_convenes_on_senegal(convener, may):
    assert (rules.convening_fault(convener, "SN") is None) is may


def test_a_desk_convenes_on_the_members_of_its_grouping():
    assert {"SN", "GH"} <= rules.desk_of("ECOWAS")
    assert rules.desk_of(None) == frozenset()


@pytest.mark.parametrize(
    ("invited", "owing", "is_sound"),
    [({1}, set(), True), ({1, 2}, {2}, True), (set(), set(), False), ({1}, {2}, False), (set(range(61)), set(), False)],
)
def test_who_is_invited(invited, owing, is_sound):
    assert (rules.invited_fault(invited, owing) is None) is is_sound


def test_overdue_is_what_is_open_after_its_day():
    today = date(2027, 3, 2)
    assert rules.is_overdue("open", date(2027, 3, 1), today)
    assert not rules.is_overdue("open", today, today)
    assert not rules.is_overdue("done", date(2027, 3, 1), today)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("14:30", time(14, 30)), ("14h30", time(14, 30)), ("9.15", time(9, 15)), (" 9 h ", time(9)), ("14H", time(14)),
        ("0:00", time(0)), ("24:00", None), ("14:60", None), ("noon", None), ("", None), ("1430", None), ("²:00", None),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read(text, hour):
    assert rules.read_time(text) == hour


def test_a_quarter_in_words():
    assert str(rules.quarter_words("2027-Q3")) == "quarter 3 of 2027"
