"""The law of courses and their sessions, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.courses import rules

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def fields(problems: list[rules.Problem]) -> list[str]:
    return [problem.field for problem in problems]


@pytest.mark.parametrize(
    ("status", "register_by", "starts_on", "is_open"),
    [
        ("open", date(2026, 11, 23), date(2026, 12, 1), True),
        ("open", date(2026, 11, 22), date(2026, 12, 1), False),
        ("open", None, date(2026, 11, 24), True),
        ("open", None, date(2026, 11, 23), False),
        ("full", None, date(2026, 12, 1), False),
        ("cancelled", None, date(2026, 12, 1), False),
    ],
)
def test_one_registers_until_the_day_that_is_set(
    status: str, register_by: date | None, starts_on: date, is_open: bool
) -> None:
    assert rules.is_open_for_registration(status, register_by, starts_on, TODAY) is is_open


@given(st.sampled_from(sorted(rules.SESSION_MOVES)), DAYS, st.integers(0, 30), st.none() | DAYS, DAYS, st.booleans())
def test_a_standing_is_open_only_when_one_may_register(
    status: str, starts_on: date, days: int, register_by: date | None, today: date, is_withdrawn: bool
) -> None:
    ends_on = starts_on.fromordinal(starts_on.toordinal() + days)
    standing = rules.session_standing(
        status=status,
        starts_on=starts_on,
        ends_on=ends_on,
        register_by=register_by,
        today=today,
        is_withdrawn=is_withdrawn,
    )
    may = rules.is_open_for_registration(status, register_by, starts_on, today) and not is_withdrawn
    assert standing.is_open is (may and today < starts_on)


def test_the_words_follow_the_days() -> None:
    def word(today: date, status: str = "open") -> str:
        standing = rules.session_standing(
            status=status,
            starts_on=date(2027, 3, 1),
            ends_on=date(2027, 3, 19),
            register_by=date(2027, 2, 1),
            today=today,
        )
        return str(standing.word)

    assert word(date(2027, 2, 1)) == "Open for registration"
    assert word(date(2027, 2, 2)) == "Registration closed"
    assert word(date(2027, 2, 2), "full") == "Full"
    assert word(date(2027, 3, 1)) == "Under way"
    assert word(date(2027, 3, 20)) == "Over"
    assert word(date(2027, 3, 20), "cancelled") == "Cancelled"


def test_what_is_withdrawn_or_cancelled_stays_so() -> None:
    with pytest.raises(rules.MoveRefused):
        rules.check_move(rules.MOVES, "withdrawn", "posted")
    with pytest.raises(rules.MoveRefused):
        rules.check_move(rules.SESSION_MOVES, "cancelled", "open")
    rules.check_move(rules.SESSION_MOVES, "full", "open")


def test_forms_offer_only_statuses_of_the_table() -> None:
    assert set(rules.SESSION_CHOICES) <= rules.SESSION_MOVES["open"] & rules.SESSION_MOVES["full"]


def test_a_wrong_session_names_every_wrong_field() -> None:
    problems = rules.session_problems(
        starts_on=date(2027, 3, 8),
        ends_on=date(2027, 3, 1),
        register_by=date(2027, 3, 9),
        seats=0,
        time_zone="Mars/Base",
    )
    assert fields(problems) == ["ends_on", "register_by", "seats", "time_zone"]


def test_a_session_of_one_day_with_one_seat_is_right() -> None:
    day = date(2027, 3, 8)
    assert rules.session_problems(starts_on=day, ends_on=day, register_by=day, seats=1, time_zone="UTC") == []


def test_a_session_that_is_over_is_not_announced() -> None:
    assert fields(rules.new_session_problems(ends_on=date(2026, 11, 22), today=TODAY)) == ["ends_on"]
    assert rules.new_session_problems(ends_on=TODAY, today=TODAY) == []


def test_every_time_zone_on_offer_exists() -> None:
    assert [name for name in rules.TIME_ZONES if not rules.is_time_zone(name)] == []


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "/etc/localtime"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    assert not rules.is_time_zone(name)


def test_the_day_is_that_of_the_place() -> None:
    late = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert rules.day_there(late, "America/Lima") == date(2026, 11, 22)
    assert rules.day_there(late, "Africa/Dakar") == date(2026, 11, 23)


def test_a_fee_has_a_currency_unless_it_is_nothing() -> None:
    assert fields(rules.fee_problems(Decimal(850), "")) == ["currency"]
    assert (
        rules.fee_problems(Decimal(0), "")
        == rules.fee_problems(None, "")
        == rules.fee_problems(Decimal(1), "EUR")
        == []
    )


def test_a_course_is_about_something_for_somebody() -> None:
    assert fields(rules.content_problems(themes=[], languages=[], reach=[])) == ["themes", "languages", "countries"]
