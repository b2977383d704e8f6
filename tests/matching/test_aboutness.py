"""What records are about, and how alike two are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.aboutness import Likeness, about, cosine, likeness

FRENCH = about(
    "Hacinamiento: surpopulation carcérale", "Former les agents pénitentiaires et réhabiliter trois prisons."
)
ENGLISH = about("Prison reform", "Training of prison staff and rehabilitation of prisons.")
OTHER = about("Coastal fishing", "Boats for fishermen.")


def test_the_same_thing_in_two_languages_is_alike() -> None:
    assert likeness(FRENCH, ENGLISH).themes > 0.8
    assert likeness(FRENCH, ENGLISH).concepts > 0.3
    assert likeness(FRENCH, OTHER) == Likeness()


def test_shared_concepts_are_named_and_true_of_both() -> None:
    shared = likeness(FRENCH, ENGLISH).shared
    assert shared
    assert set(shared) <= FRENCH.concepts.keys() & ENGLISH.concepts.keys()


def test_what_a_name_speaks_of_counts_half() -> None:
    narrow = about("Prison overcrowding", "")
    assert narrow.concepts["prison_overcrowding"] > narrow.concepts["prison_service"] > 0


def test_purpose_codes_tell_themes_where_words_do_not() -> None:
    record = about("Programme 2010, phase II", "", ("1:15137",))
    assert record.themes == {"prisons": 1}
    assert record.is_public_sector
    assert likeness(FRENCH, record).sectors > 0.5
    assert not about("Programme 2010", "", ("1:31120", "99:15137")).is_public_sector


def test_a_theme_that_a_person_picked_counts_in_full() -> None:
    assert about("Appui 2027", "", (), ("small_arms",)).themes["small_arms"] == 1.0


@pytest.mark.parametrize("empty", [about("", ""), about("of the and", "2014")])
def test_a_text_about_nothing_is_like_nothing(empty) -> None:
    assert likeness(empty, ENGLISH) == Likeness()


WEIGHTS = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 9), max_size=5)


@given(WEIGHTS, WEIGHTS)
def test_likeness_is_the_same_from_both_sides_and_never_more_than_one(first, second) -> None:
    assert cosine(first, second) == pytest.approx(cosine(second, first))
    assert 0 <= cosine(first, second) <= 1 + 1e-9
    assert not first or cosine(first, first) == pytest.approx(1)
