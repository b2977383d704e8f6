"""The law of organisations, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.organisations import rules
from app.organisations.rules import Identity


def test_every_move_starts_and_ends_at_a_status_and_has_words() -> None:
    for move, ways in rules.MOVES.items():
        assert set(ways) | set(ways.values()) <= set(rules.STATUSES)
        assert rules.ACTIONS[move] in rules.PAST


@given(st.sampled_from(sorted(rules.STATUSES)), st.sampled_from(sorted(rules.MOVES)))
def test_a_move_is_offered_exactly_where_it_is_allowed(status: str, move: str) -> None:
    offered = move in rules.moves_from("donor", status)
    try:
        rules.status_after("donor", status, move, "a reason")
        allowed = True
    except rules.WrongMove:
        allowed = False
    assert offered == allowed


def test_a_refusal_and_a_suspension_need_a_reason() -> None:
    with pytest.raises(rules.WrongMove, match="reason"):
        rules.status_after("donor", "applied", "refuse", "  ")
    with pytest.raises(rules.WrongMove, match="reason"):
        rules.status_after("donor", "trusted", "suspend")
    assert rules.status_after("donor", "trusted", "suspend", "It asked for it") == "suspended"


def test_what_was_decided_is_not_decided_again() -> None:
    with pytest.raises(rules.WrongMove, match="any more"):
        rules.status_after("donor", "verified", "verify")


def test_the_secretariat_cannot_close_itself() -> None:
    with pytest.raises(rules.WrongMove, match="secretariat"):
        rules.status_after("secretariat", "verified", "suspend", "by mistake")
    assert "suspend" not in rules.moves_from("secretariat", "verified")


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        (" Interior.Example ", "interior.example"),
        ("@interior.example", "interior.example"),
        ("jane@interior.example", "interior.example"),
        ("https://www.interior.example/contact", "interior.example"),
    ],
)
def test_a_domain_is_read_generously(typed: str, domain: str) -> None:
    assert rules.tidy_domain(typed) == domain
    assert rules.is_domain(domain)


@pytest.mark.parametrize("text", ["", "localhost", "two words.example", "-a.example", "a..example", "x" * 300 + ".org"])
def test_what_is_no_domain_is_refused(text: str) -> None:
    assert not rules.is_domain(text)


def test_an_address_below_the_domain_is_in_it_and_a_lookalike_is_not() -> None:
    assert rules.is_in_domain("Jane@Interior.example", "interior.example")
    assert rules.is_in_domain("jane@police.interior.example", "interior.example")
    assert not rules.is_in_domain("jane@evilinterior.example", "interior.example")
    assert not rules.is_in_domain("jane@interior.example.evil.example", "interior.example")
    assert not rules.is_in_domain("jane@interior.example", "")


def test_names_are_compared_without_accents_case_and_punctuation() -> None:
    assert rules.same_name("Précurseurs – Office", "precurseurs office")
    assert not rules.same_name("", " - ")
    assert rules.names_alike("Office central des stupéfiants", "OFFICE CENTRAL DES STUPEFIANTS du Sénégal")
    assert not rules.names_alike("Police", "Police des frontières")


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_of_names_does_not_depend_on_the_order(one: str, other: str) -> None:
    assert rules.names_alike(one, other) == rules.names_alike(other, one)


def test_the_strongest_likeness_is_told() -> None:
    known = Identity(("Office central des stupéfiants",), "SN", "ocs.example", "SN-1")
    assert str(rules.likeness(Identity(("X",), None, "", "SN-1"), known)) == "the same IATI identifier"
    assert str(rules.likeness(Identity(("X",), "FR", "ocs.example"), known)) == "the same e-mail domain"
    assert str(rules.likeness(Identity(("office central des stupefiants",), "FR"), known)) == "the same name"
    longer = "Office central des stupéfiants de Dakar"
    assert str(rules.likeness(Identity((longer,), "SN"), known)) == "one name contains the other"
    assert rules.likeness(Identity((longer,), "ML"), known) is None


def test_a_public_mail_provider_says_nothing_about_who_writes() -> None:
    assert (
        rules.likeness(Identity(("A ministry",), "SN", "gmail.com"), Identity(("An agency",), "SN", "gmail.com"))
        is None
    )


@pytest.mark.parametrize(("days", "working"), [(0, 0), (1, 1), (3, 1), (7, 5), (8, 6), (14, 10)])
def test_a_wait_is_counted_in_working_days(days: int, working: int) -> None:
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert rules.wait_of(monday - timedelta(days=days), monday) == working
