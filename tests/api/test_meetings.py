"""Meetings by programs: convened, amended, held and cancelled, with agendas and action points, as on the pages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.coordination.events import ActionPointClosed, ActionPointReopened, ActionPointSet, MeetingConvened, MeetingHeld
from app.coordination.models import ActionPoint, AgendaItem, Meeting
from app.foundation.audit import history_of
from app.foundation.disclosure import audience_of
from app.foundation.outbox import OutboxRow
from tests.api.test_files import kind_of
from tests.api.test_lists import every_ref

OWN = "http://localhost:5000"
LATE = {"If-Match": '"99.0123456789ab"'}


class Table:
    """A State that convenes, a donor that is invited, somebody who is not, and the programs of all."""

    def __init__(self, world, program, tx):
        self.world, self.program, self.tx = world, program, tx
        self.state, self.donor, self.other = (world.organisation(kind) for kind in ("state", "donor", "ngo"))
        self.account, self.guest_account = world.account(self.state), world.account(self.donor, "focal_point")
        self.chair, self.guest = program(self.account), program(self.guest_account)
        self.stranger = program(world.account(self.other))
        self.body = {
            "country": "SN", "title": "Mini-Dublin, Dakar", "held_on": "2027-03-02", "begins_at": "14:30",
            "invited": [self.donor.ref], "link": "https://meet.example.org/abc", "agenda": "Who does what.",
        }  # fmt: skip

    def meeting(self, **kw):
        """A meeting to which the donor is invited."""
        return self.world.meeting(self.state, invited=[self.donor], **kw)


@pytest.fixture
def table(world, program, tx):
    return Table(world, program, tx)


def facts(tx):
    return list(tx.scalars(select(OutboxRow.fact)))


# --- meetings ---


def test_a_meeting_is_convened_and_seen_by_those_who_are_invited(table, tx):
    made = table.chair("POST", "/meetings", json={**table.body, "disclosure": "named"})
    assert made.status_code == 201, made.text
    ref = made.json["ref"]
    assert made.headers["Location"] == f"{OWN}/api/v1/meetings/{ref}"
    told = {name: made.json[name] for name in (*table.body, "url", "status", "forum", "time_zone", "minutes_for")}
    assert told == {
        **table.body, "url": f"{OWN}/meetings/{ref}", "status": "planned", "forum": "mini_dublin", "time_zone": "UTC",
        "minutes_for": "named", "invited": told["invited"],
    }  # fmt: skip
    assert [one["ref"] for one in told["invited"]] == [table.donor.ref]
    assert table.guest("GET", f"/meetings/{ref}").json == made.json
    assert MeetingConvened.__name__ in facts(tx)
    (event,) = history_of(tx, ref)
    assert (event.action, bool(event.details["program"])) == ("meeting.convened", True)
    for ask in (table.stranger, table.program()):
        assert kind_of(ask("GET", f"/meetings/{ref}")) == "not-found"
        assert ask("GET", "/meetings").json == {"items": [], "next": None}


def test_link_minutes_and_what_was_agreed_are_for_those_who_may_have_them(table):
    meeting = table.meeting(status="held", minutes="We agreed.", link="https://meet.example.org/x")
    point = table.world.action_point(meeting, table.donor)
    table.world.action_point(meeting, table.state)
    here = f"/meetings/{meeting.ref}"
    for ask in (table.chair, table.guest):
        seen = ask("GET", here).json
        assert (seen["minutes"], seen["link"], len(seen["points"])) == ("We agreed.", "https://meet.example.org/x", 2)
    for ask in (table.stranger, table.program()):
        seen = ask("GET", here).json
        assert ("minutes" in seen, "link" in seen, seen["points"]) == (False, False, [])
        assert kind_of(ask("GET", f"{here}/points/{point.ref}")) == "not-found"
    # Who owes something knows of it, invited or not.
    owed = table.world.action_point(meeting, table.other)
    assert [one["ref"] for one in table.stranger("GET", here).json["points"]] == [owed.ref]
    assert table.stranger("GET", f"{here}/points/{owed.ref}").json["meeting_ref"] == meeting.ref


def test_the_list_is_that_of_the_page_page_after_page(table, client):
    days = (date(2027, 3, 2), date(2026, 11, 23), date(2026, 1, 5), date(2026, 9, 9), date(2027, 1, 1))
    meetings = [table.meeting(held_on=day) for day in days] + [table.meeting(country="GH", held_on=days[0])]
    page = client.get("/meetings").text
    in_order = list(dict.fromkeys(re.findall(r'href="/meetings/(M-[0-9A-Z-]+)"', page[page.index("<main") :])))
    found, pages = every_ref(table.program(), "/meetings?limit=2")
    by_ref = {one.ref: one.held_on for one in meetings}
    assert ([by_ref[ref] for ref in found], set(found), pages) == ([by_ref[ref] for ref in in_order], set(by_ref), 3)
    for query, wanted in (
        ("country=GH", {meetings[5].ref}),
        ("when=past&country=SN", {meetings[2].ref, meetings[3].ref}),
    ):
        assert {one["ref"] for one in table.program()("GET", f"/meetings?{query}").json["items"]} == wanted
    for query in ("cursor=x", "limit=0", "q=port", "when=never", "country=XX", "country=SN&country=GH"):
        assert kind_of(table.program()("GET", f"/meetings?{query}")) == "unknown-filter"


def test_a_meeting_is_amended_with_its_version_and_what_is_not_said_stays(table, tx):
    made = table.chair("POST", "/meetings", json=table.body)
    here, tag = f"/meetings/{made.json['ref']}", {"If-Match": made.headers["ETag"]}
    assert kind_of(table.chair("PATCH", here, json={"place": "Thiès"})) == "version-needed"
    amended = table.chair("PATCH", here, json={"place": "Thiès"}, headers=tag)
    assert amended.status_code == 200, amended.text
    moved = {"place", "version", "changed_at"}
    assert {**made.json, **{name: amended.json[name] for name in moved}} == amended.json
    late = table.chair("PATCH", here, json={"place": "Dakar"}, headers=tag)
    assert (late.status_code, late.json["current_version"]) == (412, amended.json["version"])
    tag = {"If-Match": amended.headers["ETag"]}
    early = table.chair("PATCH", here, json={"minutes": "We met."}, headers=tag)
    assert (early.status_code, kind_of(early)) == (409, "not-possible")
    assert table.chair("PATCH", here, json={"country": "GH"}, headers=tag).status_code == 422
    # Who still owes something is not taken off.
    (meeting,) = tx.scalars(select(Meeting))
    table.world.action_point(meeting, table.donor)
    off = table.chair("PATCH", here, json={"invited": [table.other.ref]}, headers=tag)
    assert (off.status_code, off.json["errors"][0]["pointer"]) == (422, "/invited")
    tx.expire_all()
    assert (meeting.place, meeting.minutes, audience_of(tx, meeting)) == ("Thiès", "", [table.donor.id])


def test_a_meeting_is_held_once_its_day_has_come_and_its_minutes_may_be_mended(table, tx):
    coming, today = table.meeting(), table.meeting(held_on=date(2026, 11, 23))
    early = table.chair("POST", f"/meetings/{coming.ref}/hold", json={"minutes": "We met."})
    assert (early.status_code, "still to come" in early.json["detail"]) == (409, True)
    here = f"/meetings/{today.ref}"
    assert table.chair("POST", f"{here}/hold", json={"minutes": "We met."}, headers=LATE).status_code == 412
    held = table.chair("POST", f"{here}/hold", json={"minutes": "We met."})
    assert (held.status_code, held.json["status"], held.json["minutes"]) == (200, "held", "We met.")
    again = table.chair("POST", f"{here}/hold", json={"minutes": "Again."})
    assert (again.status_code, "Held" in again.json["detail"]) == (409, True)
    mended = table.chair(
        "PATCH", here, json={"minutes": "We met in Dakar."}, headers={"If-Match": held.headers["ETag"]}
    )
    assert (mended.json["minutes"], mended.json["begins_at"]) == ("We met in Dakar.", None)
    assert MeetingHeld.__name__ in facts(tx)


def test_a_meeting_that_is_cancelled_stays_as_it_was(table):
    meeting = table.meeting()
    here = f"/meetings/{meeting.ref}"
    cancelled = table.chair("POST", f"{here}/cancel", json={"reason": "Nobody can come."})
    assert (cancelled.json["status"], cancelled.json["status_reason"]) == ("cancelled", "Nobody can come.")
    tag = {"If-Match": cancelled.headers["ETag"]}
    for method, path, body in (
        ("PATCH", "", {"place": "Dakar"}), ("POST", "/hold", {"minutes": "So."}),
        ("POST", "/cancel", {"reason": "So."}), ("POST", "/agenda", {"text": "So."}),
        ("POST", "/points", {"text": "So.", "organisation": table.donor.ref, "due_on": "2027-03-31"}),
    ):  # fmt: skip
        headers = tag if method == "PATCH" else {}
        answer = table.chair(method, here + path, json=body, headers=headers)
        assert (answer.status_code, kind_of(answer)) == (409, "not-possible"), path
        french = table.chair(method, here + path, json=body, headers={**headers, "Accept-Language": "fr"})
        assert french.json["detail"] != answer.json["detail"]


def test_who_may_not_is_told_so_whatever_is_sent(table, tx):
    meeting = table.meeting()
    item, point = table.world.agenda_item(meeting), table.world.action_point(meeting, table.donor)
    here = f"/meetings/{meeting.ref}"
    moves = (
        ("PATCH", here), ("POST", f"{here}/hold"), ("POST", f"{here}/cancel"), ("POST", f"{here}/agenda"),
        ("DELETE", f"{here}/agenda/{item.ref}"), ("POST", f"{here}/agenda/{item.ref}/up"), ("POST", f"{here}/points"),
        ("PATCH", f"{here}/points/{point.ref}"),
    )  # fmt: skip
    member = table.program(table.world.account(table.state, "member"))
    reads_alone = table.program(table.account, scope="read")
    for body in (table.body, {"no such field": 1}):
        for ask in (table.guest, table.stranger, member, reads_alone):
            for method, path in moves:
                assert kind_of(ask(method, path, json=body)) == "refused", (method, path)
        for ask in (table.stranger, member, reads_alone):
            assert kind_of(ask("POST", "/meetings", json=body)) == "refused"
        for method, path in (*moves, ("POST", "/meetings"), ("POST", f"{here}/points/{point.ref}/close")):
            assert kind_of(table.program()(method, path, json=body)) == "sign-in"
    for path in ("findings", "table"):
        assert kind_of(table.guest("GET", f"{here}/{path}")) == "refused"
    tx.expire_all()
    assert (meeting.status, meeting.version, len(meeting.items), point.status) == ("planned", 1, 1, "open")


def test_a_meeting_that_one_may_not_see_is_not_there(table):
    meeting = table.meeting(disclosure="named")
    item, point = table.world.agenda_item(meeting), table.world.action_point(meeting, table.donor)
    donor = table.program(table.world.account(table.world.organisation("donor")))
    for here in (f"/meetings/{meeting.ref}", "/meetings/M-7KQ2-MX4T"):
        for path in ("", "/findings", "/table", f"/points/{point.ref}"):
            assert kind_of(donor("GET", here + path)) == "not-found", path
        for body in ({"reason": "So."}, {"no such field": 1}):
            for method, path in (("PATCH", ""), ("POST", "/hold"), ("POST", "/cancel"), ("POST", "/agenda"),
                                 ("DELETE", f"/agenda/{item.ref}"), ("POST", f"/agenda/{item.ref}/up"),
                                 ("POST", "/points"), ("PATCH", f"/points/{point.ref}"),
                                 ("POST", f"/points/{point.ref}/close"), ("POST", f"/points/{point.ref}/reopen"),
                                 ):  # fmt: skip
                assert kind_of(donor(method, here + path, json=body)) == "not-found", path


def test_one_convenes_where_one_has_to_do_with_the_country(table, tx):
    answer = table.guest("POST", "/meetings", json={**table.body, "invited": [table.state.ref]})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/country")
    table.world.programme(table.donor, countries=["SN"])
    assert table.guest("POST", "/meetings", json={**table.body, "invited": [table.state.ref]}).status_code == 201
    assert len(tx.scalars(select(Meeting)).all()) == 1


def test_the_same_request_with_the_same_key_is_done_once(table, tx):
    key = {"Idempotency-Key": "meeting-1"}
    first, again = (table.chair("POST", "/meetings", json=table.body, headers=key) for _time in range(2))
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert kind_of(table.chair("POST", "/meetings", json={**table.body, "title": "So"}, headers=key)) == "key-used"
    here, due = f"/meetings/{first.json['ref']}", {"organisation": table.donor.ref, "due_on": "2027-03-31"}
    for path, body in ((f"{here}/agenda", {"text": "Prisons"}), (f"{here}/points", {"text": "A list", **due})):
        key = {"Idempotency-Key": path.split("/")[-1]}
        first, again = (table.chair("POST", path, json=body, headers=key) for _time in range(2))
        assert (first.status_code, again.json) == (first.status_code, first.json)
    counts = [len(tx.scalars(select(model)).all()) for model in (Meeting, AgendaItem, ActionPoint)]
    assert counts == [1, 1, 1]


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ({"title": " "}, "/title", "Give the meeting a title"),
        ({"held_on": "soon"}, "/held_on", "Write the day like 2027-03-31."),
        ({"begins_at": "noon"}, "/begins_at", "Type a time of day like 14:30"),
        ({"invited": []}, "/invited", "Pick the organisations that are invited"),
        ({"invited": ["O-7KQ2-MX4T"]}, "/invited", "is not a valid choice"),
        ({"country": "GH"}, "/country", "A State convenes meetings on its own country."),
        ({"country": "XX"}, "/country", "Choose one of the list."),
        ({"link": "javascript:alert(1)"}, "/link", "Give a whole address"),
        ({"forum": "club"}, "/forum", "Choose one of the list."),
        ({"disclosure": "own"}, "/disclosure", "Choose one of the list."),
        ({"minutes": "So."}, "/minutes", "There is no such field here."),
    ],
)
def test_what_is_wrong_is_told_where_it_is_in_words(table, tx, body, place, words):
    answer = table.chair("POST", "/meetings", json={**table.body, **body})
    assert (answer.status_code, kind_of(answer)) == (422, "not-sound"), answer.text
    (error,) = answer.json["errors"]
    assert (error["pointer"], words in error["detail"]) == (place, True), error
    french = table.chair("POST", "/meetings", json={**table.body, **body}, headers={"Accept-Language": "fr"})
    assert french.json["errors"][0]["detail"] != error["detail"]
    for raw in (b"{", b"[]", b'{"title": "\\u0000"}'):
        assert kind_of(table.chair("POST", "/meetings", data=raw, content_type="application/json")) == "unreadable"
    assert tx.scalars(select(Meeting)).all() == []


# --- the agenda ---


def test_an_agenda_is_filled_put_in_order_and_emptied(table):
    meeting = table.meeting()
    here = f"/meetings/{meeting.ref}"
    for text in ("First", "Second"):
        filled = table.chair("POST", f"{here}/agenda", json={"text": text})
        assert filled.status_code == 200, filled.text
    first, second = filled.json["items"]
    assert (first["text"], first["kind"], first["records"], first["noted_on"]) == ("First", "free", [], "2026-11-23")
    moved = table.chair("POST", f"{here}/agenda/{second['ref']}/up").json
    assert [one["text"] for one in moved["items"]] == ["Second", "First"]
    left = table.chair("DELETE", f"{here}/agenda/{first['ref']}").json
    assert [one["text"] for one in left["items"]] == ["Second"]
    assert kind_of(table.chair("DELETE", f"{here}/agenda/{first['ref']}")) == "not-found"
    other = table.meeting()
    assert kind_of(table.chair("DELETE", f"/meetings/{other.ref}/agenda/{second['ref']}")) == "not-found"
    for body in ({}, {"text": " "}, {"findings": ["gap:nothing"]}):
        empty = table.chair("POST", f"{here}/agenda", json=body)
        assert (empty.status_code, empty.json["errors"][0]["pointer"]) == (422, "/text")


def test_what_is_found_is_put_on_the_agenda_by_its_key_and_shown_to_whoever_may_see_what_is_behind(table, tx):
    need = table.world.need(table.state, themes=["prisons"], countries=["SN"], disclosure="named", named=[table.donor])
    meeting = table.meeting()
    here = f"/meetings/{meeting.ref}"
    findings = table.chair("GET", f"{here}/findings").json["items"]
    mine = [one for one in findings if need.ref in {each["ref"] for each in one["records"]}]
    assert mine, findings
    assert {(one["kind"], one["theme"], one["is_for_all"]) for one in mine} == {("gap", "prisons", False)}
    filled = table.chair("POST", f"{here}/agenda", json={"findings": [mine[0]["key"], "gap:gone"]})
    (item,) = filled.json["items"]
    assert (item["kind"], item["why"], item["records"]) == ("gap", mine[0]["why"], mine[0]["records"])
    assert mine[0]["key"] not in {one["key"] for one in table.chair("GET", f"{here}/findings").json["items"]}
    assert table.guest("GET", here).json["items"] == [item]
    assert table.stranger("GET", here).json["items"] == []


# --- action points ---


def test_what_was_agreed_is_set_amended_closed_and_opened_again(table, tx):
    meeting, need = table.meeting(), table.world.need(table.state)
    here = f"/meetings/{meeting.ref}/points"
    sat = table.chair("GET", f"/meetings/{meeting.ref}/table").json
    assert {one["ref"] for one in sat["organisations"]} == {table.state.ref, table.donor.ref}
    key = next(one["key"] for one in sat["people"] if one["organisation_ref"] == table.donor.ref)
    body = {"text": "Send the list", "organisation": table.donor.ref, "person": key, "due_on": "2027-03-31"}
    made = table.chair("POST", here, json={**body, "records": need.ref})
    assert made.status_code == 201, made.text
    one = f"{here}/{made.json['ref']}"
    assert made.headers["Location"] == f"{OWN}/api/v1{one}"
    assert (made.json["person"], made.json["status"], made.json["is_overdue"]) == (
        table.guest_account.name, "open", False,
    )  # fmt: skip
    assert [each["ref"] for each in made.json["records"]] == [need.ref]
    tag = {"If-Match": made.headers["ETag"]}
    assert kind_of(table.chair("PATCH", one, json={"due_on": "2027-04-30"})) == "version-needed"
    amended = table.chair("PATCH", one, json={"due_on": "2027-04-30"}, headers=tag)
    assert {**made.json, "due_on": "2027-04-30"} == amended.json
    assert kind_of(table.chair("PATCH", one, json={"due_on": "2027-05-30"}, headers=tag)) == "changed-meanwhile"
    assert kind_of(table.guest("POST", f"{one}/close", json={"status": "done"}, headers=tag)) == "changed-meanwhile"
    closed = table.guest("POST", f"{one}/close", json={"status": "done", "note": "Sent."})
    assert (closed.json["status"], closed.json["note"], closed.json["closed_on"]) == ("done", "Sent.", "2026-11-23")
    for path, sent in ((f"{one}/close", {"status": "done"}), (one, {"text": "So"})):
        method, headers = ("PATCH", {"If-Match": closed.headers["ETag"]}) if path == one else ("POST", {})
        assert kind_of(table.chair(method, path, json=sent, headers=headers)) == "not-possible"
    opened = table.chair("POST", f"{one}/reopen", json={"reason": "A page is missing."})
    assert (opened.json["status"], opened.json["note"]) == ("open", "A page is missing.")
    told = {ActionPointSet.__name__, ActionPointClosed.__name__, ActionPointReopened.__name__}
    assert told <= set(facts(tx))
    assert [event.action for event in history_of(tx, made.json["ref"])][-1] == "action_point.set"


def test_only_whoever_owes_it_or_convened_the_meeting_closes_an_action_point(table, tx):
    meeting = table.meeting(field_disclosure={"minutes": "public", "link": "named"})
    point = table.world.action_point(meeting, table.donor)
    one = f"/meetings/{meeting.ref}/points/{point.ref}"
    member = table.program(table.world.account(table.donor, "member"))
    for body in ({"status": "done"}, {"no such field": 1}):
        for path in ("close", "reopen"):
            for ask in (table.stranger, member):
                assert kind_of(ask("POST", f"{one}/{path}", json=body)) == "refused"
    other = table.meeting()
    assert kind_of(table.chair("GET", f"/meetings/{other.ref}/points/{point.ref}")) == "not-found"
    assert kind_of(table.chair("POST", f"/meetings/{other.ref}/points/{point.ref}/close", json={})) == "not-found"
    # The name of a person is not told to the public.
    point.account_id = table.guest_account.id
    tx.flush()
    tx.expire_all()
    assert ["person" in ask("GET", one).json for ask in (table.stranger, table.program())] == [True, False]
    assert point.status == "open"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"text": " "}, "/text"), ({"organisation": ""}, "/organisation"),
        ({"organisation": "O-7KQ2-MX4T"}, "/organisation"),
        ({"person": "O-7KQ2-MX4T/A-7KQ2-MX4T"}, "/person"), ({"due_on": "2027-01-01"}, "/due_on"),
        ({"records": "N-7KQ2-MX4T"}, "/records"), ({"status": "done"}, "/status"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_action_point_is_told_where_it_is(table, tx, body, place):
    here = f"/meetings/{table.meeting().ref}/points"
    sound = {"text": "Send the list", "organisation": table.donor.ref, "due_on": "2027-03-31"}
    answer = table.chair("POST", here, json={**sound, **body})
    assert (answer.status_code, kind_of(answer)) == (422, "not-sound"), answer.text
    (error,) = answer.json["errors"]
    french = table.chair("POST", here, json={**sound, **body}, headers={"Accept-Language": "fr"}).json["errors"][0]
    assert (error["pointer"], french["detail"] != error["detail"]) == (place, True), error
    assert tx.scalars(select(ActionPoint)).all() == []


def test_what_is_dropped_is_dropped_with_a_reason(table):
    meeting = table.meeting()
    one = f"/meetings/{meeting.ref}/points/{table.world.action_point(meeting, table.donor).ref}"
    for body, place in (({"status": "dropped"}, "/note"), ({"status": "over"}, "/status"), ({}, "/status")):
        answer = table.guest("POST", f"{one}/close", json=body)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, place)
    assert (
        table.guest("POST", f"{one}/close", json={"status": "dropped", "note": "No money."}).json["note"] == "No money."
    )


def test_what_one_owes_is_told_as_on_the_desk_what_is_due_first_on_top(table):
    meeting = table.meeting()
    days = (date(2027, 5, 1), date(2026, 11, 1), date(2027, 4, 1))
    owed = [table.world.action_point(meeting, table.donor, due_on=day) for day in days]
    table.world.action_point(meeting, table.donor, status="done", closed_on=days[1])
    table.world.action_point(meeting, table.state)
    found, pages = every_ref(table.guest, "/points?limit=2")
    assert (found, pages) == ([owed[1].ref, owed[2].ref, owed[0].ref], 2)
    assert [one["is_overdue"] for one in table.guest("GET", "/points").json["items"]] == [True, False, False]
    member = table.program(table.world.account(table.donor, "member"))
    for ask in (member, table.stranger):
        assert ask("GET", "/points").json == {"items": [], "next": None}
    assert kind_of(table.program()("GET", "/points")) == "sign-in"


@pytest.mark.one_engine
def test_the_description_says_what_meetings_are(client):
    described = client.get("/api/v1/openapi.json").json
    assert set(described["paths"]["/meetings/{ref}"]) == {"get", "patch"}
    assert "minutes" not in described["components"]["schemas"]["MeetingConvened"]["properties"]
    assert described["components"]["schemas"]["MeetingConvened"]["required"] == ["country", "title", "held_on"]
    assert "Meetings that you may see" in client.get("/api").text
    assert "Action points that you owe" in client.get("/api").text
    assert "PointGiven" in client.get("/api/meetings").text
