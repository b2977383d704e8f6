"""Limits of absorption by programs: what a State can take in, set, amended and ended by the rules of the pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.outbox import OutboxRow
from app.needs.limits import rules
from app.needs.limits.events import LimitAmended, LimitEnded, LimitSet
from app.needs.limits.models import Limit
from tests.api.test_files import kind_of
from tests.api.test_lists import every_ref

OWN = "http://localhost:5000"
BODY = {
    "measure": "trainees", "most": 40, "kind": "training", "starts_on": "2027-01-01", "ends_on": "2027-12-31",
    "reason": "One hall.", "language": "en",
}  # fmt: skip


@pytest.fixture
def state(world):
    return world.organisation("state", country="GH")


@pytest.fixture
def ask(program, world, state):
    return program(world.account(state))


def kept(tx):
    tx.expire_all()
    return list(tx.scalars(select(Limit).order_by(Limit.id)))


def test_a_limit_is_set_for_ones_own_country_and_everybody_plans_with_it(ask, program, state, tx):
    made = ask("POST", "/limits", json={**BODY, "theme": "prisons"})
    assert made.status_code == 201, made.text
    ref = made.json["ref"]
    assert made.headers["Location"] == f"{OWN}/api/v1/limits/{ref}"
    told = {name: value for name, value in made.json.items() if name in {*BODY, "country", "theme", "status", "url"}}
    assert told == {
        **BODY, "country": "GH", "theme": "prisons", "status": "standing", "url": f"{OWN}/limits/{ref}",
    }  # fmt: skip
    assert (made.json["organisation"]["ref"], made.json["disclosure"], made.json["version"]) == (state.ref, "public", 1)
    # Its days have not come.
    assert made.json["is_in_force"] is False
    seen = program()("GET", f"/limits/{ref}")
    assert (seen.status_code, seen.json, seen.headers["ETag"]) == (200, made.json, made.headers["ETag"])
    assert [one["ref"] for one in program()("GET", "/limits?country=GH").json["items"]] == [ref]
    assert program()("GET", "/limits?country=SN").json["items"] == []
    (event,) = history_of(tx, ref)
    assert (event.action, bool(event.details["program"])) == ("limit.set", True)
    assert LimitSet.__name__ in list(tx.scalars(select(OutboxRow.fact)))


def test_what_is_not_said_is_as_in_the_form_when_it_is_opened(ask):
    made = ask(
        "POST", "/limits", json={"measure": "providers", "most": 0, "reason": "Rien.", "starts_on": "2026-11-01"}
    )
    told = [made.json[name] for name in ("language", "ends_on", "theme", "kind", "beneficiary_unit", "is_in_force")]
    assert told == ["en", None, "", "", "", True]


def test_a_limit_is_amended_with_its_version_and_what_is_not_said_stays(ask, tx):
    made = ask("POST", "/limits", json=BODY)
    here, tag = f"/limits/{made.json['ref']}", {"If-Match": made.headers["ETag"]}
    assert kind_of(ask("PATCH", here, json={"most": 50})) == "version-needed"
    amended = ask("PATCH", here, json={"most": 50, "ends_on": None}, headers=tag)
    assert amended.status_code == 200, amended.text
    moved = {"most", "ends_on", "version", "changed_at"}
    assert {**made.json, **{name: amended.json[name] for name in moved}} == amended.json
    assert (amended.json["most"], amended.json["ends_on"], amended.json["version"]) == (50, None, 2)
    late = ask("PATCH", here, json={"most": 60}, headers=tag)
    assert (late.status_code, late.json["current_version"]) == (412, 2)
    wrong = ask("PATCH", here, json={"kind": "study"}, headers={"If-Match": amended.headers["ETag"]})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/kind")
    assert kind_of(ask("PATCH", here, json={"organisation": "O-7KQ2-MX4T"}, headers=tag)) == "not-sound"
    assert [(one.most, one.kind) for one in kept(tx)] == [(50, "training")]
    assert LimitAmended.__name__ in list(tx.scalars(select(OutboxRow.fact)))


def test_a_limit_is_ended_once_with_a_reason_and_stays_to_be_read(ask, program, tx):
    made = ask("POST", "/limits", json=BODY)
    here = f"/limits/{made.json['ref']}"
    late = ask("POST", f"{here}/end", json={"reason": "Over."}, headers={"If-Match": '"9.0123456789ab"'})
    assert kind_of(late) == "changed-meanwhile"
    ended = ask("POST", f"{here}/end", json={"reason": "A second hall."}, headers={"If-Match": made.headers["ETag"]})
    assert (ended.status_code, ended.json["status"], ended.json["status_reason"]) == (200, "ended", "A second hall.")
    assert program()("GET", here).json == ended.json
    tag = {"If-Match": ended.headers["ETag"]}
    for method, path, body in (("POST", f"{here}/end", {"reason": "Over."}), ("PATCH", here, {"most": 1})):
        answer = ask(method, path, json=body, headers=tag)
        assert (answer.status_code, answer.json["detail"]) == (409, "This limit has ended already.")
        french = ask(method, path, json=body, headers={**tag, "Accept-Language": "fr"})
        assert french.json["detail"] != answer.json["detail"]
    assert LimitEnded.__name__ in list(tx.scalars(select(OutboxRow.fact)))


def test_who_may_not_is_told_so_whatever_is_sent(program, world, state, tx):
    here = f"/limits/{world.limit(state).ref}"
    own_reader = program(world.account(state), scope="read")
    people = [
        program(world.account(state, "member")), program(world.account(world.organisation("donor"))), own_reader,
        program(world.account(world.organisation("secretariat"), "focal_point")),
        program(world.account(world.organisation("state", status="applied"), "focal_point")),
    ]  # fmt: skip
    other = program(world.account(world.organisation("state")))
    for body in (BODY, {"reason": "Over."}, {"no such field": 1}):
        for each in people:
            for method, path in (("POST", "/limits"), ("PATCH", here), ("POST", f"{here}/end")):
                assert kind_of(each(method, path, json=body)) == "refused", (method, path, body)
        for method, path in (("PATCH", here), ("POST", f"{here}/end")):
            assert kind_of(other(method, path, json=body)) == "refused"
            assert kind_of(program()(method, path, json=body)) == "sign-in"
    assert [(one.status, one.version) for one in kept(tx)] == [("standing", 1)]


def test_a_limit_that_one_may_not_see_is_not_there(program, world, state, ask):
    hidden, members = world.limit(state, disclosure="own"), world.limit(state, disclosure="members")
    donor, other = (program(world.account(world.organisation(kind))) for kind in ("donor", "state"))
    for each, seen in ((program(), set()), (donor, {members.ref}), (other, {members.ref}),
                       (ask, {hidden.ref, members.ref})):  # fmt: skip
        assert {one["ref"] for one in each("GET", "/limits").json["items"]} == seen
        assert {one.ref for one in (hidden, members) if each("GET", f"/limits/{one.ref}").status_code == 200} == seen
    for body in ({"reason": "Over."}, {"no such field": 1}):
        for method, path in (("PATCH", ""), ("POST", "/end")):
            for limit in (hidden.ref, "AL-7KQ2-MX4T"):
                assert kind_of(other(method, f"/limits/{limit}{path}", json=body)) == "not-found"


def test_the_list_holds_what_its_page_holds_page_after_page(world, program, client, state):
    limits = [world.limit(state), world.limit(state, status="ended"), world.limit(world.organisation("state"))]
    page = client.get("/limits").text
    shown = set(re.findall(r'href="/limits/(AL-[0-9A-Z-]+)"', page[page.index("<main") :]))
    found, pages = every_ref(program(), "/limits?limit=2")
    assert (set(found), len(found), pages) == (shown, len(limits), 2)
    for query in ("cursor=x", "limit=0", "q=port", "country=XX", "theme=prisons"):
        assert kind_of(program()("GET", f"/limits?{query}")) == "unknown-filter"


def test_the_same_request_with_the_same_key_is_done_once(ask, tx):
    key = {"Idempotency-Key": "limit-1"}
    first, again = (ask("POST", "/limits", json=BODY, headers=key) for _time in range(2))
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert kind_of(ask("POST", "/limits", json={**BODY, "most": 1}, headers=key)) == "key-used"
    key, here = {"Idempotency-Key": "limit-2"}, f"/limits/{first.json['ref']}/end"
    first, again = (ask("POST", here, json={"reason": "Over."}, headers=key) for _time in range(2))
    assert (first.status_code, again.json) == (200, first.json)
    assert len(kept(tx)) == 1


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ({"measure": "hours"}, "/measure", "Choose one of the list."),
        ({"most": -1}, "/most", "This cannot be read here."),
        ({"most": rules.MOST_ALLOWED + 1}, "/most", "Give a number from 0 to 100000."),
        ({"most": "three"}, "/most", "Write this as a whole number."),
        ({"reason": " "}, "/reason", "Say why you cannot take in more"),
        ({"starts_on": "soon"}, "/starts_on", "Write the day like 2027-03-31."),
        ({"ends_on": "2026-01-01"}, "/ends_on", "This is before the start."),
        ({"kind": "study"}, "/kind", "People in training are counted."),
        ({"theme": "nothing"}, "/theme", "Choose one of the list."),
        ({"disclosure": "named"}, "/disclosure", "Choose one of the list."),
        ({"organisation": "O-7KQ2-MX4T"}, "/organisation", "Choose one of the list."),
        ({"country": "SN"}, "/country", "There is no such field here."),
    ],
)
def test_what_is_wrong_is_told_where_it_is_in_words(ask, tx, body, place, words):
    answer = ask("POST", "/limits", json={**BODY, **body})
    assert (answer.status_code, kind_of(answer)) == (422, "not-sound"), answer.text
    (error,) = answer.json["errors"]
    assert (error["pointer"], words in error["detail"]) == (place, True), error
    french = ask("POST", "/limits", json={**BODY, **body}, headers={"Accept-Language": "fr"})
    assert french.json["errors"][0]["detail"] != error["detail"]
    assert kept(tx) == []


def test_what_is_missing_is_named(ask):
    answer = ask("POST", "/limits", json={})
    assert {one["pointer"] for one in answer.json["errors"]} == {"/measure", "/most", "/starts_on", "/reason"}
    for raw in (b"{", b"[]", b'{"reason": "\\u0000"}'):
        assert kind_of(ask("POST", "/limits", data=raw, content_type="application/json")) == "unreadable"


@pytest.mark.one_engine
def test_the_description_says_what_limits_are(client):
    described = client.get("/api/v1/openapi.json").json
    assert set(described["paths"]["/limits/{ref}"]) == {"get", "patch"}
    assert "required" not in described["components"]["schemas"]["LimitAmended"]
    assert "Limits of absorption that you may see" in client.get("/api").text
    assert "LimitSet" in client.get("/api/limits").text
