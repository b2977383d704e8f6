"""kill -9 of the worker while a followed search is asked: after the last restart each need is announced once."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.queries import account_by_id, actor_of
from app.config import Settings
from app.foundation.db import Database
from app.foundation.messages import Message
from app.notifications.models import Notice
from app.search.engine import WhooshEngine
from app.search.models import SavedSearch, SearchFind
from app.search.service import follow
from tests.journeys.test_crash import MOST_SECONDS, POSTS, a_need, flask, waiting
from tests.notifications.mailbox import carried
from tests.running import copy_of_demonstration, site_in

pytestmark = pytest.mark.slow

ADDRESS = "?theme=judicial_process&country=SN&type=need"


def somebody_follows(database: Database, folder: Path) -> int:
    """A person of the demonstration follows a search; what it finds by now is known."""
    engine = WhooshEngine(folder / "index")
    with database.transaction() as tx:
        number = tx.scalars(select(Account.id).where(Account.status == "active").order_by(Account.id)).first()
        account = account_by_id(tx, number)
        assert account is not None
        saved = follow(tx, actor_of(account), "Judges", ADDRESS, datetime.now(UTC), engine)
        tx.flush()
        assert saved.baseline_at is not None
        number = saved.id
    engine.close()
    return number


def test_a_killed_worker_announces_exactly_once(common: Path) -> None:
    folder = copy_of_demonstration(common)
    environment = site_in(folder).environment
    database = Database(Settings.from_environment(environment).database_url)
    saved_id = somebody_follows(database, folder)
    ids, kills = [], 0
    for number in range(POSTS):
        ids.append(a_need(database, number))
        worker = flask(environment, "worker")
        # From before its first look at the outbox to after its last write: each time a little later.
        until = time.monotonic() + 1.4 + 0.12 * number
        while time.monotonic() < until and worker.poll() is None:
            time.sleep(0.01)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        kills += 1
    assert kills == POSTS
    last = flask(environment, "worker")
    ids.append(a_need(database, POSTS))
    assert flask(environment, "wait-idle", "--timeout", str(MOST_SECONDS)).wait(MOST_SECONDS + 30) == 0
    last.send_signal(signal.SIGTERM)
    assert last.wait(30) == 0
    assert waiting(database) == 0
    with database.reading() as tx:
        ref = tx.get_one(SavedSearch, saved_id).ref
        its = SearchFind.saved_search_id == saved_id
        announced = tx.scalars(select(SearchFind.record_id).where(its, SearchFind.announced_at.is_not(None))).all()
        assert sorted(announced) == sorted(ids)
        notices = tx.scalars(select(Notice).where(Notice.cause.contains(f"|search:{ref}|"))).all()
        together = [notice for notice in notices if notice.record_kind == "search"]
        told = len(notices) - len(together) + sum(Message.from_json(n.message).values["count"] for n in together)
        assert told == len(ids)
        mails = [cause for _address, cause in carried(tx) if f"|search:{ref}|" in cause]
        assert sorted(mails) == sorted(notice.cause for notice in notices)
    database.close()
