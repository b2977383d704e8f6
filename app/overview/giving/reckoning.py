"""What is given in one currency: as it is reported and without double counting, and what has no rate and so stays out.

Plain values in, plain out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.foundation.money import Money
from app.matching.relations.totals import CHILD, Key, SetAside, Tie, counted_once
from app.overview.giving.rules import ZERO, Choice, Giving, Part, wanted_parts
from app.reference.rates.rules import Converted, RateTable


@dataclass(frozen=True)
class Reckoned:
    """Amounts in `currency` by record: all that are reported, and those that count.

    `left` are amounts that were not converted, `used` an example of each conversion, by original currency.
    """

    currency: str
    reported: Mapping[Key, Decimal]
    counted: Mapping[Key, Decimal]
    left: tuple[tuple[Giving, Money], ...]
    used: tuple[Converted, ...]
    set_aside: tuple[SetAside, ...]


def reckon(givings: Sequence[Giving], ties: Iterable[Tie], table: RateTable, currency: str) -> Reckoned:
    """Convert what is given, and count each thing once."""
    reported: dict[Key, Decimal] = {}
    used: dict[str, Converted] = {}
    left: list[tuple[Giving, Money]] = []
    for giving in givings:
        for money in giving.money:
            found = table.convert(money, currency)
            if found is None:
                left.append((giving, money))
                continue
            reported[giving.key] = reported.get(giving.key, ZERO) + found.money.amount
            if not found.is_same:
                used.setdefault(money.currency, found)
    donors = {giving.key: giving.donor for giving in givings}
    amounts = [(key, donors[key], Money(amount, currency)) for key, amount in reported.items()]
    counted = counted_once(amounts, [*ties, *drawn_from(givings)])
    return Reckoned(
        currency,
        reported,
        {key: money.amount for key, _donor, money in counted.kept},
        tuple(left),
        tuple(used[original] for original in sorted(used)),
        counted.set_aside,
    )


def drawn_from(givings: Iterable[Giving]) -> list[Tie]:
    """A pledge that is paid from a programme is a part of it."""
    return [(one.key, ("programme", one.paid_from), CHILD) for one in givings if one.paid_from is not None]


@dataclass(frozen=True)
class Chosen:
    """What a choice leaves of what was reckoned; `parts` are those that are drawn."""

    parts: Sequence[Part]
    reported: Money
    counted: Money
    left: Sequence[tuple[Giving, Money]]
    set_aside: Sequence[tuple[SetAside, Money]]

    @property
    def left_by_currency(self) -> list[Money]:
        """What was not converted, added up by currency."""
        sums: dict[str, Decimal] = {}
        for _giving, money in self.left:
            sums[money.currency] = sums.get(money.currency, ZERO) + money.amount
        return [Money(sums[currency], currency) for currency in sorted(sums)]


def chosen_of(reckoned: Reckoned, givings: Sequence[Giving], choice: Choice, *, as_reported: bool = False) -> Chosen:
    """Narrow what was reckoned; everything was counted once before, so that choices add up to the whole."""
    all_parts = wanted_parts(reckoned.reported, givings, choice)
    counting = [part for part in all_parts if part.giving.key in reckoned.counted]
    by_key: dict[Key, Decimal] = {}
    for part in all_parts:
        by_key[part.giving.key] = by_key.get(part.giving.key, ZERO) + part.amount
    return Chosen(
        parts=all_parts if as_reported else counting,
        reported=Money(sum((part.amount for part in all_parts), ZERO), reckoned.currency),
        counted=Money(sum((part.amount for part in counting), ZERO), reckoned.currency),
        left=[(giving, money) for giving, money in reckoned.left if choice.wants(giving)],
        # With a theme or a country chosen, only that part of an amount was set aside here.
        set_aside=[
            (one, Money(by_key[one.key], reckoned.currency)) for one in reckoned.set_aside if by_key.get(one.key)
        ],
    )
