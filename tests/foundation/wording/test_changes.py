from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.foundation.wording.changes import FieldChange, field_changes, row_changes, word_changes

WORDS = st.lists(st.sampled_from(["port", "scanner", "agents", "deux", "trois"]), max_size=12).map(" ".join)


def test_one_word_is_marked_and_the_rest_is_not():
    assert word_changes("forty agents in Dakar", "sixty agents in Dakar") == [
        ("gone", "forty"),
        ("new", "sixty"),
        ("same", "agents in Dakar"),
    ]


def test_very_long_texts_are_shown_before_and_after():
    assert [mark for mark, _text in word_changes("a " * 3000, "b " * 3000)] == ["gone", "new"]
    assert [mark for mark, _text in word_changes("", "b " * 5000)] == ["new"]


def test_rows_are_compared_whole():
    assert row_changes(["two sets", "one expert"], ["two sets", "two experts"]) == [
        ("same", "two sets"),
        ("gone", "one expert"),
        ("new", "two experts"),
    ]


def test_only_what_differs_is_a_change_in_the_order_of_the_labels():
    labels = {"title": "Title", "place": "Place", "lines": "Lines"}
    found = field_changes(
        labels, {"title": "A", "lines": "x\ny"}, {"title": "A", "place": "Dakar", "lines": "x"}, {"lines"}
    )
    assert found == [
        FieldChange("place", "Place", "", "Dakar"),
        FieldChange("lines", "Lines", "x\ny", "x", is_list=True),
    ]
    assert found[1].pieces == [("same", "x"), ("gone", "y")]


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_the_difference(before, after):
    pieces = word_changes(before, after)
    assert " ".join(words for mark, words in pieces if mark != "new") == before
    assert " ".join(words for mark, words in pieces if mark != "gone") == after
