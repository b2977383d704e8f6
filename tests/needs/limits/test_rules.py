"""The law of limits, without a database."""

from __future__ import annotations

from datetime import date

import pytest

from app.needs.limits import rules

BEGIN = date(2027, 1, 1)


def problems(**parts):
    whole = {"most": 3, "starts_on": BEGIN, "ends_on": None, "kind": "", "measure": "providers", **parts}
    return [problem.field for problem in rules.limit_problems(**whole)]


@pytest.mark.parametrize(
    ("parts", "fields"),
    [
        ({}, []), ({"most": 0}, []), ({"most": rules.MOST_ALLOWED}, []),
        ({"most": -1}, ["most"]), ({"most": rules.MOST_ALLOWED + 1}, ["most"]),
        ({"ends_on": BEGIN}, []), ({"ends_on": date(2026, 12, 31)}, ["ends_on"]),
        ({"kind": "study"}, []), ({"kind": "study", "measure": "trainees"}, ["kind"]),
        ({"kind": "training", "measure": "trainees"}, []),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_found(parts, fields):
    assert problems(**parts) == fields


def test_a_limit_that_has_ended_stays_so():
    rules.check_move("standing", "ended")
    for wanted in ("standing", "ended"):
        with pytest.raises(rules.MoveRefused):
            rules.check_move("ended", wanted)


def test_what_a_limit_says():
    assert str(rules.headline("programmes", 0)) == "Programmes at once: at most 0"
    assert set(rules.STATUS_NAMES) == set(rules.MOVES)
