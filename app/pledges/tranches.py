"""The law of planned disbursements: how the tranches of a pledge fit its money, and which are overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.foundation.messages import Message, msg
from app.foundation.money import Money

ZERO = Decimal(0)


@dataclass(frozen=True)
class Planned:
    """One planned disbursement: how much, and on which day."""

    due_on: date
    money: Money


def problem_in(planned: Iterable[Planned], promised: Iterable[Money]) -> Message | None:
    """What does not fit: the tranches of each currency have to come to what is promised in it; none at all is fine."""
    sums, whole = by_currency(tranche.money for tranche in planned), by_currency(promised)
    for currency, total in sorted(sums.items()):
        if currency not in whole:
            return msg(
                "Nothing is promised in %(currency)s. Give the tranches in the currency of the promise.",
                currency=currency,
            )
        if total != whole[currency]:
            return msg(
                "The tranches come to %(sum)s, and %(promised)s is promised. Make both the same.",
                sum=Money(total, currency),
                promised=Money(whole[currency], currency),
            )
    return None


def by_currency(amounts: Iterable[Money]) -> Mapping[str, Decimal]:
    """The sum of each currency; two are never added."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for money in amounts:
        sums[money.currency] += money.amount
    return dict(sums)


def overdue(planned: Iterable[Planned], delivered: Iterable[Money], today: date) -> list[Money]:
    """What should have been paid before today and has not been, by currency."""
    due = by_currency(tranche.money for tranche in planned if tranche.due_on < today)
    paid = by_currency(delivered)
    left = {currency: total - paid.get(currency, ZERO) for currency, total in due.items()}
    return [Money(amount, currency) for currency, amount in sorted(left.items()) if amount > 0]
