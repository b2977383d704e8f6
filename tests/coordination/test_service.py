"""What may be done with meetings and action points, on real rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.coordination import points, service
from app.coordination.events import (
    ActionPointChanged,
    ActionPointClosed,
    ActionPointReopened,
    ActionPointSet,
    MeetingChanged,
    MeetingConvened,
    MeetingHeld,
    moment,
)
from app.coordination.findings import findings_on, hidden_from_some, item_of, still_to_add
from app.coordination.models import AgendaItem
from app.coordination.rules import MOST_ITEMS, MoveRefused
from app.coordination.service import MeetingDraft, MeetingRefused, PointDraft
from app.foundation.audit import history_of
from app.foundation.disclosure import audience_of, name_audience
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.foundation.wording.versions import StaleVersion

DAY = date(2027, 3, 2)


def draft(*invited, **kw):
    values = {"country": "SN", "language": "en", "title": "Mini-Dublin", "forum": "mini_dublin", "held_on": DAY}
    return MeetingDraft(**{**values, **kw}, invited=tuple(one.id for one in invited))


def facts(tx):
    return [row.as_fact() for row in tx.scalars(select(OutboxRow).order_by(OutboxRow.id))]


@pytest.fixture
def donor(world):
    return world.organisation("donor")


@pytest.fixture
def state(world):
    return world.somebody("state")


@pytest.fixture
def meeting(tx, now, state, donor):
    return service.convene(tx, state, state.main.organisation_id, draft(donor), now)


def test_a_meeting_is_convened(tx, meeting, donor):
    assert meeting.is_published
    assert meeting.field_disclosure == {"minutes": "named", "link": "named"}
    assert audience_of(tx, meeting) == [donor.id]
    assert facts(tx) == [MeetingConvened(meeting.id)]
    assert [event.action for event in history_of(tx, meeting.ref)] == ["meeting.convened"]


@pytest.mark.parametrize(
    ("kind", "country", "may"),
    [("secretariat", "GH", True), ("state", "SN", True), ("state", "GH", False), ("regional", "SN", True),
     ("regional", "PE", False), ("donor", "SN", False)],
)  # fmt: skip
def test_who_may_convene(tx, world, now, donor, kind, country, may):
    actor = world.somebody(kind)
    if may:
        assert service.convene(tx, actor, actor.main.organisation_id, draft(donor, country=country), now)
        return
    with pytest.raises(MeetingRefused, match="country"):
        service.convene(tx, actor, actor.main.organisation_id, draft(donor, country=country), now)


@pytest.mark.parametrize("kind", ["centre", "ngo"])
def test_who_may_not_at_all(tx, world, now, donor, kind):
    actor = world.somebody(kind)
    with pytest.raises(Refused):
        service.convene(tx, actor, actor.main.organisation_id, draft(donor), now)


def test_nobody_convenes_for_others_or_before_being_verified(tx, world, now, donor, state):
    with pytest.raises(Refused):
        service.convene(tx, state, donor.id, draft(donor), now)
    applied = world.somebody("state", status="applied")
    with pytest.raises(Refused):
        service.convene(tx, applied, applied.main.organisation_id, draft(donor), now)


def test_a_donor_convenes_where_it_has_a_programme_or_a_pledge(tx, world, now, state):
    for make in ("programme", "pledge"):
        account = world.account(world.organisation("donor"))
        giver = account.memberships[0].organisation
        if make == "programme":
            world.programme(giver, countries=["SN"])
        else:
            world.pledge(world.need(world.organisation(), countries=["SN"]), giver)
        actor = world.actor(account)
        assert service.convene(tx, actor, giver.id, draft(world.organisation()), now)
        with pytest.raises(MeetingRefused):
            service.convene(tx, actor, giver.id, draft(world.organisation(), country="GH"), now)


def test_only_the_convener_changes_it(tx, world, now, meeting, donor):
    for actor in (world.actor(world.account(donor)), world.somebody("secretariat")):
        for act in (
            lambda actor: service.amend(tx, actor, meeting, draft(donor), None, now),
            lambda actor: service.hold(tx, actor, meeting, "x", now),
            lambda actor: service.cancel(tx, actor, meeting, "x", now),
            lambda actor: service.fill_agenda(tx, actor, meeting, "x", (), now),
            lambda actor: service.set_point(tx, actor, meeting, PointDraft("x", donor.id, DAY), now),
        ):
            with pytest.raises(Refused):
                act(actor)


def test_those_who_are_invited_are_told_when_it_moves_and_when_they_are_new(tx, world, now, state, meeting, donor):
    service.amend(tx, state, meeting, draft(donor, title="Another title"), meeting.version, now)
    assert len(facts(tx)) == 1
    service.amend(tx, state, meeting, draft(donor, place="Room 2"), meeting.version, now)
    assert facts(tx)[1:] == [MeetingChanged(meeting.id, meeting.version)]
    service.amend(tx, state, meeting, draft(donor, world.organisation("ngo"), place="Room 2"), meeting.version, now)
    assert facts(tx)[2:] == [MeetingConvened(meeting.id)]


def test_who_saves_second_is_refused(tx, now, state, meeting, donor):
    opened = meeting.version
    service.amend(tx, state, meeting, draft(donor), opened, now)
    with pytest.raises(StaleVersion):
        service.amend(tx, state, meeting, draft(donor), opened, now)


def test_an_organisation_that_owes_something_stays_at_the_table(tx, world, now, state, meeting, donor):
    service.set_point(tx, state, meeting, PointDraft("Send the list", donor.id, DAY), now)
    with pytest.raises(MeetingRefused, match="open action point"):
        service.amend(tx, state, meeting, draft(world.organisation("ngo")), meeting.version, now)


def test_minutes_are_amended_once_it_was_held(tx, now, state, meeting, donor):
    service.amend(tx, state, meeting, draft(donor, held_on=now.date(), minutes="Too early"), meeting.version, now)
    assert not meeting.minutes
    service.hold(tx, state, meeting, "We met.", now)
    assert facts(tx)[-1] == MeetingHeld(meeting.id)
    service.amend(tx, state, meeting, draft(donor, minutes="We met, and parted."), meeting.version, now)
    assert meeting.minutes == "We met, and parted."
    with pytest.raises(MoveRefused):
        service.cancel(tx, state, meeting, "x", now)
    with pytest.raises(MoveRefused):
        service.fill_agenda(tx, state, meeting, "x", (), now)


def test_the_day_is_that_of_the_place(tx, now, state, meeting, donor):
    """At nine o'clock UTC it is tomorrow already in Kiritimati."""
    tomorrow = date(2026, 11, 24)
    late = draft(donor, held_on=tomorrow, time_zone="Pacific/Kiritimati")
    service.amend(tx, state, meeting, late, meeting.version, now.replace(hour=9))
    with pytest.raises(MoveRefused):
        service.hold(tx, state, meeting, "x", now.replace(hour=9))
    service.hold(tx, state, meeting, "x", now.replace(hour=11))


