"""The money of an activity: budgets by year, what is planned, what moved; and in our own words what has no place."""

from __future__ import annotations

from datetime import date

from lxml import etree

from app.exchange.iati.own import own
from app.exchange.iati_out import rules
from app.exchange.iati_out.elements import added, clean, number, put, put_date, put_party, say_plainly
from app.exchange.iati_out.told import Budget, Planned, Told, Transaction


def put_budgets(parent: etree._Element, told: Told) -> None:
    """Budgets that the standard has room for; one of more than a year is divided, and stands whole at the end."""
    for budget in told.budgets:
        if not _has_period(budget):
            continue
        if not is_whole(budget):
            _put_parts(parent, budget)
        else:
            _put_budget(parent, "budget", budget)


def put_kept_budgets(parent: etree._Element, told: Told) -> None:
    """Budgets without a period or a currency, and those that were divided, as the record has them."""
    for budget in told.budgets:
        if not (_has_period(budget) and is_whole(budget)):
            _put_budget(parent, own("budget"), budget)


def _has_period(budget: Budget) -> bool:
    start, end = budget.starts_on, budget.ends_on
    return bool(start and end and start <= end and budget.currency)


def is_whole(budget: Budget) -> bool:
    """Whether a budget is of a year at most."""
    start, end = budget.starts_on, budget.ends_on
    return start is None or end is None or not rules.is_longer_than_a_year(start, end)


def _put_parts(parent: etree._Element, budget: Budget) -> None:
    start, end = budget.starts_on, budget.ends_on
    if start is None or end is None:
        return
    for first, last, amount in rules.by_year(start, end, budget.amount):
        part = Budget(budget.kind, amount, budget.currency, first, last, budget.valued_on or start)
        added(_put_budget(parent, "budget", part))


def _put_budget(parent: etree._Element, tag: str, budget: Budget) -> etree._Element:
    element = put(parent, tag, type=budget.kind)
    put_date(element, _beside(tag, "period-start"), budget.starts_on)
    put_date(element, _beside(tag, "period-end"), budget.ends_on)
    day = budget.valued_on or budget.starts_on
    _put_value(element, _beside(tag, "value"), budget, day, is_stated=budget.valued_on is not None)
    return element


def _put_value(
    element: etree._Element, tag: str, money: Budget | Transaction | Planned, day: date | None, *, is_stated: bool
) -> None:
    said = {} if is_stated or day is None else {"value-date": ""}
    value = put(element, tag, number(money.amount), own_said=said, currency=money.currency)
    if day is not None:
        value.set("value-date", day.isoformat())


def _beside(tag: str, name: str) -> str:
    """The name of a part: what stands in an element of ours is of ours too."""
    return own(name) if tag.startswith("{") else name


def put_planned(parent: etree._Element, told: Told) -> None:
    """What is to be paid out on which day."""
    for planned in told.planned:
        element = put(parent, "planned-disbursement", type="1")
        put_date(element, "period-start", planned.due_on)
        put_date(element, "period-end", planned.due_on)
        _put_value(element, "value", planned, planned.due_on, is_stated=True)
        put_party(element, "provider-org", planned.provider, "provider-activity-id")
        put_party(element, "receiver-org", planned.receiver, "receiver-activity-id")


def put_transactions(parent: etree._Element, told: Told, today: date) -> None:
    """What moved or was promised until today, in a currency."""
    for transaction in told.transactions:
        if fits(transaction, today):
            _put_transaction(parent, "transaction", transaction)


def put_kept_transactions(parent: etree._Element, told: Told, today: date) -> None:
    """Transactions without a day or a currency, or with a day that is yet to come, as the record has them."""
    for transaction in told.transactions:
        if not fits(transaction, today):
            _put_transaction(parent, own("transaction"), transaction)


def fits(transaction: Transaction, today: date) -> bool:
    """Whether the standard has room for it."""
    day = transaction.happened_on
    return day is not None and day <= today and bool(transaction.currency)


def _put_transaction(parent: etree._Element, tag: str, transaction: Transaction) -> None:
    element = put(parent, tag)
    put(element, _beside(tag, "transaction-type"), code=transaction.kind)
    put_date(element, _beside(tag, "transaction-date"), transaction.happened_on)
    _put_value(element, _beside(tag, "value"), transaction, transaction.happened_on, is_stated=False)
    if clean(transaction.description):
        say_plainly(put(element, _beside(tag, "description")), transaction.description)
    put_party(element, _beside(tag, "provider-org"), transaction.provider, "provider-activity-id")
    put_party(element, _beside(tag, "receiver-org"), transaction.receiver, "receiver-activity-id")
    if transaction.aid_type:
        put(element, _beside(tag, "aid-type"), code=transaction.aid_type)
