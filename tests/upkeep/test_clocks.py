"""The clocks of needs: what stops them, what they say, and who may see and do what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.matching.feedback.models import MatchAnswer
from app.notifications.models import Notice
from app.upkeep.clocks import rules
from app.upkeep.clocks.models import NeedMoment
from app.upkeep.clocks.queries import watched
from app.upkeep.clocks.rules import Clock, Stop, clocks_of
from app.upkeep.clocks.service import acknowledge, circulate, note_circulated
from tests.notifications.mailbox import carried, letters
from tests.security.ground import work


@pytest.fixture
def office(world):
    return world.somebody("secretariat")


def states(tx, need, now):
    (one,) = watched(tx, [need], now)
    return {clock.code: clock.state(now) for clock in one.clocks}


# --- rules ---


def test_five_working_days_a_week_and_a_year(now):
    first, second = clocks_of(now, {}, now, is_open=True)
    assert (first.due_at - now).days == 7, "Monday to Monday, over a week-end"
    assert second.due_at - now == timedelta(days=7)
    later = clocks_of(now, {}, now + timedelta(days=365), is_open=True)
    assert [clock.code for clock in later] == ["acknowledged", "circulated", "asked"]


@pytest.mark.parametrize(
    ("stopped", "asked_on", "state"),
    [(None, 6, "running"), (None, 8, "late"), (3, 8, "done"), (7, 8, "done"), (8, 20, "done_late")],
)
def test_how_a_clock_stands(now, stopped, asked_on, state):
    stop = Stop(now + timedelta(days=stopped), "hand") if stopped is not None else None
    clock = Clock("circulated", now, now + timedelta(days=7), stop)
    assert clock.state(now + timedelta(days=asked_on)) == state


def test_nobody_waits_for_a_need_that_is_over(now):
    assert clocks_of(now, {}, now + timedelta(days=30), is_open=False) == []
    kept = clocks_of(now, {"acknowledged": Stop(now, "hand")}, now, is_open=False)
    assert [clock.code for clock in kept] == ["acknowledged"]


# --- what stops them ---


def test_the_secretariat_acknowledges_once_and_the_author_is_told(tx, world, now, office, app):
    need = world.need(world.organisation())
    author = world.account(need.organisation, "editor")
    acknowledge(tx, office, need, "It is with the donors of the region.", now)
    assert states(tx, need, now)["acknowledged"] == "done"
    with pytest.raises(rules.NotNow):
        acknowledge(tx, office, need, "", now)
    work(app)
    notice = tx.scalars(select(Notice).where(Notice.account_id == author.id)).one()
    assert notice.cause.startswith("need_acknowledged|")
    assert "with the donors" in str(notice.message)


def test_a_desk_acknowledges_for_its_own_members_alone(tx, world, now):
    member, other = world.organisation(country="SN"), world.organisation(country="BO")
    desk = world.somebody("regional")
    acknowledge(tx, desk, world.need(member, countries=["SN"]), "", now)
    with pytest.raises(Refused):
        acknowledge(tx, desk, world.need(other, countries=["BO"]), "", now)
    with pytest.raises(Refused):
        acknowledge(tx, world.somebody("donor"), world.need(member, countries=["SN"]), "", now)


def test_a_pledge_or_a_word_on_a_match_acknowledges_too(tx, world, now):
    state, donor = world.organisation(), world.organisation("donor")
    pledged, liked, own = world.need(state), world.need(state), world.need(state)
    world.pledge(pledged, donor, posted_at=now)
    for need, organisation in ((liked, donor), (own, state)):
        tx.add(MatchAnswer(
            need_id=need.id, offer_kind="programme", offer_id=1, organisation_id=organisation.id, says="useful",
            gate="match", strength="strong", themes=[], need_language="fr", offer_language="en", answered_at=now,
        ))  # fmt: skip
    tx.flush()
    assert states(tx, pledged, now)["acknowledged"] == "done"
    assert states(tx, liked, now)["acknowledged"] == "done"
    assert states(tx, own, now)["acknowledged"] == "running", "the author's own word is none"


def test_the_first_notice_of_a_match_is_kept_as_circulation(tx, world, now):
    need, donor = world.need(world.organisation()), world.organisation("donor")
    person = world.account(donor)
    told = now + timedelta(hours=1)
    tx.add(Notice(account_id=person.id, cause=f"need_fits|need:{need.ref}|programme:P-1", message={}, created_at=told,
                  record_kind="need", record_ref=need.ref))  # fmt: skip
    tx.flush()
    assert note_circulated(tx, now) == 1
    assert note_circulated(tx, now) == 0
    moment = tx.scalars(select(NeedMoment)).one()
    assert (moment.what, moment.how, moment.happened_at) == ("circulated", "match", told)


def test_sent_on_by_hand_to_those_who_may_see_it(tx, world, now, office, app):
    donor, blind = world.organisation("donor"), world.organisation("donor")
    reader, other = world.account(donor), world.account(blind)
    need = world.need(world.organisation(), title="Kept small", disclosure="named", named=[donor])
    with pytest.raises(rules.NotNow):
        circulate(tx, office, need, [blind.id], "", now)
    circulate(tx, office, need, [donor.id, blind.id], "Please look at it.", now)
    tx.flush()
    work(app)
    notices = tx.scalars(select(Notice).where(Notice.cause.like("need_circulated|%")))
    assert [notice.account_id for notice in notices] == [reader.id]
    (letter,) = letters(tx, app.extensions["counterpart"], now)
    assert letter.recipient == reader.email
    assert "Kept small" not in letter.subject + letter.text + letter.html
    assert other.email not in {address for address, _cause in carried(tx)}


def test_every_move_is_on_record_once(tx, world, now, office):
    need = world.need(world.organisation())
    acknowledge(tx, office, need, "", now)
    actions = tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == need.ref)).all()
    assert actions == ["need.acknowledged"]
    assert [row.fact for row in tx.scalars(select(OutboxRow))] == ["NeedAcknowledged"]


# --- pages ---


def test_the_office_sees_what_is_late_first_and_takes_it_along(client, sign_in, world, now):
    office = world.organisation("secretariat")
    late = world.need(world.organisation(), title="Late one", posted_at=now - timedelta(days=20))
    world.need(world.organisation(), title="New one", posted_at=now)
    sign_in(client, world.account(office))
    text = client.get("/upkeep/clocks").text
    assert text.index("Late one") < text.index("New one")
    assert "New one" not in client.get("/upkeep/clocks?state=late").text
    file = client.get("/upkeep/clocks.csv")
    assert late.ref in file.text
    assert file.mimetype == "text/csv"


def test_nobody_else_sees_the_list(client, sign_in, world):
    sign_in(client, world.account(world.organisation("donor")))
    assert client.get("/upkeep/clocks").status_code == 403
    assert client.get("/upkeep/clocks.csv").status_code == 403


def test_an_officer_acknowledges_by_the_form(client, sign_in, world, tx):
    need = world.need(world.organisation())
    sign_in(client, world.account(world.organisation("secretariat")))
    assert "Acknowledge this need" in client.get(f"/needs/{need.ref}").text
    assert client.submit(f"/needs/{need.ref}/acknowledge", {"words": "Read."}).status_code == 303
    text = client.get(f"/needs/{need.ref}").text
    assert "Done in time" in text
    assert f"/needs/{need.ref}/acknowledge" not in text


def test_the_owner_reads_the_clocks_and_a_stranger_none(client, new_client, sign_in, world):
    need = world.need(world.organisation())
    assert "How it is looked after" not in client.get(f"/needs/{need.ref}").text
    own = new_client()
    sign_in(own, world.account(need.organisation))
    text = own.get(f"/needs/{need.ref}").text
    assert "How it is looked after" in text
    assert "Acknowledge this need" not in text


def test_a_hidden_need_is_not_acknowledged_by_a_desk(client, sign_in, world):
    hidden = world.need(world.organisation(country="SN"), countries=["SN"], disclosure="own")
    sign_in(client, world.account(world.organisation("regional")))
    assert client.get(f"/needs/{hidden.ref}/acknowledge").status_code == 404
    assert client.get(f"/needs/{hidden.ref}/circulate").status_code == 404
