"""The figures of ranked lists, worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from app.evaluation.metrics import (
    Judged,
    by_language,
    ndcg,
    precision_and_recall,
    recall,
    reciprocal_rank,
    unjudged,
)

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}


def test_the_best_order_is_one_and_a_worse_one_less() -> None:
    assert ndcg(["a", "b", "c", "d"], GRADES) == pytest.approx(1)
    best = 7 + 3 / log2(3) + 1 / 2
    assert ndcg(["x", "b", "a"], GRADES) == pytest.approx((3 / log2(3) + 7 / 2) / best)
    assert ndcg(["x"], {"a": 0}) is None


def test_recall_rank_and_what_nobody_judged() -> None:
    assert recall(["a", "x"], GRADES) == 0.5
    assert recall(["a"], {"a": 1}) is None
    assert recall(["a"], {"a": 1}, good=1) == 1
    assert reciprocal_rank(["x", "c", "b"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], GRADES) == 0
    assert unjudged(["a", "x"], GRADES) == 0.5
    assert unjudged([], GRADES) is None


def test_means_leave_out_what_says_nothing() -> None:
    lists = [Judged("fr", ["a"], GRADES), Judged("en", ["x"], {"x": 0})]
    assert by_language(lists)["all"]["recall20"] == 0.5
    assert by_language(lists)["en"] == {"ndcg10": 0.0, "recall20": 0.0, "mrr": 0.0, "unjudged20": 0.0, "n": 1}


def test_precision_and_recall_of_pairs() -> None:
    said, true = {"1": True, "2": True, "3": False}, {"1": True, "2": False, "3": True}
    assert precision_and_recall(said, true) == {"precision": 0.5, "recall": 0.5, "n": 3}
