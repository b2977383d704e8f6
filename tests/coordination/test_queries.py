"""What a reader may not see of a meeting does not exist for that reader."""

from __future__ import annotations

from datetime import date

import pytest

from app.coordination import queries
from app.coordination.whom import likely_invited, people_to_ask, typed_records
from app.foundation.permissions import ANONYMOUS

TODAY = date(2026, 11, 23)


@pytest.fixture
def people(world):
    class People:
        state, donor = world.organisation("state"), world.organisation("donor")
        chair, guest = world.actor(world.account(state)), world.actor(world.account(donor))
        member, office = world.somebody("ngo"), world.somebody("secretariat")
        applied = world.somebody("ngo", status="applied")

    return People


def seen(tx, reader, meeting):
    return queries.meeting_seen(tx, reader, meeting, TODAY)


@pytest.mark.parametrize(
    ("tier", "sees"),
    [
        ("public", "chair guest member office applied nobody"),
        ("members", "chair guest member office"),
        ("named", "chair guest office"),
    ],
)
def test_who_sees_the_meeting(tx, world, people, tier, sees):
    meeting = world.meeting(people.state, invited=[people.donor], disclosure=tier)
    readers = {
        name: getattr(people, name, ANONYMOUS) for name in ("chair", "guest", "member", "office", "applied", "nobody")
    }
    found = {name for name, reader in readers.items() if queries.find_meeting(tx, reader, meeting.ref)}
    assert found == set(sees.split())
    listed = {
        name
        for name, reader in readers.items()
        if queries.list_meetings(tx, reader, queries.Filters(), None, TODAY).total
        and queries.on_country(tx, reader, "SN", TODAY).coming
        and queries.countries_with_meetings(tx, reader)
    }
    assert listed == found


@pytest.mark.parametrize(
    ("tier", "sees"),
    [
        ("public", "chair guest member office nobody"),
        ("members", "chair guest member office"),
        ("named", "chair guest"),
    ],
)
def test_who_reads_minutes_and_what_was_agreed(tx, world, people, tier, sees):
    fields = {"minutes": tier, "link": "named"}
    meeting = world.meeting(
        people.state, invited=[people.donor], field_disclosure=fields, status="held", link="https://a.b"
    )
    world.action_point(meeting, people.state)
    readers = {name: getattr(people, name, ANONYMOUS) for name in ("chair", "guest", "member", "office", "nobody")}
    shown = {name: seen(tx, reader, meeting) for name, reader in readers.items()}
    assert {name for name, one in shown.items() if one.sees_minutes} == set(sees.split())
    assert {name for name, one in shown.items() if one.points} == set(sees.split())
    assert {name for name, one in shown.items() if one.sees_link} == {"chair", "guest"}
    on_country = {name for name, reader in readers.items() if queries.on_country(tx, reader, "SN", TODAY).points}
    assert on_country == set(sees.split())


def test_who_owes_something_knows_of_it_whatever_the_minutes_are(tx, world, people):
    meeting = world.meeting(people.state, invited=[people.donor], field_disclosure={"minutes": "own"})
    own, other = world.action_point(meeting, people.donor), world.action_point(meeting, people.state)
    assert [one.point for one in seen(tx, people.guest, meeting).points] == [own]
    assert queries.find_point(tx, people.guest, meeting, other.ref) is None
    assert [one.point for one in queries.points_owed(tx, people.guest, TODAY)] == [own]


def test_what_is_owed_stands_with_what_is_overdue_first(tx, world, people):
    meeting = world.meeting(people.state, invited=[people.donor])
    late = world.action_point(meeting, people.donor, due_on=date(2027, 5, 1))
    overdue = world.action_point(meeting, people.donor, due_on=date(2026, 1, 1))
    world.action_point(meeting, people.donor, status="done")
    owed = queries.points_owed(tx, people.guest, TODAY)
    assert [(one.point, one.is_overdue) for one in owed] == [(overdue, True), (late, False)]
    assert queries.points_owed(tx, world.actor(world.account(people.donor, "member")), TODAY) == []


