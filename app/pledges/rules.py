"""The law of pledges: how a pledge may move, and when one may be accepted or turned away.

A pledge covers something once the recipient has accepted it. Before that it is promised and reserves nothing; an
interest counts for nothing. What both sides have confirmed as delivered always counts, whatever became of the pledge.
How far a line is covered is for `reckoning` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.foundation.messages import Message, msg, pmsg

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
LAPSES = frozenset({"interest", "pledged", "committed"})
"""A pledge in one of these lapses when its day has passed."""

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

CAUSES: Mapping[str, Message] = {
    "covered": msg("Others cover it already"),
    "terms": msg("Its conditions do not suit us"),
    "other": msg("Another reason"),
}
"""Why a recipient declines. A donor who was turned away because others cover it is told when the gap opens again."""


CONFIRM, AGREE = "confirm", "agree"
"""What a side can still answer to a delivery: say how much arrived, or take over the other side's figure."""


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


def answer_open(*, gives: bool, receives: bool, donor_spoke: bool, recipient_spoke: bool, is_disputed: bool) -> str:
    """What somebody of these sides can still answer to a delivery: CONFIRM, AGREE, or nothing.

    Each side says its figure once. What both say differently, either may still take over from the other; nothing else
    of a delivery is ever written anew.
    """
    if (gives and not donor_spoke) or (receives and not recipient_spoke):
        return CONFIRM
    return AGREE if is_disputed and (gives or receives) else ""
