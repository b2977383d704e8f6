"""How a value stands in a backup: as JSON, the same from either engine, and so that not one of its bits is lost.

Moments are in UTC with microseconds, bytes in base64, JSON as the very text that is stored, money in hundredths.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from app.backups.errors import BackupRefused
from app.backups.schema import Table

Row: TypeAlias = list[Any]
Change: TypeAlias = Callable[[Any], Any]
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
NUL = "\0"
BEGINS_NUMBER = tuple("-0123456789")
LARGEST = 2**63 - 1
"""The largest whole number that SQLite keeps without rounding it."""


def line_of(row: Row) -> bytes:
    """A row as one line of JSON."""
    return f"{ENCODER.encode(row)}\n".encode()


def row_of(line: bytes) -> Row:
    """The row that a line tells.

    Raises:
        ValueError, TypeError: it is no line of ours.
    """
    row = json.loads(line)
    if not isinstance(row, list):
        raise TypeError("a row is a list of values")
    return row


class Conversion:
    """Takes the rows of one table from an engine to a backup (`told`) and from a backup to an engine (`stored`)."""

    def __init__(self, table: Table, engine: str) -> None:
        self.table = table
        told, stored = (SQLITE_TOLD, SQLITE_STORED) if engine == "sqlite" else (POSTGRESQL_TOLD, POSTGRESQL_STORED)
        self._told = [(n, told[c.kind]) for n, c in enumerate(table.columns) if c.kind in told]
        self._stored = [(n, stored[c.kind]) for n, c in enumerate(table.columns) if c.kind in stored]

    def told(self, values: Sequence[Any]) -> Row:
        """The row as it stands in a backup.

        Raises:
            BackupRefused: a value is not of the kind that its column has.
        """
        return self._changed(list(values), self._told)

    def stored(self, row: Row) -> Row:
        """The row as the engine's driver takes it.

        Raises:
            BackupRefused: a value is not of the kind that its column has, or the engine cannot hold it.
        """
        if len(row) != len(self.table.columns):
            raise BackupRefused(f"A row of table {self.table.name} has {len(row)} values, not as many as columns.")
        return self._changed(row[:], self._stored)

    def _changed(self, row: Row, changes: list[tuple[int, Change]]) -> Row:
        for number, change in changes:
            value = row[number]
            if value is not None:
                try:
                    row[number] = change(value)
                except (ValueError, TypeError, AttributeError, binascii.Error) as error:
                    raise BackupRefused(self._said(row, number, error)) from error
        return row

    def _said(self, row: Row, number: int, error: Exception) -> str:
        names = self.table.names
        where = ", ".join(f"{name} {row[names.index(name)]!r}" for name in self.table.key)
        column = self.table.columns[number]
        return f"Table {self.table.name}, row with {where}: {column.name} is no {column.kind} ({error})."


def _instant_of_text(value: str) -> str:
    moment = datetime.fromisoformat(value)
    return _instant(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _text_of_instant(value: str) -> str:
    return datetime.fromisoformat(value).replace(tzinfo=None).isoformat(" ", timespec="microseconds")


def _checked_instant(value: str) -> str:
    datetime.fromisoformat(value)
    return value


def _date(value: date | str) -> str:
    return (date.fromisoformat(value) if isinstance(value, str) else value).isoformat()


def _time(value: time | str) -> str:
    return (time.fromisoformat(value) if isinstance(value, str) else value).isoformat(timespec="microseconds")


def _bool_of_number(value: int) -> bool:
    if value not in {0, 1}:
        raise ValueError(f"{value!r} is neither yes nor no")
    return bool(value)


def _bool(value: bool) -> bool:  # noqa: FBT001 - the value itself
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither yes nor no")
    return value


def _number_of_bool(value: bool) -> int:  # noqa: FBT001 - the value itself
    return int(_bool(value))


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)


def _text(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _json(value: str | float) -> str:
    """The text that is stored. SQLite keeps a document that is but a number as a number, so those have one form."""
    if isinstance(value, str):
        if not value.startswith(BEGINS_NUMBER):
            return value
        value = json.loads(value)
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        value = int(value)
    return json.dumps(value)


def _json_for_sqlite(value: str) -> str | float:
    if not _text(value).startswith(BEGINS_NUMBER):
        return value
    number: int | float = json.loads(value)
    if isinstance(number, int) and abs(number) > LARGEST:
        raise ValueError("SQLite would round it")
    return number


def _text_without_nul(value: str) -> str:
    if NUL in _text(value):
        raise ValueError("it holds the character U+0000, which PostgreSQL cannot keep: take it out in SQLite first")
    return value


SQLITE_TOLD: dict[str, Change] = {
    "bool": _bool_of_number, "instant": _instant_of_text, "date": _date, "time": _time, "bytes": _base64,
    "text": _text, "json": _json,
}  # fmt: skip
SQLITE_STORED: dict[str, Change] = {
    "bool": _number_of_bool, "instant": _text_of_instant, "date": _date, "time": _time, "bytes": _bytes,
    "text": _text, "json": _json_for_sqlite,
}  # fmt: skip
POSTGRESQL_TOLD: dict[str, Change] = {
    "instant": _instant, "date": _date, "time": _time, "bytes": _base64, "json": _json,
}  # fmt: skip
POSTGRESQL_STORED: dict[str, Change] = {
    "bool": _bool, "instant": _checked_instant, "date": _date, "time": _time, "bytes": _bytes,
    "text": _text_without_nul, "json": _text,
}  # fmt: skip