def test_findings_keep_the_words_of_their_day(tx, world, now, state, meeting):
    need = world.need(world.organisation(), themes=["customs"])
    found = findings_on(tx, state, "SN", now.date())
    gap = next(one for one in found if one.kind == "gap")
    assert gap.records == (("need", need.ref),)
    assert service.fill_agenda(tx, state, meeting, "Any other business", [gap], now) == 2
    own, kept = tx.scalars(select(AgendaItem).order_by(AgendaItem.position))
    assert (own.kind, own.text) == ("free", "Any other business")
    assert (kept.theme, kept.records) == ("customs", [["need", need.ref]])
    assert kept.why == [reason.as_json() for reason in gap.why]
    assert gap not in still_to_add(tx, meeting, found)


def test_two_programmes_that_seem_to_do_the_same_are_an_overlap(tx, world, now, state):
    from app.matching.overlaps.models import Overlap

    one, other = (world.programme(world.organisation("donor"), countries=["SN"]) for _time in range(2))
    tx.add(Overlap(first_id=one.id, second_id=other.id, first_version=1, second_version=1, score=1, reasons=[],
                   computed_at=now))  # fmt: skip
    tx.flush()
    found = [each for each in findings_on(tx, state, "SN", now.date()) if each.kind == "overlap"]
    assert [each.records for each in found] == [(("programme", one.ref), ("programme", other.ref))]
    other.disclosure = "own"
    tx.flush()
    assert not [each for each in findings_on(tx, state, "SN", now.date()) if each.kind == "overlap"]


@pytest.mark.parametrize(
    ("meeting_tier", "record_tier", "hidden"),
    [("public", "public", False), ("public", "members", True), ("members", "members", False),
     ("members", "named", True), ("named", "members", False), ("named", "named", False), ("named", "own", True)],
)  # fmt: skip
def test_the_convener_learns_that_not_everybody_will_see_an_item(
    tx, world, now, state, meeting, donor, meeting_tier, record_tier, hidden
):
    named = [donor] if record_tier == "named" else []
    home = next(iter(state.organisation_ids))
    from app.organisations.models import Organisation

    world.need(tx.get(Organisation, home), disclosure=record_tier, named=named, themes=["customs"])
    meeting.disclosure = meeting_tier
    tx.flush()
    found = [one for one in findings_on(tx, state, "SN", now.date()) if one.kind == "gap"]
    assert found
    assert bool(hidden_from_some(tx, meeting, found)) is hidden


def test_an_agenda_has_an_end(tx, now, state, meeting):
    for _time in range(MOST_ITEMS):
        service.fill_agenda(tx, state, meeting, "An item", (), now)
    with pytest.raises(MeetingRefused):
        service.fill_agenda(tx, state, meeting, "One more", (), now)


