"""From what a person typed and ticked to a page of records that she may see, with counts, snippets and a correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable, reader_tokens
from app.foundation.listing import SIZES
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import Actor
from app.search.documents import MODELS
from app.search.engine_types import KINDS, EngineAnswer, EngineBroken, EngineQuery, Key, SearchEngine
from app.search.language import query_words, stems_of, words
from app.search.terms import groups_of, telling_groups

FACETS = ("type", "theme", "country", "grouping", "donor", "kind", "language", "status", "year")
SORTS = ("best", "newest", "deadline")
LONGEST_QUESTION = 300


@dataclass(frozen=True)
class SearchRequest:
    """A question: words, ticked facet values, order and page, as an address says them."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "best"
    page: str = "1"
    only: str = ""
    size: int = PAGE_SIZE

    @classmethod
    def from_address(cls, arguments: Any, only: str = "") -> SearchRequest:
        """Read the address (a werkzeug MultiDict); what it does not know is passed over."""
        filters = {facet: tuple(dict.fromkeys(v for v in arguments.getlist(facet) if v)) for facet in FACETS}
        if only:
            filters["type"] = (only,)
        sort, size = arguments.get("sort", ""), arguments.get("size", "")
        return cls(
            text=arguments.get("q", "")[:LONGEST_QUESTION].strip(),
            filters={facet: values for facet, values in filters.items() if values},
            sort=sort if sort in SORTS else ("best" if arguments.get("q", "").strip() else "newest"),
            page=arguments.get("page", "1"),
            only=only,
            size=int(size) if size in map(str, SIZES) else PAGE_SIZE,
        )

    def address(self, **changes: Any) -> str:
        """The query string of the same question with something changed; the page starts at one again."""
        request = replace(self, **{"page": "1", **changes})
        pairs: list[tuple[str, str]] = [("q", request.text)] if request.text else []
        for facet in FACETS:
            if facet != "type" or not request.only:
                pairs += [(facet, value) for value in request.filters.get(facet, ())]
        pairs += [("sort", request.sort)] if request.sort != ("best" if request.text else "newest") else []
        pairs += [("size", str(request.size))] if request.size != PAGE_SIZE else []
        pairs += [("page", str(request.page))] if str(request.page) != "1" else []
        return "?" + urlencode(pairs)

    def without(self, facet: str, value: str) -> str:
        """The query string with one ticked value taken away."""
        kept = tuple(v for v in self.filters.get(facet, ()) if v != value)
        return self.address(filters={**self.filters, facet: kept})

    def engine_query(self, tokens: frozenset[str] | None) -> EngineQuery:
        """The question as the engine takes it."""
        filters = {facet: frozenset(values) for facet, values in self.filters.items() if facet != "type"}
        return EngineQuery(
            groups=groups_of(self.text),
            filters=filters,
            kinds=frozenset(self.filters.get("type", ())) & frozenset(KINDS) or frozenset(),
            tokens=tokens,
            sort=self.sort,
            limit=self.size,
            facets=FACETS,
        )


@dataclass(frozen=True)
class Found:
    """One record on a page of results."""

    kind: str
    record: Any


@dataclass(frozen=True)
class SearchResults:
    """A page of records, counts for each facet, and what the reader should know about them."""

    request: SearchRequest
    page: Page[Found]
    counts: Mapping[str, Mapping[str, int]]
    relaxed: bool = False
    correction: str = ""
    degraded: bool = False

    @property
    def stems(self) -> frozenset[str]:
        """The stems that are to be marked in the texts."""
        return frozenset(stem for word in query_words(self.request.text) for stem in stems_of(word))


def search(tx: Tx, reader: Actor, engine: SearchEngine, request: SearchRequest) -> SearchResults:
    """Answer a question with what this reader may see; from the database alone when the index cannot be read."""
    query = request.engine_query(reader_tokens(reader))
    try:
        answer = engine.search(query)
        number = page_number(request.page, answer.total, request.size)
        if number > 1:
            answer = engine.search(replace(query, offset=(number - 1) * request.size))
        correction = _correction(engine, request.text) if request.text and answer.total < 3 else ""  # noqa: PLR2004
    except EngineBroken:
        return _from_database(tx, reader, request)
    found = load_records(tx, reader, [hit.key for hit in answer.hits])
    page = Page(found, number, answer.total, request.size)
    return SearchResults(request, page, answer.counts, answer.relaxed and bool(answer.total), correction)


def load_records(tx: Tx, reader: Actor, keys: Sequence[Key]) -> list[Found]:
    """The records with these keys, in this order; asked of the database again for what this reader may see."""
    rows: dict[Key, Any] = {}
    for kind in {kind for kind, _number in keys}:
        model = MODELS[kind]
        ids = [number for its_kind, number in keys if its_kind == kind]
        query = readable(reader, model).where(model.id.in_(ids)).options(selectinload(model.organisation))
        rows.update({(kind, row.id): row for row in tx.scalars(query)})
    return [Found(key[0], rows[key]) for key in keys if key in rows]


def _correction(engine: SearchEngine, text: str) -> str:
    corrected = text
    for word in query_words(text):
        better = engine.suggest(word)
        if better:
            corrected = " ".join(better if words(part) == [word] else part for part in corrected.split())
    return corrected if corrected != text else ""


def _from_database(tx: Tx, reader: Actor, request: SearchRequest) -> SearchResults:
    """Slower and plainer: words anywhere in the title, newest first; better than no answer."""
    kinds = [kind for kind in KINDS if not request.filters.get("type") or kind in request.filters["type"]]
    found: list[Found] = []
    total = 0
    for kind in kinds:
        model = MODELS[kind]
        query = readable(reader, model).where(model.is_published)
        for word in query_words(request.text):
            query = query.where(or_(func.lower(model.title).contains(word, autoescape=True)))
        total += tx.scalar(select(func.count()).select_from(query.subquery())) or 0
        newest = query.order_by(model.id.desc()).limit(PAGE_SIZE).options(selectinload(model.organisation))
        found += [Found(kind, row) for row in tx.scalars(newest)]
    found.sort(key=lambda item: (item.record.changed_at, item.record.id), reverse=True)
    return SearchResults(request, Page(found[:PAGE_SIZE], 1, min(total, PAGE_SIZE)), {}, degraded=True)


def offers_alike(
    engine: SearchEngine, text: str, tokens: frozenset[str] | None, kinds: frozenset[str], limit: int
) -> EngineAnswer:
    """What the index has that speaks of the same things as a text: its 25 most telling terms, weighted by how often."""
    return engine.search(EngineQuery(telling_groups(text), {}, kinds, tokens, limit=limit, all_words_first=False))
