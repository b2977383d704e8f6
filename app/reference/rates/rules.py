"""The law of conversion: a rate of that day or shortly before, never of a later one; without a rate, no conversion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from app.foundation.messages import N_
from app.foundation.money import Money

EURO = "EUR"
"""Every rate says how many units of a currency one euro is worth."""
OLDEST = timedelta(days=10)
"""A rate holds for so long after its day: over weekends and holidays, and no longer."""
SIGNIFICANT = 6
"""Digits of a rate that is reckoned from others; one that was published is used as it is."""
DIGITS = 50
ONE = Decimal(1)
PARTED_BY = "; "
CENTRAL_BANK = N_("European Central Bank")
INVENTED = N_("invented for the demonstration")
# The sources of fixed parities (reference/data/fixed_parities.csv), so that they can be translated.
LAWS = (
    N_("Council Decision 98/683/EC"),
    N_("Council Decision 98/744/EC"),
    N_("Law on the Central Bank of Bosnia and Herzegovina"),
)


@dataclass(frozen=True)
class Rate:
    """Units of a currency for one euro, as published on `day` by `source`; one that the law fixes does not age."""

    per_euro: Decimal
    day: date
    source: str
    is_fixed: bool = False


@dataclass(frozen=True)
class Converted:
    """An amount in another currency, with all that it takes to reckon it again: `original.amount * rate`.

    `rate` is units of the new currency for one unit of the original, exactly as it was used. `day` is the older one
    of the rates' days; where only parities were used, or none, it is the day that was asked for. `source` names who
    published the rates, parted by semicolons, and is empty where the currency stayed the same.
    """

    money: Money
    original: Money
    rate: Decimal
    day: date
    source: str
    is_fixed: bool = False

    @property
    def is_same(self) -> bool:
        """Nothing had to be converted."""
        return self.money.currency == self.original.currency

    @property
    def sources(self) -> tuple[str, ...]:
        """Who published the rates, one by one."""
        return tuple(self.source.split(PARTED_BY)) if self.source else ()


@dataclass(frozen=True)
class Total:
    """Several amounts in one currency, and by currency the sums of those for which there is no rate (`left`)."""

    money: Money
    converted: tuple[Converted, ...]
    left: tuple[Money, ...]

    @property
    def is_whole(self) -> bool:
        """Every amount is in it."""
        return not self.left

    @property
    def has_rates(self) -> bool:
        """Something in it was converted, so that it is about so much."""
        return any(not each.is_same for each in self.converted)


@dataclass(frozen=True)
class RateTable:
    """The rates that hold on a day, by currency (ISO 4217); older and later ones may stand in it and are not used."""

    day: date
    rates: Mapping[str, Rate]

    def convert(self, money: Money, to: str) -> Converted | None:
        """The amount in the currency `to`, or nothing where one of the two has no rate."""
        if money.currency == to:
            return Converted(money, money, ONE, self.day, "")
        given, wanted = self._rate(money.currency), self._rate(to)
        if given is None or wanted is None:
            return None
        used = [rate for rate in (given, wanted) if rate.source]
        days = [rate.day for rate in used if not rate.is_fixed]
        rate = cross_rate(given.per_euro, wanted.per_euro)
        source = PARTED_BY.join(dict.fromkeys(rate.source for rate in used))
        return Converted(at_rate(money, rate, to), money, rate, min(days, default=self.day), source, not days)

    def total(self, amounts: Iterable[Money], to: str) -> Total:
        """The sum of the amounts in the currency `to`; each is converted by itself, as it is shown."""
        converted: list[Converted] = []
        left: dict[str, Money] = {}
        for money in amounts:
            found = self.convert(money, to)
            if found is None:
                left[money.currency] = left.get(money.currency, Money(Decimal(0), money.currency)) + money
            else:
                converted.append(found)
        whole = sum((each.money for each in converted), Money(Decimal(0), to))
        return Total(whole, tuple(converted), tuple(left[currency] for currency in sorted(left)))

    def lacking(self, *currencies: str) -> tuple[str, ...]:
        """Those of the currencies that have no rate on the day."""
        return tuple(currency for currency in dict.fromkeys(currencies) if self._rate(currency) is None)

    def _rate(self, currency: str) -> Rate | None:
        if currency == EURO:
            return Rate(ONE, self.day, "", is_fixed=True)
        rate = self.rates.get(currency)
        return rate if rate is not None and holds_on(rate, self.day) else None


def holds_on(rate: Rate, day: date) -> bool:
    """Whether a rate may be used for that day: it is of the day or some days before; a parity ever since its day."""
    return rate.day <= day and (rate.is_fixed or day - rate.day <= OLDEST)


def cross_rate(given_per_euro: Decimal, wanted_per_euro: Decimal) -> Decimal:
    """Units of the wanted currency for one of the given: as published from the euro, else to six significant digits."""
    if given_per_euro == ONE:
        return wanted_per_euro
    with localcontext(prec=SIGNIFICANT):
        return wanted_per_euro / given_per_euro


def at_rate(money: Money, rate: Decimal, to: str) -> Money:
    """The amount at that rate, to a hundredth."""
    # The usual 28 digits are too few for the largest amounts at the highest rates.
    with localcontext(prec=DIGITS):
        return Money(money.amount * rate, to)
