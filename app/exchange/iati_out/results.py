"""What indicators showed: numbers as numbers, and whatever is said in words as a comment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from lxml import etree

from app.exchange.iati_out.elements import clean, number, put, say_plainly
from app.exchange.iati_out.told import Indicator

OUTCOME = "2"
UNIT, QUALITATIVE = "1", "5"


def put_results(parent: etree._Element, indicators: Iterable[Indicator]) -> None:
    """One result for each indicator of which something is known."""
    for indicator in indicators:
        result = put(parent, "result", type=OUTCOME)
        say_plainly(put(result, "title"), clean(indicator.name) or "–", indicator.language)
        _put_indicator(result, indicator)


def _put_indicator(result: etree._Element, indicator: Indicator) -> None:
    values = [indicator.baseline, *(text for each in indicator.measured for text in (each.target, each.actual))]
    is_number = all(as_number(text) is not None for text in values if text)
    element = put(result, "indicator", measure=UNIT if is_number else QUALITATIVE)
    say_plainly(put(element, "title"), clean(indicator.name) or "–", indicator.language)
    if clean(indicator.baseline):
        said = _put_value(element, "baseline", indicator.baseline, is_number=is_number, language=indicator.language)
        said.set("year", str(indicator.since.year))
        said.set("iso-date", indicator.since.isoformat())
    for each in indicator.measured:
        period = put(element, "period")
        put(period, "period-start", iso_date=min(indicator.since, each.on - timedelta(days=1)).isoformat())
        put(period, "period-end", iso_date=each.on.isoformat())
        for tag, text in (("target", each.target), ("actual", each.actual)):
            if clean(text):
                _put_value(period, tag, text, is_number=is_number, language=indicator.language)


def _put_value(parent: etree._Element, tag: str, text: str, *, is_number: bool, language: str) -> etree._Element:
    value = as_number(text) if is_number else None
    if value is not None:
        return put(parent, tag, value=number(value))
    element = put(parent, tag)
    say_plainly(put(element, "comment"), text, language)
    return element


def as_number(text: str) -> Decimal | None:
    """The text as a number, if it is one."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
