"""Three plain ways to rank, measured in the same run: own words, country and sector, and both fused.

Own words: BM25 of SQLite's FTS5 over title and text with the words of the need's title. Country and sector: activities
of the need's country whose sector speaks of a theme that the need's words speak of, the more the higher. Fused:
reciprocal ranks (k = 60, Cormack and others 2009).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from app.evaluation.gold import Gold, GoldNeed
from app.evaluation.metrics import Judged, by_language
from app.matching.aboutness import about, cosine

DEEP = 200
K = 60
Ranking = list[str]


def baselines(gold: Gold, programmes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of the three, all and by language."""
    words = {need.need_id: ranked for need, ranked in zip(gold.needs, own_words(gold.needs, programmes), strict=True)}
    sectors = {need.need_id: country_and_sector(need, programmes) for need in gold.needs}
    fused = {need: fuse([words[need], sectors[need]]) for need in words}
    return {
        name: by_language(
            [Judged(n.language, ranked[n.need_id], gold.need_grades.get(n.need_id, {})) for n in gold.needs]
        )
        for name, ranked in (("own_words", words), ("country_sector", sectors), ("fused", fused))
    }


def own_words(needs: Sequence[GoldNeed], programmes: Sequence[Mapping[str, Any]]) -> list[Ranking]:
    """For each need the activities that have the words of its title."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize='porter unicode61')")
        rows = [(number, each["title"], each["text"]) for number, each in enumerate(programmes)]
        database.executemany("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", rows)
        return [_by_words(database, need.title, programmes) for need in needs]


def _by_words(database: sqlite3.Connection, title: str, programmes: Sequence[Mapping[str, Any]]) -> Ranking:
    words = dict.fromkeys(re.findall(r"\w+", title.lower()))
    asked = " OR ".join(f'"{word}"' for word in words)
    found = database.execute(
        "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts), rowid LIMIT ?", (asked, DEEP)
    )
    return [programmes[number]["id"] for (number,) in found]


def country_and_sector(need: GoldNeed, programmes: Sequence[Mapping[str, Any]]) -> Ranking:
    """The activities of the need's country, by how much their sectors speak of the need's themes."""
    themes = about(need.title, need.description).themes
    here = [each for each in programmes if need.country in each["countries"]]
    told = {
        each["id"]: cosine(themes, about("", "", tuple(f"1:{code}" for code in sorted(each["sectors"]))).sectors)
        for each in here
    }
    return sorted(told, key=lambda identifier: (-told[identifier], identifier))[:DEEP]


def fuse(rankings: Sequence[Ranking]) -> Ranking:
    """One ranking of several: the sum of 1 / (60 + rank)."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, identifier in enumerate(ranking, 1):
            scores[identifier] = scores.get(identifier, 0.0) + 1 / (K + rank)
    return sorted(scores, key=lambda identifier: (-scores[identifier], identifier))[:DEEP]
