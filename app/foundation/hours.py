"""Hours as people read them: in the time of the State for which they work, written as their language writes it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global
from babel.dates import format_time, get_timezone_gmt

from app.foundation.languages import day_text


@cache
def zone_of(country: str) -> tzinfo:
    """The time of a State (ISO 3166-1 alpha-2) where it has but one (CLDR); UTC where it has several, or is unknown."""
    zones = [zone for zone, its in get_global("zone_territories").items() if its == country]
    try:
        return ZoneInfo(zones[0]) if len(zones) == 1 else UTC
    except ZoneInfoNotFoundError:
        return UTC


def moment_text(value: datetime, country: str, language: str) -> str:
    """A day and an hour with the distance of that time from Greenwich: 3 March 2027, 09:30 (GMT+01:00)."""
    there = value.astimezone(zone_of(country))
    hour = format_time(there, format="HH:mm", locale=language)
    return f"{day_text(there.date(), language)}, {hour} ({get_timezone_gmt(there, locale=language)})"
