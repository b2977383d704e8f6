"""The pages of meetings, as conveners, those who are invited and everybody else use them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.coordination.models import ActionPoint, AgendaItem, Meeting
from app.foundation.disclosure import audience_of
from app.foundation.drafts import Draft


@pytest.fixture
def table(world, new_client, sign_in):
    """A State that convenes, a donor that is invited, and somebody who is not, each at a browser."""

    class Table:
        state, donor, other = world.organisation("state"), world.organisation("donor"), world.organisation("ngo")
        chair, guest, stranger = new_client(), new_client(), new_client()

    sign_in(Table.chair, world.account(Table.state))
    sign_in(Table.guest, world.account(Table.donor))
    sign_in(Table.stranger, world.account(Table.other))
    return Table


def convene(table, **values):
    fields = {
        "title": "Mini-Dublin, Dakar",
        "held_on": "2 March 2027",
        "begins_at": "14h30",
        "invited": [table.donor.ref],
    }
    return table.chair.submit("/meetings/new?country=SN", {**fields, **values}, form_id="meeting-form")


def test_a_meeting_is_convened_and_seen_by_those_who_are_invited(table, tx, client):
    answer = convene(table, disclosure="named", link="https://meet.example.org/abc", agenda="Who does what.")
    assert answer.status_code == 303
    meeting = tx.scalars(select(Meeting)).one()
    assert (meeting.country, meeting.held_on, meeting.begins_at.hour) == ("SN", date(2027, 3, 2), 14)
    assert audience_of(tx, meeting) == [table.donor.id]
    page = table.guest.get(answer.location).text
    assert "https://meet.example.org/abc" in page
    assert "Fill the agenda" not in page
    assert table.stranger.get(answer.location).status_code == client.get(answer.location).status_code == 404


def test_sent_twice_it_is_convened_once(table, tx):
    fields = {
        **table.chair.form("/meetings/new?country=SN", "meeting-form"),
        "title": ["Once"],
        "held_on": ["2027-03-02"],
    }
    fields["invited"] = [table.donor.ref]
    first, second = (table.chair.post("/meetings/new", data=fields) for _time in range(2))
    assert first.location == second.location
    assert len(tx.scalars(select(Meeting)).all()) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "Give the meeting a title"),
        ({"held_on": "soon"}, "Type a day like"),
        ({"begins_at": "noon"}, "Type a time of day like 14:30"),
        ({"link": "javascript:alert(1)"}, "whole address that begins with https"),
        ({"invited": []}, "one at least"),
        ({"country": "GH"}, "A State convenes meetings on its own country"),
        ({"forum": "x"}, "Choose one of the list."),
    ],
)
def test_what_is_wrong_is_named_and_the_rest_kept(table, tx, values, words):
    page = convene(table, agenda="Who does what.", **values)
    assert page.status_code == 422
    assert words in page.text
    assert "Who does what." in page.text
    assert tx.scalars(select(Meeting)).all() == []


def test_what_was_typed_is_kept_as_a_draft(table, tx):
    table.chair.post("/meetings/draft", data={"form_key": "k1", "title": "Half a title"})
    assert tx.scalars(select(Draft)).one().title == "Half a title"
    assert "/meetings/new?draft=k1" in table.chair.get("/desk").text


def test_the_form_begins_with_who_is_likely_to_come(table, world):
    world.programme(table.donor, countries=["SN"])
    world.programme(world.organisation("donor", name="Elsewhere"), countries=["GH"])
    invited = table.chair.form("/meetings/new?country=SN", "meeting-form")["invited"]
    assert {table.donor.ref, table.state.ref} <= set(invited)
    assert len(invited) == 2


def test_findings_go_on_the_agenda_by_a_click_and_are_hidden_from_who_may_not_see_them(table, tx, world):
    hidden = world.need(table.state, title="Secret scanner", disclosure="own", themes=["customs"])
    shown = world.need(table.state, title="Judges to train", themes=["prisons"])
    meeting = world.meeting(table.state, invited=[table.donor])
    form = table.chair.get(f"/meetings/{meeting.ref}/agenda")
    assert hidden.title in form.text
    assert form.text.count("They will not see this item") == 1
    assert table.chair.submit(f"/meetings/{meeting.ref}/agenda", {"text": "Any other business"}).status_code == 303
    assert len(tx.scalars(select(AgendaItem)).all()) == 3
    own, other = table.chair.get(f"/meetings/{meeting.ref}").text, table.guest.get(f"/meetings/{meeting.ref}").text
    assert hidden.title in own
    assert hidden.title not in other
    assert other.count("As found on") == 1
    assert shown.title in other
    assert "Any other business" in other


def test_an_agenda_needs_something_and_items_move_and_go(table, tx, world):
    meeting = world.meeting(table.state, invited=[table.donor])
    address = f"/meetings/{meeting.ref}/agenda"
    empty = table.chair.submit(address, {"findings": []}, form_id="agenda-form")
    assert empty.status_code == 422
    first, second = (world.agenda_item(meeting, text=text) for text in ("First", "Second"))
    table.chair.post(f"{address}/{second.ref}/up")
    page = table.chair.get(f"/meetings/{meeting.ref}").text
    assert page.index("Second") < page.index("First")
    assert table.guest.post(f"{address}/{first.ref}/remove").status_code == 403
    gone = first.ref
    table.chair.post(f"{address}/{gone}/remove")
    assert [item.text for item in tx.scalars(select(AgendaItem))] == ["Second"]
    assert table.chair.post(f"{address}/{gone}/remove").status_code == 404


def test_minutes_are_written_once_the_day_has_come(table, tx, world, client):
    meeting = world.meeting(table.state, invited=[table.donor], held_on=date(2026, 11, 24))
    address = f"/meetings/{meeting.ref}"
    early = table.chair.submit(f"{address}/hold", {"minutes": "We met."}, form_id="minutes-form")
    assert early.status_code == 422
    assert "still to come" in early.text
    assert "We met." in early.text
    meeting.held_on = date(2026, 11, 23)
    tx.flush()
    assert table.chair.submit(f"{address}/hold", {"minutes": "We met."}, form_id="minutes-form").status_code == 303
    assert "We met." in table.guest.get(address).text
    assert "We met." not in client.get(address).text
    again = table.chair.submit(f"{address}/hold", {"minutes": "Twice"}, form_id="minutes-form")
    assert "any more" in again.text


def test_a_meeting_is_cancelled_with_a_reason(table, tx, world):
    meeting = world.meeting(table.state, invited=[table.donor])
    address = f"/meetings/{meeting.ref}/cancel"
    assert table.chair.submit(address, {"reason": ""}, form_id="cancel-form").status_code == 422
    assert table.chair.submit(address, {"reason": "No quorum."}, form_id="cancel-form").status_code == 303
    assert "No quorum." in table.guest.get(f"/meetings/{meeting.ref}").text
    assert table.chair.get(f"/meetings/{meeting.ref}/amend").status_code == 409


def test_who_saves_second_is_shown_both_texts(table, tx, world):
    meeting = world.meeting(table.state, invited=[table.donor])
    address = f"/meetings/{meeting.ref}/amend"
    fields = table.chair.form(address, "meeting-form")
    assert table.chair.submit(address, {"place": "Room 1"}, form_id="meeting-form").status_code == 303
    stale = table.chair.post(address, data={**fields, "place": ["Room 2"], "form_key": ["other"]})
    assert stale.status_code == 409
    assert "Room 1" in stale.text
    assert "Room 2" in stale.text


def test_an_action_point_is_set_seen_on_the_desk_and_closed_by_who_owes_it(table, tx, world):
    need = world.need(table.state)
    meeting = world.meeting(table.state, invited=[table.donor])
    world.account(table.donor, "focal_point", name="Ingrid Solberg")
    address = f"/meetings/{meeting.ref}"
    values = {"text": "Send the list", "organisation": table.donor.ref, "due_on": "2027-03-31", "records": need.ref}
    assert table.chair.submit(f"{address}/points/new", values, form_id="point-form").status_code == 303
    point = tx.scalars(select(ActionPoint)).one()
    assert "Send the list" in table.guest.get("/desk").text
    point.due_on = date(2026, 11, 22)
    tx.flush()
    assert "Overdue" in table.guest.get("/desk").text
    assert "Send the list" not in table.chair.get("/desk").text
    close = f"{address}/points/{point.ref}/close"
    assert table.guest.submit(close, {"status": "dropped"}, form_id="close-form").status_code == 422
    assert table.guest.submit(close, {"status": "done", "note": "Sent."}, form_id="close-form").status_code == 303
    assert "Sent." in table.chair.get(address).text
    assert "Send the list" not in table.guest.get("/desk").text
    assert table.stranger.get(close).status_code == 404


def test_an_action_point_is_amended_and_opened_again(table, tx, world):
    need = world.need(table.state)
    meeting = world.meeting(table.state, invited=[table.donor])
    point = world.action_point(meeting, table.donor, need)
    address = f"/meetings/{meeting.ref}"
    amend, reopen = (f"{address}/points/{point.ref}/{what}" for what in ("amend", "reopen"))
    fields = table.chair.form(amend, "point-form")
    assert (fields["text"][0].strip(), fields["records"]) == (point.text, [need.ref])
    early = table.chair.submit(amend, {"due_on": "2027-01-01"}, form_id="point-form")
    assert early.status_code == 422
    assert "before the meeting" in early.text
    values = {"text": "Send the whole list", "due_on": "2027-04-15"}
    assert table.chair.submit(amend, values, form_id="point-form").status_code == 303
    assert "Send the whole list" in table.guest.get(address).text
    assert table.guest.get(amend).status_code == 403
    assert reopen not in table.guest.get(address).text
    table.guest.submit(f"{address}/points/{point.ref}/close", {"status": "done"}, form_id="close-form")
    assert amend not in table.chair.get(address).text
    assert reopen in table.guest.get(address).text
    assert table.guest.submit(reopen, {"reason": ""}, form_id="reopen-form").status_code == 422
    assert table.guest.submit(reopen, {"reason": "It was last year's."}, form_id="reopen-form").status_code == 303
    assert "It was last year&#39;s." in table.chair.get(address).text
    again = table.guest.submit(reopen, {"reason": "Twice"}, form_id="reopen-form")
    assert "any more" in table.guest.get(again.location).text if again.status_code == 303 else "any more" in again.text
    assert table.stranger.get(reopen).status_code == 404


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "Say what is to be done"),
        ({"due_on": "2027-01-01"}, "before the meeting"),
        ({"records": "N-2222-2222"}, "no record N-2222-2222"),
        ({"organisation": ""}, "Choose who does it"),
    ],
)
def test_what_is_wrong_with_an_action_point_is_named(table, tx, world, values, words):
    meeting = world.meeting(table.state, invited=[table.donor])
    good = {"text": "Send the list", "organisation": table.donor.ref, "due_on": "2027-03-31"}
    page = table.chair.submit(f"/meetings/{meeting.ref}/points/new", {**good, **values}, form_id="point-form")
    assert page.status_code == 422
    assert words in page.text
    assert tx.scalars(select(ActionPoint)).all() == []


def test_the_page_of_a_country_has_its_meetings(table, world, client):
    need = world.need(table.state, title="Judges to train")
    meeting = world.meeting(table.state, invited=[table.donor], title="Spring meeting")
    world.agenda_item(meeting, need)
    held = world.meeting(table.state, invited=[table.donor], title="Autumn", held_on=date(2026, 9, 1), status="held")
    world.action_point(held, table.donor, due_on=date(2026, 10, 1))
    world.programme(table.donor, title="Prison reform")
    page = client.get("/countries/SN").text
    assert page.index("Who does what") < page.index("Spring meeting") < page.index("Autumn")
    assert "As found on" in page
    assert "Send the list of trained judges" not in page
    assert "Overdue" in table.guest.get("/countries/SN").text
    assert "Convene a meeting" not in page
    assert "Convene a meeting" in table.chair.get("/countries/SN").text


def test_the_list_is_narrowed(table, world, client):
    world.meeting(table.state, title="Spring")
    world.meeting(table.state, title="Past one", held_on=date(2026, 1, 1), country="GH")
    world.meeting(table.state, title="Hidden one", disclosure="members", country="ML")
    everything = client.get("/meetings").text
    assert everything.index("Spring") < everything.index("Past one")
    assert "Hidden one" not in everything
    assert 'value="ML"' not in everything
    assert "Past one" not in client.get("/meetings?when=coming").text
    assert "Spring" not in client.get("/meetings?country=GH").text
