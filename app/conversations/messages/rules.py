"""The law of messages: between which two they go, until when one may write, and how long and how many files."""

from __future__ import annotations

from collections.abc import Mapping

from app.foundation.messages import Message, msg
from app.foundation.permissions import ROLES_THAT_EDIT, Actor, Membership

MATCH, PLEDGE = "match", "pledge"
LONGEST = 10_000
MOST_FILES = 5

ENDED_PLEDGES = frozenset({"delivered", "declined", "withdrawn", "lapsed"})
"""As the law of pledges says, which is not known here: a test compares the two."""

CLOSED: Mapping[str, Message] = {
    "pledge": msg("This pledge has ended. What was written stays; nothing can be added."),
    "need": msg("The need is not open any more. What was written stays; nothing can be added."),
    "offer": msg("The offer has ended. What was written stays; nothing can be added."),
    "hidden": msg(
        "The other organisation may not see both records, so that a message would tell it of one. Open yours to it "
        "first."
    ),
}
"""Why one may not write."""


class SendRefused(ValueError):
    """The message cannot be sent; `reason` says why, for people."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def key_of_match(need_id: int, offer_kind: str, offer_id: int) -> str:
    """What tells the thread of one pair of a need and an offer from all others."""
    return f"need:{need_id} {offer_kind}:{offer_id}"


def key_of_pledge(pledge_id: int) -> str:
    """What tells the thread of one pledge from all others."""
    return f"pledge:{pledge_id}"


def writes_for(actor: Actor, organisation_ids: frozenset[int]) -> tuple[Membership, ...]:
    """The places of this person in the two organisations in which it may write; nearly always one, or none."""
    return tuple(
        m
        for m in actor.memberships
        if m.organisation_id in organisation_ids and m.is_verified and m.role in ROLES_THAT_EDIT
    )
