"""Matches are computed when either side changes, and stored: text search finds the candidates, scoring judges them."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.foundation.db import Tx
from app.foundation.disclosure import Audience, readable
from app.foundation.kept.once import all_read_once
from app.foundation.permissions import SYSTEM
from app.matching.aboutness import likeness
from app.matching.candidates import Candidate, candidates, measured
from app.matching.facts import about_need, about_offer, may_meet, need_facts, offer_facts, text_of_offer, title_of
from app.matching.models import Match
from app.matching.scoring import Judgement, judge
from app.matching.semantic.comparing import add_meaning, near_offers
from app.matching.semantic.service import Meanings
from app.needs.models import Need
from app.needs.rules import OPEN
from app.programmes.models import Programme
from app.search.documents import MODELS
from app.search.engine_types import OFFERS, EngineQuery, Key, SearchEngine
from app.search.terms import telling_groups

WEIGHTS = Path(__file__).resolve().parent.parent.parent / "search_index" / "weights.toml"
MOST_NEEDS = 40
Weighing: TypeAlias = Mapping[str, Mapping[str, float]]
MOST_KEPT = {"match": 20, "near_miss": 8, "related": 24}
_READ_WITH: Mapping[str, Sequence[ORMOption]] = {
    # Every word of a programme is read to judge it: fetched one by one, its texts would be a query for each.
    kind: [selectinload(model.organisation), *([selectinload(Programme.texts)] if model is Programme else [])]
    for kind, model in MODELS.items()
}


@dataclass(frozen=True)
class Pair:
    """A need and an offer that were judged worth showing."""

    need: Need
    offer_kind: str
    offer: Any
    judgement: Judgement


@dataclass(frozen=True)
class Method:
    """How needs are matched: `weighing` replaces the site's weights; without `meanings` meaning says nothing."""

    weighing: Weighing | None = None
    meanings: Meanings | None = None


@cache
def weights() -> Weighing:
    """The weights that order matches, from search_index/weights.toml."""
    return tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))


def needs_touched(tx: Tx, engine: SearchEngine, keys: Sequence[Key]) -> list[int]:
    """The needs whose matches may change when these records change, each once, oldest first."""
    touched = {number for kind, number in keys if kind == "need"}
    for kind in OFFERS:
        ids = [number for its_kind, number in keys if its_kind == kind]
        if ids:
            touched |= _needs_for(tx, engine, kind, ids)
    return sorted(touched)


def _needs_for(tx: Tx, engine: SearchEngine, kind: str, ids: Sequence[int]) -> set[int]:
    model = MODELS[kind]
    already = select(Match.need_id).where(Match.offer_kind == kind, Match.offer_id.in_(ids))
    found = set(tx.scalars(already))
    for offer in tx.scalars(readable(SYSTEM, model).where(model.id.in_(ids), model.is_published)):
        groups = telling_groups(f"{title_of(offer)} {title_of(offer)} {text_of_offer(kind, offer)}")
        query = EngineQuery(groups, {"status": frozenset({"open"})}, frozenset({"need"}), None, limit=MOST_NEEDS,
                            all_words_first=False)  # fmt: skip
        found |= {hit.key[1] for hit in engine.search(query).hits}
        by_theme = EngineQuery((), {"theme": frozenset(offer.codes("theme")), "status": frozenset({"open"})},
                               frozenset({"need"}), None, limit=MOST_NEEDS)  # fmt: skip
        if offer.codes("theme"):
            found |= {hit.key[1] for hit in engine.search(by_theme).hits}
    return found


def find_pairs(
    tx: Tx,
    engine: SearchEngine,
    need: Need,
    now: datetime,
    method: Method = Method(),
    only: Sequence[Key] | None = None,
) -> list[Pair]:
    """Every offer worth showing for a need, best first; ties by kind and number.

    With `only`, no other offers are looked at: what changes when these do.
    """
    if need.status not in OPEN or not need.is_published:
        return []
    if only is None:
        found = candidates(engine, need)
        near = near_offers(tx, method.meanings, need) if method.meanings else []
        found |= {key: Candidate() for key in near if key not in found}
        offers = _load(tx, list(found))
    else:
        offers = _load(tx, only)
        found = measured(engine, need, {key: row.organisation.ref for key, row in offers.items()})
    if method.meanings:
        add_meaning(tx, engine, method.meanings, need, offers, found)
    pairs = list(_judged(tx, need, offers, found, now, method.weighing))
    pairs.sort(key=lambda pair: (-round(pair.judgement.score, 6), pair.offer_kind, pair.offer.id))
    return _keep_best(pairs)


