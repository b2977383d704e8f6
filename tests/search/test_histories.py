"""The index is the same after any history, wherever it lives: whoever has it may rebuild, merge, reopen and go on."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.search.engine import ColumnEngine
from app.search.engine_types import EngineQuery
from app.search.language import terms
from app.search.terms import groups_of
from tests.search.engines import ENGINES, FACETS, WORDS, Model, documents, make

pytestmark = pytest.mark.one_engine

steps = st.one_of(
    st.tuples(st.just("replace"), st.lists(documents, max_size=4), st.lists(st.integers(1, 12), max_size=2)),
    st.tuples(st.sampled_from(["tend", "reopen", "rebuild", "suggest"]), st.just([]), st.just([])),
)


def same(engine: ColumnEngine, model: Model) -> None:
    """The engine says what the model says."""
    assert engine.versions() == {key: one.version for key, one in model.documents.items()}
    for tokens in (frozenset(), frozenset({"o2"}), None):
        for word in WORDS:
            query = EngineQuery(groups_of(word), tokens=tokens, limit=100)
            found = [hit.key for hit in engine.search(query).hits]
            assert len(found) == len(set(found))
            assert set(found) == model.with_word(terms(word, "en")[0], tokens)
        answer = engine.search(EngineQuery(tokens=tokens, facets=FACETS))
        assert answer.counts["country"] == model.counts("country", tokens)
        assert answer.total == len(model.visible(tokens))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=12), st.integers(0, 10**9))
@pytest.mark.parametrize("kind", ENGINES)
def test_the_index_says_what_a_plain_model_says_after_any_history(
    tmp_path: Path, with_server, kind: str, history, number: int
) -> None:
    with_server(kind)
    folder, model = tmp_path / str(number) / str(time.monotonic_ns()), Model()
    engine = make(kind, folder)
    engine.replace([], [])
    for act, several, gone in history:
        if act == "replace":
            keys = [("need", one) for one in gone]
            engine.replace(several, keys)
            model.replace(several, keys)
        elif act == "rebuild":
            assert engine.rebuild(model.documents.values()) == len(model.documents)
        elif act == "reopen":
            engine.close()
            engine = make(kind, folder)
        elif act == "suggest":
            engine.suggest("trainig")
        else:
            engine.tend()
    same(engine, model)
    fresh = make(kind, folder / "fresh")
    fresh.rebuild(random.Random(number).sample([*model.documents.values()], len(model.documents)))
    for query in (EngineQuery(groups_of(text), tokens=None, facets=FACETS) for text in ("boats judges", "training")):
        # Scores and order tell nothing of how the documents came to be there.
        assert fresh.search(query) == engine.search(query)
    engine.close()
    fresh.close()
