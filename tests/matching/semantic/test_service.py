"""Vectors are kept beside records and follow them; matching looks at them only where it is told to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select

from app.foundation.worker import work_off
from app.matching.candidates import candidates
from app.matching.models import Match
from app.matching.reactions import update_matches
from app.matching.scoring import SIMILAR
from app.matching.semantic.comparing import near_needs
from app.matching.semantic.models import RecordVectors
from app.matching.semantic.rules import unit
from app.matching.semantic.service import Meanings, keep, keys_to_learn, learn, meanings_of
from app.matching.semantic.shelf import meaning_kept, read_shelf
from app.matching.service import Method, find_pairs, needs_touched, weights
from app.needs.events import NeedAmended
from app.search.engine import WhooshEngine
from app.search.indexer import index_records
from app.wiring import REACTIONS
from tests.matching.semantic.words import ReadableModel

ASKED = {
    "title": "Chorale dehors", "summary": "", "problem": "Les choristes répètent en plein vent.", "objectives": "",
    "language": "fr", "themes": [], "lines": [{"description": "", "beneficiary_unit": ""}],
}  # fmt: skip
NEAR = {"title": "Choir outdoors", "description": "Singers rehearse in open air.", "themes": [], "language": "en"}
FAR = {"title": "Boats", "description": "Vessels for fishing.", "themes": [], "language": "en"}


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


@pytest.fixture
def meanings():
    return Meanings(ReadableModel())


@pytest.fixture
def need(world):
    return world.need(world.organisation("state"), **ASKED)


@pytest.fixture
def posted(world, tx, engine, need, meanings):
    """Posts programmes beside the need, and works out what all of them mean."""

    def post(*values):
        donor = world.organisation("donor")
        rows = [world.programme(donor, **one) for one in values]
        tx.flush()
        keys = [(row.record_kind, row.id) for row in (need, *rows)]
        meanings.fresh = {}
        index_records(tx, engine, keys)
        learn(tx, meanings, keys)
        keep(tx, meanings, keys)
        return rows

    return post


def kept(tx, kind="programme"):
    tx.flush()
    query = select(RecordVectors).where(RecordVectors.record_kind == kind).order_by(RecordVectors.record_id)
    return tx.scalars(query).all()


def scores(tx, engine, need, now, meanings=None, only=None):
    found = find_pairs(tx, engine, need, now, Method(meanings=meanings), only)
    return {pair.offer.id: pair.judgement for pair in found}


# --- kept beside the record ---


def test_vectors_are_kept_with_model_and_version_and_read_as_they_were(tx, posted) -> None:
    (near,) = posted(NEAR)
    (row,) = kept(tx)
    assert (row.record_id, row.record_version, row.model, row.language) == (near.id, 1, "readable 1", "en")
    assert np.allclose(meaning_kept(row).whole, unit(meaning_kept(row).passages.mean(axis=0)), atol=1e-3)


def test_what_is_kept_is_not_worked_out_again_until_the_record_changes(tx, posted, meanings) -> None:
    (near,) = posted(NEAR)
    meanings.fresh = {}
    learn(tx, meanings, [("programme", near.id)])
    assert not meanings.fresh
    near.title, near.version = "Boats", 2
    tx.flush()
    assert keys_to_learn(tx, meanings) == [("programme", near.id)]
    learn(tx, meanings, [("programme", near.id)])
    keep(tx, meanings, [("programme", near.id)])
    assert [row.record_version for row in kept(tx)] == [2]
    assert not keys_to_learn(tx, meanings)


def test_another_model_reads_everything_anew(tx, posted, meanings) -> None:
    posted(NEAR)
    meanings.encoder.name = "readable 2"
    assert len(keys_to_learn(tx, meanings)) == 2


def test_with_a_record_that_is_hidden_its_vectors_go(tx, posted, meanings) -> None:
    (near,) = posted(NEAR)
    near.is_published = False
    tx.flush()
    meanings.fresh = {}
    learn(tx, meanings, [("programme", near.id)])
    keep(tx, meanings, [("programme", near.id)])
    assert not kept(tx)


def test_only_public_records_say_what_is_common_to_a_language(tx, posted) -> None:
    posted(NEAR)
    before = read_shelf(tx, "readable 1").centres
    posted({**FAR, "disclosure": "members"}, {**FAR, "disclosure": "own"})
    assert np.array_equal(read_shelf(tx, "readable 1").centres["en"], before["en"])


# --- looked at in matching ---


def test_without_the_extra_nothing_is_different(tx, engine, need, posted, now) -> None:
    posted(NEAR, FAR)
    without = {section: dict(values) for section, values in weights().items()}
    del without["meaning"]
    before = find_pairs(tx, engine, need, now, Method(weighing=without))
    assert [pair.judgement for pair in find_pairs(tx, engine, need, now)] == [pair.judgement for pair in before]
    assert scores(tx, engine, need, now) == {}


def test_a_pair_that_shares_no_word_is_found_and_says_so(tx, engine, need, posted, meanings, now) -> None:
    near, _far = posted(NEAR, FAR)
    found = scores(tx, engine, need, now, meanings)
    assert list(found) == [near.id]
    assert SIMILAR in found[near.id].reasons


def test_a_pair_that_shares_a_word_does_not_say_that_it_shares_none(tx, engine, need, posted, meanings, now) -> None:
    posted({**NEAR, "description": "Singers rehearse in open air: chorale."})
    found = scores(tx, engine, need, now, meanings)
    assert found
    assert all(SIMILAR not in judged.reasons for judged in found.values())


def test_by_itself_an_offer_is_judged_as_among_all(tx, engine, need, posted, meanings, now) -> None:
    rows = posted(NEAR, {**NEAR, "title": "Choir", "description": "Chorale: singers."}, FAR)
    whole = scores(tx, engine, need, now, Meanings(meanings.encoder))
    assert len(whole) == 2
    for row in rows:
        alone = scores(tx, engine, need, now, Meanings(meanings.encoder), [("programme", row.id)])
        assert alone == {key: judged for key, judged in whole.items() if key == row.id}


def test_an_offer_that_others_may_not_see_changes_nothing_for_the_rest(tx, engine, need, posted, meanings, now) -> None:
    (near,) = posted({**NEAR, "description": "Chorale: singers in open air."})
    before = scores(tx, engine, need, now, Meanings(meanings.encoder))
    posted({**NEAR, "disclosure": "members"}, {**NEAR, "title": "Chorale", "disclosure": "members"})
    after = scores(tx, engine, need, now, Meanings(meanings.encoder))
    assert len(after) == 3
    assert after[near.id] == before[near.id]


def test_vectors_of_an_older_version_are_not_compared(tx, engine, need, posted, meanings, now) -> None:
    (near,) = posted(NEAR)
    near.version = 2
    tx.flush()
    assert scores(tx, engine, need, now, Meanings(meanings.encoder)) == {}


def test_an_offer_far_away_that_only_meaning_leads_to_is_found_from_both_sides(
    tx, engine, need, posted, meanings, now
) -> None:
    (near,) = posted({**NEAR, "countries": ["PE"], "accepting": "no"})
    assert ("programme", near.id) not in candidates(engine, need)
    assert list(scores(tx, engine, need, now, Meanings(meanings.encoder))) == [near.id]
    assert needs_touched(tx, engine, [("programme", near.id)]) == []
    assert near_needs(tx, meanings, [("programme", near.id)]) == {need.id}


# --- in the worker ---


def test_the_worker_keeps_vectors_with_the_matches(app, tx, world, need) -> None:
    site = app.extensions["counterpart"]
    site.settings = replace(site.settings, semantic=True)
    site.parts["encoder"] = ReadableModel()
    near = world.programme(world.organisation("donor"), **NEAR)
    tx.flush()
    index_records(tx, site.parts["search"], [("need", need.id), ("programme", near.id)])
    update_matches(site, [])(tx)
    assert not kept(tx)
    vectors = app.test_cli_runner().invoke(args=["vectors"])
    assert vectors.exit_code == 0, vectors.output
    assert "2 records read, 1 needs matched anew." in vectors.output
    assert [row.offer_id for row in tx.scalars(select(Match).where(Match.need_id == need.id))] == [near.id]
    need.title, need.problem, need.version = "Bateaux", "Pêche", 2
    tx.flush()
    fact = NeedAmended(need_id=need.id, version=2)
    update_matches(site, [fact])(tx)
    assert [row.record_version for row in kept(tx, "need")] == [2]
    assert not tx.scalars(select(Match).where(Match.need_id == need.id)).all()
    while work_off(site, REACTIONS):
        pass


def test_switched_off_nothing_is_worked_out_and_the_command_says_so(app) -> None:
    site = app.extensions["counterpart"]
    assert meanings_of(site) is None
    result = app.test_cli_runner().invoke(args=["vectors"])
    assert result.exit_code == 1
    assert "COUNTERPART_SEMANTIC=on" in result.output
