"""Matches follow both sides: found when a need or an offer is posted, changed with them, gone with what made them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.matching.facts import about_need, about_offer
from app.matching.models import Match
from app.matching.service import MOST_KEPT, find_pairs, needs_touched, store_pairs
from app.search.engine import WhooshEngine
from app.search.indexer import index_records

FRENCH = {
    "title": "Formation des agents pénitentiaires",
    "summary": "Cent agents formés.",
    "problem": "Les prisons sont surpeuplées et les agents pénitentiaires n'ont jamais été formés.",
    "themes": ["prisons"],
    "languages": ["fr"],
}
ENGLISH = {
    "title": "Training of prison staff",
    "description": "Courses for prison officers on the treatment of prisoners in crowded prisons.",
    "language": "en",
    "languages": ["fr", "en"],
    "themes": ["prisons"],
    "countries": ["SN"],
    "accepting": "yes",
    "offers": [{"kind": "training"}],
}


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


def index(tx, engine, *records):
    tx.flush()
    index_records(tx, engine, [(record.record_kind, record.id) for record in records])


def matches(tx, need):
    tx.flush()
    return tx.scalars(select(Match).where(Match.need_id == need.id).order_by(Match.offer_kind, Match.offer_id)).all()


def test_a_french_need_finds_the_english_programme_and_says_through_what(world, tx, engine, now) -> None:
    need = world.need(world.organisation("state"), **FRENCH)
    offer = world.programme(world.organisation("donor"), **ENGLISH)
    fishing = {"title": "Coastal fishing", "description": "Boats.", "themes": ["alternative_development"]}
    other = world.programme(world.organisation("donor"), countries=["SN"], **fishing)
    index(tx, engine, need, offer, other)
    pairs = find_pairs(tx, engine, need, now)
    assert [pair.offer.id for pair in pairs] == [offer.id]
    assert pairs[0].judgement.gate == "match"
    said = " ".join(str(reason) for reason in pairs[0].judgement.reasons)
    assert "prison_service" in said


def test_an_offer_posted_later_meets_the_needs_that_stand(world, tx, engine, now) -> None:
    need = world.need(world.organisation("state"), **FRENCH)
    index(tx, engine, need)
    store_pairs(tx, need, find_pairs(tx, engine, need, now), now)
    assert not matches(tx, need)
    offer = world.programme(world.organisation("donor"), **ENGLISH)
    index(tx, engine, offer)
    keys = [("programme", offer.id)]
    assert needs_touched(tx, engine, keys) == [need.id]
    store_pairs(tx, need, find_pairs(tx, engine, need, now, only=keys), now, only=keys)
    assert [row.offer_id for row in matches(tx, need)] == [offer.id]


def test_by_itself_an_offer_is_judged_as_among_all(world, tx, engine, now) -> None:
    need = world.need(world.organisation("state"), **FRENCH)
    donor = world.organisation("donor")
    offers = [world.programme(donor, **{**ENGLISH, "title": f"Prison staff, course {n}"}) for n in range(4)]
    index(tx, engine, need, *offers)
    whole = {pair.offer.id: pair.judgement for pair in find_pairs(tx, engine, need, now)}
    for offer in offers:
        alone = find_pairs(tx, engine, need, now, only=[("programme", offer.id)])
        assert [pair.judgement for pair in alone] == [whole[offer.id]]


def test_a_match_goes_when_the_offer_no_longer_fits_or_is_no_more(world, tx, engine, now) -> None:
    need = world.need(world.organisation("state"), **FRENCH)
    offer = world.programme(world.organisation("donor"), **ENGLISH)
    index(tx, engine, need, offer)
    keys = [("programme", offer.id)]
    store_pairs(tx, need, find_pairs(tx, engine, need, now), now)
    assert len(matches(tx, need)) == 1
    offer.title, offer.description, offer.is_published = "Fishing", "Boats", False
    index(tx, engine, offer)
    store_pairs(tx, need, find_pairs(tx, engine, need, now, only=keys), now, only=keys)
    assert not matches(tx, need)


def test_the_weakest_make_room_and_only_among_those_with_the_same_readers(world, tx, engine, now) -> None:
    need = world.need(world.organisation("state"), **FRENCH)
    donor = world.organisation("donor")
    hidden = world.programme(donor, **{**ENGLISH, "disclosure": "members"})
    offers = [
        world.programme(donor, **{**ENGLISH, "title": f"Prison staff {n}"}) for n in range(MOST_KEPT["match"] + 3)
    ]
    index(tx, engine, need, hidden, *offers)
    for offer in [hidden, *offers]:
        keys = [("programme", offer.id)]
        store_pairs(tx, need, find_pairs(tx, engine, need, now, only=keys), now, only=keys)
    rows = matches(tx, need)
    assert len(rows) == MOST_KEPT["match"] + 1
    assert hidden.id in {row.offer_id for row in rows}


VOCABULARY = ("prison", "training", "judges", "border", "police", "drugs", "court", "legal", "women", "fish", "road")
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6).map(" ".join)


@given(titles=st.lists(WORDS, min_size=1, max_size=5), asked=WORDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_input_gives_the_same_order_and_every_shown_concept_is_true_of_both(
    world, tx, tmp_path_factory, now, titles, asked
) -> None:
    engine = WhooshEngine(tmp_path_factory.mktemp("index"))
    need = world.need(world.organisation("state"), **{**FRENCH, "title": asked, "problem": asked, "summary": ""})
    donor = world.organisation("donor")
    offers = [world.programme(donor, **{**ENGLISH, "title": title, "description": ""}) for title in titles]
    index(tx, engine, need, *offers)
    first, second = (find_pairs(tx, engine, need, now) for _ in range(2))
    assert [(p.offer.id, p.judgement) for p in first] == [(p.offer.id, p.judgement) for p in second]
    for pair in first:
        spoken = about_need(need).concepts.keys() & about_offer("programme", pair.offer).concepts.keys()
        for reason in pair.judgement.reasons:
            if "concepts" in reason.values:
                assert set(reason.values["concepts"].codes) <= spoken
