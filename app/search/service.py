"""Keeping a person's searches: those that she follows, and the last ones for as long as she wants them kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.foundation.db import Tx
from app.foundation.disclosure import reader_tokens
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Permission, require
from app.search.asking import Seeker
from app.search.engine_types import EngineBroken, SearchEngine
from app.search.finds import finds_of, known_finds, note_finds
from app.search.models import HistoryOff, PastSearch, SavedSearch
from app.search.request import SearchRequest
from app.search.saved import MOST_PAST, keeps_history, past_searches, saved_at_address, saved_search

MOST_SAVED = 50
LONGEST_NAME = 120
ONE_SITTING = timedelta(minutes=10)


class TooMany(ValueError):
    """The person follows as many searches as one can."""

    message: Message = msg(
        "You follow %(most)s searches. Stop following one before you follow another.", most=MOST_SAVED
    )


def follow(
    tx: Tx, actor: Actor, name: str, query: str, now: datetime, engine: SearchEngine | None = None
) -> SavedSearch:
    """Follow a search under a name; what is followed already only gets the new name.

    What it finds now is noted as known; where no engine can tell, the worker does it as soon as one can.

    Raises:
        Refused: nobody is signed in. TooMany: there is no room for another.
        ValueError: the address asks nothing.
    """
    require(actor, Permission.SEARCH_FOLLOW, now)
    request = SearchRequest.from_query(query)
    if not request.asks_something:
        raise ValueError("the address asks nothing")
    saved = saved_at_address(tx, actor, request.address())
    if saved is None:
        count = select(func.count()).select_from(SavedSearch).where(SavedSearch.account_id == actor.account_id)
        if (tx.scalar(count) or 0) >= MOST_SAVED:
            raise TooMany
        days = {"saved_at": now, "looked_at": now, "news_from": now}
        saved = SavedSearch(account_id=actor.account_id, name="", address=request.address(), **days)
        tx.add(saved)
        if engine is not None:
            take_baseline(tx, actor, engine, saved, now)
    saved.name = tidy(name) or request.text or request.address()[1 : LONGEST_NAME + 1]
    return saved


def take_baseline(tx: Tx, actor: Actor, engine: SearchEngine, saved: SavedSearch, now: datetime) -> None:
    """Note everything that a search finds at this moment as known to its reader, however far down it ranks."""
    tx.flush()
    saved.news_from, saved.baseline_at, saved.swept_at = now, None, None
    try:
        found = finds_of(Seeker(tx, actor, reader_tokens(actor), engine), saved.address)
    except EngineBroken:
        return
    note_finds(tx, saved.id, found - known_finds(tx, saved.id), now, announced_at=None)
    saved.baseline_at = now


def set_alerts(tx: Tx, actor: Actor, ref: str, now: datetime, engine: SearchEngine, *, on: bool) -> SavedSearch | None:
    """Tell this person of what one of the searches newly finds from now on, or no longer."""
    saved = saved_search(tx, actor, ref)
    if saved is not None and saved.alerts != on:
        saved.alerts = on
        if on:
            # What came while nobody wanted to be told is no news.
            take_baseline(tx, actor, engine, saved, now)
    return saved


def tidy(name: str) -> str:
    """A name on one line, not too long."""
    return " ".join(name.split())[:LONGEST_NAME]


def rename(tx: Tx, actor: Actor, ref: str, name: str) -> SavedSearch | None:
    """Give one of this person's searches another name; without one it keeps its own."""
    saved = saved_search(tx, actor, ref)
    if saved is not None:
        saved.name = tidy(name) or saved.name
    return saved


def unfollow(tx: Tx, actor: Actor, ref: str) -> SavedSearch | None:
    """Follow one of this person's searches no longer."""
    saved = saved_search(tx, actor, ref)
    if saved is not None:
        tx.delete(saved)
    return saved


def note_search(tx: Tx, actor: Actor, request: SearchRequest, name: str, now: datetime) -> None:
    """A person has looked at a search: if she follows it, she has seen it, and it is one of her last ten."""
    address = request.address()
    saved = saved_at_address(tx, actor, address)
    if saved is not None:
        saved.looked_at = now
    if not keeps_history(tx, actor):
        return
    known = past_searches(tx, actor)
    past = next((one for one in known if one.address == address), None) or _refined(known, request, now)
    if past is None:
        past = PastSearch(account_id=actor.account_id)
        tx.add(past)
    past.name, past.address, past.searched_at = tidy(name), address, now
    for old in [one for one in known if one is not past][MOST_PAST - 1 :]:
        tx.delete(old)


def _refined(known: list[PastSearch], request: SearchRequest, now: datetime) -> PastSearch | None:
    """The latest search, if this one is the same words a moment later with another filter: one search, not two."""
    latest = known[0] if known else None
    if latest is None or not request.text or latest.searched_at < now - ONE_SITTING:
        return None
    return latest if SearchRequest.from_query(latest.address).text == request.text else None


def clear_history(tx: Tx, actor: Actor) -> None:
    """Forget the last searches."""
    for past in past_searches(tx, actor):
        tx.delete(past)


def keep_history(tx: Tx, actor: Actor, now: datetime, *, on: bool) -> None:
    """Keep the last searches from now on, or forget them and keep none."""
    off = tx.get(HistoryOff, actor.account_id)
    if on and off is not None:
        tx.delete(off)
    if not on:
        clear_history(tx, actor)
        if off is None:
            tx.add(HistoryOff(account_id=actor.account_id, since=now))
