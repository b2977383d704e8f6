"""Sites of the tests' own, with real processes, started as the units and the image start them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import RunningSite, common, copy_of_demonstration, site_in

__all__ = ["common"]


@pytest.fixture
def at_rest(common: Path) -> Iterator[RunningSite]:
    """The demonstration in a folder of its own; nothing runs yet, and whatever is started ends with the test."""
    site = site_in(copy_of_demonstration(common))
    (site.folder / "said.txt").write_text("")
    yield site
    for process in site.processes:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
