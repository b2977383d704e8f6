"""The migrations make the tables of the models, can be taken back, and lose nothing of a database that is in use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, func, inspect, select

from app.foundation import migrate
from app.matching.semantic.models import RecordVectors
from app.tables import METADATA
from tests.factories import World

STEPS = 6
"""So many of the latest steps are taken back in a database with rows."""


@pytest.fixture
def empty(engine_name, new_database):
    return new_database(engine_name)


def differences(database, metadata=METADATA):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": migrate.is_of_models}
        )
        return compare_metadata(context, metadata)


def counts(database):
    there = set(inspect(database.engine).get_table_names())
    tables = [table for table in METADATA.sorted_tables if table.name in there]
    with database.engine.connect() as connection:
        return {t.name: connection.scalar(select(func.count()).select_from(t)) for t in tables}


def test_the_migrations_make_the_models(empty):
    migrate.upgrade(empty)
    assert differences(empty) == []
    assert migrate.is_current(empty)


def test_a_difference_would_be_found(empty):
    migrate.upgrade(empty)
    more = MetaData()
    Table("forgotten", more, Column("id", Integer, primary_key=True))
    for table in METADATA.sorted_tables:
        table.to_metadata(more)
    assert [step[0] for step in differences(empty, more)] == ["add_table"]


def test_every_step_can_be_taken_back_and_again(empty):
    assert migrate.current_revision(empty) is None
    migrate.upgrade(empty)
    migrate.downgrade(empty)
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(empty)
    assert differences(empty) == []


def test_a_database_in_use_keeps_its_rows(empty):
    migrate.upgrade(empty)
    with empty.transaction() as tx:
        world = World(tx, datetime(2026, 11, 23, 9, tzinfo=UTC))
        state, donor = world.organisation(), world.organisation("donor")
        world.account(state)
        world.pledge(need := world.need(state), donor)
        world.course(world.organisation("centre"), sessions=[{}])
        tx.add(RecordVectors(record_kind="need", record_id=need.id, record_version=1, model="a", language="en",
                             is_public=True, whole=b"\0\1", passages=b"\0\1"))  # fmt: skip
    before = counts(empty)
    assert before["needs"] == before["pledges"] == before["course_sessions"] == 1
    # Step by step back and on again; only the first step, which makes the tables themselves, is left alone.
    for _step in range(min(STEPS, int(migrate.newest_revision()) - 1)):
        migrate.downgrade(empty, "-1")
        left = counts(empty)
        assert left == {name: before[name] for name in left}
    migrate.upgrade(empty)
    after = counts(empty)
    assert {name: after[name] for name in left} == left
    assert after.keys() == before.keys()


def test_a_step_that_fails_leaves_nothing_behind(empty, monkeypatch):
    def fail(*_args):
        raise RuntimeError("half way")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
        with pytest.raises(RuntimeError, match="half way"):
            migrate.upgrade(empty)
    assert inspect(empty.engine).get_table_names() == []


def test_foreign_keys_hold_after_a_migration(empty):
    migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
