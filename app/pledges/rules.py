"""The law of pledges: how a pledge may move, and how much of a need line is covered by what was promised.

A pledge covers something once the recipient has accepted it. Before that it is promised and reserves nothing; an
interest counts for nothing. What both sides have confirmed as delivered always counts, whatever became of the pledge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.foundation.messages import Message, msg, pmsg
from app.foundation.money import Money

MOVES: Mapping[str, frozenset[str]] = {
    "interest": frozenset({"pledged", "declined", "withdrawn", "lapsed"}),
    "pledged": frozenset({"committed", "declined", "withdrawn", "lapsed"}),
    "committed": frozenset({"delivering", "withdrawn", "lapsed"}),
    "delivering": frozenset({"delivered", "withdrawn"}),
    "delivered": frozenset(),
    "declined": frozenset(),
    "withdrawn": frozenset(),
    "lapsed": frozenset(),
}
STEPS = ("interest", "pledged", "committed", "delivering", "delivered")
RUNNING = frozenset({"pledged", "committed", "delivering"})
"""A pledge that still promises something."""
ENDED = frozenset(status for status, moves in MOVES.items() if not moves)

STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    "interest": (pmsg("pledge", "Interest"), "neutral"),
    "pledged": (pmsg("pledge", "Pledged"), "info"),
    "committed": (pmsg("pledge", "Committed"), "accent"),
    "delivering": (pmsg("pledge", "Being delivered"), "accent"),
    "delivered": (pmsg("pledge", "Delivered"), "success"),
    "declined": (pmsg("pledge", "Declined"), "neutral"),
    "withdrawn": (pmsg("pledge", "Withdrawn"), "warning"),
    "lapsed": (pmsg("pledge", "Lapsed"), "warning"),
}

MOVE_NAMES: Mapping[str, Message] = {
    "pledged": msg("Make it a pledge"),
    "committed": msg("Say that it is committed"),
    "delivering": msg("Say that delivery has begun"),
    "delivered": msg("Close it as delivered"),
}

SOURCES: Mapping[str, Message] = {
    "national_budget": msg("National budget"),
    "multilateral_fund": msg("Multilateral fund"),
    "trust_fund": msg("Trust fund"),
    "confiscated_assets": msg("Proceeds of confiscated assets"),
    "own_contribution": msg("The recipient's own contribution"),
    "private": msg("Private or foundation funds"),
}
OWN_SOURCES = frozenset({"own_contribution", "confiscated_assets"})
"""Where a State's own share of its own need may come from."""

RELATIONS: Mapping[str, Message] = {
    "complement": msg("It complements what others do"),
    "co_fund": msg("It is paid for together with others"),
    "replace": msg("It replaces what somebody else had promised"),
}

ZERO = Decimal(0)
HUNDREDTH = Decimal("0.01")


class MoveRefused(ValueError):
    """A pledge cannot go from where it is to where it was asked to go; `reason` says why, for people."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class ExcessRefused(ValueError):
    """Accepting would cover lines beyond what was asked; `excess` is by how much, by the number of the need line."""

    def __init__(self, excess: Mapping[int, Decimal]) -> None:
        super().__init__(", ".join(map(str, excess)))
        self.excess = excess


def check_move(status: str, wanted: str, *, is_accepted: bool) -> None:
    """Go on only if the move is in the table and, from committed on, the recipient has accepted.

    Raises:
        MoveRefused: it is not, or the recipient has not; an accepted pledge is no longer declined either.
    """
    if wanted not in MOVES.get(status, frozenset()):
        raise MoveRefused(
            msg(
                "This pledge stands at “%(status)s”, from where it cannot go to “%(wanted)s”.",
                status=STATUS_NAMES[status][0],
                wanted=STATUS_NAMES[wanted][0] if wanted in STATUS_NAMES else wanted,
            )
        )
    if wanted in {"committed", "delivering"} and not is_accepted:
        raise MoveRefused(msg("The recipient has not accepted this pledge yet."))
    if wanted == "declined" and is_accepted:
        raise MoveRefused(msg("This pledge has been accepted; now only the donor can withdraw it."))


def check_acceptance(status: str, *, is_accepted: bool) -> None:
    """Go on only if the pledge waits for the recipient's answer.

    Raises:
        MoveRefused: it is only an interest, was accepted before, or has ended.
    """
    if is_accepted:
        raise MoveRefused(msg("This pledge has been accepted already."))
    if status == "interest":
        raise MoveRefused(msg("This is an interest, which binds nobody. Ask the donor to make it a pledge."))
    if status != "pledged":
        raise MoveRefused(msg("This pledge stands at “%(status)s”.", status=STATUS_NAMES[status][0]))


@dataclass(frozen=True)
class Asked:
    """What one line of a need asks for; `cost` is for the whole line, where it is known."""

    quantity: Decimal
    cost: Money | None = None


@dataclass(frozen=True)
class Claim:
    """What one pledge says about one need line: a promise, in the line's unit or in money, and what was delivered.

    `delivered` lists what both sides have confirmed, each as a quantity, an amount of money, or both.
    """

    status: str
    is_accepted: bool
    quantity: Decimal | None = None
    money: Money | None = None
    delivered: tuple[tuple[Decimal | None, Money | None], ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How far one need line is covered, all in the line's unit.

    `counted` is covered, `promised` waits for the recipient's answer, `delivered` is part of counted. `beside` is
    money that was accepted and cannot be reckoned in the unit, by currency.
    """

    needed: Decimal
    counted: Decimal = ZERO
    promised: Decimal = ZERO
    delivered: Decimal = ZERO
    beside: tuple[Money, ...] = ()

    @property
    def open(self) -> Decimal:
        """What nobody covers yet."""
        return max(ZERO, self.needed - self.counted)


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


def coverage(asked: Asked, claims: Iterable[Claim]) -> Coverage:
    """How far the line is covered by these claims."""
    counted = promised = delivered = ZERO
    beside: dict[str, Money] = {}
    for claim in claims:
        whole = quantity_of(asked, claim.quantity, claim.money)
        arrived = sum((quantity_of(asked, *part) or ZERO for part in claim.delivered), ZERO)
        delivered += arrived
        if claim.is_accepted and claim.status in RUNNING:
            counted += max(whole or ZERO, arrived)
            if whole is None and claim.money is not None:
                beside[claim.money.currency] = _sum(beside.get(claim.money.currency), claim.money)
        else:
            counted += arrived
            promised += (whole or ZERO) if claim.status == "pledged" and not claim.is_accepted else ZERO
    return Coverage(
        needed=asked.quantity,
        counted=counted.quantize(HUNDREDTH),
        promised=promised.quantize(HUNDREDTH),
        delivered=delivered.quantize(HUNDREDTH),
        beside=tuple(beside[currency] for currency in sorted(beside)),
    )


def excess(before: Coverage, asked: Asked, quantity: Decimal | None, money: Money | None) -> Decimal:
    """By how much a promise, once accepted, would cover its line beyond what was asked; 0 if it would not."""
    added = quantity_of(asked, quantity, money) or ZERO
    after = (before.counted + added).quantize(HUNDREDTH)
    return max(ZERO, min(added, after - asked.quantity)).quantize(HUNDREDTH)


def _sum(first: Money | None, second: Money) -> Money:
    return second if first is None else first + second
