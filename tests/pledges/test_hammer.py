"""Several web processes at one need: nothing is covered twice, lost or doubled. `make bench-hammer` does more."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from app.foundation.db import Database
from tests.benchmarks.hammer import hammer


def test_nothing_is_covered_twice_lost_or_doubled(
    new_database: Callable[[str], Database], engine_name: str, tmp_path: Path
) -> None:
    figures = hammer(new_database(engine_name), tmp_path, processes=2, turns=4)

    assert figures["pledges"] >= 4
    assert figures["accepted"] > 0
    assert {name: Decimal(str(value)) for name, value in figures["faults"].items()} == dict.fromkeys(
        figures["faults"], Decimal(0)
    )
