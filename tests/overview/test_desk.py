from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.foundation.drafts import save_draft
from app.matching.models import Match
from app.overview.desk_queries import desk_of, new_matches, waiting_for

TODAY = date(2026, 11, 23)


def pair(tx, need, offer, kind="programme", **kw):
    values = {"gate": "match", "strength": "strong", "score": Decimal(9), "computed_at": kw.pop("at")}
    match = Match(
        need_id=need.id, need_version=1, need_organisation_id=need.organisation_id, offer_kind=kind, offer_id=offer.id,
        offer_version=1, offer_organisation_id=offer.organisation_id, obstacles=[], lines=[],
        reasons=[{"text": "same theme", "values": {}}], **{**values, **kw},
    )  # fmt: skip
    tx.add(match)
    tx.flush()
    return match


def test_records_past_their_verify_by_wait_for_their_editors(tx, world):
    organisation = world.organisation()
    stale = world.need(organisation, verify_by=date(2026, 11, 22))
    world.need(organisation, verify_by=TODAY)
    world.need(organisation, verify_by=date(2026, 1, 1), status="closed")
    editor = world.actor(world.account(organisation))
    member = world.actor(world.account(organisation, "member"))
    assert waiting_for(tx, editor, TODAY).stale == [("need", stale)]
    assert waiting_for(tx, member, TODAY).is_nothing


def test_registrations_that_close_within_a_fortnight_wait_for_the_centre(tx, world):
    centre = world.organisation("centre")
    course = world.course(centre)
    soon = world.course_session(course, register_by=TODAY + timedelta(days=14))
    world.course_session(course, register_by=TODAY + timedelta(days=15))
    world.course_session(course, register_by=TODAY - timedelta(days=1))
    assert list(waiting_for(tx, world.actor(world.account(centre)), TODAY).closing) == [soon]
    assert not waiting_for(tx, world.somebody("centre"), TODAY).closing


def test_the_queues_of_the_secretariat_are_the_secretariats(tx, world):
    applied = world.organisation(status="applied")
    lesson = world.lesson(world.organisation(), status="submitted")
    waiting = waiting_for(tx, world.somebody("secretariat"), TODAY)
    assert (waiting.applications, waiting.lessons) == ([applied], [lesson])
    assert waiting_for(tx, world.somebody("donor"), TODAY).is_nothing


def test_new_matches_reach_both_sides_and_nobody_else(tx, world, now):
    need, programme = world.need(world.organisation()), world.programme(world.organisation("donor"))
    match = pair(tx, need, programme, at=now)
    for organisation in (need.organisation, programme.organisation):
        found = new_matches(tx, world.actor(world.account(organisation)), now)
        assert [new.match for new in found] == [match]
    assert new_matches(tx, world.somebody("donor"), now) == []


def test_what_came_in_last_is_on_the_desk_however_many_are_stronger(tx, world, now):
    programme = world.programme(world.organisation("donor"))
    before = [pair(tx, world.need(world.organisation()), programme, at=now - timedelta(days=1)) for _n in range(9)]
    for match in before:
        match.score += 1
    last = pair(tx, world.need(world.organisation()), programme, at=now)
    tx.flush()
    found = [new.match for new in new_matches(tx, world.actor(world.account(programme.organisation)), now)]
    assert found[0] == last
    assert len(found) == 8


@pytest.mark.parametrize(
    "kw", [{"at": -15}, {"at": 0, "gate": "near_miss"}, {"at": 0, "hidden": True}, {"at": 0, "closed": True}]
)
def test_old_hidden_and_near_matches_are_not_new_ones(tx, world, now, kw):
    disclosure = "own" if kw.get("hidden") else "public"
    programme = world.programme(world.organisation("donor"), disclosure=disclosure)
    need = world.need(world.organisation(), status="closed" if kw.get("closed") else "posted")
    pair(tx, need, programme, at=now + timedelta(days=kw["at"]), gate=kw.get("gate", "match"))
    assert new_matches(tx, world.actor(world.account(need.organisation)), now) == []


def test_own_records_stand_on_the_desk_with_the_matches_that_one_may_see(tx, world, now):
    need = world.need(world.organisation())
    pair(tx, need, world.programme(world.organisation("donor")), at=now)
    pair(tx, need, world.programme(world.organisation("donor"), disclosure="own"), at=now)
    pair(tx, need, world.course(world.organisation("centre")), "course", at=now)
    (shelf,) = desk_of(tx, world.actor(world.account(need.organisation)), now).shelves
    assert (shelf.kind, list(shelf.items), shelf.matches, shelf.more) == ("need", [need], {need.id: 2}, 0)


def test_a_desk_shows_what_one_began_and_throws_it_away(tx, world, client, sign_in, now):
    account = world.account(world.organisation())
    reader = world.actor(account)
    save_draft(tx, reader, "need", "key-1", [("title", "Scanner pour le port")], now)
    save_draft(tx, reader, "needs/new", "key-2", [], now)
    save_draft(tx, reader, "course_session", "key-3", [("title", "No form of its own")], now)
    tx.flush()
    sign_in(client, account)
    page = client.get("/desk").text
    assert "Scanner pour le port" in page
    assert "/needs/new?draft=key-1" in page
    assert "/needs/new?draft=key-2" in page
    assert "draft=key-3" not in page
    assert client.post("/desk/drafts/drop", data={"key": "key-1"}).status_code == 303
    assert "Scanner pour le port" not in client.get("/desk").text


def test_nobody_throws_away_what_somebody_else_began(tx, world, client, sign_in, now):
    other = world.actor(world.account(world.organisation()))
    save_draft(tx, other, "need", "key-1", [("title", "Mine")], now)
    sign_in(client, world.account(world.organisation()))
    client.post("/desk/drafts/drop", data={"key": "key-1"})
    assert [draft.title for draft in desk_of(tx, other, now).drafts] == ["Mine"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("state", "Post your first need"), ("donor", "Post your first programme"),
        ("centre", "Publish your first course"),
        ("regional", "See where your region stands"), ("ngo", "Share what you have learned"),
    ],
)  # fmt: skip
def test_an_empty_desk_says_what_to_do_next(world, client, sign_in, kind, words):
    sign_in(client, world.account(world.organisation(kind)))
    assert words in client.get("/desk").text


def test_somebody_unverified_or_without_an_organisation_is_told_so(world, client, new_client, sign_in):
    sign_in(client, world.account(world.organisation(status="applied")))
    assert "not verified yet" in client.get("/desk").text
    other = new_client()
    sign_in(other, world.account())
    assert "You belong to no organisation yet" in other.get("/desk").text


def test_a_desk_is_for_those_who_signed_in(client):
    assert client.get("/desk").status_code == 302
