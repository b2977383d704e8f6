"""A need and offers compared by meaning: which are near though no word leads to them, and how near each one is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from app.config import ROOT
from app.foundation.db import Tx
from app.matching.candidates import Candidate, public_shares
from app.matching.semantic.rules import Meaning, bars, nearness
from app.matching.semantic.service import KINDS, Meanings, kept
from app.matching.semantic.shelf import meaning_kept
from app.matching.semantic.texts import shares_a_term
from app.needs.models import Need
from app.search.engine_types import OFFERS, Key, SearchEngine

WEIGHTS = ROOT / "search_index" / "weights.toml"


@cache
def weights() -> Mapping[str, float]:
    """How nearness in meaning is weighed, from search_index/weights.toml."""
    found: Mapping[str, float] = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))["meaning"]
    return found


def near_offers(tx: Tx, meanings: Meanings, need: Need) -> list[Key]:
    """The offers that are near to a need in meaning, whatever their words and places."""
    asked = _meanings(tx, meanings, {("need", need.id): need})
    return [key for meaning in asked.values() for key in meanings.shelf(tx).near(meaning, OFFERS, weights()["shown"])]


def near_needs(tx: Tx, meanings: Meanings, keys: Sequence[Key]) -> set[int]:
    """The needs that these offers, which have just changed, are near to in meaning."""
    shelf = meanings.shelf(tx)
    changed = [meaning_kept(row) for key, row in meanings.fresh.items() if key in keys and key[0] in OFFERS]
    return {
        number
        for meaning in changed
        for _kind, number in shelf.near(meaning.less(shelf.centres.get(meaning.language)), {"need"}, weights()["shown"])
    }


def add_meaning(
    tx: Tx, engine: SearchEngine, meanings: Meanings, need: Need, offers: Mapping[Key, Any],
    found: Mapping[Key, Candidate],
) -> None:  # fmt: skip
    """Say of each candidate how near it is to the need in meaning; one whose vectors are not there yet is not near."""
    known = _meanings(tx, meanings, {("need", need.id): need, **offers})
    asked = known.pop(("need", need.id), None)
    if asked is None or not known:
        return
    limits = _bars(tx, engine, meanings, need)
    for key, meaning in known.items():
        candidate, near = found[key], nearness(asked, meaning)
        surprise = max(0.0, candidate.words - limits.get(meaning.language, 0.0))
        candidate.meaning = near + weights()["surprise"] * surprise
        is_unsaid = near >= weights()["shown"] and not candidate.words and not candidate.title
        candidate.no_shared_term = is_unsaid and not shares_a_term(need, key[0], offers[key])


def _meanings(tx: Tx, meanings: Meanings, records: Mapping[Key, Any]) -> dict[Key, Meaning]:
    """What these records mean as they are now, less what is common to their language."""
    rows = {
        (kind, row.record_id): row
        for kind in KINDS
        for row in kept(tx, meanings.encoder.name, kind, [n for its_kind, n in records if its_kind == kind])
    }
    rows |= {key: row for key, row in meanings.fresh.items() if key in records}
    common = meanings.shelf(tx).centres
    return {
        key: meaning_kept(row).less(common.get(row.language))
        for key, row in sorted(rows.items())
        if row.record_version == records[key].version
    }


def _bars(tx: Tx, engine: SearchEngine, meanings: Meanings, need: Need) -> dict[str, float]:
    """By language, how well the need's words have to find an offer to say something that meaning does not."""
    languages = meanings.shelf(tx).public_offers
    shares: dict[str, list[float]] = {}
    for key, share in public_shares(engine, need).items():
        if key in languages:
            shares.setdefault(languages[key], []).append(share)
    counts: dict[str, int] = {}
    for language in languages.values():
        counts[language] = counts.get(language, 0) + 1
    return bars(shares, counts)