def _judged(
    tx: Tx,
    need: Need,
    offers: Mapping[Key, Any],
    found: Mapping[Key, Candidate],
    now: datetime,
    weighing: Weighing | None,
) -> Iterator[Pair]:
    named = _named(tx, [("need", need.id), *offers])
    today = now.date()
    facts, is_about = need_facts(need, today), about_need(need)
    for key, offer in offers.items():
        if not may_meet(need, offer, named.get(("need", need.id), set()), named.get(key, set())):
            continue
        one = found[key]
        alike = likeness(is_about, about_offer(key[0], offer), one.words, one.title)
        alike = replace(alike, meaning=one.meaning, no_shared_term=one.no_shared_term and not alike.shared)
        judgement = judge(facts, offer_facts(key[0], offer, today), alike, today, weighing or weights())
        if judgement is not None:
            yield Pair(need, key[0], offer, judgement)


def _load(tx: Tx, keys: Sequence[Key]) -> dict[Key, Any]:
    def read(wanted: list[Key]) -> dict[Key, Any]:
        rows: dict[Key, Any] = {}
        for kind in sorted({kind for kind, _number in wanted}):
            model = MODELS[kind]
            ids = [number for its_kind, number in wanted if its_kind == kind]
            query = readable(SYSTEM, model).where(model.id.in_(ids), model.is_published)
            rows.update({(kind, row.id): row for row in tx.scalars(query.options(*_READ_WITH[kind]))})
        return rows

    return all_read_once(tx, "published offers", keys, read)


def _named(tx: Tx, keys: Sequence[Key]) -> dict[Key, set[int]]:
    named: dict[Key, set[int]] = {}
    ids = {number for _kind, number in keys}
    for row in tx.scalars(select(Audience).where(Audience.record_id.in_(ids))):
        named.setdefault((row.record_kind, row.record_id), set()).add(row.organisation_id)
    return named


def _keep_best(pairs: list[Pair]) -> list[Pair]:
    """As many of each gate as are kept, counted among offers that have the very same readers."""
    kept: list[Pair] = []
    taken: Counter[tuple[Any, ...]] = Counter()
    for pair in pairs:
        place = (pair.judgement.gate, *_readers_of(pair.offer_kind, pair.offer))
        taken[place] += 1
        if taken[place] <= MOST_KEPT[pair.judgement.gate]:
            kept.append(pair)
    return kept


def _readers_of(kind: str, offer: Any) -> tuple[Any, ...]:
    if offer.disclosure == "named":
        return ("named", kind, offer.id)
    return ("own", offer.organisation_id) if offer.disclosure == "own" else (offer.disclosure,)


def store_pairs(tx: Tx, need: Need, pairs: Sequence[Pair], now: datetime, only: Sequence[Key] | None = None) -> None:
    """Make these the matches of a need. Those that stand keep their hour, so that nothing old looks new; others go.

    With `only`, the matches with other offers stay as they are, as far as there is room for them.
    """
    rows = tx.scalars(select(Match).where(Match.need_id == need.id)).all()
    before = {(row.offer_kind, row.offer_id): row for row in rows}
    if only is not None:
        before = {key: row for key, row in before.items() if key in only}
    for pair in pairs:
        row = before.pop((pair.offer_kind, pair.offer.id), None)
        values = _values(need, pair)
        if row is None:
            tx.add(Match(computed_at=now, **values))
            continue
        for name, value in values.items():
            setattr(row, name, value)
    for row in before.values():
        tx.delete(row)
    if only is not None and pairs:
        _make_room(tx, need)


def _make_room(tx: Tx, need: Need) -> None:
    """Let go of the weakest matches where there are more than are kept, counted among offers with the same readers."""
    tx.flush()
    rows = tx.scalars(select(Match).where(Match.need_id == need.id)).all()
    if len(rows) <= min(MOST_KEPT.values()):
        return
    offers = _load(tx, [(row.offer_kind, row.offer_id) for row in rows])
    taken: Counter[tuple[Any, ...]] = Counter()
    for row in sorted(rows, key=lambda row: (-row.score, row.offer_kind, row.offer_id)):
        offer = offers.get((row.offer_kind, row.offer_id))
        place = (row.gate, *_readers_of(row.offer_kind, offer)) if offer else ()
        taken[place] += 1
        if offer is None or taken[place] > MOST_KEPT[row.gate]:
            tx.delete(row)


def _values(need: Need, pair: Pair) -> dict[str, Any]:
    judged = pair.judgement
    return {
        "need_id": need.id, "need_version": need.version, "need_organisation_id": need.organisation_id,
        "offer_kind": pair.offer_kind, "offer_id": pair.offer.id, "offer_version": pair.offer.version,
        "offer_organisation_id": pair.offer.organisation_id, "gate": judged.gate, "strength": judged.strength,
        "score": Decimal(f"{judged.score:.2f}"),
        "reasons": [reason.as_json() for reason in judged.reasons],
        "obstacles": [obstacle.as_json() for obstacle in judged.obstacles],
        "lines": [{"ref": line.ref, "verdict": line.verdict, "why": line.why.as_json()} for line in judged.lines],
    }  # fmt: skip
