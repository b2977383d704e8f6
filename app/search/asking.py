"""From a question to what the engine is asked and answers: words, near ones for unknown words, filters, records.

Phrases and dates are no business of the index: the records that have them are told to the engine by their keys, so
that totals and the numbers beside the facets are those of the same records.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.search.documents import TEXTS
from app.search.engine_types import KINDS, EngineAnswer, EngineQuery, Key, SearchEngine, TermGroup
from app.search.records import Found, has_phrase, keys_between, load_records
from app.search.request import SearchRequest
from app.search.spelling import Respelt, groups_with_near, respell
from app.search.terms import groups_of
from app.search.understanding import near_of
from app.search.values import FACETS, NEAR

MOST_CANDIDATES = 400
"""So many records are read for a phrase, the best first."""
NEAR_WEIGHTS = (0.7, 1.0)
"""A near word counts less where all words are found; where some are lacking each has to count alike."""


@dataclass(frozen=True)
class Seeker:
    """Who asks, with the tokens that open restricted records, and what is asked: the database and the index.

    `today` is the day on which it is judged what has been confirmed in time; without it nothing stands lower.
    """

    tx: Tx
    reader: Actor
    tokens: frozenset[str] | None
    engine: SearchEngine
    today: date | None = None


@dataclass(frozen=True)
class Asked:
    """What the engine was asked and answered, which words were respelt, and whether phrases were sought in all."""

    query: EngineQuery
    answer: EngineAnswer
    respelt: tuple[Respelt, ...] = ()
    is_bounded: bool = False


def ask(
    seeker: Seeker, request: SearchRequest, among: frozenset[Key] | None = None, **changes: int | tuple[str, ...]
) -> Asked:
    """Ask the engine; where it has nothing with all the words, unknown ones are sought as their near ones too.

    With `among` only these records count; `changes` are those of the engine's query.

    Raises:
        EngineBroken: the index cannot be read.
    """
    question = request.question
    query = EngineQuery(
        groups=groups_of(question.plain),
        filters=filters_of(request, seeker.reader),
        kinds=frozenset(request.filters.get("type", ())) & frozenset(KINDS),
        tokens=seeker.tokens,
        sort=request.order,
        limit=request.size,
        facets=FACETS,
        within=_both(among, within_days(seeker, request)),
        today=seeker.today.toordinal() if seeker.today else 0,
        in_files=True,
    )
    query, is_bounded = _with_phrases(seeker, query, question.phrases)
    query = replace(query, **changes)  # type: ignore[arg-type]
    answer = seeker.engine.search(query)
    respelt: tuple[Respelt, ...] = ()
    if question.words and (answer.relaxed or not answer.total):
        respelt = respell(seeker.engine, question.words, seeker.tokens)
    for weight in NEAR_WEIGHTS if respelt else ():
        query = replace(query, groups=_groups(request, respelt, weight))
        answer = seeker.engine.search(query)
        if answer.total and not answer.relaxed:
            break
    return Asked(query, answer, respelt, is_bounded)


def _both(one: frozenset[Key] | None, other: frozenset[Key] | None) -> frozenset[Key] | None:
    return one & other if one is not None and other is not None else one if other is None else other


def _groups(request: SearchRequest, respelt: tuple[Respelt, ...], weight: float) -> tuple[TermGroup, ...]:
    typed = groups_with_near(request.question.words, respelt, weight)
    quoted = groups_of(" ".join(request.question.phrases))
    return (*typed, *(group for group in quoted if group.word not in {one.word for one in typed}))


def filters_of(request: SearchRequest, reader: Actor) -> dict[str, frozenset[str]]:
    """What is ticked, as codes: near me stands for the groupings of the reader's own country."""
    filters = {facet: frozenset(values) for facet, values in request.filters.items() if facet != "type"}
    if NEAR in filters.get("grouping", ()):
        filters["grouping"] = (filters["grouping"] - {NEAR}) | frozenset(near_of(reader)[1])
    return {facet: values for facet, values in filters.items() if values}


def within_days(seeker: Seeker, request: SearchRequest) -> frozenset[Key] | None:
    """The records that run within the days that are asked for; None where none are."""
    first, last = request.first_day, request.last_day
    if first is None and last is None:
        return None
    return keys_between(seeker.tx, seeker.reader, first or date.min, last or date.max)


def _with_phrases(seeker: Seeker, query: EngineQuery, phrases: tuple[str, ...]) -> tuple[EngineQuery, bool]:
    if not phrases:
        return query, False
    # Without the filters, so that each facet can count what its other values would give.
    wide = EngineQuery(groups_of(" ".join(phrases)), tokens=query.tokens, limit=MOST_CANDIDATES, within=query.within)
    answer = seeker.engine.search(wide)
    if answer.total > MOST_CANDIDATES and not answer.relaxed:
        answer = seeker.engine.search(replace(wide, filters=query.filters, kinds=query.kinds))
    hits = () if answer.relaxed else answer.hits
    found = load_records(seeker.tx, seeker.reader, [hit.key for hit in hits])
    keys = frozenset((one.kind, one.record.id) for one in found if has_phrases(one, phrases))
    return replace(query, within=keys), answer.total > MOST_CANDIDATES and not answer.relaxed


def has_phrases(found: Found, phrases: tuple[str, ...]) -> bool:
    """Whether a record's own texts have all these phrases, word for word, but for accents and case."""
    texts = [text for text, _language in TEXTS[found.kind](found.record)]
    return all(any(has_phrase(text, phrase) for text in texts) for phrase in phrases)


def count_found(seeker: Seeker, request: SearchRequest) -> int:
    """How many records a question finds for this reader.

    Raises:
        EngineBroken: the index cannot be read.
    """
    return ask(seeker, request, limit=1, facets=()).answer.total
