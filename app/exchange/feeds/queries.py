"""The newest records that a stranger finds, as the entries of a feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.exchange.feeds.atom import Entry, Label
from app.exchange.feeds.rules import tag_of
from app.exchange.feeds.words import KINDS, PAGES, said_of
from app.exchange.public_changes.queries import seen_changes, shown_since
from app.foundation.db import Tx
from app.foundation.languages import name_of, say
from app.foundation.permissions import ANONYMOUS
from app.foundation.web import url_for
from app.search.engine_types import SearchEngine
from app.search.query import search
from app.search.records import Found
from app.search.request import SearchRequest

NEWEST = 50
"""So many records are in a feed."""


@dataclass(frozen=True)
class Telling:
    """How a feed speaks: `language` is the one that was asked for, or nothing for each record's own."""

    language: str
    public_url: str
    now: datetime

    @property
    def of_codes(self) -> str:
        """The language of the names of lists."""
        return self.language or "en"

    def address(self, endpoint: str, **values: Any) -> str:
        """The whole address of a page."""
        return self.public_url + url_for(endpoint, **values)


def newest(tx: Tx, engine: SearchEngine, asked: SearchRequest, telling: Telling) -> tuple[SearchRequest, list[Entry]]:
    """The question as it was understood, and the newest that a stranger finds with all of its words, newest first."""
    whole = replace(asked, sort="newest", page="1", size=NEWEST)
    results = search(tx, ANONYMOUS, engine, whole, telling.of_codes, telling.now.date())
    found = [] if results.relaxed else list(results.page.items)
    return results.request, list(_entries(tx, found, telling))


def _entries(tx: Tx, found: Sequence[Found], telling: Telling) -> Iterator[Entry]:
    changed = {
        kind: seen_changes(tx, kind, [one.record for one in found if one.kind == kind])
        for kind in {one.kind for one in found}
    }
    ordered = sorted(found, key=lambda one: (shown_since(one.record), one.record.ref), reverse=True)
    for one in ordered:
        yield entry_of(one.kind, one.record, min(telling.now, changed[one.kind][one.record.id]), telling)


def entry_of(kind: str, record: Any, changed_at: datetime, telling: Telling) -> Entry:
    """One record as an entry."""
    said = said_of(kind, record, telling.language)
    owner = record.organisation
    return Entry(
        id=tag_of(telling.public_url, record.ref),
        address=telling.address(PAGES[kind], ref=record.ref),
        title=said.title.strip() or record.ref,
        summary=said.summary,
        language=said.language,
        author=owner.named(telling.language) if telling.language else owner.name,
        posted_at=shown_since(record),
        changed_at=changed_at,
        labels=tuple(_labels(kind, record, telling)),
    )


def _labels(kind: str, record: Any, telling: Telling) -> Iterator[Label]:
    yield Label(kind, telling.address("search.index"), say(KINDS[kind], telling.of_codes))
    for code in record.codes("theme"):
        yield Label(code, telling.address("overview.themes"), name_of("theme", code, telling.of_codes))
    for code in record.codes("country"):
        yield Label(code, telling.address("overview.countries"), name_of("country", code, telling.of_codes))
