"""The invented records as they are kept in data/, with their days moved so that they are never out of date."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.reference.rates.reader import DayOfRates, read_rates

DATA = Path(__file__).resolve().parent / "data"

WRITTEN_ON = date(2026, 11, 23)
"""The day for which the files were written; theirs are days before and after it."""

NEEDS = ("needs-en", "needs-fr", "needs-es", "needs-pt")

RATES = "rates.csv"

Entry = dict[str, Any]


class Source:
    """Reads the files for a demonstration that begins on `today`; days move by whole weeks, so that weekdays stay."""

    def __init__(self, today: date) -> None:
        self._shift = timedelta(weeks=(today - WRITTEN_ON).days // 7)

    def read(self, name: str, kind: str) -> list[Entry]:
        """The entries of one kind in one file, in its order."""
        with (DATA / f"{name}.toml").open("rb") as file:
            entries = tomllib.load(file)[kind]
        return [self._moved(entry) for entry in entries]

    def needs(self) -> list[Entry]:
        """Every need, the languages taking turns as they would on a real site."""
        files = [self.read(name, "need") for name in NEEDS]
        longest = max(map(len, files))
        return [entries[at] for at in range(longest) for entries in files if at < len(entries)]

    def rates(self) -> Iterator[DayOfRates]:
        """The days of rates.csv, some of them still to come."""
        for day in read_rates(DATA / RATES, date.max):
            if isinstance(day, DayOfRates):
                yield replace(day, day=self._moved(day.day))

    def _moved(self, value: Any) -> Any:
        if isinstance(value, date):
            return value + self._shift
        if isinstance(value, list):
            return [self._moved(item) for item in value]
        if isinstance(value, dict):
            return {name: self._moved(item) for name, item in value.items()}
        return value
