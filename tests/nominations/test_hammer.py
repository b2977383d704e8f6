"""Several web processes at one session: no seat is sold twice, nobody lost or doubled. `make bench-seats` does more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.foundation.db import Database
from tests.benchmarks.seats_hammer import hammer


def test_no_seat_is_sold_twice(new_database: Callable[[str], Database], engine_name: str, tmp_path: Path) -> None:
    figures = hammer(new_database(engine_name), tmp_path, processes=2, turns=4)
    assert figures["nominations"] == 8
    assert figures["faults"] == dict.fromkeys(figures["faults"], 0)
