"""What goes to a colleague when somebody gives up a place: each feature that keeps something of people says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select

from app.accounts import rules
from app.accounts.models import Membership
from app.foundation.db import Tx
from app.foundation.drafts import Draft
from app.foundation.messages import Message, msg

Count: TypeAlias = Callable[[Tx, Membership], int]
Move: TypeAlias = Callable[[Tx, Membership, Membership, datetime], int]
"""Gives what the first has for the organisation to the second, and says how much that was."""


@dataclass(frozen=True)
class Handing:
    """One thing that goes over: its name, how much of it there is, and how it is moved."""

    name: str
    words: Message
    count: Count
    move: Move


_HANDINGS: dict[str, Handing] = {}


def register_hand_over(name: str, words: Message, count: Count, move: Move) -> None:
    """Let a feature say what of a person's goes to a colleague; the same name again takes the place of the first."""
    _HANDINGS[name] = Handing(name, words, count, move)


def acts_here_alone(leaver: Membership) -> bool:
    """Whether the person acts for no other organisation, so that everything begun here was begun for this one."""
    return len(leaver.account.memberships) == 1


def what_goes(tx: Tx, leaver: Membership) -> list[tuple[Message, int]]:
    """What somebody would hand over, and how much of it; what there is none of is left out."""
    counted = [(handing.words, handing.count(tx, leaver)) for handing in _HANDINGS.values()]
    return [(words, number) for words, number in counted if number]


def move_all(tx: Tx, leaver: Membership, successor: Membership, now: datetime) -> dict[str, int]:
    """Move everything; how much of what, by name."""
    return {handing.name: handing.move(tx, leaver, successor, now) for handing in _HANDINGS.values()}


def _drafts_of(tx: Tx, leaver: Membership) -> Sequence[Draft]:
    alone = acts_here_alone(leaver)
    own = tx.scalars(select(Draft).where(Draft.account_id == leaver.account_id)).all()
    return [draft for draft in own if alone or rules.is_draft_of(draft.fields, leaver.organisation.ref)]


def _move_drafts(tx: Tx, leaver: Membership, successor: Membership, _now: datetime) -> int:
    drafts = _drafts_of(tx, leaver)
    for draft in drafts:
        draft.account_id = successor.account_id
    return len(drafts)


register_hand_over("drafts", msg("Drafts"), lambda tx, leaver: len(_drafts_of(tx, leaver)), _move_drafts)
