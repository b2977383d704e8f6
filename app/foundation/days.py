"""Days as people type them: 2027-03-31, 31/03/2027, or 31 March 2027 in any language that the site speaks."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache

from babel import Locale

from app.foundation.languages import LANGUAGES, day_text
from app.foundation.text import fold

SHAPES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
# A run of letters or a run of digits: "1er", "31st" and "31.março" fall apart as a reader takes them.
PARTS = re.compile(r"[^\W\d_]+|\d+")
# What stands between day, month and year: 31 de marzo de 2027, the 1st of March, 31 d’octobre.
SMALL_WORDS = frozenset({"de", "del", "do", "d", "of", "the", "le", "el", "er", "st", "nd", "rd", "th", "º", "o", "a"})
YEAR_DIGITS = 4
SATURDAY = 5


def parse_day(text: str) -> date | None:
    """The day that was typed, or None if it cannot be read or does not exist (31 February)."""
    plain = text.strip()
    for shape in SHAPES:
        try:
            return datetime.strptime(plain, shape).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return _written_out(plain)


def _written_out(text: str) -> date | None:
    parts = [part for part in PARTS.findall(fold(text)) if part not in SMALL_WORDS]
    months = [month_numbers()[part] for part in parts if part in month_numbers()]
    numbers = [part for part in parts if part.isdecimal()]
    years = [int(number) for number in numbers if len(number) == YEAR_DIGITS]
    days = [int(number) for number in numbers if len(number) < YEAR_DIGITS - 1]
    if len(parts) != 3 or not len(months) == len(years) == len(days) == 1:  # noqa: PLR2004 - day, month and year
        return None
    try:
        return date(years[0], months[0], days[0])
    except ValueError:
        return None


@cache
def month_numbers() -> dict[str, int]:
    """The months by their names and short names in the site's languages, without accents and full stops (CLDR).

    A name that is one month in one language and another in the next is left out: it would be read wrongly.
    """
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[use][width].items():
                    found.setdefault(fold(name).strip("."), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


def example_days(language: str, year: int) -> tuple[str, str]:
    """The last day of March of a year as one may type it in a language: written out, and in figures."""
    day = date(year, 3, 31)
    return day_text(day, language), day.strftime(SHAPES[1])


def working_days_between(begin: datetime, end: datetime) -> int:
    """How many working days (Monday to Friday) have gone by: 0 on the same day, 1 from Friday to Monday."""
    first, last = begin.date(), end.date()
    weeks, rest = divmod(max(0, (last - first).days), 7)
    further = (first + timedelta(days=number) for number in range(1, rest + 1))
    return weeks * SATURDAY + sum(day.weekday() < SATURDAY for day in further)


def after_working_days(begin: datetime, days: int) -> datetime:
    """The same hour after so many working days (Monday to Friday; public holidays differ from State to State)."""
    end = begin
    while days:
        end += timedelta(days=1)
        days -= end.weekday() < SATURDAY
    return end
