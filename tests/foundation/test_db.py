"""Rows as they come back: instants in UTC, exact hundredths, references of their own; all of a change or none."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from app.foundation import migrate
from app.foundation.db import Database, Hundredths
from app.foundation.references import SHAPE
from app.needs.models import NeedLine
from app.organisations.models import Organisation


def test_instants_come_back_in_utc(world, tx):
    dakar_time = timezone(timedelta(hours=2))
    organisation = world.organisation(decided_at=datetime(2026, 3, 1, 12, 30, tzinfo=dakar_time))
    tx.expire_all()
    assert organisation.decided_at == datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
    assert organisation.decided_at.tzinfo is UTC


def test_an_instant_without_time_zone_is_refused(world):
    with pytest.raises(StatementError, match="time zone"):
        world.organisation(decided_at=datetime(2026, 3, 1, 12, 30))  # noqa: DTZ001 - that is what is tested


def test_sums_of_hundredths_are_exact(world, tx):
    need = world.need(world.organisation(), lines=[{"quantity": Decimal("0.10")}, {"quantity": Decimal("0.20")}])
    assert tx.scalar(select(func.sum(NeedLine.quantity)).where(NeedLine.need_id == need.id)) == Decimal("0.30")


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=2))
def test_hundredths_come_back_as_they_went(amount):
    column = Hundredths()
    kept = column.process_bind_param(amount, None)
    assert isinstance(kept, int)
    assert column.process_result_value(kept, None) == amount


def test_every_row_has_a_reference_that_can_be_spoken(world):
    refs = {world.organisation().ref for _ in range(20)}
    assert len(refs) == 20
    assert all(SHAPE.match(ref) for ref in refs)


def test_rows_that_point_to_nothing_are_refused(world, tx):
    with pytest.raises(IntegrityError), tx.begin_nested():
        tx.execute(text("INSERT INTO audiences (record_kind, record_id, organisation_id) VALUES ('need', 1, 0)"))


def test_whoever_saves_an_old_version_is_told(world, tx):
    need = world.need(world.organisation())
    tx.execute(text("UPDATE needs SET version = version + 1"))
    need.title = "another"
    with pytest.raises(StaleDataError), tx.begin_nested():
        tx.flush()


@pytest.fixture
def kept(engine_name, new_database):
    """A database of its own that keeps what is committed."""
    database = new_database(engine_name)
    migrate.upgrade(database)
    return database


def organisation(now, name="Office"):
    return Organisation(kind="state", name=name, created_at=now, changed_at=now)


def count(database: Database) -> int:
    with database.reading() as tx:
        return tx.scalar(select(func.count()).select_from(Organisation))


def test_all_of_a_change_is_kept_or_none(kept, now):
    with kept.transaction() as tx:
        tx.add(organisation(now))
    with pytest.raises(ZeroDivisionError), kept.transaction() as tx:
        tx.add(organisation(now))
        tx.flush()
        1 / 0  # noqa: B018 - any error will do
    assert count(kept) == 1


def test_what_a_reader_changes_is_thrown_away(kept, now):
    with kept.reading() as tx:
        tx.add(organisation(now))
        tx.flush()
    assert count(kept) == 0


def test_a_reader_keeps_its_picture_and_does_not_wait_for_writers(kept, now):
    with kept.reading() as reader:
        before = reader.scalar(select(func.count()).select_from(Organisation))
        with kept.transaction() as writer:
            writer.add(organisation(now))
        if kept.engine.dialect.name == "sqlite":
            assert reader.scalar(select(func.count()).select_from(Organisation)) == before
    assert count(kept) == 1


def test_many_who_read_and_then_write_all_succeed(kept, now):
    """With a plain BEGIN two thirds of these fail on SQLite as locked."""
    with kept.transaction() as tx:
        tx.add(organisation(now, "0"))
    failed = []

    def add_one() -> None:
        try:
            for _ in range(5):
                with kept.transaction() as tx:
                    row = tx.scalar(select(Organisation).with_for_update())
                    row.name = str(int(row.name) + 1)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failed.append(error)

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with kept.reading() as tx:
        assert tx.scalar(select(Organisation.name)) == "40"
