"""What every search engine of the site promises, whichever stands behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.search.engine_types import EngineBroken, EngineQuery, SearchEngine
from app.search.terms import groups_of
from tests.search.engines import ENGINES, FACETS, ask, document, make

pytestmark = pytest.mark.one_engine

THREE = [
    document(1, "Training for judges", "assets seized", theme="judicial_process", country="SN CV", status="open"),
    document(2, "Patrol boats", "training of crews at sea", theme="maritime_interdiction", country="CV", status="open"),
    document(3, "Prison health", "tuberculosis", theme="prisons", country="GH", kind="programme", status="closed"),
]
HIDDEN = document(9, "Hidden training", tokens=("o7",), country="CV", theme="secret")
NEED_1, NEED_2, NEED_9, OFFER_3 = ("need", 1), ("need", 2), ("need", 9), ("programme", 3)


@pytest.fixture(params=sorted(ENGINES))
def empty(request, with_server, tmp_path: Path):
    with_server(request.param)
    engine = make(request.param, tmp_path / "index")
    yield engine
    engine.close()


@pytest.fixture
def engine(empty: SearchEngine) -> SearchEngine:
    assert empty.rebuild([*THREE, HIDDEN]) == 4
    return empty


def test_words_are_found_in_title_and_body_and_the_title_weighs_more(engine):
    assert ask(engine, "training") == [NEED_1, NEED_2]
    assert ask(engine, "trained judge") == [NEED_1]
    assert ask(engine, "helicopters") == []


def test_all_words_first_then_half_of_them(engine):
    both = engine.search(EngineQuery(groups_of("training judges")))
    assert not both.relaxed
    assert [hit.key for hit in both.hits] == [NEED_1]
    relaxed = engine.search(EngineQuery(groups_of("training tuberculosis")))
    assert relaxed.relaxed
    assert {hit.key for hit in relaxed.hits} == {NEED_1, NEED_2, OFFER_3}
    assert ask(engine, "training tuberculosis zeppelin") == []


def test_without_all_words_first_one_word_is_enough(engine):
    answer = engine.search(EngineQuery(groups_of("training zeppelin balloon"), all_words_first=False))
    assert {hit.key for hit in answer.hits} == {NEED_1, NEED_2}
    assert not answer.relaxed


def test_a_question_is_answered_with_each_of_several_filters_as_with_that_filter_alone(engine):
    query = EngineQuery(groups_of("training tuberculosis"), {"status": frozenset({"open"})}, facets=FACETS, limit=1,
                        tokens=frozenset({"o7"}), all_words_first=False)  # fmt: skip
    narrower = [{"country": frozenset({"CV"})}, {"theme": frozenset({"judicial_process"})}, {}]
    alone = [engine.search(replace(query, filters={**query.filters, **one})) for one in narrower]
    assert engine.search_each(query, narrower) == alone
    assert [answer.total for answer in alone] == [2, 1, 2]


def test_filters_narrow_and_a_ticked_facet_counts_its_other_values_too(engine):
    answer = engine.search(EngineQuery(filters={"country": frozenset({"CV"})}, facets=FACETS))
    assert {hit.key for hit in answer.hits} == {NEED_1, NEED_2}
    assert answer.counts["theme"] == {"judicial_process": 1, "maritime_interdiction": 1}
    assert answer.counts["country"] == {"SN": 1, "CV": 2, "GH": 1}
    assert answer.counts["type"] == {"need": 2}


def test_two_ticked_facets_each_count_without_themselves_only(engine):
    ticked = {"country": frozenset({"CV"}), "theme": frozenset({"judicial_process"})}
    answer = engine.search(EngineQuery(filters=ticked, facets=FACETS))
    assert [hit.key for hit in answer.hits] == [NEED_1]
    assert answer.counts["country"] == {"SN": 1, "CV": 1}
    assert answer.counts["theme"] == {"judicial_process": 1, "maritime_interdiction": 1}
    assert answer.counts["status"] == {"open": 1}


def test_two_values_of_a_facet_are_either_of_them(engine):
    assert set(ask(engine, filters={"country": frozenset({"SN", "GH"})})) == {NEED_1, OFFER_3}


def test_a_filter_that_nothing_passes_gives_nothing(engine):
    answer = engine.search(EngineQuery(groups_of("training"), {"country": frozenset({"ZZ"})}, facets=FACETS))
    assert (answer.total, answer.hits) == (0, ())
    assert answer.counts["country"] == {"SN": 1, "CV": 2}


def test_kinds_narrow_and_the_type_is_counted_without_them(engine):
    answer = engine.search(EngineQuery(kinds=frozenset({"programme"}), facets=FACETS))
    assert [hit.key for hit in answer.hits] == [OFFER_3]
    assert answer.counts["type"] == {"need": 2, "programme": 1}
    assert ask(engine, kinds=frozenset({"course"})) == []


@pytest.mark.parametrize(
    ("tokens", "sees"),
    [(frozenset(), False), (frozenset({"o8"}), False), (frozenset({"o8", "o7"}), True), (None, True)],
)
def test_tokens_open_what_is_restricted(engine, tokens, sees):
    answer = engine.search(EngineQuery(groups_of("training"), tokens=tokens, facets=FACETS))
    assert (NEED_9 in {hit.key for hit in answer.hits}) is sees
    assert answer.total == (3 if sees else 2)
    assert ("secret" in answer.counts["theme"]) is sees


def test_one_part_alone(engine):
    assert set(ask(engine, tokens=None, only="public")) == {NEED_1, NEED_2, OFFER_3}
    assert ask(engine, tokens=None, only="restricted") == [NEED_9]
    assert ask(engine, only="restricted") == []


def test_what_is_hidden_changes_no_score(engine, tmp_path, request):
    alone = make(request.node.callspec.params["empty"], tmp_path / "alone")
    alone.rebuild(THREE)
    for text in ("training", "judges", "hidden", ""):
        query = EngineQuery(groups_of(text), facets=FACETS)
        assert alone.search(query) == engine.search(query)
    alone.close()


def test_newest_and_nearest_deadline_first(empty):
    days = [(1, 10, 0), (2, 30, 99), (3, 20, 50), (4, 30, 0)]
    empty.rebuild([replace(document(n, "boats"), posted=posted, due=due) for n, posted, due in days])
    assert [key[1] for key in ask(empty, sort="newest")] == [2, 4, 3, 1]
    assert [key[1] for key in ask(empty, "boats", sort="deadline")] == [3, 2, 1, 4]


def test_ties_go_by_kind_and_number_and_pages_fit_together(empty):
    mixed = [document(n, "boats", kind=kind) for n in range(1, 21) for kind in ("programme", "need", "course")]
    empty.rebuild(reversed(mixed))
    whole = ask(empty, "boats", limit=100)
    assert whole == sorted(document.key for document in mixed)
    pages = [key for offset in range(0, 70, 7) for key in ask(empty, "boats", offset=offset, limit=7)]
    assert pages == whole


def test_replace_is_seen_at_once_and_only_once(engine):
    for _twice in range(2):
        engine.replace([document(4, "Helicopters")], [])
    assert ask(engine, "helicopters") == [("need", 4)]
    engine.replace([document(4, "Lorries"), document(4, "Lorries")], [])
    assert ask(engine, "helicopters") == []
    assert ask(engine, "lorries") == [("need", 4)]
    engine.replace([], [("need", 4), ("need", 4), ("need", 77)])
    assert ask(engine, "lorries") == []
    assert len(engine.versions()) == 4


def test_a_document_changes_its_part(engine):
    engine.replace([replace(THREE[0], is_public=False, tokens=("o1",), words=())], [])
    assert ask(engine, "judges") == []
    assert ask(engine, "judges", tokens=frozenset({"o1"})) == [NEED_1]
    engine.replace([THREE[0]], [])
    assert ask(engine, "judges", tokens=None) == [NEED_1]


def test_versions_are_those_of_what_is_there(engine):
    engine.replace([replace(THREE[0], version=5)], [OFFER_3])
    assert engine.versions() == {NEED_1: 5, NEED_2: 1, NEED_9: 1}


def test_rebuild_puts_a_new_index_in_the_place_of_the_old_one(engine):
    assert engine.rebuild([document(5, "Lorries")]) == 1
    assert engine.versions() == {("need", 5): 1}
    assert ask(engine, "judges", tokens=None) == []


def test_an_index_of_another_size_than_the_database_is_not_put_in_place(engine):
    with pytest.raises(EngineBroken):
        engine.rebuild(THREE[:2], lambda: 3)
    assert len(engine.versions()) == 4
    assert engine.rebuild(THREE, lambda: 3) == 3
    assert len(engine.versions()) == 3


def test_the_mark_changes_with_what_there_is_and_with_nothing_else(engine):
    marks = [engine.mark()]
    assert marks == [engine.mark()] != [None]
    ask(engine, "training")
    engine.suggest("trainin")
    assert engine.mark() == marks[0]
    for change in (
        lambda: engine.replace([document(4, "Helicopters")], []),
        lambda: engine.replace([document(12, "Hidden lorries", tokens=("o7",))], []),
        lambda: engine.replace([], [NEED_1]),
        lambda: engine.renew(lambda: ([document(13, "Boats")], [])),
        lambda: engine.rebuild(THREE),
        lambda: engine.rebuild(THREE),
    ):
        change()
        assert engine.mark() not in marks
        marks.append(engine.mark())


def test_without_an_index_there_is_no_mark(empty):
    assert empty.mark() is None


def test_the_first_document_makes_the_index(empty):
    with pytest.raises(EngineBroken):
        empty.search(EngineQuery())
    with pytest.raises(EngineBroken):
        empty.versions()
    empty.replace([THREE[0]], [])
    assert ask(empty, "judges") == [NEED_1]


def test_suggestions_come_from_live_public_words_alone(engine):
    engine.replace([document(10, "Zanzibar", tokens=("o7",)), document(11, "wolframite")], [])
    assert engine.suggest("tuberculossis") == "tuberculosis"
    assert engine.suggest("tuberculosis") is None
    assert engine.suggest("zanzibat") is None
    assert engine.suggest("wolframit") == "wolframite"
    engine.replace([document(11, "wolframite", tokens=("o1",))], [])
    assert engine.suggest("wolframit") is None


def test_tending_changes_no_answer(engine):
    for number in range(20, 60):
        engine.replace([document(number, "training", "boats " * (number % 5), country="CV")], [("need", number - 3)])
    questions = [EngineQuery(groups_of(text), tokens=None, facets=FACETS, limit=50) for text in ("", "training boats")]
    before = [engine.search(question) for question in questions]
    for _turn in range(20):
        if not engine.tend():
            break
    else:
        pytest.fail("there is always something to do")
    assert [engine.search(question) for question in questions] == before


def test_another_process_sees_what_was_committed(engine, tmp_path, request):
    other = make(request.node.callspec.params["empty"], tmp_path / "index")
    assert ask(other, "helicopters") == []
    engine.replace([document(4, "Helicopters")], [])
    assert ask(other, "helicopters") == [("need", 4)]
    engine.rebuild(THREE)
    assert ask(other, "helicopters") == []
    other.close()


def test_only_the_records_that_are_named_count(engine):
    named = frozenset({NEED_2, OFFER_3, NEED_9, ("need", 77)})
    answer = engine.search(EngineQuery(facets=FACETS, within=named))
    assert {hit.key for hit in answer.hits} == {NEED_2, OFFER_3}
    assert answer.total == 2
    assert answer.counts["country"] == {"CV": 1, "GH": 1}
    assert NEED_9 in ask(engine, tokens=None, within=named)
    assert ask(engine, within=frozenset()) == []
    assert ask(engine, "judges", within=named) == []
