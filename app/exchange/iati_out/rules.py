"""The law of the standard where a record says less, or other: shares come to 100, a budget is of a year at most.

Also what may count as official development assistance of what is done against drugs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

WHOLE: Final = Decimal(100)
CENT: Final = Decimal("0.01")

DAC_REGIONS: Final = frozenset(map(str, (
    88, 89, 189, 289, 298, 380, 389, 489, 498, 589, 619, 679, 689, 789, 798, 889, 998, *range(1027, 1036)
)))  # fmt: skip
"""The OECD DAC's list of regions; every other number that a publisher gives is of the UN's list M49."""

DAC_REGION_OF_GROUPING: Final = {"AU": "298", "ECOWAS": "1030", "CARICOM": "1031", "SICA": "1032", "OAS": "498"}
"""Regions of the OECD DAC whose States are, but for one or two, the members of a grouping."""

UNSPECIFIED_REGION: Final = "998"
UNSPECIFIED_SECTOR: Final = "99810"

NARCOTICS_CONTROL: Final = "16063"
NOT_ODA_THEMES: Final = frozenset({"maritime_interdiction", "air_interdiction"})
NOT_ODA, MAY_BE_ODA = "no", "in-part"
"""Whether an activity of narcotics control may count as official development assistance: not, or but for some of it."""


def completed(stated: Sequence[Decimal | None]) -> list[Decimal]:
    """Shares that come to exactly 100: those that are stated as far as they can be, the rest in equal parts.

    What comes to more or less than the whole is brought to it in proportion.
    """
    said = [max(share, Decimal(0)) if share is not None else None for share in stated]
    total = sum((share for share in said if share is not None), Decimal(0))
    unsaid = said.count(None)
    if unsaid and total <= WHOLE:
        left = (WHOLE - total) / unsaid
        return _rounded([left if share is None else share for share in said])
    if not total:
        return _rounded([WHOLE / len(said)] * len(said))
    return _rounded([(share or Decimal(0)) * WHOLE / total for share in said])


def _rounded(shares: Sequence[Decimal]) -> list[Decimal]:
    """To the hundredth; what that leaves over goes to the largest, so that a sum which was whole stays so."""
    cut = [share.quantize(CENT, ROUND_DOWN) for share in shares]
    left = WHOLE - sum(cut, Decimal(0))
    largest = max(range(len(cut)), key=lambda at: (shares[at], -at))
    return [share + left if at == largest else share for at, share in enumerate(cut)]


def region_vocabulary(code: str) -> str:
    """On which list of regions a number stands: `1` the OECD DAC's, `2` the United Nations' M49."""
    return "1" if code in DAC_REGIONS else "2"


def year_after(day: date) -> date:
    """The same day a year later; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def by_year(starts_on: date, ends_on: date, amount: Decimal) -> Iterator[tuple[date, date, Decimal]]:
    """A budget in parts of a year at most, as the standard asks; the money is divided by days, to the cent."""
    days, left, first = (ends_on - starts_on).days + 1, amount, starts_on
    while first <= ends_on:
        last = min(year_after(first) - timedelta(days=1), ends_on)
        part = left if last == ends_on else (amount * ((last - first).days + 1) / days).quantize(CENT)
        yield first, last, part
        left, first = left - part, last + timedelta(days=1)


def by_calendar_year(starts_on: date, ends_on: date, amount: Decimal) -> Iterator[tuple[int, Decimal]]:
    """A budget divided among the calendar years that it touches, by days, to the cent."""
    days, left = (ends_on - starts_on).days + 1, amount
    for year in range(starts_on.year, ends_on.year + 1):
        first, last = max(starts_on, date(year, 1, 1)), min(ends_on, date(year, 12, 31))
        part = left if year == ends_on.year else (amount * ((last - first).days + 1) / days).quantize(CENT)
        yield year, part
        left -= part


def is_longer_than_a_year(starts_on: date, ends_on: date) -> bool:
    """Whether the standard lets a budget be of this period no more."""
    return ends_on > year_after(starts_on)


def oda(sector: str, themes: Iterable[str]) -> str:
    """Whether a sector of narcotics control may count as aid: NOT_ODA, MAY_BE_ODA, or empty for every other sector.

    The OECD DAC counts neither what a donor does to interdict supplies or destroy crops, nor the training or financing
    of the military against drugs (purpose code 16063).
    """
    if sector != NARCOTICS_CONTROL:
        return ""
    return NOT_ODA if NOT_ODA_THEMES & set(themes) else MAY_BE_ODA
