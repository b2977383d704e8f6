"""How long, how much and when, in the reader's language: values of the sentences on how the site is."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from babel.dates import format_timedelta
from babel.units import format_unit

from app.foundation.hours import moment_text
from app.foundation.languages import register_namer

UNITS = (("gigabyte", 10**9), ("megabyte", 10**6))


def register() -> None:
    """Let messages name a while (in seconds), a number of bytes, and a moment (ISO 8601)."""
    register_namer("while", while_text)
    register_namer("bytes", bytes_text)
    register_namer("moment", instant_text)


def while_text(seconds: str, language: str) -> str:
    """A while in the one unit that fits: 40 seconds, 7 minutes, 3 days."""
    return format_timedelta(timedelta(seconds=int(seconds)), locale=language, threshold=1.5)


def bytes_text(count: str, language: str) -> str:
    """So many bytes, in gigabytes or megabytes."""
    name, unit = next((one for one in UNITS if int(count) >= one[1]), UNITS[-1])
    number = (Decimal(count) / unit).quantize(Decimal("0.1") if int(count) < 100 * unit else Decimal(1))
    return format_unit(number, f"digital-{name}", length="short", locale=language)


def instant_text(text: str, language: str) -> str:
    """A day and an hour in UTC."""
    return moment_text(datetime.fromisoformat(text), "", language)
