"""Amounts of money in a 3W table, and the currencies that they are in. Plain values."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

from app.exchange.hxl.tags import Tag
from app.exchange.hxl.values import Unreadable
from app.foundation.messages import Message, msg
from app.foundation.money import CENT, LARGEST_AMOUNT, MoneyError, is_currency, parse_amount

NO_AMOUNT = msg("“%(word)s” is no amount that can be read. Write it as 12500.50.")
TWO_WAYS = msg("“%(word)s” can be read in two ways. Write the amount without marks for thousands, as 12500.50.")
NEGATIVE = msg("This cannot be less than zero.")
TOO_LARGE = msg("This number is too large to be right.")
NO_CURRENCY = msg("Say in which currency the budget is, in three letters such as EUR.")
UNKNOWN_CURRENCY = msg("“%(code)s” is not a currency. Use three letters, such as EUR or XOF.")
HEAD_DIFFERS = msg("The hashtag of the amount says %(head)s, and this row says %(word)s. Make the two alike.")
_THOUSANDS_OR_CENTS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
LONGEST_SHOWN = 12


def amount_in(text: str) -> Decimal:
    """An amount of zero or more, to the cent, in whole units of the currency beside it.

    Raises:
        Unreadable: it is no number, negative or too large, or 1.234, which is a thousand here and one there.
    """
    if _THOUSANDS_OR_CENTS.fullmatch(text.strip()):
        raise Unreadable(Message(TWO_WAYS.text, {"word": text}))
    try:
        amount = parse_amount(text)
    except MoneyError as error:
        raise Unreadable(Message(NO_AMOUNT.text, {"word": text})) from error
    if amount < 0:
        raise Unreadable(NEGATIVE)
    if amount > LARGEST_AMOUNT:
        raise Unreadable(TOO_LARGE)
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def currency_in(text: str) -> str:
    """A currency by its code (ISO 4217), in upper or lower case.

    Raises:
        Unreadable: it is none.
    """
    code = text.strip().upper()
    if not is_currency(code):
        raise Unreadable(Message(UNKNOWN_CURRENCY.text, {"code": text[:LONGEST_SHOWN]}))
    return code


def currency_of(tag: Tag) -> str:
    """The currency (ISO 4217) that an attribute of a hashtag says, as in #value+usd; none where none or several do."""
    found = [one.upper() for one in sorted(tag.attributes) if is_currency(one.upper())]
    return found[0] if len(found) == 1 else ""
