"""A person who goes hands over all that names the person, and no organisation is left without anybody who answers."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts import members
from app.accounts.handing import what_goes
from app.accounts.rules import AccountRefused
from app.coordination.models import ActionPoint
from app.foundation.audit import AuditEvent
from app.foundation.drafts import Draft
from app.foundation.outbox import OutboxRow
from app.nominations.models import Nomination
from app.search.models import SavedSearch
from app.upkeep.handing_over.queries import is_orphaned, orphans


@pytest.fixture
def state(world):
    return world.organisation()


@pytest.fixture
def leaver(app, world, state):
    return world.account(state, "focal_point")


@pytest.fixture
def colleague(world, state):
    return world.account(state, "editor")


@pytest.fixture
def begun(tx, world, now, state, leaver):
    """One of everything that names a person, and one of each that stays."""
    donor = world.organisation("donor")
    meeting = world.meeting(donor, invited=[state])
    session = world.course(world.organisation("centre"), sessions=[{}]).sessions[0]
    rows = {
        "draft": Draft(key="k", account_id=leaver.id, form="need", record_ref=None, title="", fields=[], saved_at=now),
        "search": SavedSearch(
            account_id=leaver.id, name="Ports", address="q=ports", saved_at=now, looked_at=now, news_from=now
        ),
        "point": world.action_point(meeting, state, account_id=leaver.id),
        "done": world.action_point(meeting, state, account_id=leaver.id, status="done"),
        "candidate": world.nomination(session, state, status="nominated", nominated_by=leaver.id),
        "former": world.nomination(session, state, status="passed", nominated_by=leaver.id),
    }
    tx.add_all(rows.values())
    tx.flush()
    return rows


def hand(tx, world, leaver, colleague, now):
    places = leaver.memberships[0], colleague.memberships[0]
    return members.hand_over(tx, world.actor(leaver), *places, now)


def test_everything_that_names_the_person_goes(tx, world, now, leaver, colleague, begun):
    preview = {str(words): number for words, number in what_goes(tx, leaver.memberships[0])}
    assert sorted(preview.values()) == [1, 1, 1, 1]
    assert hand(tx, world, leaver, colleague, now) == {"drafts": 1, "searches": 1, "points": 1, "candidates": 1}
    assert begun["draft"].account_id == begun["search"].account_id == colleague.id
    assert begun["point"].account_id == begun["candidate"].nominated_by == colleague.id
    assert begun["done"].account_id == begun["former"].nominated_by == leaver.id, "what was done keeps its name"
    assert what_goes(tx, leaver.memberships[0]) == []


def test_no_open_row_names_the_leaver_afterwards(tx, world, now, leaver, colleague, begun):
    hand(tx, world, leaver, colleague, now)
    assert tx.scalars(select(Draft).where(Draft.account_id == leaver.id)).all() == []
    assert tx.scalars(select(SavedSearch).where(SavedSearch.account_id == leaver.id)).all() == []
    open_points = select(ActionPoint).where(ActionPoint.account_id == leaver.id, ActionPoint.status == "open")
    assert tx.scalars(open_points).all() == []
    waiting = select(Nomination).where(Nomination.nominated_by == leaver.id, Nomination.status == "nominated")
    assert tx.scalars(waiting).all() == []


def test_it_is_on_record_and_both_are_told(tx, world, now, leaver, colleague, begun):
    hand(tx, world, leaver, colleague, now)
    event = tx.scalars(select(AuditEvent).where(AuditEvent.action == "organisation.handed_over")).one()
    assert event.details["points"] == 1
    told = {row.payload["account_id"]: row.payload["what"] for row in tx.scalars(select(OutboxRow))}
    assert told == {colleague.id: "handed_to", leaver.id: "handed_from"}


def test_searches_of_somebody_with_two_places_stay(tx, world, now, leaver, colleague, begun):
    world.membership(leaver, world.organisation("donor"))
    tx.expire_all()
    assert hand(tx, world, leaver, colleague, now)["searches"] == 0
    assert begun["search"].account_id == leaver.id


def test_a_search_that_the_colleague_follows_already_is_followed_once(tx, world, now, leaver, colleague, begun):
    tx.add(
        SavedSearch(account_id=colleague.id, name="Mine", address="q=ports", saved_at=now, looked_at=now, news_from=now)
    )
    tx.flush()
    hand(tx, world, leaver, colleague, now)
    assert [one.name for one in tx.scalars(select(SavedSearch))] == ["Mine"]


def test_the_only_focal_point_cannot_go_without_a_successor(tx, world, now, leaver, colleague):
    place = leaver.memberships[0]
    with pytest.raises(AccountRefused):
        members.leave(tx, world.actor(leaver), place, None, now)
    members.leave(tx, world.actor(leaver), place, colleague.memberships[0], now)
    assert colleague.memberships[0].role == "focal_point"
    assert not is_orphaned(tx, colleague.memberships[0].organisation_id)


@pytest.mark.parametrize("who", ["himself", "stranger", "closed"])
def test_only_an_active_colleague_of_the_same_organisation_takes_over(tx, world, now, leaver, colleague, who):
    other = {"himself": leaver, "stranger": world.account(world.organisation())}.get(who, colleague)
    if who == "closed":
        colleague.status = "closed"
    with pytest.raises(AccountRefused):
        members.hand_over(tx, world.actor(leaver), leaver.memberships[0], other.memberships[0], now)


def test_the_pages_show_what_goes_before_it_does(client, sign_in, leaver, colleague, begun, state):
    sign_in(client, leaver)
    assert "What goes to the colleague" in client.get(f"/account/leave/{state.ref}").text
    path = f"/organisations/{state.ref}/people/{leaver.ref}/hand-over"
    assert "Action points" in client.get(path).text
    assert client.submit(path, {"successor": ""}).status_code == 422
    assert client.submit(path, {"successor": colleague.ref}).status_code == 303


# --- without a focal point ---


def test_an_organisation_whose_last_focal_point_is_gone_by_force_shows_to_the_office(
    client, new_client, sign_in, tx, world, state, leaver, colleague
):
    need = world.need(state, title="Scanners for Dakar")
    leaver.status = "closed"
    tx.flush()
    assert [one.organisation.id for one in orphans(tx, world.somebody("secretariat"))][:1] == [state.id]
    sign_in(client, world.account(world.organisation("secretariat"), "focal_point"))
    text = client.get("/upkeep/without-focal-point").text
    assert "Scanners for Dakar" in text
    assert "Without a focal point" in client.get(f"/needs/{need.ref}").text
    other = new_client()
    sign_in(other, colleague)
    assert "Without a focal point" not in other.get(f"/needs/{need.ref}").text
    assert other.get("/upkeep/without-focal-point").status_code == 403
    named = client.post(f"/organisations/{state.ref}/people/appoint", data={"account": colleague.ref})
    assert named.status_code == 303
    tx.expire_all()
    assert not is_orphaned(tx, state.id)
