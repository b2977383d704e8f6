"""Following a record and ceasing to, and choosing from which strength on one is told of matches."""

from __future__ import annotations

from datetime import datetime

from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Permission, require
from app.notifications.following.models import Follow, MatchThreshold
from app.notifications.following.queries import count_followed, find_record, follow_of
from app.notifications.following.rules import MOST_FOLLOWED, STRENGTHS


class TooMany(ValueError):
    """The person follows as many records as one can."""

    message: Message = msg(
        "You follow %(most)s records. Stop following one before you follow another.", most=MOST_FOLLOWED
    )


def follow(tx: Tx, actor: Actor, kind: str, ref: str, now: datetime) -> Follow | None:
    """Follow a record that this person may see; followed already, it stays so. Nothing if it is not there for her.

    Raises:
        Refused: nobody is signed in. TooMany: there is no room for another.
    """
    require(actor, Permission.SEARCH_FOLLOW, now)
    if find_record(tx, actor, kind, ref) is None:
        return None
    row = follow_of(tx, actor, kind, ref)
    if row is None:
        if count_followed(tx, actor) >= MOST_FOLLOWED:
            raise TooMany
        row = Follow(account_id=actor.account_id, record_kind=kind, record_ref=ref, since=now)
        tx.add(row)
    return row


def stop(tx: Tx, actor: Actor, kind: str, ref: str) -> Follow | None:
    """Follow a record no longer, whether or not it is still shown."""
    row = follow_of(tx, actor, kind, ref)
    if row is not None:
        tx.delete(row)
    return row


def choose_threshold(tx: Tx, actor: Actor, least: str, now: datetime) -> None:
    """Be told of matches from this strength on.

    Raises:
        Refused: nobody is signed in. ValueError: there is no such strength.
    """
    require(actor, Permission.SEARCH_FOLLOW, now)
    if least not in STRENGTHS:
        raise ValueError(least)
    row = tx.get(MatchThreshold, actor.account_id)
    if row is None:
        tx.add(MatchThreshold(account_id=actor.account_id, least=least, chosen_at=now))
    else:
        row.least, row.chosen_at = least, now
