"""One run over a gold folder: what the site's own matching and search make of it, and the figures of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.evaluation.ablations import parts_of, without
from app.evaluation.baselines import baselines
from app.evaluation.gold import Gold, GoldPair, GoldQuery
from app.evaluation.metrics import Judged, by_language, precision_and_recall
from app.evaluation.scratch import Posted, moment
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.foundation.web import Site
from app.matching.duplicates import Told, is_duplicate
from app.matching.queries import matches_of_need
from app.matching.semantic.service import meanings_of
from app.matching.service import Method, Weighing, find_pairs, store_pairs
from app.needs.models import Need
from app.programmes.models import Programme
from app.search.query import search
from app.search.reactions import engine_of
from app.search.request import SearchRequest

DEEP = 50
Tick = Callable[[int], None]


@dataclass(frozen=True)
class Shown:
    """An activity as the page of a need lists it."""

    identifier: str
    strength: str
    gate: str


def evaluate(site: Site, gold: Gold, posted: Sequence[Posted], clock: date | None, tick: Tick) -> dict[str, Any]:
    """Everything that `flask relevance` prints, of a scratch site that holds the corpus and the needs."""
    ranked = rank_needs(site, posted, clock, tick)
    shown = {need: [each.identifier for each in rows] for need, rows in ranked.items()}
    ungated = {need: [e.identifier for e in rows if e.gate == "match"] for need, rows in ranked.items()}
    known = programmes(site)
    return {
        "semantic": site.settings.semantic,
        "needs": by_language(_judged(gold, shown)),
        "needs_ungated": by_language(_judged(gold, ungated)),
        "queries": by_language(rank_queries(site, gold, typed=True)),
        "queries_clean": by_language(rank_queries(site, gold, typed=False)),
        "duplicates": judge_pairs(gold.pairs),
        "strong_without_good": _strong_without_good(gold, ranked),
        "ranked": {need: [[e.identifier, e.strength, e.gate] for e in rows] for need, rows in ranked.items()},
        "baselines": baselines(gold, known),
    }


def rank_needs(
    site: Site, posted: Sequence[Posted], clock: date | None, tick: Tick, weighing: Weighing | None = None
) -> dict[str, list[Shown]]:
    """Each posted need matched and read back as its page shows the matches."""
    ranked = {}
    for each in posted:
        with site.database.transaction() as tx:
            ranked[each.gold.need_id] = _match(tx, site, each, clock, weighing)
        tick(1)
    return ranked


def ablations(site: Site, gold: Gold, posted: Sequence[Posted], clock: date | None, tick: Tick) -> dict[str, Any]:
    """The figures of all needs with one part of a match left out at a time."""
    found = {}
    for part in parts_of(site.settings):
        ranked = rank_needs(site, posted, clock, tick, without(part))
        shown = {need: [each.identifier for each in rows] for need, rows in ranked.items()}
        found[part] = by_language(_judged(gold, shown))
    return found


def _match(tx: Tx, site: Site, posted: Posted, clock: date | None, weighing: Weighing | None) -> list[Shown]:
    now, method = moment(posted.gold, clock), Method(weighing, meanings_of(site))
    need = tx.scalars(readable(SYSTEM, Need).where(Need.id == posted.need_id)).one()
    store_pairs(tx, need, find_pairs(tx, engine_of(site), need, now, method), now)
    tx.flush()
    rows = matches_of_need(tx, ANONYMOUS, need, limit=DEEP)
    return [
        Shown(str(row.offer.iati_identifier), row.match.strength, row.match.gate)
        for row in rows
        if row.match.offer_kind == "programme"
    ]


def _judged(gold: Gold, ranked: Mapping[str, Sequence[str]]) -> list[Judged]:
    return [Judged(need.language, ranked[need.need_id], gold.need_grades.get(need.need_id, {})) for need in gold.needs]


def _strong_without_good(gold: Gold, ranked: Mapping[str, Sequence[Shown]]) -> dict[str, Any]:
    """Needs that no activity meets well, and those of them that are shown a strong match all the same."""
    without = [n.need_id for n in gold.needs if max(gold.need_grades.get(n.need_id, {}).values(), default=0) < 2]  # noqa: PLR2004
    fooled = [need for need in without if any(each.strength == "strong" for each in ranked[need])]
    return {"needs": len(without), "with_strong": sorted(fooled)}


def rank_queries(site: Site, gold: Gold, *, typed: bool) -> list[Judged]:
    """Each question put to the search page for programmes, as typed or as it was meant."""
    return [
        Judged(query.language, _ask(site, query, typed=typed), gold.query_grades.get(query.query_id, {}), good=1)
        for query in gold.queries
    ]


def _ask(site: Site, query: GoldQuery, *, typed: bool) -> list[str]:
    request = SearchRequest(text=query.text if typed else query.intended, filters={"type": ("programme",)}, size=DEEP)
    with site.database.reading() as tx:
        results = search(tx, ANONYMOUS, engine_of(site), request)
        return [str(found.record.iati_identifier) for found in results.page.items]


def judge_pairs(pairs: Sequence[GoldPair]) -> dict[str, float | int]:
    """How many of the pairs the duplicate guard tells apart."""
    said = {pair.pair_id: is_duplicate(_told(pair.first), _told(pair.second)) for pair in pairs}
    return precision_and_recall(said, {pair.pair_id: pair.is_duplicate for pair in pairs})


def _told(record: Any) -> Told:
    return Told(
        title=record.title,
        description=record.description,
        countries=frozenset(record.countries),
        start=record.start,
        end=record.end,
        identifier=record.identifier,
    )


def programmes(site: Site) -> list[dict[str, Any]]:
    """What the baselines know of each activity."""
    with site.database.reading() as tx:
        return [
            {
                "id": str(row.iati_identifier), "title": row.title, "text": row.description,
                "countries": set(row.places),
                "sectors": {code.partition(":")[2] for code in row.codes("sector")},
            }
            for row in tx.scalars(readable(ANONYMOUS, Programme).order_by(Programme.iati_identifier))
        ]  # fmt: skip
