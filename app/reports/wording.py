"""Words that several reports share, in the language of the report and not in that of whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from app.foundation.languages import LANGUAGES, day_text, money_text, name_of, number_text, say
from app.foundation.messages import Message, msg
from app.needs.models import NeedLine

PAGE = msg("Page %(number)s of %(all)s")


def page_words(language: str) -> str:
    """How a page is numbered, with the places of both numbers still in it."""
    return say(PAGE.text, language)


def moment_words(now: datetime, language: str) -> str:
    """The moment of the data."""
    return say(msg("Data of %(day)s, %(hour)s UTC", day=now.date(), hour=f"{now:%H:%M}"), language)


def spoken(language: str) -> str:
    """The language, if the site speaks it; otherwise English."""
    return language if language in LANGUAGES else "en"


def days_words(first: date | None, last: date | None, language: str) -> str:
    """From when to when, as far as it is said."""
    if first and last:
        return say(msg("%(start)s to %(end)s", start=first, end=last), language)
    if first:
        return say(msg("from %(day)s", day=first), language)
    return day_text(last, language) if last else ""


def amount_words(line: NeedLine, language: str) -> str:
    """How much of what a line asks for: 40 officers."""
    return f"{number_text(line.quantity, language)} {name_of('unit', line.unit, language)}"


def cost_words(line: NeedLine, language: str) -> str:
    """What a line costs, or nothing."""
    return money_text(line.cost, language) if line.cost else ""


def named(kind: str, codes: Iterable[str], language: str) -> str:
    """Several codes by their names."""
    return ", ".join(name_of(kind, code, language) for code in codes)


def heads(titles: Iterable[Message], language: str) -> tuple[str, ...]:
    """The head of a table."""
    return tuple(say(title, language) for title in titles)
