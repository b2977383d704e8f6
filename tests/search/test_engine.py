"""The engine keeps to its contract: what is asked is found, and what may not be seen leaves no trace."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.search.engine import WhooshEngine
from app.search.engine_types import EngineBroken, EngineQuery, IndexDocument
from app.search.terms import groups_of
from tests.search.engines import FACETS, document


def engine_with(folder: Path, documents: Iterable[IndexDocument]) -> WhooshEngine:
    engine = WhooshEngine(folder)
    engine.rebuild(documents)
    return engine


def ask(engine: WhooshEngine, text: str = "", **changes: object) -> list[int]:
    query = replace(EngineQuery(groups_of(text), facets=FACETS), **changes)
    return [hit.key[1] for hit in engine.search(query).hits]


THREE = [
    document(1, "Training for judges", "assets seized", theme="judicial_process", country="SN CV"),
    document(2, "Patrol boats", "training of crews at sea", theme="maritime_interdiction", country="CV"),
    document(3, "Prison health", "tuberculosis", theme="prisons", country="GH", kind="programme"),
]


def test_all_words_first_then_some(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, THREE)
    assert ask(engine, "training judges") == [1]
    relaxed = engine.search(EngineQuery(groups_of("training tuberculosis")))
    assert relaxed.relaxed
    assert {hit.key[1] for hit in relaxed.hits} == {1, 2, 3}


def test_filters_and_counts(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, THREE)
    answer = engine.search(EngineQuery(filters={"country": frozenset({"CV"})}, facets=FACETS))
    assert {hit.key[1] for hit in answer.hits} == {1, 2}
    assert answer.counts["theme"] == {"judicial_process": 1, "maritime_interdiction": 1}
    # A facet counts what its other values would give, so that one can change one's mind.
    assert answer.counts["country"] == {"SN": 1, "CV": 2, "GH": 1}


def test_a_filter_that_nothing_passes_gives_nothing(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, THREE)
    answer = engine.search(EngineQuery(groups_of("training"), filters={"country": frozenset({"ZZ"})}))
    assert answer.total == 0
    assert not answer.hits


def test_restricted_documents_need_a_token(tmp_path: Path) -> None:
    hidden = document(9, "Hidden training", tokens=("o7",), country="CV")
    engine = engine_with(tmp_path, [*THREE, hidden])
    assert 9 not in ask(engine, "training")
    assert 9 not in ask(engine, "training", tokens=frozenset({"o8"}))
    assert 9 in ask(engine, "training", tokens=frozenset({"o7"}))
    assert 9 in ask(engine, "training", tokens=None)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="abcde ", min_size=3, max_size=30), max_size=4))
def test_what_is_hidden_changes_nothing_for_the_public(tmp_path: Path, texts: list[str]) -> None:
    hidden = [document(100 + n, f"training {text}", text, tokens=("o7",), country="CV") for n, text in enumerate(texts)]
    without = engine_with(tmp_path / "without", THREE)
    with_hidden = engine_with(tmp_path / "with", [*THREE, *hidden])
    for text in ("training", "judges", "trainig", ""):
        query = EngineQuery(groups_of(text), facets=FACETS)
        assert without.search(query) == with_hidden.search(query)
        assert without.suggest("trainig") == with_hidden.suggest("trainig")


def test_a_word_of_a_hidden_document_is_never_suggested(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, [*THREE, document(9, "Zanzibar", tokens=("o7",))])
    assert engine.suggest("zanzibat") is None
    assert engine.suggest("tuberculossis") == "tuberculosis"


def test_replace_is_seen_at_once_and_only_once(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, THREE)
    assert ask(engine, "helicopters") == []
    for _twice in range(2):
        engine.replace([document(4, "Helicopters")], [])
    assert ask(engine, "helicopters") == [4]
    engine.replace([], [("need", 4)])
    assert ask(engine, "helicopters") == []
    assert len(engine.versions()) == 3


def test_a_document_that_becomes_restricted_leaves_the_public_index(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, THREE)
    engine.replace([replace(THREE[0], is_public=False, tokens=("o1",), words=())], [])
    assert ask(engine, "judges") == []
    assert ask(engine, "judges", tokens=frozenset({"o1"})) == [1]


def test_rebuild_swaps_and_keeps_one_old_generation(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, THREE)
    for _again in range(3):
        assert engine.rebuild(THREE) == 3
    assert sorted(p.name for p in tmp_path.glob("gen-*")) == ["gen-3", "gen-4"]


# Whoosh leaves the file open that it could not read; that is the very case here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_index_is_said_to_be_broken(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, THREE)
    for file in tmp_path.glob("gen-*/public/*"):
        file.write_bytes(b"\x00" * 64)
    with pytest.raises(EngineBroken):
        WhooshEngine(tmp_path).search(EngineQuery(groups_of("training")))
    with pytest.raises(EngineBroken):
        WhooshEngine(tmp_path / "nowhere").versions()
    gc.collect()
    assert engine.rebuild(THREE) == 3
    assert ask(WhooshEngine(tmp_path), "judges") == [1]


def test_pages_are_stable(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, [document(n, "training") for n in range(1, 61)])
    pages = [ask(engine, "training", offset=offset, limit=20) for offset in (0, 20, 40)]
    assert sorted(number for page in pages for number in page) == list(range(1, 61))
    assert pages == [ask(engine, "training", offset=offset, limit=20) for offset in (0, 20, 40)]


def test_a_word_of_a_record_that_is_no_longer_public_is_suggested_no_more(tmp_path: Path) -> None:
    """Whoosh keeps the words of documents that are gone until it merges its segments."""
    engine = engine_with(tmp_path, [document(1, "wolframite"), document(2, "interpreters")])
    assert engine.suggest("wolframit") == "wolframite"
    engine.replace([document(1, "wolframite", tokens=("o1",))], [])
    assert engine.suggest("wolframit") is None
    assert engine.suggest("wolframite") is None