def test_an_item_is_shown_to_who_may_see_all_of_its_records(tx, world, people):
    meeting = world.meeting(people.state, invited=[people.donor])
    open_need, secret = world.need(people.state), world.need(people.state, disclosure="own")
    both, one = world.agenda_item(meeting, open_need, secret), world.agenda_item(meeting, open_need)
    free = world.agenda_item(meeting)
    assert [row.item for row in seen(tx, people.chair, meeting).items] == [both, one, free]
    assert [row.item for row in seen(tx, people.guest, meeting).items] == [one, free]
    assert [row.item for row in seen(tx, ANONYMOUS, meeting).items] == [one, free]
    assert queries.find_item(tx, people.guest, meeting, both.ref) is None


@pytest.mark.parametrize("field", ["donor", "amount"])
def test_an_item_on_a_pledge_is_for_who_sees_the_pledge_whole(tx, world, now, people, field):
    pledge = world.pledge(world.need(people.state), people.donor, accepted_at=now, field_disclosure={field: "own"})
    meeting = world.meeting(people.state, invited=[people.donor])
    item = world.agenda_item(meeting, pledge)
    assert [row.item for row in seen(tx, people.chair, meeting).items] == [item]
    assert [row.item for row in seen(tx, people.guest, meeting).items] == [item]
    assert seen(tx, people.member, meeting).items == []


def test_records_of_an_action_point_are_shown_one_by_one(tx, world, people):
    meeting = world.meeting(people.state, invited=[people.donor])
    open_need, secret = world.need(people.state, title="Open"), world.need(people.state, disclosure="own")
    world.action_point(meeting, people.donor, open_need, secret)
    (point,) = seen(tx, people.guest, meeting).points
    assert [link.title for link in point.links] == ["Open"]
    (point,) = seen(tx, people.chair, meeting).points
    assert len(point.links) == 2


def test_meetings_to_come_stand_first_the_soonest_on_top(tx, world, people):
    titles = [
        ("Later", date(2027, 5, 1)),
        ("Sooner", date(2026, 12, 1)),
        ("Old", date(2025, 1, 1)),
        ("Last", date(2026, 11, 1)),
    ]
    for title, day in titles:
        world.meeting(people.state, title=title, held_on=day)
    found = queries.list_meetings(tx, ANONYMOUS, queries.Filters(), None, TODAY)
    assert [meeting.title for meeting in found.items] == ["Sooner", "Later", "Last", "Old"]
    assert queries.on_country(tx, ANONYMOUS, "SN", TODAY).coming.meeting.title == "Sooner"
    assert queries.on_country(tx, ANONYMOUS, "GH", TODAY).total == 0
    assert queries.last_on(tx, ANONYMOUS, "SN").title == "Later"


def test_a_cancelled_meeting_is_not_the_next_one(tx, world, people):
    world.meeting(people.state, status="cancelled", status_reason="x")
    on_country = queries.on_country(tx, ANONYMOUS, "SN", TODAY)
    assert (on_country.coming, on_country.past, on_country.total) == (None, [], 1)


def test_whom_one_would_invite(tx, world, people):
    world.programme(people.donor, countries=["SN"])
    hidden = world.programme(world.organisation("donor"), countries=["SN"], disclosure="own").organisation
    applied = world.organisation("state", status="applied")
    likely = likely_invited(tx, people.chair, "SN")
    assert {people.state, people.donor} <= set(likely)
    assert not {hidden, applied} & set(likely)


def test_who_may_be_asked_by_name(tx, world, people):
    focal = world.account(people.donor, "focal_point", name="Focal")
    world.account(people.donor, "editor", name="Editor")
    own = world.account(people.state, "editor", name="Colleague")
    world.account(people.donor, "focal_point", name="Gone", status="closed")
    found = {m.account.name for m in people_to_ask(tx, people.chair, [people.state.id, people.donor.id])}
    assert {focal.name, own.name} <= found
    assert not {"Editor", "Gone"} & found


def test_typed_references_are_those_that_one_may_see(tx, world, people):
    need, secret = world.need(people.state), world.need(people.state, disclosure="own")
    text = f"{need.ref.lower()}, {secret.ref}; X-2222-3333"
    assert typed_records(tx, people.chair, text) == ([("need", need.ref), ("need", secret.ref)], ["X-2222-3333"])
    assert typed_records(tx, people.guest, text) == ([("need", need.ref)], [secret.ref, "X-2222-3333"])
