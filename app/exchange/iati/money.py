"""The money of an activity: what is set aside in budgets and what its transactions moved."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lxml import etree

from app.exchange.iati.activity import Budget, Transaction
from app.exchange.iati.codes import BUDGET_TYPES, TRANSACTION_TYPES
from app.exchange.iati.texts import chosen, first_texts, own_text
from app.exchange.iati.values import (
    Scope,
    date_of,
    one_line,
    read_amount,
    read_code,
    read_currency,
    read_date,
    read_kind,
)

_ORIGINAL = "1"
_Parts = dict[str, list[etree._Element]]  # noqa: SLF001 - lxml has no public name for it


class _Money(NamedTuple):
    amount: Decimal
    currency: str | None
    value_date: date | None


def read_budgets(activity: etree._Element, scope: Scope) -> Iterator[Budget]:
    """The budgets that have an amount, in whole units of their currency.

    One without a type is original (1), as the standard says; so is one of an unknown type.
    """
    for element in activity.iterchildren("budget"):
        parts = _parts_of(element)
        money = _money(element, parts, scope)
        if money is None:
            continue
        kind = read_code(BUDGET_TYPES, element.get("type"), element, scope.notes, "budget_type")
        yield Budget(
            type=kind or _ORIGINAL,
            start=date_of(_first(parts, "period-start"), scope.notes),
            end=date_of(_first(parts, "period-end"), scope.notes),
            amount=money.amount,
            currency=money.currency,
            value_date=money.value_date,
        )


def read_transactions(activity: etree._Element, scope: Scope) -> Iterator[Transaction]:
    """The transactions that have a known type and an amount, in whole units of their currency.

    One without a date of its own has the date its value is counted from.
    """
    for element in activity.iterchildren("transaction"):
        parts = _parts_of(element)
        kind = _transaction_type(element, parts, scope)
        money = _money(element, parts, scope) if kind else None
        if kind is None or money is None:
            continue
        day = date_of(_first(parts, "transaction-date"), scope.notes)
        yield Transaction(
            type=kind,
            date=day or money.value_date,
            amount=money.amount,
            currency=money.currency,
            provider=_organisation(parts.get("provider-org"), scope),
            receiver=_organisation(parts.get("receiver-org"), scope),
            description=_text(parts.get("description"), scope),
        )


def _parts_of(element: etree._Element) -> _Parts:
    """The children by their tags: an amount has half a dozen, and to look for each alone costs several times this."""
    parts: _Parts = {}
    for child in element:
        parts.setdefault(child.tag, []).append(child)
    return parts


def _first(parts: _Parts, tag: str) -> etree._Element | None:
    return parts[tag][0] if tag in parts else None


def _transaction_type(element: etree._Element, parts: _Parts, scope: Scope) -> str | None:
    stated = _first(parts, "transaction-type")
    if stated is None:
        scope.notes.add("no_kind", element)
        return None
    raw = one_line(stated.get("code")) or own_text(stated)
    return read_kind(TRANSACTION_TYPES, raw, stated, scope.notes, "transaction_type")


def _money(element: etree._Element, parts: _Parts, scope: Scope) -> _Money | None:
    value = _first(parts, "value")
    if value is None:
        scope.notes.add("no_amount", element)
        return None
    amount = read_amount(value.text, value, scope.notes)
    if amount is None:
        return None
    currency = read_currency(value.get("currency"), value, scope.notes) or scope.currency
    if currency is None:
        scope.notes.add("no_currency", value)
    day = read_date(value.get("value-date"), value, scope.notes)
    return _Money(amount, currency, day)


def _text(elements: list[etree._Element] | None, scope: Scope) -> str:
    return chosen(first_texts(elements, scope), scope.language) if elements else ""


def _organisation(elements: list[etree._Element] | None, scope: Scope) -> str:
    return (_text(elements, scope) or one_line(elements[0].get("ref"))) if elements else ""
