"""Which followed searches are to be told of finds, with whose rights, and what was announced of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Account
from app.accounts.queries import actor_of, people_by_id
from app.foundation.db import Tx
from app.foundation.disclosure import readable, reader_tokens
from app.foundation.permissions import ANONYMOUS, SYSTEM, Actor
from app.notifications.alerts.rules import ONE_SITTING
from app.notifications.models import Notice
from app.search.documents import MODELS
from app.search.engine_types import Key
from app.search.finds import rights_of
from app.search.models import SavedSearch, SearchFind
from app.search.records import Found, load_records

MOST_ASKED = 400
MOST_LISTED = 500


@dataclass(frozen=True)
class Follower:
    """A followed search that tells its reader, and with which rights this reader searches at this hour."""

    saved: SavedSearch
    account: Account
    reader: Actor
    tokens: frozenset[str]
    rights: str


@dataclass(frozen=True)
class Announced:
    """A record that was announced, and when."""

    found: Found
    announced_at: datetime


def followers(tx: Tx) -> list[Follower]:
    """Every search that tells its reader of finds, of people whose account is open, in order."""
    rows = tx.scalars(select(SavedSearch).where(SavedSearch.alerts).order_by(SavedSearch.id)).all()
    people = {one.id: one for one in people_by_id(tx, {row.account_id for row in rows})}
    readers = {number: actor_of(one) for number, one in people.items()}
    tokens = {number: reader_tokens(one) for number, one in readers.items()}
    return [
        Follower(row, people[at], readers[at], tokens[at], rights_of(readers[at], tokens[at], row.address))
        for row, at in ((row, row.account_id) for row in rows)
        if at in people
    ]


def known_of(tx: Tx, saved_ids: Collection[int], keys: Collection[Key]) -> dict[int, set[Key]]:
    """What these searches have found before of these records."""
    found: dict[int, set[Key]] = {}
    wanted, numbers = set(keys), sorted({number for _kind, number in keys})
    for some in _slices(sorted(saved_ids)):
        for few in _slices(numbers):
            query = select(SearchFind.saved_search_id, SearchFind.record_kind, SearchFind.record_id)
            query = query.where(SearchFind.saved_search_id.in_(some), SearchFind.record_id.in_(few))
            for saved_id, kind, number in tx.execute(query):
                if (kind, number) in wanted:
                    found.setdefault(saved_id, set()).add((kind, number))
    return found


def _slices(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[begin : begin + MOST_ASKED] for begin in range(0, len(numbers), MOST_ASKED))


def recent_counts(tx: Tx, saved_ids: Collection[int], now: datetime) -> dict[int, int]:
    """How many records each of these searches has announced within the hour."""
    found: dict[int, int] = {}
    for some in _slices(sorted(saved_ids)):
        query = select(SearchFind.saved_search_id, func.count()).where(
            SearchFind.saved_search_id.in_(some), SearchFind.announced_at > now - ONE_SITTING
        )
        rows = tx.execute(query.group_by(SearchFind.saved_search_id))
        found.update((number, count) for number, count in rows)
    return found


def open_notice(tx: Tx, account_id: int, ref: str, now: datetime) -> Notice | None:
    """The notice about several records of a search that its reader has not read, if it is of this hour."""
    query = select(Notice).where(
        Notice.account_id == account_id,
        Notice.record_kind == "search",
        Notice.record_ref == ref,
        Notice.read_at.is_(None),
        Notice.created_at > now - ONE_SITTING,
    )
    return tx.scalar(query.order_by(Notice.id.desc()).limit(1))


def rows_of(tx: Tx, keys: Collection[Key]) -> dict[Key, Any]:
    """The published ones of these records, for the site's own eyes."""
    found: dict[Key, Any] = {}
    for kind in {kind for kind, _number in keys}:
        model = MODELS[kind]
        for some in _slices(sorted(number for its, number in keys if its == kind)):
            query = readable(SYSTEM, model).where(model.id.in_(some), model.is_published)
            found.update({(kind, row.id): row for row in tx.scalars(query)})
    return found


def announced(tx: Tx, reader: Actor, saved: SavedSearch) -> tuple[list[Announced], list[Announced]]:
    """What was announced of a search since it was last looked at, and before; the latest first, as far as seen."""
    query = select(SearchFind).where(SearchFind.saved_search_id == saved.id, SearchFind.announced_at.is_not(None))
    rows = tx.scalars(query.order_by(SearchFind.announced_at.desc(), SearchFind.id.desc()).limit(MOST_LISTED)).all()
    when = {(row.record_kind, row.record_id): row.announced_at or row.found_at for row in rows}
    shown = [
        Announced(found, when[found.kind, found.record.id])
        for found in load_records(tx, reader, list(when))
        if found.record.is_published
    ]
    new = [one for one in shown if one.announced_at > saved.looked_at]
    return new, [one for one in shown if one.announced_at <= saved.looked_at]


def first_public(tx: Tx, saved: SavedSearch, most: int) -> list[Any]:
    """The latest announced records of a search that anybody may see at this moment."""
    query = select(SearchFind.record_kind, SearchFind.record_id).where(
        SearchFind.saved_search_id == saved.id, SearchFind.announced_at.is_not(None)
    )
    rows = tx.execute(query.order_by(SearchFind.id.desc()).limit(MOST_ASKED))
    return [found.record for found in load_records(tx, ANONYMOUS, [(kind, number) for kind, number in rows])][:most]
