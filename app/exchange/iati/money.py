"""The money of an activity: what is set aside in budgets and what its transactions moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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


@dataclass(frozen=True, slots=True)
class _Money:
    amount: Decimal
    currency: str | None
    value_date: date | None


def read_budgets(activity: etree._Element, scope: Scope) -> Iterator[Budget]:
    """The budgets that have an amount, in whole units of their currency.

    One without a type is original (1), as the standard says; so is one of an unknown type.
    """
    for element in activity.iterchildren("budget"):
        money = _money(element, scope)
        if money is None:
            continue
        kind = read_code(BUDGET_TYPES, element.get("type"), element, scope.notes, "budget_type")
        yield Budget(
            type=kind or _ORIGINAL,
            start=date_of(element.find("period-start"), scope.notes),
            end=date_of(element.find("period-end"), scope.notes),
            amount=money.amount,
            currency=money.currency,
            value_date=money.value_date,
        )


def read_transactions(activity: etree._Element, scope: Scope) -> Iterator[Transaction]:
    """The transactions that have a known type and an amount, in whole units of their currency.

    One without a date of its own has the date its value is counted from.
    """
    for element in activity.iterchildren("transaction"):
        kind = _transaction_type(element, scope)
        money = _money(element, scope) if kind else None
        if kind is None or money is None:
            continue
        day = date_of(element.find("transaction-date"), scope.notes)
        yield Transaction(
            type=kind,
            date=day or money.value_date,
            amount=money.amount,
            currency=money.currency,
            provider=_organisation(element, "provider-org", scope),
            receiver=_organisation(element, "receiver-org", scope),
            description=_text(element, "description", scope),
        )


def _transaction_type(element: etree._Element, scope: Scope) -> str | None:
    stated = element.find("transaction-type")
    if stated is None:
        scope.notes.add("no_kind", element)
        return None
    raw = one_line(stated.get("code")) or own_text(stated)
    return read_kind(TRANSACTION_TYPES, raw, stated, scope.notes, "transaction_type")


def _money(element: etree._Element, scope: Scope) -> _Money | None:
    value = element.find("value")
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


def _text(element: etree._Element, tag: str, scope: Scope) -> str:
    return chosen(first_texts(element.iterchildren(tag), scope), scope.language)


def _organisation(element: etree._Element, tag: str, scope: Scope) -> str:
    name = _text(element, tag, scope)
    stated = element.find(tag)
    return name or ("" if stated is None else one_line(stated.get("ref")))
