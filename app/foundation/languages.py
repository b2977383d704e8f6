"""In which languages the site speaks, and how a message becomes a sentence in one of them, in pages and mails alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations

from app.foundation.messages import Message, Named, Several
from app.foundation.money import Money

LANGUAGES: dict[str, str] = {"en": "English", "fr": "Français", "es": "Español", "pt": "Português", "ar": "العربية"}
"""Languages of the interface, by ISO 639-1 code, each by its own name."""

MANY_TEXTS = 4096
"""So many numbers and days are kept as they are written: the same ones come again and again."""

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"

NAMERS: dict[str, Callable[[str, str], str]] = {}
"""For each kind of code (country, theme ...), how a code is named in a language; filled by the features that know."""


def register_namer(kind: str, namer: Callable[[str, str], str]) -> None:
    """Say how codes of one kind are named."""
    NAMERS[kind] = namer


@cache
def catalogue(language: str) -> NullTranslations:
    """The gettext catalogue of one language; English needs none."""
    return Translations.load(str(CATALOGUES), [language])


def name_of(kind: str, code: str, language: str) -> str:
    """The name of a code in a language, or the code itself where nobody knows better."""
    namer = NAMERS.get(kind)
    return namer(code, language) if namer and code else code


def say(message: Message | str, language: str) -> str:
    """The message in that language, its values worded as that language does."""
    if isinstance(message, str):
        return catalogue(language).gettext(message) if message else ""
    words = catalogue(language)
    found = words.pgettext(message.context, message.text) if message.context else words.gettext(message.text)
    text = str(found)
    return text % {key: word(value, language) for key, value in message.values.items()} if message.values else text


def word(value: Any, language: str) -> str:  # noqa: PLR0911 - one line for each kind of value
    """One value as that language writes it."""
    if isinstance(value, Message):
        return say(value, language)
    if isinstance(value, Named):
        return name_of(value.kind, value.code, language)
    if isinstance(value, Several):
        names = [name_of(value.kind, code, language) for code in value.codes]
        return format_list(names, locale=language) if names else ""
    if isinstance(value, Money):
        return money_text(value, language)
    if isinstance(value, datetime | date):
        return day_text(value, language)
    if isinstance(value, Decimal | int):
        return number_text(value, language)
    return str(value)


@lru_cache(maxsize=MANY_TEXTS)
def number_text(value: Decimal | int, language: str) -> str:
    """A number with the language's separators and no idle decimals."""
    return format_decimal(value, format="#,##0.##", locale=language)


def money_text(value: Money, language: str) -> str:
    """An amount with its currency code, cents only where there are any."""
    whole = value.amount == value.amount.to_integral_value()
    pattern = "#,##0 ¤¤" if whole else "#,##0.00 ¤¤"
    return format_currency(value.amount, value.currency, format=pattern, locale=language, currency_digits=False)


def rate_text(value: Decimal, language: str) -> str:
    """A rate with the language's separators and all of its digits, so that whoever reckons again finds the same."""
    return format_decimal(value, format="#,##0.####################", locale=language)


@lru_cache(maxsize=MANY_TEXTS)
def day_text(value: date, language: str) -> str:
    """A day, written out: 3 March 2027, 3 mars 2027."""
    return format_date(value, format="d MMMM y" if language == "en" else "long", locale=language)


def day_name(iso_day: str, language: str) -> str:
    """A day that a stored message keeps as 2027-03-31, written out."""
    return day_text(date.fromisoformat(iso_day), language)


@lru_cache(maxsize=MANY_TEXTS)
def language_name(code: str, language: str) -> str:
    """A language's name in another language, from CLDR."""
    found = Locale.parse(language).languages.get(code)
    return str(found) if found else code


def best_language(wanted: Mapping[str, float] | list[str], default: str = "en") -> str:
    """The first language asked for that the site speaks."""
    return next((code[:2].lower() for code in wanted if code[:2].lower() in LANGUAGES), default)
