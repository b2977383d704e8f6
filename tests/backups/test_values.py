"""Values stand in a backup as themselves; what an engine cannot hold, or should not have held, is named by its row."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
import sqlalchemy as sa

from app.backups.errors import BackupRefused
from app.backups.schema import Column, Table, kind_of, tables_at
from app.backups.values import Conversion, line_of, row_of
from app.foundation import migrate
from tests.backups.rows_of_all_kinds import TABLES

pytestmark = pytest.mark.one_engine
CASES = [
    ("instant", "2026-11-23 09:00:00.000001", "2026-11-23T09:00:00.000001Z",
     datetime(2026, 11, 23, 10, 0, 0, 1, tzinfo=timezone(timedelta(hours=1)))),
    ("instant", "0001-01-01 00:00:00.000000", "0001-01-01T00:00:00.000000Z", datetime(1, 1, 1, tzinfo=UTC)),
    ("date", "2024-02-29", "2024-02-29", date(2024, 2, 29)),
    ("time", "23:59:59.999999", "23:59:59.999999", time(23, 59, 59, 999999)),
    ("bool", 1, True, True),
    ("bytes", b"\0\xff", "AP8=", b"\0\xff"),
    ("json", '{"b": 1, "a": null}', '{"b": 1, "a": null}', '{"b": 1, "a": null}'),
    ("json", 0.1, "0.1", "0.1"),
    ("json", 5, "5", "5.0"),
    ("text", "é\u2028", "é\u2028", "é\u2028"),
    ("int", 2**63 - 1, 2**63 - 1, 2**63 - 1),
    ("float", 0.1, 0.1, 0.1),
    ("text", None, None, None),
]  # fmt: skip


def one(kind: str, engine: str) -> Conversion:
    return Conversion(Table("things", (Column("id", "int"), Column("a", kind)), ("id",)), engine)


@pytest.mark.parametrize(("kind", "in_sqlite", "in_backup", "in_postgresql"), CASES)
def test_a_value_is_the_same_from_either_engine(kind, in_sqlite, in_backup, in_postgresql):
    told = one(kind, "sqlite").told([1, in_sqlite])
    assert told == [1, in_backup] == one(kind, "postgresql").told([1, in_postgresql])
    assert row_of(line_of(told)) == told
    assert one(kind, "sqlite").stored(told) == [1, in_sqlite]
    assert one(kind, "postgresql").stored(told)[0] == 1


@pytest.mark.parametrize(
    ("engine", "kind", "value"),
    [
        ("sqlite", "instant", "yesterday"), ("sqlite", "date", "2026-13-01"), ("sqlite", "bool", 2),
        ("sqlite", "text", b"bytes"), ("sqlite", "time", "25:00"), ("sqlite", "bytes", "text"),
    ],
)  # fmt: skip
def test_what_no_column_of_that_kind_should_hold_is_named(engine, kind, value):
    with pytest.raises(BackupRefused, match=rf"^Table things, row with id 41: a is no {kind} \("):
        one(kind, engine).told([41, value])


@pytest.mark.parametrize(
    ("engine", "kind", "value"),
    [
        ("postgresql", "text", "a\0b"), ("postgresql", "instant", "never"), ("postgresql", "bool", 1),
        ("sqlite", "bool", "yes"), ("sqlite", "bytes", "not base64!"), ("sqlite", "json", str(2**64)),
        ("sqlite", "date", 5),
    ],
)  # fmt: skip
def test_what_an_engine_cannot_hold_is_named(engine, kind, value):
    with pytest.raises(BackupRefused, match=r"^Table things, row with id 41: a is no"):
        one(kind, engine).stored([41, value])


def test_a_row_of_another_length_is_refused():
    with pytest.raises(BackupRefused, match="has 3 values"):
        one("int", "sqlite").stored([1, 2, 3])


def test_a_line_that_is_no_row_is_refused():
    with pytest.raises(TypeError, match="a row is a list"):
        row_of(b'{"a": 1}\n')


def test_every_table_and_column_of_the_site_is_backed_up():
    """Whoever adds a table need not think of backups."""
    told = {table.name: set(table.names) for table in tables_at(migrate.newest_revision())}
    assert told == {table.name: {column.name for column in table.columns} for table in TABLES}


def test_a_kind_that_nobody_thought_of_is_said():
    with pytest.raises(BackupRefused, match=r"Column things\.a is of a kind that backups do not know"):
        kind_of("things", sa.Column("a", sa.Interval()))
