"""Who may see what: the tiers of records and fields, in the database and in the tokens of the index."""

from __future__ import annotations

import pytest

from app.foundation import disclosure
from app.foundation.disclosure import audience_tokens, field_tier, may_see_field, readable, reader_tokens
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.needs.models import Need
from app.organisations.models import Organisation

READERS = ("anonymous", "unverified", "verified", "named", "owner", "secretariat", "system")
SEES = {
    "public": set(READERS),
    "members": {"verified", "named", "owner", "secretariat", "system"},
    "named": {"named", "owner", "secretariat", "system"},
    "own": {"owner", "secretariat", "system"},
    "draft": {"owner", "system"},
}


@pytest.fixture
def readers(world, tx):
    people = {
        "anonymous": ANONYMOUS,
        "unverified": world.somebody("donor", status="applied"),
        "verified": world.somebody("donor"),
        "named": world.somebody("donor"),
        "owner": world.somebody("state", role="member"),
        "secretariat": world.somebody("secretariat"),
        "system": SYSTEM,
    }
    organisations = {n: tx.get(Organisation, a.main.organisation_id) for n, a in people.items() if a.main}
    return people, organisations


def make(world, organisations, tier):
    if tier == "draft":
        return world.need(organisations["owner"], is_published=False, status="draft")
    named = [organisations["named"]] if tier == "named" else ()
    return world.need(organisations["owner"], disclosure=tier, named=named)


@pytest.mark.parametrize("tier", SEES)
def test_who_sees_a_record(world, tx, readers, tier):
    people, organisations = readers
    make(world, organisations, tier)
    seen_by = {name for name, actor in people.items() if tx.scalars(readable(actor, Need)).all()}
    assert seen_by == SEES[tier]


@pytest.mark.parametrize("tier", ["members", "named", "own"])
def test_the_tokens_of_the_index_open_to_the_same_readers(world, readers, tier):
    people, organisations = readers
    need = make(world, organisations, tier)
    tokens = set(audience_tokens(need, disclosure.audience_of(world.tx, need)))
    opened = {name for name, actor in people.items() if reader_tokens(actor) & tokens}
    assert opened == SEES[tier] - {"system"}


def test_being_named_counts_only_while_verified(world, tx, readers):
    _people, organisations = readers
    applied = organisations["unverified"]
    world.need(organisations["owner"], named=[applied])
    assert not tx.scalars(readable(readers[0]["unverified"], Need)).all()


def test_a_field_is_never_wider_than_its_record(world):
    need = world.need(
        world.organisation(), disclosure="members", field_disclosure={"budget": "public", "contact": "own"}
    )
    assert field_tier(need, "budget") == "members"
    assert field_tier(need, "contact") == "own"
    assert field_tier(need, "place") == "members"


def test_who_sees_a_field(world, readers):
    people, organisations = readers
    tiers = {"contact": "own", "budget": "named", "place": "members"}
    need = world.need(organisations["owner"], field_disclosure=tiers)
    named = [organisations["named"].id]

    def seen(field):
        return {name for name, actor in people.items() if may_see_field(actor, need, field, named)}

    assert seen("contact") == {"owner", "system"}
    assert seen("budget") == {"named", "owner", "system"}
    assert seen("place") == {"verified", "named", "owner", "secretariat", "system"}
    assert seen("baseline") == set(READERS)


def test_the_audience_of_a_record_is_replaced_whole(world, tx):
    first, second = world.organisation("donor"), world.organisation("donor")
    need = world.need(world.organisation(), named=[first])
    disclosure.name_audience(tx, need, [second.id, second.id])
    tx.flush()
    assert disclosure.audience_of(tx, need) == [second.id]


def test_a_surface_has_one_meaning(monkeypatch):
    monkeypatch.setattr(disclosure, "SURFACES", {})
    disclosure.surface("needs.list", "list", "need")
    disclosure.surface("needs.list", "list", "need")
    with pytest.raises(ValueError, match="two surfaces"):
        disclosure.surface("needs.list", "page", "need")
    with pytest.raises(ValueError, match="unknown form"):
        disclosure.surface("needs.other", "poster", "need")


def test_the_narrowest_tier():
    assert disclosure.narrowest({"a": "public", "b": "named", "c": "members"}) == "named"
    assert disclosure.narrowest({}) == "public"
