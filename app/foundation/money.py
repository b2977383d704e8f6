"""An amount of money is a number and a currency together; two currencies are never added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cache

from babel.numbers import list_currencies

CENT = Decimal("0.01")
LARGEST_AMOUNT = Decimal("1e13")
COMMON_CURRENCIES = ("USD", "EUR", "XOF", "XAF", "CVE", "GHS", "PEN", "HNL", "JMD", "GBP", "CAD", "CHF", "NOK", "SEK")
THOUSANDS = re.compile(r"\d{1,3}(\.\d{3}){2,}")


class MoneyError(ValueError):
    """The text is not an amount, or the currency is none."""


@dataclass(frozen=True, order=False)
class Money:
    """`amount` in whole units of `currency` (ISO 4217), to two decimals."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not is_currency(self.currency):
            raise MoneyError(f"unknown currency {self.currency!r}")
        object.__setattr__(self, "amount", self.amount.quantize(CENT, ROUND_HALF_EVEN))

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise MoneyError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)


@cache
def currencies() -> frozenset[str]:
    """The ISO 4217 codes that CLDR knows."""
    return frozenset(list_currencies())


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 currency code."""
    return code in currencies()


def parse_amount(text: str) -> Decimal:
    """Read what a person typed as an amount: 12 500,50 and 12,500.50 and 12500.5 are the same.

    Raises:
        MoneyError: it is no number.
    """
    plain = text.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace("'", "")
    if "," in plain and "." in plain:
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "").replace(",", ".")
    elif plain.count(",") == 1 and len(plain.rsplit(",", 1)[1]) != 3:  # noqa: PLR2004 - 12,500 is twelve thousand
        plain = plain.replace(",", ".")
    elif "," in plain:
        plain = plain.replace(",", "")
    elif THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise MoneyError(f"not a number: {text!r}") from None
    if not amount.is_finite():
        raise MoneyError(f"not a number: {text!r}")
    return amount
