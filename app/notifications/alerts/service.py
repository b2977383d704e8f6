"""Announcing finds: the note that a search has found a record, and the news of it, are written together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Account
from app.config import Settings
from app.foundation.db import Tx
from app.foundation.messages import Message
from app.notifications.alerts import rules
from app.notifications.alerts.queries import known_of, open_notice
from app.notifications.rules import cause_of
from app.notifications.service import NoticeDraft
from app.notifications.telling import Telling
from app.search.engine_types import Key
from app.search.finds import note_finds
from app.search.models import SavedSearch


class FoundMeanwhile(RuntimeError):
    """Another worker has noted one of these finds since they were read: whoever tries again reads them anew."""


@dataclass(frozen=True)
class Discovery:
    """What one followed search has newly found: what is announced, one by one or together, and what was known."""

    saved_id: int
    account: Account
    news: frozenset[Key]
    known: frozenset[Key] = frozenset()
    notices: Sequence[NoticeDraft] = ()
    goes_together: bool = False


@dataclass(frozen=True)
class About:
    """What a notice about several records leads to: the page of the search."""

    ref: str
    record_kind: str = "search"


def announce(tx: Tx, settings: Settings, found: Sequence[Discovery], now: datetime) -> None:
    """Note these finds and tell of them; a search that was dropped or silenced meanwhile is passed over.

    Raises:
        FoundMeanwhile: somebody else has noted one of them.
    """
    ids = [one.saved_id for one in found]
    query = select(SavedSearch).where(SavedSearch.id.in_(ids), SavedSearch.alerts)
    alive = {row.id: row for row in tx.scalars(query.with_for_update())}
    before = known_of(tx, ids, {key for one in found for key in one.news | one.known})
    telling = Telling(tx, settings)
    for one in found:
        saved = alive.get(one.saved_id)
        if saved is None:
            continue
        if before.get(saved.id, set()) & (one.news | one.known):
            raise FoundMeanwhile(saved.ref)
        note_finds(tx, saved.id, one.known, now, announced_at=None)
        note_finds(tx, saved.id, one.news, now, announced_at=now)
        telling.notices += one.notices
        if one.goes_together:
            _tell_together(telling, saved, one, now)
    telling.write(tx, now)


def _tell_together(telling: Telling, saved: SavedSearch, one: Discovery, now: datetime) -> None:
    """One piece of news about many records; what comes within the hour is added to it, as long as it is unread."""
    notice = open_notice(telling.tx, one.account.id, saved.ref, now)
    if notice is not None:
        told = int(Message.from_json(notice.message).values["count"])
        notice.message = rules.together(saved.name, told + len(one.news)).as_json()
        return
    cause = cause_of("search_found", ("search", saved.ref), ("many", now.isoformat()))
    telling.tell([one.account], cause, rules.together(saved.name, len(one.news)), About(saved.ref))


def mark_swept(tx: Tx, saved_id: int, rights: str, now: datetime) -> None:
    """All that a search finds has been compared, with these rights of its reader."""
    saved = tx.get(SavedSearch, saved_id)
    if saved is not None:
        saved.swept_at, saved.swept_rights = now, rights
        saved.baseline_at = saved.baseline_at or now
