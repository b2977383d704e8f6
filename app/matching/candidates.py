"""Which offers are worth judging for a need: those that its words, its concepts, its place or its themes lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.matching.facts import about_need, text_of_need, title_of
from app.needs.models import Need
from app.reference.places import named_in
from app.reference.themes import siblings
from app.search.engine_types import OFFERS, EngineQuery, Hit, Key, SearchEngine, TermGroup
from app.search.language import query_words, stems_of, words
from app.search.terms import telling_groups

EVERYWHERE, HERE, NEAR = 120, 250, 120
"""How many are looked at of what words find everywhere, of that in the need's countries, by place or theme alone."""
EVERYTHING = 100_000
WIDER = 4
"""Restricted offers may stand so many times further down than public ones, of which there is no room for more."""
THEME_OF_NEED = 0.6
"""From this weight on (1 is the strongest) a theme that the words of a need speak of leads to offers."""


@dataclass
class Candidate:
    """An offer worth judging; its shares (0 to 1) of the best scores for the words of the whole and of the title.

    `meaning` and `no_shared_term` are those of `Likeness`, where the extra is on that tells them.
    """

    words: float = 0.0
    title: float = 0.0
    meaning: float = 0.0
    no_shared_term: bool = False


@dataclass(frozen=True)
class _Question:
    limit: int
    groups: tuple[TermGroup, ...] = ()
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    part: str = ""


def candidates(engine: SearchEngine, need: Need) -> dict[Key, Candidate]:
    """Offers worth judging, with their text scores, so that no restricted offer says anything of another one.

    How many there are is limited among public offers alone (see `hits_of`). A restricted one never scores above the
    best public one, by which all are measured.
    """
    scores: dict[str, dict[Key, float]] = {"words": {}, "title": {}}
    found: dict[Key, Candidate] = {}
    best = {"words": 0.0, "title": 0.0}
    for question in _questions(need):
        query = EngineQuery(
            question.groups, question.filters, OFFERS, None, limit=question.limit, all_words_first=False
        )
        public, restricted = hits_of(engine, query)
        if question.part and public:
            best[question.part] = max(best[question.part], public[0].score)
        for hit in (*public, *restricted):
            found.setdefault(hit.key, Candidate())
            if question.part:
                scores[question.part][hit.key] = hit.score
    for key, candidate in found.items():
        candidate.words = _share(scores["words"].get(key, 0.0), best["words"])
        candidate.title = _share(scores["title"].get(key, 0.0), best["title"])
    return found


def hits_of(engine: SearchEngine, query: EngineQuery) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """As many public hits as the query has room for, the best first, and the restricted ones worth judging with them.

    Where there are many more public ones, a restricted one has to stand among the first `WIDER` times as many, however
    many other restricted ones do: none depends on another one.
    """
    if query.tokens is not None and not query.tokens:
        return engine.search(replace(query, only="public")).hits, ()
    public = engine.search(replace(query, only="public", limit=WIDER * query.limit)).hits
    restricted = engine.search(replace(query, only="restricted", limit=EVERYTHING)).hits
    if len(public) == WIDER * query.limit:
        last = _place(public[-1])
        restricted = tuple(hit for hit in restricted if _place(hit) < last)
    return public[: query.limit], restricted


def _place(hit: Hit) -> tuple[float, Key]:
    return -hit.score, hit.key


def measured(engine: SearchEngine, need: Need, owners: Mapping[Key, str]) -> dict[Key, Candidate]:
    """The same scores for certain offers alone; `owners` are the references of their organisations, by key."""
    found = {key: Candidate() for key in owners}
    mine = {"organisation": frozenset(owners.values())}
    for part, groups in _parts(need):
        top = engine.search(EngineQuery(groups, {}, OFFERS, None, limit=1, all_words_first=False, only="public")).hits
        best = top[0].score if top else 0.0
        query = EngineQuery(groups, mine, OFFERS, None, limit=EVERYTHING, all_words_first=False)
        for hit in engine.search(query).hits:
            if hit.key in found:
                setattr(found[hit.key], part, _share(hit.score, best))
    return found


def public_shares(engine: SearchEngine, need: Need) -> dict[Key, float]:
    """How well the words of a need find each public offer that they find at all, as a share of the best score."""
    words = dict(_parts(need)).get("words", ())
    query = EngineQuery(words, {}, OFFERS, None, limit=EVERYTHING, all_words_first=False, only="public")
    hits = engine.search(query).hits if words else ()
    return {hit.key: _share(hit.score, hits[0].score) for hit in hits}


def _parts(need: Need) -> list[tuple[str, tuple[TermGroup, ...]]]:
    """The words that offers are looked for by: those of the whole, and those of the title."""
    title = title_of(need)
    parts = [("words", telling_groups(f"{title} {title} {text_of_need(need)}")), ("title", title_groups(title))]
    return [(part, groups) for part, groups in parts if groups]


def _share(score: float, best: float) -> float:
    return min(1.0, score / best) if best else 0.0


def _questions(need: Need) -> Iterator[_Question]:
    here = {"country": frozenset(need.codes("country"))}
    askable = {"status": frozenset({"open"})}
    for part, groups in _parts(need):
        yield _Question(HERE, groups, here, part)
        yield _Question(EVERYWHERE, groups, {}, part)
        yield _Question(EVERYWHERE, groups, askable, part)
    themes = frozenset(t for t, weight in about_need(need).title_themes.items() if weight >= THEME_OF_NEED)
    if themes:
        near = themes | {sibling for theme in themes for sibling in siblings(theme)}
        yield _Question(NEAR, (), {**here, "theme": themes})
        yield _Question(NEAR, (), {**askable, "theme": near})
    yield _Question(NEAR, (), here)


def title_groups(title: str) -> tuple[TermGroup, ...]:
    """The words of a title, without the names of countries: the place is judged by itself."""
    places = {word for _iso2, named in named_in(title) for word in named}
    kept = [word for word in query_words(title) if word not in places and not word.isdecimal() and words(word)]
    return tuple(TermGroup(word, stems_of(word)) for word in kept)
