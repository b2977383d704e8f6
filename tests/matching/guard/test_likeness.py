"""Word for word, shortened, a part, a phase, translated: what tells of one thing, and what only looks so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.duplicates import Told
from app.matching.guard.likeness import told_twice

TEXT = "Customs officers in the port learn to profile containers and to search them with scanners, in 12 courses."
ONE = Told("Container searches in the port of Dakar", TEXT, frozenset({"SN"}), "2026-02-10", "2028-07-20")
LONG = "Strengthening regional container control capacity of customs and police services in the port of Dakar"


def told(**changes: Any) -> Told:
    return replace(ONE, **changes)


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (told(), True),
        (told(title="CONTAINER SEARCHES IN THE PORT"), True),
        (told(description=TEXT[:60]), True),
        (told(start="2026-06-01", end="2028-12-01"), True),
        (told(title="Component 2: Container searches in the port of Dakar", start="2026-06-01"), True),
        (told(title=f"{ONE.title}, phase 1", end="2027-03-01"), True),
        (told(title="Container searches in the port of Thiès"), False),
        (told(title="Searches of containers by the navy in the port of Dakar"), True),
        (told(description="Books for schools and for the libraries of towns, with desks and lamps."), False),
        (told(countries=frozenset({"GH"})), False),
        (told(start="2030-01-01", end="2032-01-01"), False),
        (told(title=f"{ONE.title} - Phase II", start="2028-07-21", end="2030-12-31"), False),
        (told(title="Ports"), True),
        (told(title="Ports", description="Ports that are safe for all who work there, by day and by night."), False),
    ],
)
def test_what_tells_of_one_thing_in_one_language(other: Told, is_same: bool) -> None:
    assert told_twice(ONE, other, in_one_language=True) is is_same
    assert told_twice(other, ONE, in_one_language=True) is is_same


def test_in_a_long_title_one_word_may_differ() -> None:
    other = told(title=LONG.replace("regional", "national"))
    assert told_twice(told(title=LONG), other, in_one_language=True)


def test_a_translation_is_known_by_its_days_and_concepts() -> None:
    french = told(
        title="Fouille des conteneurs au port de Dakar",
        description="Les douaniers du port apprennent le profilage et le ciblage des conteneurs.",
    )
    assert told_twice(ONE, french, in_one_language=False)
    assert not told_twice(ONE, french, in_one_language=True)
    other_days = replace(french, start="2026-09-01", end="2028-10-01")
    assert not told_twice(ONE, other_days, in_one_language=False)


WORDS = st.lists(
    st.sampled_from("customs police judges ports prisons scanners training 2 phase II".split()), max_size=6
)
DAYS = st.sampled_from(["", "2025-01-01", "2025-05-05", "2027-12-31"])


@given(WORDS, WORDS, WORDS, WORDS, DAYS, DAYS, DAYS, DAYS, st.booleans())
def test_the_order_of_the_two_makes_no_difference(
    title: list[str], other_title: list[str], text: list[str], other_text: list[str],
    start: str, end: str, other_start: str, other_end: str, in_one: bool,
) -> None:  # fmt: skip
    one = Told(" ".join(title), " ".join(text), frozenset(), start, end)
    other = Told(" ".join(other_title), " ".join(other_text), frozenset(), other_start, other_end)
    assert told_twice(one, other, in_one_language=in_one) == told_twice(other, one, in_one_language=in_one)
