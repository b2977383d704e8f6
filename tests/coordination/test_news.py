"""Those who are invited are told, and those who owe something; each only what this person may see."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.coordination.events import (
    ActionPointChanged,
    ActionPointClosed,
    ActionPointReopened,
    ActionPointSet,
    MeetingCancelled,
    MeetingChanged,
    MeetingConvened,
    MeetingHeld,
)
from app.foundation.languages import say
from app.foundation.messages import Message
from app.notifications.models import Mail, Notice
from app.notifications.queries import unread_count, unread_notices
from app.notifications.reactions import NEWS, tell_people
from app.notifications.rules import path_of


@pytest.fixture
def tell(tx, app):
    def happen(*facts):
        tx.flush()
        tell_people(app.extensions["counterpart"], facts)(tx)
        tx.flush()
        told = {}
        for notice in tx.scalars(select(Notice).order_by(Notice.id)):
            told.setdefault(notice.account_id, []).append(say(Message.from_json(notice.message), "en"))
        return told

    return happen


@pytest.fixture
def table(world):
    class Table:
        state, donor = world.organisation("state"), world.organisation("donor", name="Nordland")
        chair, guest = world.account(state), world.account(donor)
        meeting = world.meeting(state, invited=[donor], title="Spring", disclosure="named")

    return Table


def test_those_who_are_invited_are_told_once_of_each_thing(tx, table, tell):
    number = table.meeting.id
    convened = MeetingConvened(number)
    told = tell(convened, convened, MeetingChanged(number, 2), MeetingHeld(number), MeetingCancelled(number))
    assert set(told) == {table.guest.id}
    assert told[table.guest.id] == [
        "You are invited to “Spring” on 2 March 2027",
        "“Spring” has another day, hour or place: it is on 2 March 2027 now",
        "The minutes of “Spring” of 2 March 2027 can be read",
        "“Spring” of 2 March 2027 is cancelled",
    ]
    assert all("Spring" not in mail.body + mail.subject for mail in tx.scalars(select(Mail)))
    notice = tx.scalars(select(Notice)).first()
    assert path_of(notice.cause, notice.record_kind, notice.record_ref) == f"/meetings/{table.meeting.ref}"


def test_whoever_owes_something_is_told(tx, world, table, tell):
    named, colleague = world.account(table.donor, "focal_point"), table.guest
    alone = world.action_point(table.meeting, table.donor, account_id=named.id)
    assert set(tell(ActionPointSet(table.meeting.id, alone.id))) == {named.id}
    everybody = world.action_point(table.meeting, table.donor)
    told = tell(ActionPointSet(table.meeting.id, everybody.id))
    assert set(told) == {named.id, colleague.id}
    assert told[colleague.id] == ["Your organisation has something to do by 31 March 2027, as agreed at “Spring”"]


def test_the_convener_learns_that_it_is_done(world, table, tell):
    point = world.action_point(table.meeting, table.donor, status="done")
    told = tell(ActionPointClosed(table.meeting.id, point.id))
    assert told == {table.chair.id: ["Nordland: something that was agreed at “Spring” is done"]}
    own = world.action_point(table.meeting, table.state, status="dropped")
    assert len(tell(ActionPointClosed(table.meeting.id, own.id))[table.chair.id]) == 1


def test_whoever_owes_it_learns_of_each_change_and_each_opening_once(world, table, tell):
    point = world.action_point(table.meeting, table.donor)
    numbers = (table.meeting.id, point.id)
    changed = [ActionPointChanged(*numbers, at) for at in ("1", "1", "2")]
    told = tell(*changed, ActionPointReopened(*numbers, "3"))
    amended = "What your organisation has to do by 31 March 2027 was amended, as agreed at “Spring”"
    again = "Your organisation has something to do after all by 31 March 2027, as agreed at “Spring”"
    assert told == {table.guest.id: [amended, amended, again]}


def test_the_convener_learns_each_time_that_it_is_done(world, table, tell):
    point = world.action_point(table.meeting, table.donor, status="done")
    told = tell(*(ActionPointClosed(table.meeting.id, point.id, at) for at in ("1", "1", "2")))
    assert len(told[table.chair.id]) == 2


def test_a_notice_goes_when_its_reader_may_no_longer_see_the_meeting(tx, world, table, tell):
    from app.foundation.disclosure import name_audience

    tell(MeetingConvened(table.meeting.id))
    guest = world.actor(table.guest)
    assert unread_count(tx, guest) == 1
    name_audience(tx, table.meeting, [])
    tx.flush()
    assert unread_notices(tx, guest) == []


def test_the_wiring_has_given_every_fact_of_meetings_its_news(app):
    assert {f.__name__ for f in (MeetingConvened, MeetingChanged, MeetingHeld, MeetingCancelled)} <= set(NEWS)
    assert {"ActionPointSet", "ActionPointChanged", "ActionPointClosed", "ActionPointReopened"} <= set(NEWS)
