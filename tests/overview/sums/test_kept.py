"""The sums of the front page, kept and changed by what has changed, are those that are counted anew."""

from __future__ import annotations

from typing import Any

import pytest

from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.overview import queries
from app.overview.rules import Gap
from app.overview.sums.memory import MANY, Memory
from app.overview.sums.rules import Part, Sums, changed
from tests.overview.radar.test_kept import Moves
from tests.overview.radar.test_oracle import TODAY, Chance


def counted(tx: Any, reader: Any) -> tuple[Any, ...]:
    whole = queries.numbers(tx, reader)
    return (
        queries.gaps_by(tx, reader, "theme", TODAY),
        queries.asked_by(tx, reader, "country"),
        (whole.needs, whole.lines, whole.covered),
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_is_counted_anew(tx, world, seed):
    memory, chance = Memory(many=0), Chance(world, seed)
    moves = Moves(world, chance)
    readers = (SYSTEM, ANONYMOUS, world.actor(world.account(chance.donors[0])))
    for number in range(25):
        for reader in readers:
            sums = memory.sums(tx, reader, TODAY)
            kept = (sums.by_theme(), sums.by_country(), sums.whole.counts[:3])
            assert kept == counted(tx, reader), (seed, number)
        for _each in range(1 + number % 3):
            moves.move()


def test_what_was_kept_stays_as_it_is_for_whoever_reads_it():
    first = changed(Sums(), (), {("need", "N-1"): Part((1, 2, 1, 0, 0), ("prisons",), ("SN", "ML"))})
    second = changed(first, [("need", "N-1")], {("need", "N-2"): Part((1, 1, 0, 0, 0), ("prisons",))})
    assert first.by_country() == {"SN": Gap("SN", 1, 2, 1), "ML": Gap("ML", 1, 2, 1)}
    assert second.by_country() == {}
    assert second.by_theme() == {"prisons": Gap("prisons", 1, 1, 0)}
    assert changed(second, [("need", "N-2"), ("need", "gone before")], {}) == Sums()


def test_a_code_stays_as_long_as_a_record_carries_it():
    sums = changed(Sums(), (), {("need", "N-1"): Part((0, 0, 0, 0, 0), ("prisons",))})
    assert sums.by_theme() == {"prisons": Gap("prisons")}


def test_what_is_quickly_counted_is_not_kept(tx, world):
    world.need(world.organisation())
    memory = Memory()
    assert len(memory.sums(tx, ANONYMOUS, TODAY).parts) < MANY
    assert not len(memory.kept)
