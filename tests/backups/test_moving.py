"""A site moves from one database into another, of either engine, and is there what it was here."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from app.backups import moving
from app.backups.errors import BackupRefused
from app.foundation import migrate
from tests.backups.rows_of_all_kinds import everything, raw
from tests.backups.sites import silently


def test_a_site_moves_and_moves_back(engine_name, filled, new_copy):
    there, back = new_copy(engine_name), new_copy("sqlite")
    moved = moving.move(filled.database, there.database, silently)
    assert everything(there.database) == everything(filled.database)
    assert migrate.is_current(there.database)
    assert {name: tally.sha256 for name, tally in moved.source.items()} == {
        name: tally.sha256 for name, tally in moved.target.items()
    }
    assert sum(tally.rows for tally in moved.target.values()) == sum(map(len, everything(filled.database).values()))
    moving.move(there.database, back.database, silently)
    assert raw(back.database) == raw(filled.database)


@pytest.mark.one_engine
def test_a_site_does_not_move_where_somebody_lives(filled, own_copy):
    with own_copy.database.transaction() as tx:
        tx.execute(sa.text("UPDATE organisations SET name = 'somebody else'"))
    before = everything(own_copy.database)
    with pytest.raises(BackupRefused, match="The database is not empty"):
        moving.move(filled.database, own_copy.database, silently)
    assert everything(own_copy.database) == before


@pytest.mark.one_engine
def test_a_site_does_not_move_into_itself(filled):
    with pytest.raises(BackupRefused, match="in which the site is already"):
        moving.move(filled.database, filled.database, silently)


@pytest.mark.one_engine
def test_tables_of_something_else_are_left_alone(filled, new_copy, new_database):
    other = new_database("sqlite")
    with other.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE wp_posts (id INTEGER)")
    with pytest.raises(BackupRefused, match="not the site's, such as wp_posts"):
        moving.move(filled.database, other, silently)
    assert sa.inspect(other.engine).get_table_names() == ["wp_posts"]


@pytest.mark.one_engine
def test_what_does_not_arrive_as_it_went_is_found(filled, new_copy):
    """A trigger that nobody knows of changes one value on its way in."""
    there = new_copy()
    before = everything(there.database)
    with there.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER meddler AFTER INSERT ON organisations BEGIN "
            "UPDATE organisations SET name = name || '!' WHERE id = 3; END"
        )
    with pytest.raises(BackupRefused, match="Table organisations is not what was stored"):
        moving.move(filled.database, there.database, silently)
    assert everything(there.database) == before


@pytest.mark.one_engine
def test_rows_that_point_to_nothing_are_found(own_copy, new_copy):
    with closing(sqlite3.connect(own_copy.folder / "counterpart.sqlite")) as connection:
        connection.execute("DELETE FROM needs WHERE id = 2")
        connection.commit()
    there = new_copy()
    before = everything(there.database)
    with pytest.raises(BackupRefused, match="rows that point to nothing"):
        moving.move(own_copy.database, there.database, silently)
    assert everything(there.database) == before
