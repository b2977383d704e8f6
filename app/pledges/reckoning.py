"""How far a need line is covered by what was promised and delivered: the reckoning of the ledger, in plain values.

For each line, open = what is asked less what is counted, never below nothing. Counted is what accepted pledges promise,
or what was delivered where that is more, and what covers a line without being a pledge; each unit once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.foundation.money import Money
from app.pledges.rules import RUNNING

ZERO = Decimal(0)
HUNDREDTH = Decimal("0.01")
FIRM = frozenset({"committed", "delivering"})
"""A pledge that the donor has bound itself to, beyond the promise."""


@dataclass(frozen=True)
class Asked:
    """What one line of a need asks for; `cost` is for the whole line, where it is known."""

    quantity: Decimal
    cost: Money | None = None


@dataclass(frozen=True)
class Claim:
    """What one pledge says about one need line: a promise, in the line's unit or in money, and what was delivered.

    `worth` is the money in the currency of the line's cost, where the pledge is in another and there was a rate.
    `delivered` lists what both sides have confirmed, each as a quantity, an amount of money, or both.
    """

    status: str
    is_accepted: bool
    quantity: Decimal | None = None
    money: Money | None = None
    delivered: tuple[tuple[Decimal | None, Money | None], ...] = ()
    worth: Money | None = None

    def reckoned(self, money: Money | None) -> Money | None:
        """A part of the promised money in the currency of the line's cost, at the rate of the pledge."""
        if money is None or self.worth is None or self.money is None or money.currency != self.money.currency:
            return money
        return Money(self.worth.amount * money.amount / self.money.amount, self.worth.currency)


@dataclass(frozen=True)
class Other:
    """What covers a part of a line without being a pledge, in the line's unit; delivered once it is confirmed."""

    quantity: Decimal
    is_confirmed: bool


@dataclass(frozen=True)
class Coverage:
    """How far one need line is covered, all in the line's unit.

    `counted` is covered, `promised` waits for the recipient's answer. Of what is counted, `delivered` was confirmed by
    both sides and `committed` is what donors have bound themselves to besides; the rest is pledged. `beside` is money
    that was accepted and cannot be reckoned in the unit, by currency.
    """

    needed: Decimal
    counted: Decimal = ZERO
    promised: Decimal = ZERO
    delivered: Decimal = ZERO
    committed: Decimal = ZERO
    beside: tuple[Money, ...] = ()

    @property
    def open(self) -> Decimal:
        """What nobody covers yet."""
        return max(ZERO, self.needed - self.counted)

    @property
    def pledged(self) -> Decimal:
        """What is counted and neither delivered nor committed."""
        return max(ZERO, self.counted - self.delivered - self.committed)

    @property
    def is_met(self) -> bool:
        """Whether what both sides confirm as delivered is all that was asked."""
        return self.delivered >= self.needed


@dataclass(frozen=True)
class Place:
    """How far a whole need is covered, in lines: each counts as much as the part of it that is covered or promised."""

    lines: int
    whole: int
    covered: Decimal
    promised: Decimal


def place_of(lines: Iterable[Coverage]) -> Place:
    """The lines of a need taken together; more than was asked of one line covers nothing of another."""
    rows = list(lines)
    covered = [_share(row.counted, row.needed) for row in rows]
    promised = [min(_share(row.promised, row.needed), 1 - part) for row, part in zip(rows, covered, strict=True)]
    whole = sum(part >= 1 for part in covered)
    return Place(len(rows), whole, sum(covered, ZERO), sum(promised, ZERO))


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return min(Decimal(1), part / whole) if whole > 0 else ZERO


def quantity_of(asked: Asked, quantity: Decimal | None, money: Money | None) -> Decimal | None:
    """How much of the line a promise is, in the line's unit.

    A quantity is itself. Money covers as much of the line as it is of the line's cost, if the line has a cost in the
    same currency; otherwise it cannot be reckoned, and the answer is none.
    """
    if quantity is not None:
        return quantity
    if money is None or asked.cost is None or asked.cost.amount <= 0 or asked.cost.currency != money.currency:
        return None
    return asked.quantity * money.amount / asked.cost.amount


def coverage(asked: Asked, claims: Iterable[Claim], others: Iterable[Other] = ()) -> Coverage:
    """How far the line is covered by these claims, and by what is no pledge."""
    counted = promised = delivered = committed = ZERO
    beside: dict[str, Money] = {}
    for claim in claims:
        whole = quantity_of(asked, claim.quantity, claim.reckoned(claim.money))
        arrived = sum(
            (quantity_of(asked, part, claim.reckoned(money)) or ZERO for part, money in claim.delivered), ZERO
        )
        delivered += arrived
        counted += arrived
        if claim.is_accepted and claim.status in RUNNING:
            rest = max(ZERO, (whole or ZERO) - arrived)
            counted += rest
            committed += rest if claim.status in FIRM else ZERO
            if whole is None and claim.money is not None:
                beside[claim.money.currency] = _sum(beside.get(claim.money.currency), claim.money)
        else:
            promised += (whole or ZERO) if claim.status == "pledged" and not claim.is_accepted else ZERO
    for other in others:
        counted += other.quantity
        delivered += other.quantity if other.is_confirmed else ZERO
    return Coverage(
        needed=asked.quantity,
        counted=counted.quantize(HUNDREDTH),
        promised=promised.quantize(HUNDREDTH),
        delivered=delivered.quantize(HUNDREDTH),
        committed=committed.quantize(HUNDREDTH),
        beside=tuple(beside[currency] for currency in sorted(beside)),
    )


def excess(before: Coverage, asked: Asked, quantity: Decimal | None, money: Money | None) -> Decimal:
    """By how much a promise, once accepted, would cover its line beyond what was asked; 0 if it would not."""
    added = quantity_of(asked, quantity, money) or ZERO
    after = (before.counted + added).quantize(HUNDREDTH)
    return max(ZERO, min(added, after - asked.quantity)).quantize(HUNDREDTH)


def _sum(first: Money | None, second: Money) -> Money:
    return second if first is None else first + second
