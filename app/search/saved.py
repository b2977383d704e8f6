"""Reading what a person keeps of her searches, and how many records are new in each since it was last looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.disclosure import reader_tokens
from app.foundation.permissions import Actor
from app.search.asking import Seeker, ask
from app.search.engine_types import EngineBroken, Key, SearchEngine
from app.search.models import HistoryOff, PastSearch, SavedSearch
from app.search.records import keys_posted_since
from app.search.request import SearchRequest

MOST_PAST = 10
MOST_NEW = 100


@dataclass(frozen=True)
class Followed:
    """A search that is followed, and how many records are new in it; None while the index cannot be read."""

    saved: SavedSearch
    new: int | None


def saved_searches(tx: Tx, reader: Actor) -> list[SavedSearch]:
    """The searches that this person follows, by name."""
    found = tx.scalars(select(SavedSearch).where(SavedSearch.account_id == reader.account_id).order_by(SavedSearch.id))
    return sorted(found, key=lambda saved: saved.name.casefold())


def saved_search(tx: Tx, reader: Actor, ref: str) -> SavedSearch | None:
    """One of this person's own."""
    return tx.scalar(select(SavedSearch).where(SavedSearch.account_id == reader.account_id, SavedSearch.ref == ref))


def saved_at_address(tx: Tx, reader: Actor, address: str) -> SavedSearch | None:
    """This person's own with that address."""
    own = SavedSearch.account_id == reader.account_id
    return tx.scalar(select(SavedSearch).where(own, SavedSearch.address == address))


def past_searches(tx: Tx, reader: Actor) -> list[PastSearch]:
    """The last searches of this person, the latest first."""
    query = select(PastSearch).where(PastSearch.account_id == reader.account_id)
    return list(tx.scalars(query.order_by(PastSearch.searched_at.desc(), PastSearch.id.desc())))


def keeps_history(tx: Tx, reader: Actor) -> bool:
    """Whether this person lets her last searches be kept."""
    return reader.is_signed_in and tx.get(HistoryOff, reader.account_id) is None


def followed(tx: Tx, reader: Actor, engine: SearchEngine) -> list[Followed]:
    """What this person follows, each with how many records are new since she last looked."""
    return [Followed(saved, _count_new(tx, reader, engine, saved)) for saved in saved_searches(tx, reader)]


def _count_new(tx: Tx, reader: Actor, engine: SearchEngine, saved: SavedSearch) -> int | None:
    try:
        return len(new_finds(tx, reader, engine, saved.address, saved.looked_at))
    except EngineBroken:
        return None


def new_finds(tx: Tx, reader: Actor, engine: SearchEngine, address: str, since: datetime) -> tuple[Key, ...]:
    """What a search finds of the records that were posted after a moment, for this reader at this hour; 100 at most.

    Raises:
        EngineBroken: the index cannot be read.
    """
    request = replace(SearchRequest.from_query(address), sort="newest", page="1")
    seeker = Seeker(tx, reader, reader_tokens(reader), engine)
    posted = keys_posted_since(tx, reader, since)
    if not posted:
        return ()
    answer = ask(seeker, request, posted, limit=MOST_NEW, facets=()).answer
    # What has only some of the words counts where the search itself has to be content with that.
    is_too_loose = answer.relaxed and not ask(seeker, request, limit=1, facets=()).answer.relaxed
    return () if is_too_loose else tuple(hit.key for hit in answer.hits)
