"""kill -9 of the worker between commit and index: after a restart the need is found and matched, once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.config import Settings
from app.foundation.db import Database
from app.foundation.outbox import OutboxRow, Reaction
from app.foundation.permissions import SYSTEM
from app.matching.models import Match
from app.needs.models import Need
from app.needs.service import LineDraft, NeedDraft, post_need
from app.organisations.models import Organisation
from app.search.engine import WhooshEngine
from app.search.engine_types import EngineQuery
from app.search.terms import groups_of
from tests.running import ROOT, copy_of_demonstration, site_in

pytestmark = pytest.mark.slow

POSTS = 8
MOST_SECONDS = 60


def flask(environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def a_need(database: Database, number: int) -> int:
    with database.transaction() as tx:
        owner = tx.scalars(
            select(Organisation.id).where(Organisation.country == "SN", Organisation.kind == "state")
        ).first()
        assert owner is not None
        draft = NeedDraft(
            language="en",
            title=f"Training of judges number zulu{number}",
            problem="Judges ask for training in drug cases.",
            themes=("judicial_process",),
            countries=("SN",),
            lines=(LineDraft("training", Decimal(20), "judges"),),
            delivery_languages=("fr",),
            starts_on=date(2027, 1, 1),
            ends_on=date(2028, 12, 31),
        )
        return post_need(tx, SYSTEM, owner, draft, datetime.now(UTC)).id


def waiting(database: Database) -> int:
    with database.reading() as tx:
        return tx.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None))) or 0


def test_a_killed_worker_loses_and_repeats_nothing(common: Path) -> None:
    folder = copy_of_demonstration(common)
    environment = site_in(folder).environment
    database = Database(Settings.from_environment(environment).database_url)
    first = flask(environment, "worker")
    assert flask(environment, "wait-idle", "--timeout", "60").wait(90) == 0
    first.send_signal(signal.SIGKILL)
    first.wait()
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
    # One that only the last worker can have done: when it is done, that worker has begun and listens to signals.
    ids.append(a_need(database, POSTS))
    assert flask(environment, "wait-idle", "--timeout", str(MOST_SECONDS)).wait(MOST_SECONDS + 30) == 0
    last.send_signal(signal.SIGTERM)
    assert last.wait(30) == 0
    assert waiting(database) == 0
    engine = WhooshEngine(folder / "index")
    for number, need_id in enumerate(ids):
        hits = engine.search(EngineQuery(groups_of(f"zulu{number}"))).hits
        assert [hit.key for hit in hits] == [("need", need_id)]
    with database.reading() as tx:
        # The pair is unique in the table, so that having matches at all means having each of them once.
        pairs = tx.execute(
            select(Match.need_id, func.count()).where(Match.need_id.in_(ids)).group_by(Match.need_id)
        ).all()
        assert {need_id for need_id, _count in pairs} == set(ids)
        doubled = tx.execute(
            select(Reaction.outbox_id, Reaction.name)
            .group_by(Reaction.outbox_id, Reaction.name)
            .having(func.count() > 1)
        ).all()
        assert doubled == []
        assert tx.scalar(select(func.count()).select_from(Need).where(Need.id.in_(ids))) == len(ids)
    assert flask(environment, "verify-index").wait(60) == 0
    database.close()
