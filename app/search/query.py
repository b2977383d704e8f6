"""From what a person typed and ticked to a page of records that she may see, with counts, and what helps further."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.foundation import tally
from app.foundation.db import Tx
from app.foundation.disclosure import readable, reader_tokens
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import Actor
from app.search.advice import Lighter, lighter, words_let_go
from app.search.asking import Asked, Seeker, ask, within_days
from app.search.documents import MODELS
from app.search.engine_types import KINDS, EngineAnswer, EngineBroken, EngineQuery, SearchEngine, TermGroup
from app.search.language import query_words
from app.search.records import Found, load_records, with_files
from app.search.request import SearchRequest
from app.search.spelling import Respelt, as_typed, with_near
from app.search.terms import telling_groups
from app.search.understanding import Remark, understand


@dataclass(frozen=True)
class SearchResults:
    """A page of records, counts for each facet, and what the reader should know about them.

    `request` is the question as it was understood; `let_go` are words that no record has, `lighter` what to leave out.
    """

    request: SearchRequest
    page: Page[Found]
    counts: Mapping[str, Mapping[str, int]]
    remarks: tuple[Remark, ...] = ()
    groups: tuple[TermGroup, ...] = ()
    respelt: tuple[Respelt, ...] = ()
    relaxed: bool = False
    let_go: tuple[str, ...] = ()
    lighter: tuple[Lighter, ...] = ()
    is_bounded: bool = False
    degraded: bool = False

    @property
    def stems(self) -> frozenset[str]:
        """The stems that are to be marked in the texts."""
        return frozenset(stem for group in self.groups for stem in group.stems)

    @property
    def correction(self) -> str:
        """The question with near words for unknown ones, or nothing."""
        return with_near(self.request.text, self.respelt) if self.respelt and self.page.total else ""

    @property
    def as_typed(self) -> str:
        """The question that finds nothing but what was typed."""
        return as_typed(self.request.text, self.respelt)


def search(
    tx: Tx,
    reader: Actor,
    engine: SearchEngine,
    request: SearchRequest,
    language: str = "en",
    today: date | None = None,
) -> SearchResults:
    """Answer a question with what this reader may see; from the database alone when the index cannot be read."""
    understood, remarks = understand(tx, reader, request, language)
    seeker = Seeker(tx, reader, reader_tokens(reader), engine, today)
    try:
        return replace(_from_index(seeker, understood), remarks=tuple(remarks))
    except EngineBroken:
        tally.count("search_from_database")
        return replace(_from_database(seeker, understood), remarks=tuple(remarks))


def _from_index(seeker: Seeker, request: SearchRequest) -> SearchResults:
    asked = ask(seeker, request)
    query, answer = asked.query, asked.answer
    number = page_number(request.page, answer.total, request.size)
    if number > 1:
        answer = seeker.engine.search(replace(query, offset=(number - 1) * request.size))
    found = with_files(seeker.tx, load_records(seeker.tx, seeker.reader, [hit.key for hit in answer.hits]))
    return SearchResults(
        request=request,
        page=Page(found, number, answer.total, request.size),
        counts=answer.counts,
        groups=query.groups,
        respelt=asked.respelt,
        relaxed=answer.relaxed and bool(answer.total),
        let_go=_let_go(seeker, asked),
        lighter=() if answer.total else tuple(lighter(seeker, request)),
        is_bounded=asked.is_bounded,
    )


def _let_go(seeker: Seeker, asked: Asked) -> tuple[str, ...]:
    return words_let_go(seeker, asked.query) if asked.answer.relaxed and asked.answer.total else ()


def _from_database(seeker: Seeker, request: SearchRequest) -> SearchResults:
    """Slower and plainer: words anywhere in the title, newest first; better than no answer."""
    kinds = [kind for kind in KINDS if not request.filters.get("type") or kind in request.filters["type"]]
    within = within_days(seeker, request)
    found: list[Found] = []
    total = 0
    for kind in kinds:
        model = MODELS[kind]
        query = readable(seeker.reader, model).where(model.is_published)
        for words in [*query_words(request.question.words), *(one.lower() for one in request.question.phrases)]:
            query = query.where(func.lower(model.title).contains(words, autoescape=True))
        if within is not None:
            query = query.where(model.id.in_([number for its, number in within if its == kind]))
        total += seeker.tx.scalar(select(func.count()).select_from(query.subquery())) or 0
        newest = query.order_by(model.id.desc()).limit(PAGE_SIZE).options(selectinload(model.organisation))
        found += [Found(kind, row) for row in seeker.tx.scalars(newest)]
    found.sort(key=lambda item: (item.record.changed_at, item.record.id), reverse=True)
    return SearchResults(request, Page(found[:PAGE_SIZE], 1, min(total, PAGE_SIZE)), {}, degraded=True)


def offers_alike(
    engine: SearchEngine, text: str, tokens: frozenset[str] | None, kinds: frozenset[str], limit: int
) -> EngineAnswer:
    """What the index has that speaks of the same things as a text: its 25 most telling terms, weighted by how often."""
    return engine.search(EngineQuery(telling_groups(text), {}, kinds, tokens, limit=limit, all_words_first=False))
