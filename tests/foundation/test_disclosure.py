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


@pytest.mark.parametrize("tier", ["public", "members", "named"])
def test_what_is_not_posted_is_its_owners_alone_in_every_tier(world, tx, readers, tier):
    people, organisations = readers
    named = {"named": [organisations["named"]]} if tier == "named" else {}
    world.need(organisations["owner"], disclosure=tier, is_published=False, **named)
    seen_by = {name for name, actor in people.items() if tx.scalars(readable(actor, Need)).all()}
    assert seen_by == {"owner", "system"}


def test_an_audience_counts_for_its_own_record_and_kind_alone(world, tx, readers):
    people, organisations = readers
    need = world.need(organisations["owner"], disclosure="named", named=[organisations["verified"]])
    other = world.need(organisations["owner"], disclosure="named", named=[organisations["named"]])
    programme = world.programme(organisations["owner"], id=need.id, disclosure="named", named=[organisations["named"]])
    assert programme.id == need.id
    assert tx.scalars(readable(people["named"], Need)).all() == [other]
    assert tx.scalars(readable(people["verified"], Need)).all() == [need]
    assert disclosure.audience_of(tx, need) == [organisations["verified"].id]


def test_the_audience_of_a_record_of_another_tier_opens_nothing(world, tx, readers):
    people, organisations = readers
    need = world.need(organisations["owner"], disclosure="own", named=[organisations["named"]])
    need.disclosure = "own"
    tx.flush()
    assert tx.scalars(readable(people["named"], Need)).all() == []


def test_naming_others_leaves_other_records_alone(world, tx, readers):
    _people, organisations = readers
    one, other = (world.need(organisations["owner"], disclosure="named", named=[organisations["named"]]) for _ in "12")
    programme = world.programme(organisations["owner"], disclosure="named", named=[organisations["named"]])
    disclosure.name_audience(tx, one, [])
    tx.flush()
    assert disclosure.audience_of(tx, one) == []
    assert disclosure.audience_of(tx, other) == [organisations["named"].id]
    assert disclosure.audience_of(tx, programme) == [organisations["named"].id]


def test_a_surface_is_registered_with_what_it_shows(monkeypatch):
    monkeypatch.setattr(disclosure, "SURFACES", {})
    assert disclosure.surface("test.page", "page", "need") == "test.page"
    assert {"test.page": disclosure.Surface("test.page", "page", frozenset({"need"}))} == disclosure.SURFACES
    with pytest.raises(ValueError, match="two surfaces"):
        disclosure.surface("test.page", "page", "course")
