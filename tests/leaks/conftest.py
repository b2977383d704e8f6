"""One base world for all tests of a process: it takes seconds to make and is never changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.leaks.explore import Explorer
from tests.leaks.worlds import BaseWorld


@pytest.fixture(scope="session")
def explorer() -> Iterator[Explorer]:
    base = BaseWorld(1)
    yield Explorer(base)
    base.close()
