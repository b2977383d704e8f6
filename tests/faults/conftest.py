"""What the fault tests stand on: one nursery for all, sites in folders of their own, and which tests are the long part.

`make test` runs the short part alone; with AT_LENGTH=1, as `make faults` has it, everything runs.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.foundation.db import Database
from tests.faults import checker
from tests.faults.hosts import Nursery, Site, site_of, wait_for
from tests.faults.load import database_on
from tests.faults.town import Town, build
from tests.faults.writers import Account, Writer

NURSERY = pytest.StashKey[Nursery]()


@pytest.fixture(scope="session")
def nursery(request: pytest.FixtureRequest) -> Nursery:
    """The process that starts all others; it ends with the run."""
    config = request.config
    if NURSERY not in config.stash:
        config.stash[NURSERY] = made = Nursery()
        config.add_cleanup(made.stop)
    return config.stash[NURSERY]


@dataclass
class Place:
    """A running site with its town, its database, and an account of what was acknowledged."""

    site: Site
    database: Database
    town: Town
    account: Account

    def person(self, role: str) -> Writer:
        """Somebody who writes in this way, signed in."""
        number = ("needs", "pledges", "nominations", "answers").index(role)
        writer = Writer(number, [self.site.address], self.town, self.account, lambda: True)
        writer.sign_in()
        return writer

    def settle(self) -> None:
        """Until the worker has nothing left to do."""
        wait_for(lambda: checker.waiting(self.database)[0] == 0, "the worker does not come to an end")

    def check(self) -> None:
        """Everything acknowledged is there once, with one event each, and the chain stands."""
        faults = checker.kept(self.database, self.account)
        faults |= checker.recorded(self.database, self.site.folder, KEY)
        assert not any(faults.values()), faults


KEY = "only-for-demonstrations-never-for-real-data"


@pytest.fixture
def place_on(nursery: Nursery) -> Iterator[Callable[..., Place]]:
    """Makes a running site: `place_on("sqlite")`; `folder` is where it has its data."""
    with ExitStack() as stack:

        def make(engine: str = "sqlite", folder: Path | None = None, **more: Any) -> Place:
            own = folder or Path(tempfile.mkdtemp(prefix="faults-"))
            stack.callback(shutil.rmtree, own, ignore_errors=True)
            database = stack.enter_context(database_on(engine, own))
            town = build(database, 4, more.pop("writes", 400))
            namespace = more.pop("namespace", 0)
            url = f"sqlite:///{own}/counterpart.sqlite" if engine == "sqlite" else database.url
            site = site_of(nursery, own, url, more.pop("hosts", 1), **more)
            site.namespace = namespace
            stack.callback(site.stop)
            return Place(site.start(), database, town, Account())

        yield make
