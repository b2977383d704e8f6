"""The hammer of the ledger on a site that holds no rows: what the row locks keep from happening then does happen."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

import pytest

from tests.benchmarks.hammer import counted, run_children, world_in
from tests.faults.load import database_on
from tests.servers import DEBIAN, NO_SERVER

pytestmark = [
    pytest.mark.slow, pytest.mark.one_engine, pytest.mark.long_fault, pytest.mark.needs_postgresql,
    pytest.mark.skipif(not list(DEBIAN.glob("*/bin")), reason=NO_SERVER),
]  # fmt: skip

CARELESS = """
import sys
from tests.faults.careless import no_row_locks
from tests.benchmarks.hammer import main
no_row_locks()
sys.exit(main(sys.argv[1:]))
"""
PROCESSES, TURNS = 3, 9


def test_without_row_locks_more_is_accepted_than_was_asked() -> None:
    """SQLite lets one writer in at a time in any case; here it takes PostgreSQL to be careless."""
    with tempfile.TemporaryDirectory() as folder, database_on("postgresql", Path(folder)) as database:
        need = world_in(database, PROCESSES)
        command = ["-c", CARELESS, "--need", need, "--turns", str(TURNS), "--child"]
        figures = counted(database, need, run_children(command, PROCESSES, database, Path(folder)))
    print(figures)
    assert Decimal(figures["faults"]["over_pledged"]) > 0, figures
