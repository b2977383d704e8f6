"""What the coach tells of public needs of the same field."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.needs.examples import usual, usual_lines


def test_lines_are_summed_up_by_kind_the_commonest_first() -> None:
    lines = [
        (1, "training", Decimal(20), "judges"),
        (1, "training", Decimal(10), "judges"),
        (2, "training", Decimal(60), "judges"),
        (2, "equipment", Decimal(2), "sets"),
        (3, "training", Decimal(5), "days"),
    ]
    found = [(line.kind, line.needs, line.quantity, line.unit) for line in usual_lines(lines)]
    assert found == [("training", 3, Decimal(20), "judges"), ("equipment", 1, Decimal(2), "sets")]


@pytest.mark.parametrize(("themes", "text"), [(["prisons"], ""), ([], "Former les agents pénitentiaires")])
def test_needs_of_the_picked_theme_or_of_that_of_the_words_are_told(tx, world, themes, text) -> None:
    for _ in range(3):
        world.need(world.organisation("state"), themes=["prisons"])
    world.need(world.organisation("state"), themes=["small_arms"])
    tx.flush()
    found = usual(tx, themes, text)
    assert found is not None
    assert (found.themes[0], found.needs) == ("prisons", 3)
    assert found.lines[0].kind == "training"


def test_nothing_is_told_of_needs_that_are_not_public_or_of_one_or_two(tx, world) -> None:
    for _ in range(2):
        world.need(world.organisation("state"), themes=["prisons"])
    for tier in ("members", "named", "own"):
        world.need(world.organisation("state"), themes=["prisons"], disclosure=tier)
    tx.flush()
    assert usual(tx, ["prisons"], "") is None
    assert usual(tx, [], "nothing of the field") is None
