"""Every new or newly matching record is announced exactly once per followed search, whatever happens meanwhile."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from app.foundation import migrate
from app.foundation.db import Database, Tx
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Handler, Writer
from app.notifications.alerts import reactions
from app.notifications.alerts.reactions import tell_followers
from app.notifications.alerts.service import Discovery, _tell_together
from app.notifications.service import put_mails, put_notices
from app.notifications.telling import Telling
from app.search.asking import Seeker, ask
from app.search.engine_types import Key
from app.search.finds import note_finds
from app.search.models import SavedSearch
from app.search.request import SearchRequest
from tests.conftest import MORNING
from tests.house import MovableClock
from tests.notifications.alerts.machine import Announcing, KillableDatabase, Place, settings_in

pytestmark = pytest.mark.one_engine


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables and no rows, to be copied."""
    file = tmp_path_factory.mktemp("announcing") / "empty.sqlite"
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture
def machine(empty_database: Path, tmp_path: Path) -> Callable[..., Callable[[], Announcing]]:
    """Makes machines, each in a folder of its own."""
    numbers = itertools.count()
    made: list[KillableDatabase] = []

    def maker(handler: Handler = tell_followers) -> Callable[[], Announcing]:
        def make() -> Announcing:
            for database in made:
                database.close()
            made.clear()
            folder = tmp_path / f"run-{next(numbers)}"
            folder.mkdir()
            shutil.copy(empty_database, folder / "site.sqlite")
            database = KillableDatabase(f"sqlite:///{folder}/site.sqlite")
            made.append(database)
            place = Place(database, settings_in(folder, database.url, MORNING), MovableClock(MORNING))
            return Announcing(place, handler)

        return make

    return maker


STEPS = 19
"""So often a worker that has one fact to work off begins or ends to read, and begins, commits or ends to write."""
CHECKS = settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_match_is_announced_exactly_once(machine: Callable[..., Callable[[], Announcing]]) -> None:
    run_state_machine_as_test(machine(), settings=CHECKS)


def killed_everywhere(one: Announcing) -> None:
    """Posts, and kills the worker at each of its steps in turn, then lets it come to rest."""
    one.post(frozenset({"zul"}), "prisons", "public", 1, in_title=False)
    one.save(0, 0, at_rest=True)
    for steps in range(STEPS):
        one.post(frozenset({"zul"}), "prisons", "public", 1, in_title=False)
        one.work(steps)
        one.look()
        one.settle()
        one.look()
    assert one.kills == STEPS


def test_killed_at_every_step_it_announces_exactly_once(machine: Callable[..., Callable[[], Announcing]]) -> None:
    one = machine()()
    killed_everywhere(one)
    one.teardown()


def marks_first(site: Site, facts: Sequence[Fact]) -> Writer:
    """The careless way: what was found is noted in a transaction of its own, and told in another."""
    found: list[Discovery] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reactions, "announce", lambda _tx, _settings, new, _now: found.extend(new))
        with site.database.reading() as nothing:
            tell_followers(site, facts)(nothing)
    now = site.clock.now()
    with site.database.transaction() as tx:
        for one in found:
            note_finds(tx, one.saved_id, one.news, now, now)

    def tell(tx: Tx) -> None:
        telling = Telling(tx, site.settings)
        for one in found:
            telling.notices += one.notices
            telling.mails += one.mails
            if one.goes_together:
                _tell_together(telling, tx.get_one(SavedSearch, one.saved_id), one, now)
        put_notices(tx, telling.notices, now)
        put_mails(tx, telling.mails, telling.host, now)

    return tell


def test_the_careless_way_is_found_out(machine: Callable[..., Callable[[], Announcing]]) -> None:
    with pytest.raises(AssertionError, match="what was told is not what was found"):
        killed_everywhere(machine(marks_first)())


def test_looking_at_the_best_hits_alone_is_found_out(
    machine: Callable[..., Callable[[], Announcing]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As other sites do it: what ranks 26th or lower is never announced."""

    def best(seeker: Seeker, address: str, keys: Collection[Key] | None = None) -> frozenset[Key]:
        answer = ask(seeker, SearchRequest.from_query(address), limit=25, facets=()).answer
        found = frozenset(hit.key for hit in answer.hits)
        return found if keys is None else found & frozenset(keys)

    one = machine()()
    monkeypatch.setattr(reactions, "finds_among", best)
    monkeypatch.setattr(reactions, "finds_of", best)
    one.save(0, 0, at_rest=False)
    one.post(frozenset({"zul"}), "prisons", "public", 1, in_title=False)
    with pytest.raises(AssertionError, match="was not found"):
        one.settle()