def test_an_action_point_is_owed_by_somebody_at_the_table_and_closed_by_either(tx, world, now, state, meeting, donor):
    with pytest.raises(MeetingRefused, match="convenes"):
        service.set_point(tx, state, meeting, PointDraft("x", world.organisation("ngo").id, DAY), now)
    with pytest.raises(MeetingRefused, match="before the meeting"):
        service.set_point(tx, state, meeting, PointDraft("x", donor.id, date(2027, 3, 1)), now)
    both = [service.set_point(tx, state, meeting, PointDraft("x", donor.id, DAY), now) for _time in range(2)]
    assert facts(tx)[-1] == ActionPointSet(meeting.id, both[1].id)
    owner = world.actor(world.account(donor))
    points.close_point(tx, owner, both[0], "done", "Sent.", now)
    points.close_point(tx, state, both[1], "dropped", "Not needed.", now)
    assert [(point.status, point.closed_on) for point in both] == [
        ("done", now.date()), ("dropped", now.date()),
    ]  # fmt: skip
    assert facts(tx)[-1] == ActionPointClosed(meeting.id, both[1].id, moment(now))
    assert [event.action for event in history_of(tx, both[0].ref)] == ["action_point.done", "action_point.set"]
    with pytest.raises(MoveRefused):
        points.close_point(tx, owner, both[0], "dropped", "x", now)


def test_an_action_point_is_amended_by_the_convener_while_it_is_open(tx, world, now, state, meeting, donor):
    need, other = world.need(world.organisation()), world.organisation("ngo")
    point = service.set_point(tx, state, meeting, PointDraft("x", donor.id, DAY, records=(("need", need.ref),)), now)
    need.disclosure = "own"
    later = DAY + timedelta(days=7)
    points.amend_point(tx, state, point, PointDraft("y", donor.id, later), now)
    assert (point.text, point.due_on, point.records) == ("y", later, [["need", need.ref]])
    assert facts(tx)[-1] == ActionPointChanged(meeting.id, point.id, moment(now))
    points.amend_point(tx, state, point, PointDraft("y", donor.id, later), now)
    points.amend_point(tx, state, point, PointDraft("y", meeting.organisation_id, later), now)
    assert facts(tx)[-1] == ActionPointSet(meeting.id, point.id)
    history = history_of(tx, point.ref)
    assert [event.action for event in history] == ["action_point.amended", "action_point.amended", "action_point.set"]
    assert [event.details.get("changed") for event in history] == [["organisation_id"], ["text", "due_on"], None]
    with pytest.raises(MeetingRefused, match="convenes"):
        points.amend_point(tx, state, point, PointDraft("y", other.id, later), now)
    with pytest.raises(MeetingRefused, match="before the meeting"):
        points.amend_point(tx, state, point, PointDraft("y", donor.id, date(2027, 1, 1)), now)
    with pytest.raises(Refused):
        points.amend_point(tx, world.actor(world.account(donor)), point, PointDraft("z", donor.id, later), now)
    points.close_point(tx, state, point, "done", "", now)
    with pytest.raises(MoveRefused, match="Open it again"):
        points.amend_point(tx, state, point, PointDraft("z", donor.id, later), now)


def test_what_was_closed_is_opened_again_by_whoever_might_close_it(tx, world, now, state, meeting, donor):
    point = service.set_point(tx, state, meeting, PointDraft("x", donor.id, DAY), now)
    owner = world.actor(world.account(donor))
    with pytest.raises(MoveRefused, match="Open"):
        points.reopen_point(tx, owner, point, "Too soon.", now)
    for actor, ending in ((owner, "done"), (state, "dropped")):
        points.close_point(tx, actor, point, ending, "Sent.", now)
        points.reopen_point(tx, actor, point, "It was the wrong list.", now)
        assert (point.status, point.note, point.closed_on) == ("open", "It was the wrong list.", None)
    assert facts(tx)[-1] == ActionPointReopened(meeting.id, point.id, moment(now))
    assert history_of(tx, point.ref)[0].action == "action_point.reopened"
    points.close_point(tx, owner, point, "done", "", now)
    for stranger in (world.somebody("donor"), world.somebody("secretariat")):
        with pytest.raises(Refused):
            points.reopen_point(tx, stranger, point, "x", now)
    name_audience(tx, meeting, [])
    with pytest.raises(MoveRefused, match="no longer invited"):
        points.reopen_point(tx, state, point, "x", now)
    meeting.status = "cancelled"
    with pytest.raises(MoveRefused, match="cancelled"):
        points.reopen_point(tx, state, point, "x", now)


def test_others_close_nothing(tx, world, now, state, meeting, donor):
    point = service.set_point(tx, state, meeting, PointDraft("x", donor.id, DAY), now)
    for actor in (world.somebody("donor"), world.actor(world.account(donor, "member")), world.somebody("secretariat")):
        with pytest.raises(Refused):
            points.close_point(tx, actor, point, "done", "", now)


def test_a_finding_without_records_is_for_everybody(now):
    from app.coordination.findings import Found

    item = item_of(Found("gap", "customs", (), ()), 3, now.date())
    assert (item.position, item.records) == (3, [])
