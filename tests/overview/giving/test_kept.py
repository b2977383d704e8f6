"""What is kept of all that is given, and brought up to date, is what is read anew, whatever has changed."""

from __future__ import annotations

import pytest

from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.overview.giving.memory import MANY, Memory
from app.overview.giving.queries import givings
from app.overview.giving.rules import whole_year
from tests.overview.radar.test_kept import Moves
from tests.overview.radar.test_oracle import TODAY, Chance


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_is_what_is_read_anew(tx, world, seed):
    memory, chance = Memory(many=0), Chance(world, seed)
    moves = Moves(world, chance)
    readers = (SYSTEM, ANONYMOUS, world.actor(world.account(chance.donors[0])))
    for number in range(20):
        for period in (None, whole_year(2026)):
            for reader in readers:
                kept = memory.givings(tx, reader, TODAY, period)
                assert list(kept) == givings(tx, reader, TODAY, period), (seed, number)
        for _each in range(1 + number % 3):
            moves.move()


def test_what_is_quickly_read_is_not_kept(tx, world):
    world.programme(world.organisation("donor"))
    memory = Memory()
    assert len(memory.givings(tx, ANONYMOUS, TODAY)) < MANY
    assert not len(memory.kept)
