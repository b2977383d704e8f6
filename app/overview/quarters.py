"""Quarters of a year, as the pictures of what is where in time count them. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year; `number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter of a day."""
        return cls.numbered(quarter_index(day))

    @classmethod
    def numbered(cls, index: int) -> Quarter:
        """The quarter with that number, counted from the first of the year 0."""
        return cls(index // 4, index % 4 + 1)

    @classmethod
    def read(cls, text: str) -> Quarter | None:
        """The quarter that an address names (2027-Q1), or none."""
        year, mark, number = text.partition("-Q")
        is_sound = mark and year.isascii() and year.isdecimal() and len(year) == 4 and number in set("1234")  # noqa: PLR2004 - digits of a year
        return cls(int(year), int(number)) if is_sound else None

    @property
    def index(self) -> int:
        """How many quarters there were before it since the first of the year 0."""
        return self.year * 4 + self.number - 1

    @property
    def first_day(self) -> date:
        """The day on which it begins."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        """The day on which it ends."""
        return self.plus(1).first_day - timedelta(days=1)

    def plus(self, quarters: int) -> Quarter:
        """The quarter so many later."""
        return Quarter.numbered(self.index + quarters)

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"


def quarter_index(day: date) -> int:
    """The number of a day's quarter, counted from the first of the year 0."""
    return day.year * 4 + (day.month - 1) // 3
