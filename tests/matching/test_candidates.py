"""Which restricted offers are judged depends on public ones alone: none pushes another restricted one aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.matching.candidates import WIDER, hits_of
from app.search.engine import WhooshEngine
from app.search.engine_types import OFFERS, EngineQuery, IndexDocument
from app.search.terms import groups_of
from tests.search.engines import document

ROOM = 2
ASKED = EngineQuery(groups_of("training prison"), {}, OFFERS, None, limit=ROOM, all_words_first=False)
BODIES = st.sampled_from(["prison", "prison training", "prison prison training", "training", "boats " * 9 + "prison"])


def offer(number: int, body: str, *tokens: str) -> IndexDocument:
    return document(number, "Help", body, kind="programme", tokens=tokens)


def found(folder: Path, documents: list[IndexDocument]) -> tuple[list[int], list[int]]:
    engine = WhooshEngine(folder / "index")
    engine.rebuild(documents)
    public, restricted = hits_of(engine, ASKED)
    engine.close()
    return [hit.key[1] for hit in public], [hit.key[1] for hit in restricted]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(BODIES, max_size=12), st.lists(BODIES, min_size=1, max_size=8))
def test_a_restricted_offer_is_judged_or_not_whatever_other_restricted_ones_there_are(tmp_path, public, restricted):
    shown = [offer(10 + number, body) for number, body in enumerate(public)]
    hidden = [offer(100 + number, body, "o1") for number, body in enumerate(restricted)]
    listed, together = found(tmp_path, [*shown, *hidden])
    alone = [one.key[1] for one in hidden if found(tmp_path, [*shown, one])[1]]
    assert sorted(together) == alone
    assert listed == found(tmp_path, shown)[0]


@pytest.mark.parametrize(("better", "is_judged"), [(WIDER * ROOM - 1, True), (WIDER * ROOM, False)])
def test_it_stands_among_the_first_of_the_public_ones(tmp_path, better, is_judged):
    shown = [offer(10 + number, "prison training") for number in range(better)]
    shown += [offer(50 + number, "boats " * 30 + "training") for number in range(WIDER)]
    listed, restricted = found(tmp_path, [*shown, offer(100, "boats " * 9 + "prison", "o1")])
    assert listed == [10, 11]
    assert restricted == ([100] if is_judged else [])
