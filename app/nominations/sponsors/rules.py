"""The law of sponsored seats: how an offer moves, what it has to say, and how many seats may be paid for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.courses.rules import INCLUDED
from app.foundation.disclosure import TIERS
from app.foundation.messages import Message, msg, pmsg
from app.nominations.rules import MoveRefused, Problem

OFFERED, ACCEPTED, DECLINED, WITHDRAWN = "offered", "accepted", "declined", "withdrawn"
MOVES: Mapping[str, frozenset[str]] = {
    OFFERED: frozenset({ACCEPTED, DECLINED, WITHDRAWN}),
    ACCEPTED: frozenset({WITHDRAWN}),
    DECLINED: frozenset(),
    WITHDRAWN: frozenset(),
}
STANDING = frozenset({OFFERED, ACCEPTED})
"""An offer that still promises something."""

STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    OFFERED: (pmsg("sponsorship", "Offered"), "info"),
    ACCEPTED: (pmsg("sponsorship", "Accepted"), "success"),
    DECLINED: (pmsg("sponsorship", "Declined"), "neutral"),
    WITHDRAWN: (pmsg("sponsorship", "Withdrawn"), "warning"),
}
PAST: Mapping[str, Message] = {
    "sponsorship.offered": pmsg("sponsorship", "Offered"),
    "sponsorship.accepted": pmsg("sponsorship", "Accepted by the centre"),
    "sponsorship.declined": pmsg("sponsorship", "Declined by the centre"),
    "sponsorship.withdrawn": pmsg("sponsorship", "Withdrawn by the sponsor"),
}
"""What the actions in the audit trail say in words."""
PAYS = INCLUDED
"""What a sponsor may pay for."""


@dataclass(frozen=True)
class Said:
    """What an offer says, as plain values: how many seats, for which States or for a line, and what it pays."""

    seats: int
    countries: frozenset[str]
    has_line: bool
    pays: frozenset[str]


@dataclass(frozen=True)
class Room:
    """What a session leaves to pay for: its seats, those that are paid for, and the States that its course is for."""

    seats: int
    paid: int
    reach: frozenset[str]

    @property
    def left(self) -> int:
        """How many seats nobody pays for."""
        return max(0, self.seats - self.paid)


def check_move(status: str, wanted: str) -> None:
    """Go on only if the move is in the table.

    Raises:
        MoveRefused: it is not.
    """
    if wanted not in MOVES.get(status, frozenset()):
        name = STATUS_NAMES[status][0] if status in STATUS_NAMES else Message(status)
        raise MoveRefused(msg("This is not possible any more: the offer is “%(status)s”.", status=name))


def problems(said: Said, room: Room) -> list[Problem]:
    """What is wrong with an offer, each with how to mend it."""
    found = []
    if not 1 <= said.seats <= room.left:
        found.append(Problem("seats", _seats_problem(room)))
    if said.has_line == bool(said.countries):
        found.append(Problem("countries", msg("Choose the States that the seats are for, or a line of a need.")))
    if said.countries - room.reach:
        found.append(Problem("countries", msg("Choose among the States that the course is for.")))
    if not said.pays or said.pays - set(PAYS):
        found.append(Problem("pays", msg("Say what you pay for.")))
    return found


def _seats_problem(room: Room) -> Message:
    if room.left < 1:
        return msg("Every seat of this session is paid for by sponsors already.")
    return msg("Write how many seats: a whole number from 1 to %(most)s.", most=room.left)


def tier_of(tiers: Iterable[str]) -> str:
    """The narrowest tier: an offer that more people may see than its course or its need would tell of them."""
    return max(tiers, key=TIERS.index, default="public")
