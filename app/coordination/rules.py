"""The law of coordination meetings: who may convene one, how it and its action points move, what an agenda holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time

from app.foundation.messages import Message, msg, pmsg
from app.reference.groupings import members

MOVES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "meeting": {
        "planned": frozenset({"held", "cancelled"}),
        "held": frozenset(),
        "cancelled": frozenset(),
    },
    "action_point": {
        "open": frozenset({"done", "dropped"}),
        "done": frozenset({"open"}),
        "dropped": frozenset({"open"}),
    },
}
"""From where to where a meeting and an action point may go."""
AMENDABLE = frozenset({"planned", "held"})
"""Until it is cancelled a meeting may be amended, and action points may be set."""

STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    "planned": (pmsg("meeting", "Planned"), "accent"),
    "held": (pmsg("meeting", "Held"), "success"),
    "cancelled": (pmsg("meeting", "Cancelled"), "danger"),
}
POINT_NAMES: Mapping[str, tuple[Message, str]] = {
    "open": (pmsg("action point", "Open"), "info"),
    "done": (pmsg("action point", "Done"), "success"),
    "dropped": (pmsg("action point", "Dropped"), "neutral"),
}
ENDINGS: Mapping[str, Message] = {
    "done": msg("It is done"),
    "dropped": msg("It is dropped: nobody will do it"),
}
"""How an action point ends, as one chooses it."""

FORUMS: Mapping[str, Message] = {
    "mini_dublin": msg("Mini-Dublin group"),
    "donor_group": msg("Group of donors"),
    "working_group": msg("Working group on a theme"),
    "steering": msg("Steering committee of a programme"),
    "other": msg("Another meeting"),
}
"""Which group meets."""

ITEM_KINDS: Mapping[str, tuple[Message, str]] = {
    "gap": (msg("Gap"), "warning"),
    "crowding": (msg("Crowding"), "info"),
    "collision": (msg("Collision"), "danger"),
    "overlap": (msg("Overlap"), "info"),
    "free": (msg("Item"), "neutral"),
}
"""What an item of an agenda comes from; a free one is in its author's own words."""

TIERS: Mapping[str, Message] = {
    "public": msg("Anybody"),
    "members": msg("People of verified organisations"),
    "named": msg("Only the organisations that convene it or are invited"),
}
MOST_ITEMS = 40
MOST_INVITED = 60
MOST_RECORDS = 8
"""So many items fit on an agenda, so many organisations are invited, so many records are named on an action point."""
TOO_MANY_ITEMS = msg("This agenda is full: take an item off first.")
NOT_AT_TABLE = msg("Choose an organisation that convenes this meeting or is invited to it.")
NOT_INVITED = msg("The organisation that owes it is no longer invited to this meeting. Invite it first.")
CLOCK = re.compile(r"^(\d{1,2})(?:\s*[:.hH]\s*(\d{2}))?\s*(?:h|H)?$")
LAST_HOUR, LAST_MINUTE = 23, 59


class MoveRefused(ValueError):
    """A meeting or an action point cannot go where it was asked to go; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def check_move(kind: str, status: str, wanted: str) -> None:
    """Go on only if the move is in the table; `kind` is meeting or action_point.

    Raises:
        MoveRefused: it is not.
    """
    if wanted in MOVES[kind].get(status, frozenset()):
        return
    names = STATUS_NAMES if kind == "meeting" else POINT_NAMES
    raise MoveRefused(msg("This cannot be done any more: it stands at “%(status)s” now.", status=names[status][0]))


def check_amendable(status: str) -> None:
    """Go on only if the meeting may still be amended.

    Raises:
        MoveRefused: it is cancelled.
    """
    if status not in AMENDABLE:
        raise MoveRefused(msg("This meeting is cancelled and stays as it was."))


def check_open(status: str) -> None:
    """Go on only if the action point is open.

    Raises:
        MoveRefused: it was closed.
    """
    if status != "open":
        raise MoveRefused(msg("This action point is closed. Open it again first."))


def check_day(held_on: date, today: date) -> None:
    """A meeting has been held once its day has come.

    Raises:
        MoveRefused: it is still to come.
    """
    if held_on > today:
        raise MoveRefused(msg("This meeting is still to come: its minutes are written from %(day)s on.", day=held_on))


@dataclass(frozen=True)
class Convener:
    """An organisation as one who would convene: its kind and State, the States of its grouping, its work in a country.

    `is_active` says whether it has posted a programme for the country or pledged there.
    """

    kind: str
    country: str | None = None
    desk: frozenset[str] = frozenset()
    is_active: bool = False


def convening_fault(convener: Convener, country: str) -> Message | None:
    """Why this organisation may not convene a meeting on that country, or nothing."""
    if convener.kind == "secretariat" or convener.country == country:
        return None
    if convener.kind == "state":
        return msg("A State convenes meetings on its own country. Choose that one.")
    if convener.kind == "regional":
        own = country in convener.desk
        return None if own else msg("This country is no member of your grouping. Choose one of its members.")
    if convener.is_active:
        return None
    return msg(
        "Your organisation has no programme and no pledge in this country here. Post one first, or ask the State or "
        "the secretariat to convene."
    )


def desk_of(grouping: str | None) -> frozenset[str]:
    """The States whose desk an organisation of that grouping is."""
    return members(grouping) if grouping else frozenset()


def due_too_early(held_on: date) -> Message:
    """What is said of an action point that would be due before its meeting."""
    return msg("This is before the meeting of %(day)s. Give a later day.", day=held_on)


def invited_fault(invited: Collection[int], owing: Collection[int]) -> Message | None:
    """What is wrong with a list of organisations invited; `owing` have open action points of this meeting."""
    if not invited:
        return msg("Pick the organisations that are invited, one at least.")
    if len(invited) > MOST_INVITED:
        return msg("Pick %(most)s organisations at most.", most=MOST_INVITED)
    if set(owing) - set(invited):
        return msg("An organisation that you take off still has an open action point. Close that one first.")
    return None


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Whether an action point should have been done by now."""
    return status == "open" and due_on < today


def read_time(text: str) -> time | None:
    """A time of day as people type it (14:30, 14h30, 9.15, 9 h), or None if it is none."""
    found = CLOCK.match(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour <= LAST_HOUR and minute <= LAST_MINUTE else None


def quarter_words(quarter: str) -> Message:
    """A quarter that is kept as 2027-Q1, in words."""
    year, _dash, number = quarter.partition("-Q")
    return msg("quarter %(number)s of %(year)s", number=number, year=year)
