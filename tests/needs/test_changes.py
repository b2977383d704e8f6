from __future__ import annotations

import pytest

from app.foundation.languages import say
from app.needs.changes import LABELS, changes, worded
from app.needs.snapshots import COLUMNS, FACETS, without
from app.reference import names


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


def test_words_in_another_language_are_compared_on_their_own():
    french = {"language": "fr", "title": "Deux scanners", "summary": "", "problem": "Peu.", "objectives": ""}
    added = changes(state(), state(other_texts=[french]), "en")
    assert [(say(c.label, "en"), c.after, c.language) for c in added] == [
        ("Title (French)", "Deux scanners", "fr"),
        ("Problem (French)", "Peu.", "fr"),
    ]
    mended = changes(state(other_texts=[french]), state(other_texts=[french | {"title": "Trois scanners"}]), "en")
    assert [piece for change in mended for piece in change.pieces][:2] == [("gone", "Deux"), ("new", "Trois")]


def test_what_a_reader_may_not_see_is_not_worded():
    hidden = without(
        state(contact="Diallo", place="Dakar", baseline="0.5 %", budget_amount="1", currency="EUR",
              indicators=[{"name": "Share", "baseline": "0.5", "target": "5"}]),
        {"contact", "place", "baseline", "budget", "files"},
    )  # fmt: skip
    text = " ".join(worded(hidden, "en").values())
    assert not any(secret in text for secret in ("Diallo", "Dakar", "0.5", "EUR"))
    assert "Share" in text
