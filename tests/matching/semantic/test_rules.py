"""Passages, and how near two records are in meaning: plain vectors, handed in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.semantic.rules import (
    LONGEST_PASSAGE,
    MOST_PASSAGES,
    PASSAGE,
    STEADY,
    Meaning,
    bars,
    centre,
    closest,
    meaning_of,
    nearness,
    passages,
    unit,
)

EAST, NORTH = np.array([1.0, 0.0], dtype=np.float32), np.array([0.0, 1.0], dtype=np.float32)


def meaning(*vectors):
    return meaning_of("en", np.stack(vectors).astype(np.float32))


def test_the_same_is_nearest_and_the_opposite_is_not_near_at_all():
    assert nearness(meaning(EAST), meaning(EAST)) == pytest.approx(1)
    assert nearness(meaning(EAST), meaning(NORTH)) == 0
    assert nearness(meaning(EAST), meaning(-EAST)) == 0


def test_half_is_the_whole_and_half_the_best_passage():
    both = meaning(EAST, NORTH)
    assert nearness(both, meaning(NORTH)) == pytest.approx((np.sqrt(0.5) + 1) / 2)
    assert closest(both, meaning(NORTH)) == (1, 0)
    assert closest(both, both) == (0, 0)


def test_what_a_language_has_in_common_is_taken_away():
    common = unit(EAST + NORTH)
    one, other = unit(common + 0.3 * EAST), unit(common + 0.3 * NORTH)
    assert nearness(meaning(one), meaning(other)) > 0.9
    assert nearness(meaning(one).less(common), meaning(other).less(common)) < 0.5
    assert np.allclose(meaning(one).less(None).whole, one)


def test_a_few_texts_are_no_centre_yet():
    assert np.allclose(centre(np.stack([EAST])), EAST / (1 + STEADY))
    assert np.allclose(centre(np.stack([EAST] * 980)), EAST * 0.98)


def test_words_surprise_where_they_find_better_than_nearly_all_of_a_language():
    shares = {"en": [0.9, 0.5, 0.4, 0.3, 0.2], "fr": [0.6]}
    assert bars(shares, {"en": 100, "fr": 100, "es": 40}) == {"en": 0.3, "fr": 0.0, "es": 0.0}
    assert bars(shares, {"fr": 5}) == {"fr": 0.6}


def test_a_text_without_words_means_nothing():
    nothing = Meaning("en", unit(np.zeros(2, dtype=np.float32)), np.zeros((1, 2), dtype=np.float32))
    assert nearness(nothing, meaning(EAST)) == 0


def test_passages_are_the_title_and_whole_sentences_of_some_25_words():
    sentence = " ".join(f"word{n}" for n in range(13)) + "."
    assert passages("Title", f"{sentence} {sentence} {sentence}") == ["Title", f"{sentence} {sentence}", sentence]
    assert passages("Prisons", "Prisons") == ["Prisons"]
    assert passages("Prisons", "") == ["Prisons"]


@given(st.lists(st.text(alphabet="ab .\n", max_size=200), max_size=30).map(" ".join))
def test_no_passage_is_empty_or_long_and_no_word_is_lost_or_twice(body):
    found = passages("Title", body)
    assert all(0 < len(one.split()) <= LONGEST_PASSAGE + PASSAGE for one in found)
    said = f"Title\n{body}".split()
    spoken = " ".join(found).split()
    assert spoken == said[: len(spoken)]
    assert len(spoken) == len(said) or len(found) == MOST_PASSAGES
