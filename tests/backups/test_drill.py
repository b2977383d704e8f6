"""The drill: a site is backed up, put back into either engine, and compared value by value, file by file."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.backups.errors import BackupRefused
from app.foundation import migrate
from app.foundation.audit.seals import NOTEBOOK
from tests.backups.rows_of_all_kinds import everything, raw
from tests.backups.sites import KEY

ONE_ROW = "INSERT INTO exchange_rates (id, currency, day, per_euro, source, imported_at) VALUES (1, 'GHS', '2026-01-02', '15', 'B', '2026-01-02 00:00:00.000000')"  # noqa: E501


def test_a_whole_site_comes_back_from_either_engine(engine_name, filled, new_copy, tmp_path):
    backup = filled.back_up(f"drill-{engine_name}.backup")
    assert filled.taken.is_whole
    assert filled.taken.manifest.files["count"] == 8
    there = new_copy(engine_name)
    there.restore(backup)
    assert migrate.is_current(there.database)
    before = everything(filled.database)
    assert all(before.values()), "every table has rows"
    assert everything(there.database) == before
    assert there.verdict().faults == []
    assert there.verdict().events == 12
    assert there.files() == filled.files()
    # And back again, encrypted, from that engine: not one bit of SQLite's file may look otherwise.
    again = new_copy("sqlite")
    again.restore(there.back_up("sealed.backup", KEY), KEY)
    assert raw(again.database) == raw(filled.database)
    assert again.files() == filled.files()
    assert again.verdict().is_whole


@pytest.mark.needs_postgresql
@pytest.mark.one_engine
def test_a_number_that_was_given_is_not_given_again(filled, new_copy):
    """PostgreSQL counts beside the rows: the newest row may be gone, and its number still stands in the record."""
    there = new_copy("postgresql")
    there.restore(filled.back_up("numbers.backup"))
    with there.database.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT last_value FROM organisations_id_seq").scalar() == 5
        connection.exec_driver_sql("SELECT setval('organisations_id_seq', 77)")
    again = new_copy("postgresql")
    again.restore(there.back_up("later.backup"))
    with again.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT nextval('organisations_id_seq')").scalar() == 78


def test_a_database_with_rows_is_left_alone(engine_name, filled, new_copy):
    backup = filled.back_up(f"alone-{engine_name}.backup")
    there = new_copy(engine_name)
    migrate.upgrade(there.database)
    with there.database.engine.begin() as connection:
        connection.exec_driver_sql(ONE_ROW)
    before = everything(there.database)
    with pytest.raises(BackupRefused, match=r"not empty: 1 of its tables have rows.*--replace"):
        there.restore(backup)
    assert everything(there.database) == before
    assert there.files() == {}
    there.restore(backup, replaces=True)
    assert everything(there.database) == everything(filled.database)


@pytest.mark.one_engine
def test_files_of_something_else_are_left_alone(filled, new_copy):
    backup = filled.back_up("files.backup")
    there = new_copy()
    other = there.folder / "files" / "ab" / ("ab" * 32)
    other.parent.mkdir(parents=True)
    other.write_bytes(b"other")
    with pytest.raises(BackupRefused, match="holds files that are not in the backup"):
        there.restore(backup)
    assert list(there.files().values()) == [b"other"]
    there.restore(backup, replaces=True)
    assert there.files() == filled.files() | {other.relative_to(there.folder).as_posix(): b"other"}


@pytest.mark.one_engine
def test_notes_that_know_more_stay_and_say_what_is_lost(filled, new_copy):
    backup = filled.back_up("notes.backup")
    there = new_copy()
    lines = (filled.folder / NOTEBOOK).read_bytes()
    more = lines + lines.splitlines(keepends=True)[-1].replace(b'"sequence": 4', b'"sequence": 5')
    (there.folder / NOTEBOOK).write_bytes(more)
    assert there.restore(backup).notes_are_longer
    assert (there.folder / NOTEBOOK).read_bytes() == more
    assert not there.verdict().is_whole


@pytest.mark.one_engine
def test_notes_of_another_site_are_set_aside_and_not_lost(filled, new_copy):
    backup = filled.back_up("foreign.backup")
    there = new_copy()
    (there.folder / NOTEBOOK).write_bytes(b'{"day": "another"}\n')
    with pytest.raises(BackupRefused, match="of another site"):
        there.restore(backup)
    assert there.files() == {NOTEBOOK: b'{"day": "another"}\n'}, "files that had been written are gone again"
    aside = there.restore(backup, replaces=True).set_aside
    assert aside.read_bytes() == b'{"day": "another"}\n'
    assert there.verdict().is_whole


def test_a_backup_of_the_step_before_is_brought_up_to_date(engine_name, own_copy, new_copy):
    own_copy_before = everything(own_copy.database)
    migrate.downgrade(own_copy.database, "-1")
    backup = own_copy.back_up()
    assert own_copy.taken.manifest.revision == f"{int(migrate.newest_revision()) - 1:04}"
    there = new_copy(engine_name)
    there.restore(backup)
    assert migrate.is_current(there.database)
    after = everything(there.database)
    tables = {entry.table.name for entry in own_copy.taken.manifest.tables}
    assert {name: after[name] for name in tables} == {name: own_copy_before[name] for name in tables}
    assert there.verdict().is_whole


@pytest.mark.one_engine
def test_a_backup_of_a_later_version_is_refused(own_copy, new_copy, monkeypatch):
    with own_copy.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupRefused, match="Revision 9999 is not known"):
        own_copy.back_up()


@pytest.mark.needs_postgresql
@pytest.mark.one_engine
def test_what_postgresql_cannot_hold_is_said_and_nothing_is_changed(own_copy, new_copy):
    with own_copy.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE organisations SET name = 'a' || char(0) || 'b' WHERE id = 3")
    backup = own_copy.back_up()
    same = new_copy("sqlite")
    same.restore(backup)
    assert raw(same.database) == raw(own_copy.database)
    there = new_copy("postgresql")
    with pytest.raises(BackupRefused, match=r"Table organisations, row with id 3: name .*U\+0000"):
        there.restore(backup)
    assert sa.inspect(there.database.engine).get_table_names() == []
    assert there.files() == {}
