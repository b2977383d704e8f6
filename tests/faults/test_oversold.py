"""Two pledges are accepted at one instant: the row lock keeps the second out, and without it both are in."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.foundation.migrate import upgrade
from tests.benchmarks.hammer import run_children
from tests.factories import World
from tests.faults.checker import oversold
from tests.faults.load import database_on
from tests.servers import DEBIAN, NO_SERVER

pytestmark = [
    pytest.mark.slow, pytest.mark.one_engine, pytest.mark.at_length, pytest.mark.needs_postgresql,
    pytest.mark.skipif(not list(DEBIAN.glob("*/bin")), reason=NO_SERVER),
]  # fmt: skip


@pytest.mark.parametrize("careless", [False, True])
def test_room_for_one_is_given_to_one_as_long_as_the_row_is_held(careless: bool) -> None:
    """SQLite lets one writer in at a time in any case; it takes PostgreSQL to be careless."""
    with tempfile.TemporaryDirectory() as folder, database_on("postgresql", Path(folder)) as database:
        upgrade(database)
        with database.transaction() as tx:
            world = World(tx, datetime.now(UTC))
            state = world.organisation("state")
            need = world.need(state, lines=[{"quantity": Decimal(20)}])
            line = need.lines[0].id
            refs = []
            for number in range(2):
                world.account(state, email=f"official{number}@example.org")
                donor = world.organisation("donor", name=f"Donor {number}")
                lines = [{"need_line_id": line, "quantity": Decimal(15)}]
                refs.append(world.pledge(need, donor, lines=lines).ref)
        command = ["-m", "tests.faults.both_at_once", *refs, *(["--careless"] if careless else [])]
        (answers,) = run_children([*command, "--child"], 1, database, Path(folder))
        figures = oversold(database)
    print(careless, answers, figures)
    assert 303 in answers.values()
    assert bool(figures["over_pledged"]) is careless
