"""Single values of an activity: dates, amounts, percentages, currencies, codes and addresses.

A value that is wrong is noted with its line and left out; a value that is absent is left out
without a note.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from lxml import etree

from app.exchange.iati.activity import NO_LANGUAGE
from app.exchange.iati.codes import LANGUAGES, lookup
from app.exchange.iati.notes import Notes

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:Z|[T+ -].*)?", re.ASCII | re.DOTALL)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_AMOUNT = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d*)?|\.\d+)", re.ASCII)
_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d*)?|\.\d+)\s*%?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.DOTALL)
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ALL = Decimal(100)
_ISO_639_1 = 2


@dataclass(slots=True)
class Scope:
    """What holds for every element of one activity: its language, currency and problems."""

    notes: Notes
    language: str = NO_LANGUAGE
    currency: str | None = None


def one_line(raw: str | None) -> str:
    """The text with every run of white space made one space; empty when there is none."""
    return " ".join(raw.split()) if raw else ""


def read_date(raw: str | None, where: etree._Element, notes: Notes) -> date | None:
    """A day written year-month-day, with or without a time after it, from 1900 to 2100."""
    text = one_line(raw)
    if not text:
        return None
    found = _day(text)
    if found is None:
        notes.add("date", where, value=text)
    return found


@lru_cache(maxsize=1024)
def _day(text: str) -> date | None:
    # The same few days stand on most amounts of a file.
    match = _DATE.fullmatch(text)
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        found = None
    return found if found and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def date_of(element: etree._Element | None, notes: Notes) -> date | None:
    """The day an element states: its ``iso-date``, or its text as the first files wrote it."""
    if element is None:
        return None
    return read_date(one_line(element.get("iso-date")) or element.text, element, notes)


def read_amount(raw: str | None, where: etree._Element, notes: Notes) -> Decimal | None:
    """An amount of money as a plain decimal number below 10^15, without separators."""
    text = one_line(raw)
    if not _AMOUNT.fullmatch(text):
        notes.add("amount" if text else "no_amount", where, value=text)
        return None
    return Decimal(text)


def read_percentage(raw: str | None, where: etree._Element, notes: Notes) -> Decimal | None:
    """A share from 0 to 100 per cent."""
    text = one_line(raw)
    if not text:
        return None
    match = _PERCENTAGE.fullmatch(text)
    found = Decimal(match[1]) if match else None
    if found is None or found > _ALL:
        notes.add("percentage", where, value=text)
        return None
    return found


def read_currency(raw: str | None, where: etree._Element, notes: Notes) -> str | None:
    """A currency in the shape of ISO 4217: three letters, made upper case."""
    text = one_line(raw).upper()
    if not text:
        return None
    if not _CURRENCY.fullmatch(text):
        notes.add("currency", where, value=text)
        return None
    return text


def language_of(element: etree._Element, default: str, notes: Notes) -> str:
    """The language an element states for itself, as two lower-case letters, or ``default``."""
    stated = element.get(XML_LANG)
    text = one_line(stated).lower() if stated else ""
    if not text:
        return default
    code = _language(text)
    if not code:
        notes.add("language", element, value=text)
    return code or default


@lru_cache(maxsize=256)
def _language(text: str) -> str:
    match = _LANGUAGE.fullmatch(text)
    code = LANGUAGES.get(match[1], match[1]) if match else ""
    return code if len(code) == _ISO_639_1 else ""


def read_code(
    codes: Mapping[str, str],
    raw: str | None,
    where: etree._Element,
    notes: Notes,
    problem: str,
) -> str | None:
    """A word or code as published, turned into the code of IATI version 2."""
    text = one_line(raw)
    if not text:
        return None
    code = lookup(codes, text)
    if code is None:
        notes.add(problem, where, value=text)
    return code


def read_kind(
    codes: Mapping[str, str],
    raw: str | None,
    where: etree._Element,
    notes: Notes,
    problem: str,
) -> str | None:
    """The same for an element that is worth nothing without it, so its absence is noted too."""
    if not one_line(raw):
        notes.add("no_kind", where)
    return read_code(codes, raw, where, notes, problem)


def read_url(raw: str | None, where: etree._Element, notes: Notes) -> str | None:
    """An address on the web; ``http://`` is put before ``www.``, and ``%20`` for a space."""
    text = one_line(raw)
    if not text:
        return None
    url = f"http://{text}" if text.lower().startswith("www.") else text
    url = url.replace(" ", "%20")
    if not _WEB.fullmatch(url):
        notes.add("url", where, value=text)
        return None
    return url
