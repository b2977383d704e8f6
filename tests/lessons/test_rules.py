"""The law of lessons: how one is validated, which warns, and where a reader may be sent."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lessons import rules


@dataclass(frozen=True)
class Told:
    name: str
    verdict: str


GOOD, BAD, CARE = Told("good", "worked"), Told("bad", "failed"), Told("care", "challenge")


@pytest.mark.parametrize(("status", "wanted"), [("submitted", "validated"), ("validated", "submitted")])
def test_moves_that_are_allowed(status: str, wanted: str) -> None:
    rules.check_move(status, wanted)


@pytest.mark.parametrize(
    ("status", "wanted"), [("draft", "validated"), ("returned", "validated"), ("validated", "returned"), ("x", "y")]
)
def test_moves_that_are_refused(status: str, wanted: str) -> None:
    with pytest.raises(rules.MoveRefused):
        rules.check_move(status, wanted)


def test_a_warning_takes_the_last_place_among_good_news() -> None:
    assert rules.with_a_warning([GOOD, GOOD, GOOD], BAD) == [GOOD, GOOD, BAD]


def test_no_warning_is_added_where_one_warns_already() -> None:
    assert rules.with_a_warning([GOOD, CARE], BAD) == [GOOD, CARE]


@given(st.lists(st.sampled_from([GOOD, BAD, CARE]), max_size=5), st.sampled_from([BAD, CARE, None]))
def test_a_warning_never_makes_the_list_longer(best: list[Told], warning: Told | None) -> None:
    shown = rules.with_a_warning(best, warning)

    assert len(shown) == len(best)
    if best and warning:
        assert any(told.verdict in rules.WARNINGS for told in shown)


def test_evidence_is_ordered_from_weak_to_strong() -> None:
    strengths = [rules.strength(code) for code in ("anecdotal", "observed", "measured", "evaluated")]
    assert strengths == sorted(set(strengths))


@pytest.mark.parametrize("address", ["https://example.org/manual.pdf", "https://data.example.org/a?b=c#d"])
def test_addresses_that_readers_may_follow(address: str) -> None:
    assert rules.is_safe_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org", "javascript:alert(1)", "https://", "https://localhost/x", "https://127.0.0.1/", "//a.org",
        "https://user:secret@example.org/", "https://example.org:8080/", "https://exa mple.org", "https://[::1]/",
        'https://example.org/"onclick', "https://example.org/" + "a" * 600, "https://example.org:99999/",
    ],
)  # fmt: skip
def test_addresses_that_readers_are_not_sent_to(address: str) -> None:
    assert not rules.is_safe_address(address)


@pytest.mark.parametrize(
    ("ref", "kind"), [("N-7KQ2-MX4T", "need"), ("P-7KQ2-MX4T", "programme"), ("C-2222-3333", "course"), ("", "")]
)
def test_a_reference_says_what_it_names(ref: str, kind: str) -> None:
    assert rules.subject_kind(ref) == kind


def test_every_code_has_a_name() -> None:
    lists = (rules.KINDS, rules.CRITERIA, rules.STAGES, rules.EVIDENCE, rules.VIEWS, rules.LICENCES, rules.OUTPUT_KINDS)
    assert all(str(name) for codes in lists for name in codes.values())
    assert set(rules.MOVES) == set(rules.STATUS_NAMES)
