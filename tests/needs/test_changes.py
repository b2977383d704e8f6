from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.needs.changes import LABELS, changes, word_difference, worded
from app.needs.snapshots import COLUMNS, FACETS, without
from app.reference import names

WORDS = st.lists(st.sampled_from(["port", "scanner", "agents", "deux", "trois"]), max_size=12).map(" ".join)


@pytest.fixture(autouse=True)
def _named_codes():
    names.register()


def state(**kw):
    plain = (
        dict.fromkeys(COLUMNS)
        | {name: [] for name in FACETS}
        | {"language": "en", "disclosure": "public", "title": "A"}
    )
    line = {"kind": "training", "quantity": "40.00", "unit": "officers", "cost_amount": "48000.00", "currency": "EUR"}
    return plain | {"field_disclosure": {}, "lines": [line], "indicators": []} | kw


def test_nothing_changed_is_nothing_to_say():
    assert changes(state(), state(), "en") == []


def test_amounts_that_are_written_differently_are_the_same():
    assert (
        changes(state(budget_amount="358000.00", currency="EUR"), state(budget_amount="358000", currency="EUR"), "en")
        == []
    )


def test_a_change_is_said_in_the_words_of_the_reader():
    (change,) = changes(
        state(themes=["precursor_control"]), state(themes=["precursor_control", "border_control"]), "fr"
    )
    assert change.field == "themes"
    assert change.before == "Contrôle des précurseurs"
    assert "Contrôle des frontières terrestres" in change.after


def test_lines_are_compared_row_by_row():
    more = [*state()["lines"], {"kind": "equipment", "quantity": "2", "unit": "devices", "is_essential": False}]
    (change,) = changes(state(), state(lines=more), "en")
    assert change.is_list
    assert [mark for mark, _rows in change.pieces] == ["same", "new"]
    assert change.pieces[1][1] == "Equipment: 2 devices; desirable"


def test_every_field_of_a_need_has_a_label():
    assert set(COLUMNS) | set(FACETS) <= set(LABELS) | {"budget_amount", "currency"}


def test_one_word_is_marked_and_the_rest_is_not():
    assert word_difference("forty agents in Dakar", "sixty agents in Dakar") == [
        ("gone", "forty"),
        ("new", "sixty"),
        ("same", "agents in Dakar"),
    ]


def test_very_long_texts_are_shown_before_and_after():
    assert [mark for mark, _text in word_difference("a " * 3000, "b " * 3000)] == ["gone", "new"]


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_the_difference(before, after):
    pieces = word_difference(before, after)
    assert " ".join(words for mark, words in pieces if mark != "new") == before
    assert " ".join(words for mark, words in pieces if mark != "gone") == after


def test_what_a_reader_may_not_see_is_not_worded():
    hidden = without(
        state(contact="Diallo", place="Dakar", baseline="0.5 %", budget_amount="1", currency="EUR",
              indicators=[{"name": "Share", "baseline": "0.5", "target": "5"}]),
        {"contact", "place", "baseline", "budget", "files"},
    )  # fmt: skip
    text = " ".join(worded(hidden, "en").values())
    assert not any(secret in text for secret in ("Diallo", "Dakar", "0.5", "EUR"))
    assert "Share" in text
