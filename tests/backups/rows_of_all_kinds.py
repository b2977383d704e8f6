"""Rows for every table, with the values that are hardest to carry: all of Unicode, first and last days, odd JSON."""

from __future__ import annotations

import random
import string
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count

import sqlalchemy as sa

from app.foundation.db import Hundredths, Instant
from app.reference.rates.models import ExactDecimal
from app.tables import METADATA

BESIDE = {"rate_counts", "stored_files", "stored_parts"}
"""Counts of limits are over within hours; files that lie in the database are in a backup as files (test_sharing.py)."""
TABLES = [table for table in METADATA.sorted_tables if table.name not in BESIDE]

TEXTS = (
    "", " ", "\\N", "\\.", "a\tb\nc\rd", "\x01\x7f\x85\u2028\u2029", "'\"\\`;--", "NULL", "null", "é e\u0301 ﬁ",
    "الأمم المتحدة", "\u202eabc\u202c", "🏳️‍🌈👩🏽‍⚖️", "\U0010ffff\ufffe", "a" * 5000, '{"a": 1}', "%s %(x)s ? :y",
)  # fmt: skip
DOCUMENTS = (
    None, {}, [], "", 0, -0.0, 1e300, 0.1, 2**70, True, {"b": 1, "a": [None, {"ü\u0000\ud83c": "\u2028"}]}, [[[]]],
)  # fmt: skip
MOMENTS = (
    datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC),
)  # fmt: skip
AUDIT = frozenset({"audit_events", "audit_heads", "audit_origins"})
"""The record has rows of its own, since each depends on the one before."""
# What a row has to be so that the table takes it.
RULES = {
    ("lesson_ties", "first_id"): lambda ids, _value: ids[0],
    ("lesson_ties", "second_id"): lambda ids, _value: ids[-1],
    ("threads", "about"): lambda _ids, _value: "match",
}
POSITIVE = frozenset({"quantity", "amount", "seats"})


class Filler:
    """Puts some rows into each table; rows point to others at random, also to later ones of their own table."""

    def __init__(self, connection: sa.Connection, rows: int, seed: int = 7) -> None:
        self.connection, self.rows = connection, rows
        self.random = random.Random(seed)
        self.numbers = count(1)
        self.keys: dict[sa.Column, list] = {}

    def fill(self) -> None:
        for table in TABLES:
            if table.name not in AUDIT:
                self._fill_table(table)

    def _fill_table(self, table: sa.Table) -> None:
        for column in table.primary_key:
            if not column.foreign_keys and isinstance(column.type, sa.Integer):
                self.keys[column] = list(range(1, self.rows + 1))
        # A table whose key points elsewhere, or that ties two of one kind, has room for fewer.
        wanted = 1 if table.name == "lesson_ties" else self.rows
        rows = [self._row(table, number) for number in range(wanted)]
        for row in rows:
            self.connection.execute(sa.insert(table).values(row))
        for column in table.columns:
            self.keys[column] = [row[column.name] for row in rows]

    def _row(self, table: sa.Table, number: int) -> dict:
        return {column.name: self._value(table, column, number) for column in table.columns}

    def _value(self, table: sa.Table, column: sa.Column, number: int):
        is_unique = column.primary_key or self._is_in_unique(table, column)
        points_to = next((key.column for key in column.foreign_keys), None)
        if points_to is not None:
            pool = self.keys.get(points_to) or list(range(1, self.rows + 1))
            value = pool[number % len(pool)] if is_unique else self.random.choice(pool)
            rule = RULES.get((table.name, column.name))
            return rule(sorted(pool), value) if rule else value
        if column in self.keys:
            return self.keys[column][number]
        if column.nullable and not column.primary_key and self.random.random() < 0.3 and column.name not in POSITIVE:
            return sa.null()
        value = self._plain(column, number, is_unique=is_unique)
        rule = RULES.get((table.name, column.name))
        return rule([], value) if rule else value

    @staticmethod
    def _is_in_unique(table: sa.Table, column: sa.Column) -> bool:
        groups = [c.columns for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
        groups += [i.columns for i in table.indexes if i.unique]
        return any(column.name in {c.name for c in group} for group in groups)

    def _plain(self, column: sa.Column, number: int, *, is_unique: bool):  # noqa: C901, PLR0911 - one line for each kind
        kind, pick = column.type, self.random.choice
        if isinstance(kind, Instant):
            return pick(MOMENTS)
        if isinstance(kind, Hundredths):
            return Decimal("92233720368547758.07") if column.name in POSITIVE else pick((Decimal("-0.01"), Decimal(0)))
        if isinstance(kind, ExactDecimal):
            return Decimal("0.000000123456789012345678901234567890")
        if isinstance(kind, sa.JSON):
            return pick(DOCUMENTS)
        if isinstance(kind, sa.Boolean):
            return pick((True, False))
        if isinstance(kind, sa.Date):
            return date(2000, 1, 1 + number) if is_unique else pick((date.min, date.max, date(2024, 2, 29)))
        if isinstance(kind, sa.Time):
            return pick((time(), time(23, 59, 59, 999999)))
        if isinstance(kind, sa.LargeBinary):
            return pick((b"", b"\0\xff\n\\x", self.random.randbytes(3000)))
        if isinstance(kind, sa.Integer):
            return number + 1 if is_unique or column.name in POSITIVE else pick((-(2**31), 2**31 - 1, 0))
        return self._text(kind.length, is_unique=is_unique)

    def _text(self, length: int | None, *, is_unique: bool) -> str:
        if length is not None:
            text = "".join(self.random.choices(string.ascii_letters, k=length))
        else:
            text = self.random.choice(TEXTS)
        return f"{text}{next(self.numbers)}" if is_unique and length is None else text


def everything(database) -> dict[str, list[tuple]]:
    """Every row of every table as the models read it; what is compared owes nothing to the code of backups."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in TABLES
        }


def raw(database) -> dict[str, list[tuple]]:
    """Every row of an SQLite database as it is stored, with the kind of each value."""
    found = {}
    with database.engine.connect() as connection:
        for table in TABLES:
            names = ", ".join(f'"{c.name}", typeof("{c.name}")' for c in table.columns)
            rows = connection.exec_driver_sql(f'SELECT {names} FROM "{table.name}"')  # noqa: S608 - names of ours
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found
