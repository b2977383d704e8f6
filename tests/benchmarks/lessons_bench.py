"""How good the three lessons are that are shown beside a draft: 60 drafted needs, judged by hand over 127 lessons.

Needs, lessons and judgements stand in tests/benchmarks/data; they were written by the authors of the system before a
weight was set. Each need is asked of the product's own queries in a site of its own that goes away, beside the way by
tags alone that came before and beside chance. Figures go to standard output and, with BENCH_OUT, to
<BENCH_OUT>/lessons.json. With --tune the weights are looked for on the development half, and on that alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

from app import create_app
from app.config import Settings
from app.evaluation.scratch import scratch_site
from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS
from app.lessons.models import Lesson
from app.lessons.queries import lessons_alike
from app.lessons.rules import WARNINGS
from app.matching.advice.facts import Asking
from app.matching.advice.queries import advise, teachings, weights
from app.matching.advice.rules import Teaching, most_relevant
from app.organisations.models import Organisation
from app.search.engine_types import SearchEngine
from app.search.indexer import all_documents
from app.search.reactions import engine_of

DATA = Path(__file__).parent / "data"
MOST = 3
NONE: frozenset[str] = frozenset()
STEPS = (0.5, 0.7, 0.85, 1.15, 1.4, 2.0)
Shown = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Drafted:
    """A need as its author typed it, and which lessons were judged to be worth reading: 2 or 1; others are 0."""

    key: str
    half: str
    language: str
    asking: Asking
    gold: Mapping[str, int]


def rows_of(name: str) -> Iterator[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return (line.split("|") for line in lines if not line.startswith("#"))


def drafted_needs() -> list[Drafted]:
    found = []
    for key, half, language, country, themes, kinds, title, text, best, good in rows_of("needs.psv"):
        codes = {"theme": codes_of(themes), "kind": codes_of(kinds), "country": codes_of(country)}
        gold = {**dict.fromkeys(codes_of(good), 1), **dict.fromkeys(codes_of(best), 2)}
        found.append(Drafted(key, half, language, Asking("need", title, text, codes), gold))
    return found


def codes_of(text: str) -> frozenset[str]:
    return frozenset(code for code in text.split(",") if code)


def bring_in(tx: Tx, now: Any) -> dict[str, Lesson]:
    """The library, all of it public, in the order of its file."""
    owner = Organisation(
        kind="donor", name="Donor", country="NO", status="trusted", language="en", created_at=now, changed_at=now,
        email_domain="no.example", iati_type="10",
    )  # fmt: skip
    tx.add(owner)
    found = {}
    for key, language, verdict, evidence, status, stage, themes, kinds, countries, *texts in rows_of("lessons.psv"):
        title, context, action, result, instruction = texts
        lesson = Lesson(
            organisation=owner, language=language, verdict=verdict, evidence=evidence, status=status, stage=stage,
            title=title, context=context, action=action, result=result, instruction=instruction,
            is_published=True, disclosure="public", posted_at=now, created_at=now, changed_at=now,
        )  # fmt: skip
        for facet, codes in (("theme", themes), ("kind", kinds), ("country", countries)):
            lesson.set_codes(facet, sorted(codes_of(codes)))
        tx.add(lesson)
        found[key] = lesson
    tx.flush()
    return found


# --- judging ---


def measured(needs: Sequence[Drafted], shown: Shown, warning: frozenset[str]) -> dict[str, Any]:
    """What is reported of one way of showing lessons over some needs."""
    grades = [need.gold.get(key, 0) for need in needs for key in shown[need.key]]
    warned = [need for need in needs if warning & need.gold.keys()]
    return {
        "needs": len(needs),
        "shown": len(grades),
        "relevant": share(grade > 0 for grade in grades),
        "of this very thing": share(grade > 1 for grade in grades),
        "all three relevant": share(
            len(shown[need.key]) == MOST and all(key in need.gold for key in shown[need.key]) for need in needs
        ),
        "with a relevant warning": share(bool(warning & need.gold.keys() & {*shown[need.key]}) for need in warned),
    }


def share(told: Iterable[bool]) -> float:
    found = list(told)
    return round(sum(found) / len(found), 3) if found else 0.0


def by_chance(needs: Sequence[Drafted], size: int) -> dict[str, float]:
    """What three lessons drawn by lot would be worth, reckoned and not drawn."""
    three = [len(need.gold) * (len(need.gold) - 1) * (len(need.gold) - 2) for need in needs]
    return {
        "relevant": round(mean(len(need.gold) / size for need in needs), 3),
        "all three relevant": round(mean(ways / (size * (size - 1) * (size - 2)) for ways in three), 5),
    }


def told(needs: Sequence[Drafted], shown: Shown, warning: frozenset[str]) -> dict[str, Any]:
    """The figures of all needs, of each half and of each language."""
    parts: dict[str, Callable[[Drafted], bool]] = {
        "all": lambda _need: True,
        "development": lambda need: need.half == "dev",
        "held out": lambda need: need.half == "held",
        **{code: lambda need, code=code: need.language == code for code in ("en", "fr", "es", "pt")},
    }
    return {name: measured([n for n in needs if is_in(n)], shown, warning) for name, is_in in parts.items()}


# --- tuning ---


def tune(needs: Sequence[Drafted], known: Mapping[str, list[Teaching]], keys: Mapping[int, str],
         warning: frozenset[str]) -> dict[str, float]:  # fmt: skip
    """Better weights for these needs, one at a time, as long as there are any."""
    best = dict(weights())
    best_worth = worth(needs, known, keys, warning, best)
    improved = True
    while improved:
        improved = False
        for name in tuple(best):
            for step in STEPS:
                tried = {**best, name: round(best[name] * step, 3)}
                value = worth(needs, known, keys, warning, tried)
                if value > best_worth + 1e-9:
                    best, best_worth, improved = tried, value, True
    print("worth", round(best_worth, 4), best)
    return best


def worth(needs: Sequence[Drafted], known: Mapping[str, list[Teaching]], keys: Mapping[int, str],
          warning: frozenset[str], how: Mapping[str, float]) -> float:  # fmt: skip
    """Relevance first; a lesson of this very thing counts more; and that fewer are shown is no gain by itself."""
    shown = {n.key: [keys[one.number] for one in most_relevant(n.asking.topic, known[n.key], how)] for n in needs}
    told_of = measured(needs, shown, warning)
    found = mean(sum(need.gold.get(key, 0) for key in shown[need.key]) for need in needs) / (2 * MOST)
    return float(
        told_of["relevant"] + 0.5 * found + 0.5 * told_of["all three relevant"]
        + 0.3 * told_of["with a relevant warning"]
    )  # fmt: skip


def main() -> None:
    settings = Settings.from_environment()
    create_app(settings)
    needs = drafted_needs()
    with scratch_site(settings) as site:
        with site.database.transaction() as tx:
            library = bring_in(tx, site.clock.now())
            keys = {lesson.id: key for key, lesson in library.items()}
            warning = frozenset(key for key, lesson in library.items() if lesson.verdict in WARNINGS)
        engine = engine_of(site)
        engine.rebuild(all_documents(site.database))
        with site.database.reading() as tx:
            if "--tune" in sys.argv:
                known = {need.key: teachings(tx, ANONYMOUS, engine, need.asking) for need in needs}
                tune([need for need in needs if need.half == "dev"], known, keys, warning)
                return
            report = reported(tx, engine, needs, keys, warning)
    write(report)


def reported(
    tx: Tx, engine: SearchEngine, needs: Sequence[Drafted], keys: Mapping[int, str], warning: frozenset[str]
) -> dict[str, Any]:
    shown, before = by_words(tx, engine, needs, keys), by_tags(tx, needs, keys)
    # Before anything is ticked: nothing but title, text, kind and country.
    bare = [replace(need, asking=replace(need.asking, codes={**need.asking.codes, "theme": NONE})) for need in needs]
    if "--each" in sys.argv:
        for need in needs:
            print(need.key, " ".join(f"{key}={need.gold.get(key, 0)}" for key in shown[need.key]), "|", *need.gold)
    return {
        "lessons": len(keys),
        "warnings": len(warning),
        "by subject and words": told(needs, shown, warning),
        "by tags alone": told(needs, before, warning),
        "by subject and words, no theme ticked": measured(needs, by_words(tx, engine, bare, keys), warning),
        "by tags alone, no theme ticked": measured(needs, by_tags(tx, bare, keys), warning),
        "by chance": by_chance(needs, len(keys)),
    }


def by_words(tx: Tx, engine: SearchEngine, needs: Sequence[Drafted], keys: Mapping[int, str]) -> Shown:
    return {need.key: [keys[one.lesson.id] for one in advise(tx, ANONYMOUS, engine, need.asking)] for need in needs}


def by_tags(tx: Tx, needs: Sequence[Drafted], keys: Mapping[int, str]) -> Shown:
    """The way that came before."""
    found = {}
    for need in needs:
        codes = [sorted(need.asking.codes[facet]) for facet in ("theme", "kind", "country")]
        found[need.key] = [keys[lesson.id] for lesson in lessons_alike(tx, ANONYMOUS, *codes)]
    return found


def write(report: Mapping[str, Any]) -> None:
    text = json.dumps(report, indent=1, ensure_ascii=False)
    print(text)
    if folder := os.environ.get("BENCH_OUT"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "lessons.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
