"""Where an activity works and on what: countries, regions and sectors with their shares.

When the activity itself names none, those of its transactions are used, without shares.
"""

import re
from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from typing import Final, TypeVar

from lxml import etree

from app.exchange.iati import withdrawn
from app.exchange.iati.activity import CountryShare, SectorShare
from app.exchange.iati.codes import SECTOR_VOCABULARIES, lookup
from app.exchange.iati.notes import Notes
from app.exchange.iati.texts import own_text
from app.exchange.iati.values import XML_LANG, one_line, read_percentage

_COUNTRY = re.compile(r"[A-Z]{2}")
_REGION = re.compile(r"\d{1,4}", re.ASCII)
_THREE_DIGITS = re.compile(r"\d{3}", re.ASCII)
_DAC: Final = "1"
_DAC_3: Final = "2"
_ALL = Decimal(100)
_ROUNDING = Decimal("0.1")

Key = TypeVar("Key", bound=Hashable)
ReadKey = Callable[[etree._Element, Notes], Key | None]  # noqa: SLF001 - lxml has no public name for it


def read_places(activity: etree._Element, notes: Notes) -> tuple[tuple[CountryShare, ...], tuple[str, ...]]:
    """The recipient countries with their shares in per cent, and the recipient regions."""
    countries = _shares(activity.iterchildren("recipient-country"), notes, _country)
    regions = _shares(activity.iterchildren("recipient-region"), notes, _region)
    # Regions of another vocabulary say the same again, so only those of the OECD DAC count
    # towards the whole.
    parts = [*countries.values(), *(s for (v, _), s in regions.items() if v == _DAC)]
    _check_sum(parts, activity, ("recipient-country", "recipient-region"), notes)
    if not countries and not regions:
        countries = _of_transactions(activity, "recipient-country", notes, _country)
        regions = _of_transactions(activity, "recipient-region", notes, _region)
    found = tuple(CountryShare(iso2, share) for iso2, share in countries.items())
    return found, tuple(dict.fromkeys(code for _, code in regions))


def read_sectors(activity: etree._Element, notes: Notes) -> tuple[SectorShare, ...]:
    """The sectors, each with its share of its vocabulary in per cent."""
    sectors = _shares(activity.iterchildren("sector"), notes, _sector)
    for vocabulary in dict.fromkeys(vocabulary for vocabulary, _ in sectors):
        parts = [share for (of, _), share in sectors.items() if of == vocabulary]
        _check_sum(parts, activity, ("sector",), notes)
    if not sectors:
        sectors = _of_transactions(activity, "sector", notes, _sector)
    return tuple(SectorShare(*key, share) for key, share in sectors.items())


def _shares(elements: Iterable[etree._Element], notes: Notes, read_key: ReadKey[Key]) -> dict[Key, Decimal | None]:
    found: dict[Key, Decimal | None] = {}
    languages: dict[Key, str | None] = {}
    for element in elements:
        key = read_key(element, notes)
        if key is None:
            continue
        language = element.get(XML_LANG)
        if key in found and language != languages[key]:
            # Version 1 repeats a whole element to give its name in a second language.
            continue
        share = read_percentage(element.get("percentage"), element, notes)
        languages[key] = language
        found[key] = _added(found.get(key), share)
    return found


def _added(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    if first is None or second is None:
        return first if second is None else second
    return first + second


def _of_transactions(
    activity: etree._Element, tag: str, notes: Notes, read_key: ReadKey[Key]
) -> dict[Key, Decimal | None]:
    elements = (
        element for transaction in activity.iterchildren("transaction") for element in transaction.iterchildren(tag)
    )
    keys = (read_key(element, notes) for element in elements)
    return {key: None for key in keys if key is not None}


def _check_sum(
    parts: list[Decimal | None],
    activity: etree._Element,
    tags: tuple[str, ...],
    notes: Notes,
) -> None:
    stated = [part for part in parts if part is not None]
    total = sum(stated, Decimal(0))
    # With a share left unsaid, only too much can be told from the rest.
    too_little = len(stated) == len(parts) and total < _ALL - _ROUNDING
    if stated and (too_little or total > _ALL + _ROUNDING):
        where = next(activity.iterchildren(*tags))
        notes.add("percentage_sum", where, total=f"{total:f}")


def _country(element: etree._Element, notes: Notes) -> str | None:
    code = one_line(element.get("code")).upper()
    if _COUNTRY.fullmatch(code):
        if code in withdrawn.COUNTRIES:
            notes.add("withdrawn_code", element, value=code)
        return code
    # 998 and 889 stand for developing countries without saying which: they are regions of the OECD DAC's list.
    _note_code("region_as_country" if _REGION.fullmatch(code) else "country_code", code, element, notes)
    return None


def _region(element: etree._Element, notes: Notes) -> tuple[str, str] | None:
    code = one_line(element.get("code"))
    if _REGION.fullmatch(code):
        return one_line(element.get("vocabulary")) or _DAC, code
    _note_code("region_code", code, element, notes)
    return None


def _sector(element: etree._Element, notes: Notes) -> tuple[str, str] | None:
    code = one_line(element.get("code"))
    if not code:
        _note_code("no_code", code, element, notes)
        return None
    raw = one_line(element.get("vocabulary"))
    vocabulary = (lookup(SECTOR_VOCABULARIES, raw) or raw) if raw else _DAC
    if vocabulary == _DAC and _THREE_DIGITS.fullmatch(code):
        # Many publishers put the three-digit list under the name of the five-digit one.
        vocabulary = _DAC_3
    if vocabulary == _DAC and code in withdrawn.SECTORS:
        notes.add("withdrawn_code", element, value=code)
    return vocabulary, code


def _note_code(problem: str, code: str, element: etree._Element, notes: Notes) -> None:
    # An element that is empty altogether is a form left blank, which is not worth a note.
    if code or one_line(own_text(element)):
        notes.add(problem if code else "no_code", element, value=code)
