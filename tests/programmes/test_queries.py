"""What readers find among programmes, and what they do not."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.kept.lists import Wanted
from app.foundation.permissions import ANONYMOUS, Actor
from app.programmes import queries, rules
from app.programmes.models import Programme
from app.programmes.queries import ProgrammeFilters
from tests.factories import World


def titles(tx: Tx, now: datetime, filters: ProgrammeFilters, reader: Actor = ANONYMOUS) -> list[str]:
    return [
        p.title for p in queries.list_programmes(tx, reader, Wanted(filters, None, now.date(), queries.SORTS[0])).items
    ]


def test_the_database_and_the_rules_agree_on_what_is_an_offer(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    days = [None, date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)]
    for accepting, status, apply_by, ends_on in product(rules.ACCEPTING, rules.MOVES, days, days):
        world.programme(
            donor, offers=[], accepting=accepting, status=status, apply_by=apply_by, ends_on=ends_on,
            title=f"{accepting} {status} {apply_by} {ends_on}",
        )  # fmt: skip
    query = readable(ANONYMOUS, Programme)
    by_database = {p.title for p in tx.scalars(query.where(queries.open_offers(now.date())))}
    by_rules = {p.title for p in tx.scalars(query) if queries.standing_of(p, now.date()).is_offer}
    assert by_database == by_rules
    assert by_rules


def test_each_filter_narrows(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    world.programme(donor, title="Ports of the Gulf", themes=["port_control"], countries=["SN"])
    world.programme(
        donor, title="Courts", themes=["courts"], countries=["GH"], accepting="no", offers=[{"kind": "study"}]
    )
    world.programme(donor, title="An old record", accepting="unknown", countries=["TG"], offers=[])
    assert titles(tx, now, ProgrammeFilters(words="gulf PORTS")) == ["Ports of the Gulf"]
    assert titles(tx, now, ProgrammeFilters(themes=("port_control", "customs"))) == ["Ports of the Gulf"]
    assert titles(tx, now, ProgrammeFilters(countries=("GH",))) == ["Courts"]
    assert titles(tx, now, ProgrammeFilters(kinds=("study",))) == ["Courts"]
    assert titles(tx, now, ProgrammeFilters(accepting=("yes",))) == ["Ports of the Gulf"]
    assert titles(tx, now, ProgrammeFilters(accepting=("unknown",))) == ["An old record"]
    assert titles(tx, now, ProgrammeFilters(accepting=("no",))) == ["Courts"]
    assert titles(tx, now, ProgrammeFilters(words="100%")) == []


def test_offers_that_one_may_ask_for_come_first(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    world.programme(donor, title="Offer")
    world.programme(donor, title="Record", accepting="no")
    assert titles(tx, now, ProgrammeFilters()) == ["Offer", "Record"]


def test_counts_say_what_a_choice_would_leave(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    world.programme(donor, themes=["port_control"], countries=["SN"])
    world.programme(donor, themes=["customs"], countries=["SN"], accepting="no")
    counts = queries.count_facets(tx, ANONYMOUS, ProgrammeFilters(themes=("customs",)), now.date())
    assert counts["theme"] == {"port_control": 1, "customs": 1}
    assert counts["country"] == {"SN": 1}
    assert counts["accepting"] == {"yes": 0, "no": 1, "unknown": 0}


def test_a_hidden_programme_is_in_no_list_and_no_count(tx: Tx, world: World, now: datetime) -> None:
    donor, friend = world.organisation("donor"), world.organisation("state")
    reader = world.actor(world.account(friend))
    hidden = [
        world.programme(donor, title="For members", disclosure="members"),
        world.programme(donor, title="For a friend", named=[friend]),
        world.programme(donor, title="Own", disclosure="own"),
        world.programme(donor, title="Unpublished", is_published=False),
    ]
    assert titles(tx, now, ProgrammeFilters()) == []
    counts = queries.count_facets(tx, ANONYMOUS, ProgrammeFilters(), now.date())
    assert counts["theme"] == counts["country"] == {}
    assert counts["accepting"]["yes"] == 0
    assert set(titles(tx, now, ProgrammeFilters(), reader)) == {"For members", "For a friend"}
    assert [queries.find_programme(tx, ANONYMOUS, p.ref) for p in hidden] == [None] * 4


def test_a_reference_may_be_typed_carelessly(tx: Tx, world: World) -> None:
    programme = world.programme(world.organisation("donor"))
    assert queries.find_programme(tx, ANONYMOUS, f" {programme.ref.lower()} ") is programme


def test_restricted_fields_and_named_organisations_are_told_to_few(tx: Tx, world: World, now: datetime) -> None:
    donor, friend = world.organisation("donor"), world.organisation("state")
    programme = world.programme(donor, named=[friend], field_disclosure={"contact": "own"})
    owner, reader = world.actor(world.account(donor)), world.actor(world.account(friend))
    assert queries.beside(tx, owner, programme, now.date()).named == [friend.name]
    seen = queries.beside(tx, reader, programme, now.date())
    assert (seen.named, seen.sees) == ([], {"contact": False, "budget": True})


def test_a_related_activity_is_linked_only_for_those_who_may_see_it(tx: Tx, world: World) -> None:
    donor = world.organisation("donor")
    world.programme(donor, iati_identifier="XM-1", disclosure="own")
    public = world.programme(donor, iati_identifier="XM-2")
    found = queries.programmes_by_identifier(tx, ANONYMOUS, ["XM-1", "XM-2", "XM-3"])
    assert found == {"XM-2": public}
