"""Leaks that the walk through worlds has found and that are mended, each shown by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.foundation import disclosure
from app.matching import service
from app.matching.models import Match
from app.organisations.models import Organisation
from app.search.engine import WhooshEngine
from app.search.indexer import index_records
from tests.leaks.explore import Plan, Tally
from tests.leaks.hidden import Hidden

pytestmark = pytest.mark.one_engine

WORDS = "Saisie confiscation enquête patrimoniale magistrats blanchiment avoirs criminels"
ELSEWHERE = {"countries": ["BR"]}


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


def index(tx, engine, *records):
    tx.flush()
    index_records(tx, engine, [(record.record_kind, record.id) for record in records])


def judged(tx, engine, need, now, kept):
    """What is said of each of these offers: gate, strength and score."""
    ids = {offer.id for offer in kept}
    pairs = service.find_pairs(tx, engine, need, now)
    return {p.offer.id: (p.judgement.gate, p.judgement.strength, p.judgement.score) for p in pairs if p.offer.id in ids}


def strengths(world, tx, engine, now):
    """How a public offer is judged before and after a hidden one that fits the words far better."""
    need = world.need(world.organisation("state"), title=WORDS, summary=WORDS, problem=WORDS)
    donor = world.organisation("donor")
    public = [world.programme(donor, title="Confiscation", description="Magistrats et police, douanes."),
              world.programme(donor, title="Prisons", description="Formation de gardiens.")]  # fmt: skip
    index(tx, engine, need, *public)
    before = judged(tx, engine, need, now, public)
    hidden = world.programme(need.organisation, title=f"{WORDS} {WORDS}", description=WORDS * 3, disclosure="own")
    index(tx, engine, hidden)
    assert before
    return before, judged(tx, engine, need, now, public)


def near_misses(world, tx, engine, now):
    """Which near misses of a need are kept before and after a hidden one that is better than all."""
    need = world.need(world.organisation("state"), title=WORDS, summary=WORDS, problem=WORDS)
    donor = world.organisation("donor")
    public = [world.programme(donor, title="Confiscation des avoirs", **ELSEWHERE) for _ in range(9)]
    index(tx, engine, need, *public)
    before = judged(tx, engine, need, now, public)
    hidden = world.programme(
        need.organisation, title="Confiscation des avoirs", purpose_code="15130", disclosure="own",
        description="Magistrats et confiscation", **ELSEWHERE,
    )  # fmt: skip
    index(tx, engine, hidden)
    assert {gate for gate, _strength, _score in before.values()} == {"near_miss"}
    return set(before), set(judged(tx, engine, need, now, public))


def hours(world, tx, engine, now, store):
    """When a pair was computed, before and after the need is judged again for the sake of some other offer."""
    need = world.need(world.organisation("state"))
    offer = world.programme(world.organisation("donor"))
    index(tx, engine, need, offer)
    found = []
    for hour in (now - timedelta(days=20), now):
        store(tx, need, service.find_pairs(tx, engine, need, now), hour)
        tx.flush()
        found.append(tx.scalars(select(Match.computed_at).where(Match.need_id == need.id)).all())
    assert found[0]
    return found


def test_a_hidden_offer_does_not_move_the_strength_of_others(world, tx, engine, now):
    before, after = strengths(world, tx, engine, now)
    assert before == after


def test_a_hidden_offer_takes_no_place(world, tx, engine, now):
    before, after = near_misses(world, tx, engine, now)
    assert before == after


def test_a_hidden_offer_makes_no_old_match_new(world, tx, engine, now):
    before, after = hours(world, tx, engine, now, service.store_pairs)
    assert before == after


def test_the_index_is_not_opened_by_being_named_before_verification(world, tx):
    applied = world.somebody("donor", status="applied")
    named = applied.main.organisation_id
    need = world.need(world.organisation(), disclosure="named", named=[tx.get(Organisation, named)])
    assert not disclosure.reader_tokens(applied) & set(disclosure.audience_tokens(need, [named]))


def test_it_is_opened_by_being_named_once_verified(world, tx):
    verified = world.somebody("donor", status="verified")
    named = verified.main.organisation_id
    need = world.need(world.organisation(), disclosure="named", named=[tx.get(Organisation, named)])
    assert disclosure.reader_tokens(verified) & set(disclosure.audience_tokens(need, [named]))


FIELDS_THAT_MAY_BE_EMPTY = (
    "need.contact", "need.place", "need.baseline", "need.indicators", "need.budget", "need.costs",
    "programme.contact", "programme.budget",
)  # fmt: skip


@pytest.mark.parametrize("name", FIELDS_THAT_MAY_BE_EMPTY)
def test_whether_a_hidden_field_has_a_value_is_not_told(explorer, name):
    kind = name.partition(".")[0]
    ref = explorer.base.refs.of[kind][explorer.base.kept[kind, "own"] - 1]
    asks = [ask for ask in explorer.surfaces.everywhere if ref in ask.path]
    tally = Tally()
    explorer.explore(Hidden(f"field {name}", "own", is_empty=True), Plan(readers=2), tally, asks)
    assert tally.checks
    assert not tally.leaked, tally.leaks[0].difference
