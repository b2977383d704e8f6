"""What a programme can still carry: its budget and capacity, less what accepted pledges draw from it. Plain values.

A pledge that comes from a programme draws on its budget with money, and on the capacity of one kind of assistance with
a quantity of the same unit. Where a programme says no figure, nothing limits it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.foundation.messages import Message, Named, msg
from app.foundation.money import Money

ZERO = Decimal(0)
Convert = Callable[[Money, str], Money | None]
Capacity = tuple[str, str]
"""A kind of assistance and the unit in which it is counted."""


@dataclass(frozen=True)
class Envelope:
    """What a programme has to give: its whole budget, and how many of which unit of each kind; none is no limit."""

    budget: Money | None = None
    capacity: Mapping[Capacity, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Draw:
    """What one line of a pledge takes from its programme."""

    kind: str
    unit: str
    quantity: Decimal | None = None
    money: Money | None = None


@dataclass(frozen=True)
class Free:
    """What is left of an envelope; a figure below nothing is by how much it is overdrawn.

    `unknown` is money that could not be reckoned in the currency of the budget, for want of a rate.
    """

    budget: Money | None
    capacity: Mapping[Capacity, Decimal]
    unknown: tuple[Money, ...] = ()

    @property
    def is_overdrawn(self) -> bool:
        """Whether more is drawn than there was."""
        return (self.budget is not None and self.budget.amount < 0) or any(left < 0 for left in self.capacity.values())


def free(envelope: Envelope, draws: Iterable[Draw], convert: Convert) -> Free:
    """What the draws leave of the envelope. `convert` gives an amount in another currency, or none without a rate."""
    left = None if envelope.budget is None else envelope.budget.amount
    capacity = dict(envelope.capacity)
    unknown: list[Money] = []
    for draw in draws:
        key = (draw.kind, draw.unit)
        if draw.quantity is not None and key in capacity:
            capacity[key] -= draw.quantity
        if draw.money is not None and envelope.budget is not None and left is not None:
            reckoned = convert(draw.money, envelope.budget.currency)
            left -= reckoned.amount if reckoned else ZERO
            unknown += [] if reckoned else [draw.money]
    currency = envelope.budget.currency if envelope.budget else ""
    return Free(None if left is None else Money(left, currency), capacity, tuple(unknown))


def shortage(before: Free, after: Free) -> Message | None:
    """What the envelope lacks for what came between the two, in words for the donor; none if it has enough.

    Drawing nothing more of what was overdrawn before lacks nothing.
    """
    if before.budget is not None and after.budget is not None and after.budget.amount < min(ZERO, before.budget.amount):
        left = Money(max(before.budget.amount, ZERO), before.budget.currency)
        return msg("This programme has %(left)s left. Promise less, or choose another.", left=left)
    for (kind, unit), left_over in after.capacity.items():
        had = before.capacity[kind, unit]
        if left_over < min(ZERO, had):
            return msg(
                "This programme has %(left)s %(unit)s of %(kind)s left. Promise less, or choose another.",
                left=max(had, ZERO), unit=Named("unit", unit), kind=Named("kind", kind),
            )  # fmt: skip
    return None
