"""The figures of ranked lists against judgements: nDCG, recall, reciprocal rank, and how much nobody has judged.

nDCG@k: gain 2^grade - 1, discount log2(rank + 1), divided by the best order possible (Järvelin and Kekäläinen 2002,
with the gain of Burges 2005). Recall@k counts grades of 2 and more; for questions, judged by yes or no, of 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean

GOOD = 2
TOP, DEEP = 10, 20


@dataclass(frozen=True)
class Judged:
    """One ranked list: identifiers in order, the grade of each judged one, and from which grade on one is good."""

    language: str
    ranked: Sequence[str]
    grades: Mapping[str, int]
    good: int = GOOD


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = TOP) -> float | None:
    """From 0 to 1; None where nothing was judged to be of any use, so that no order is better than another."""
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(each, 0) for each in ranked[:depth]]) / best if best else None


def _gain(grades: Iterable[int]) -> float:
    return sum((2.0**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))


def recall(ranked: Sequence[str], grades: Mapping[str, int], good: int = GOOD, depth: int = DEEP) -> float | None:
    """Which share of the good ones stands among the first `depth`; None where there is no good one."""
    wanted = {each for each, grade in grades.items() if grade >= good}
    return len(wanted.intersection(ranked[:depth])) / len(wanted) if wanted else None


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], good: int = GOOD) -> float | None:
    """One over the place of the first good one, 0 if it is not there; None where there is no good one."""
    if not any(grade >= good for grade in grades.values()):
        return None
    return next((1 / place for place, each in enumerate(ranked, 1) if grades.get(each, 0) >= good), 0.0)


def unjudged(ranked: Sequence[str], grades: Mapping[str, int], depth: int = DEEP) -> float | None:
    """Which share of the first `depth` nobody has judged; None for an empty list."""
    top = ranked[:depth]
    return sum(each not in grades for each in top) / len(top) if top else None


def figures(lists: Sequence[Judged]) -> dict[str, float | int]:
    """The means over several lists; those that a figure says nothing of are left out of its mean."""
    return {
        "ndcg10": _mean(ndcg(each.ranked, each.grades) for each in lists),
        "recall20": _mean(recall(each.ranked, each.grades, each.good) for each in lists),
        "mrr": _mean(reciprocal_rank(each.ranked, each.grades, each.good) for each in lists),
        "unjudged20": _mean(unjudged(each.ranked, each.grades) for each in lists),
        "n": len(lists),
    }


def by_language(lists: Sequence[Judged]) -> dict[str, dict[str, float | int]]:
    """The figures of all, and of each language of the questions by itself."""
    languages = sorted({each.language for each in lists})
    parts = {language: [each for each in lists if each.language == language] for language in languages}
    return {"all": figures(lists), **{language: figures(part) for language, part in parts.items()}}


def precision_and_recall(said: Mapping[str, bool], true: Mapping[str, bool]) -> dict[str, float | int]:
    """Of the pairs called duplicates how many are, and of those that are how many were called so."""
    hits = sum(said[pair] and true[pair] for pair in true)
    called, there = sum(said[pair] for pair in true), sum(true.values())
    return {
        "precision": round(hits / called, 4) if called else 0.0,
        "recall": round(hits / there, 4) if there else 0.0,
        "n": len(true),
    }


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return round(fmean(known), 4) if known else 0.0
