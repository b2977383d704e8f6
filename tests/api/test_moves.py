"""What else programs do: programmes, pledges, candidates, lessons and matches, by the same services as the pages."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.api.models import ApiToken
from app.foundation.audit import AuditEvent
from app.matching.feedback.models import MatchAnswer
from app.matching.models import Match


@pytest.fixture
def people(world):
    """A State, a donor and a centre, each with somebody who writes for it."""
    places = {kind: world.organisation(kind) for kind in ("state", "donor", "centre")}
    return places, {kind: world.account(place, "focal_point") for kind, place in places.items()}


def actions(tx):
    return list(tx.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_programme_is_posted_amended_and_closed(program, people, tx):
    _places, accounts = people
    ask = program(accounts["donor"])
    body = {
        "title": "Mentoring for prosecutors", "description": "Two mentors for two years.", "themes": ["prisons"],
        "countries": ["SN"], "offers": [{"kind": "mentoring", "description": "Mentors"}], "contact": "x@example.org",
    }  # fmt: skip
    made = ask("POST", "/programmes", json=body)
    assert made.status_code == 201, made.text
    assert (made.json["standing"], made.json["offers"][0]["kind"], made.json["language"]) == (
        "offer",
        "mentoring",
        "en",
    )
    ref, tag = made.json["ref"], {"If-Match": made.headers["ETag"]}
    amended = ask("PATCH", f"/programmes/{ref}", json={"title": "Mentors"}, headers=tag)
    assert (amended.status_code, amended.json["title"]) == (200, "Mentors"), amended.text
    assert amended.json["offers"] == made.json["offers"]
    assert ask("PATCH", f"/programmes/{ref}", json={"title": "Late"}, headers=tag).status_code == 412
    ended = ask("POST", f"/programmes/{ref}/end", json={"ending": "4", "reason": "Done."})
    assert (ended.status_code, ended.json["standing"]) == (200, "record"), ended.text
    assert actions(tx)[-3:] == ["programme.posted", "programme.amended", "programme.closed"]


def test_what_a_program_did_is_told_apart_from_what_its_person_did(
    program, people, world, tx, client, new_client, sign_in
):
    _places, accounts = people
    ask = program(accounts["donor"])
    body = {
        "title": "Mentoring for prosecutors", "description": "Two mentors.", "themes": ["prisons"], "countries": ["SN"],
        "offers": [{"kind": "mentoring", "description": "Mentors"}], "contact": "x@example.org",
    }  # fmt: skip
    ref = ask("POST", "/programmes", json=body).json["ref"]
    token = tx.scalars(select(ApiToken.ref)).one()
    sign_in(client, accounts["donor"])
    client.post(f"/programmes/{ref}/close", data={"ending": "4", "reason": "Done."})
    events = tx.scalars(select(AuditEvent).where(AuditEvent.record_ref == ref).order_by(AuditEvent.id)).all()
    assert [(event.account_id, event.details.get("program")) for event in events] == [
        (accounts["donor"].id, token),
        (accounts["donor"].id, None),
    ]
    office = new_client()
    sign_in(office, world.account(world.organisation("secretariat")))
    told = office.get(f"/record?q={ref}").text
    assert told.count(f"by a program, with the token {token}") == 1


def test_a_pledge_goes_its_way_between_two_programs(program, people, world, tx):
    places, accounts = people
    need = world.need(places["state"])
    giver, taker, other = program(accounts["donor"]), program(accounts["state"]), program()
    line = {"need_line": need.lines[0].ref, "quantity": 8}
    made = giver("POST", f"/needs/{need.ref}/pledges", json={"lines": [line], "source_of_funds": "national_budget",
                 "hidden": ["donor", "amount"]})  # fmt: skip
    assert made.status_code == 201, made.text
    ref = made.json["ref"]
    seen = other("GET", f"/pledges/{ref}").json
    assert "organisation" not in seen
    assert "quantity" not in seen["lines"][0]
    assert giver("POST", f"/pledges/{ref}/accept", json={}).status_code == 403
    assert taker("POST", f"/pledges/{ref}/accept", json={}).json["accepted_at"]
    assert taker("POST", f"/pledges/{ref}/accept", json={}).status_code == 409
    delivered = giver("POST", f"/pledges/{ref}/deliveries", json={"line": "1", "much": 9, "delivered_on": "2026-11-20"})
    assert (delivered.status_code, delivered.json["errors"][0]["pointer"]) == (422, "/much")
    delivered = giver("POST", f"/pledges/{ref}/deliveries", json={"line": "1", "much": 8, "delivered_on": "2026-11-20"})
    part = delivered.json["lines"][0]["deliveries"][0]["ref"]
    done = taker("POST", f"/pledges/{ref}/deliveries/{part}/confirm", json={})
    assert (done.status_code, done.json["status"]) == (200, "delivered"), done.text
    assert [one["ref"] for one in giver("GET", "/pledges?side=given").json["items"]] == [ref]
    assert [one["ref"] for one in other("GET", f"/needs/{need.ref}/pledges").json["items"]] == [ref]


def test_a_candidate_is_put_forward_accepted_and_taken_back(program, people, world):
    places, accounts = people
    session = world.course_session(world.course(places["centre"]), seats=1)
    here = f"/courses/{session.course.ref}/sessions/{session.ref}"
    sender, centre = program(accounts["state"]), program(accounts["centre"])
    body = {"name": "Awa Ndiaye", "email": "awa@example.sn", "sex": "f", "post": "Investigator"}
    made = sender("POST", f"{here}/nominations", json=body)
    assert made.status_code == 201, made.text
    twice = sender("POST", f"{here}/nominations", json=body)
    assert (twice.status_code, twice.json["errors"][0]["pointer"]) == (422, "/email")
    ref = made.json["ref"]
    assert program()("GET", f"/nominations/{ref}").status_code == 401
    assert program(accounts["donor"])("GET", f"/nominations/{ref}").status_code == 404
    accepted = centre("POST", f"{here}/nominations/accept", json={"nominations": [ref]})
    assert accepted.json["items"][0]["status"] == "approved", accepted.text
    assert program()("GET", f"{here}/seats").json == {"seats": 1, "confirmed": 0, "held": 1, "waiting": 0, "free": 0}
    assert centre("POST", f"/nominations/{ref}/withdraw", json={}).status_code == 403
    assert sender("POST", f"/nominations/{ref}/withdraw", json={}).json["status"] == "withdrawn"
    assert centre("POST", f"/nominations/{ref}/reject", json={"reason": "Late."}).status_code == 409


def test_a_lesson_is_told_and_amended(program, people):
    _places, accounts = people
    ask = program(accounts["state"])
    words = {"context": "When.", "action": "Did.", "result": "Led.", "instruction": "Next.", "verdict": "worked"}
    made = ask("POST", "/lessons", json={"title": "A lesson", "themes": ["prisons"], **words})
    assert (made.status_code, made.json["status"]) == (201, "submitted"), made.text
    tag = {"If-Match": made.headers["ETag"]}
    amended = ask("PATCH", f"/lessons/{made.json['ref']}", json={"cause": "Why."}, headers=tag)
    assert (amended.json["cause"], amended.json["context"]) == ("Why.", "When."), amended.text


def test_a_match_is_read_and_judged(program, people, world, tx, now):
    places, accounts = people
    need, programme = world.need(places["state"]), world.programme(places["donor"])
    tx.add(Match(
        need_id=need.id, offer_kind="programme", offer_id=programme.id, offer_organisation_id=places["donor"].id,
        need_organisation_id=places["state"].id, need_version=1, offer_version=1, gate="match", strength="fair",
        score=1, reasons=[{"text": "Both are about prisons."}], obstacles=[], lines=[], computed_at=now,
    ))  # fmt: skip
    tx.flush()
    found = program()("GET", f"/needs/{need.ref}/matches").json["items"]
    assert [(one["offer"]["ref"], one["reasons"]) for one in found] == [(programme.ref, ["Both are about prisons."])]
    here = f"/needs/{need.ref}/matches/programme/{programme.ref}/answer"
    ask = program(accounts["state"])
    assert ask("POST", here, json={"says": "not_fit"}).status_code == 422
    assert ask("POST", here, json={"says": "useful"}).status_code == 200
    assert tx.scalars(select(MatchAnswer.says)).all() == ["useful"]
    assert program(accounts["centre"])("POST", here, json={"says": "useful"}).status_code == 403


def test_the_same_request_with_the_same_key_is_done_once(program, people, world, tx, clock):
    places, accounts = people
    need = world.need(places["state"])
    ask, key = program(accounts["donor"]), {"Idempotency-Key": "our-number-17"}
    body = {"lines": [{"need_line": need.lines[0].ref, "quantity": 2}], "source_of_funds": "national_budget"}
    first = ask("POST", f"/needs/{need.ref}/pledges", json=body, headers=key)
    again = ask("POST", f"/needs/{need.ref}/pledges", json=body, headers=key)
    assert (again.status_code, again.json, again.headers["Location"]) == (201, first.json, first.headers["Location"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert actions(tx).count("pledge.made") == 1
    other = ask("POST", f"/needs/{need.ref}/pledges", json={**body, "conditions": "None."}, headers=key)
    assert (other.status_code, other.json["type"].partition("#")[2]) == (422, "key-used")
    # A key is one person's own: it opens nobody else's answer.
    assert program(accounts["state"])("POST", f"/needs/{need.ref}/confirm", headers=key).status_code == 200
    clock.move(days=2)
    assert ask("POST", f"/needs/{need.ref}/pledges", json=body, headers={"Idempotency-Key": "é"}).status_code == 400


def test_the_search_finds_what_its_page_finds(program, people, world):
    places, accounts = people
    need = world.need(places["state"], title="Scanner at the port")
    hidden = world.need(places["state"], title="Scanner in the yard", disclosure="own")
    public, own = program(), program(accounts["state"])
    assert [one["ref"] for one in public("GET", "/search?q=scanner").json["items"]] == [need.ref]
    assert {one["ref"] for one in own("GET", "/search?q=scanner").json["items"]} == {need.ref, hidden.ref}
    assert public("GET", "/search?status=nothing").status_code == 400


def test_what_has_not_changed_is_not_sent_again(program, people, world):
    places, _accounts = people
    need, ask = world.need(places["state"]), program()
    tag = ask("GET", f"/needs/{need.ref}").headers["ETag"]
    assert ask("GET", f"/needs/{need.ref}", headers={"If-None-Match": tag}).status_code == 304
    need.summary = "Other words."
    assert ask("GET", f"/needs/{need.ref}", headers={"If-None-Match": tag}).status_code == 200


def test_codes_are_named_in_the_language_that_is_asked_for(program):
    names = program()("GET", "/codes/countries", headers={"Accept-Language": "fr"}).json["items"]
    assert {"code": "DE", "name": "Allemagne"} in names
    assert program()("GET", "/codes/nothing").status_code == 404


def test_bodies_that_cannot_be_read(program, people):
    ask = program(people[1]["donor"])
    for raw, kind, status in (
        (b"{", "application/json", 400), (b"[]", "application/json", 400),
        (b'{"title": "\\u0000"}', "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400), (b'{"budget_amount": NaN}', "application/json", 400),
        (b"{}", "text/plain", 415), (b"[" * 100_000, "application/json", 400), (b"\xff", "application/json", 400),
    ):  # fmt: skip
        answer = ask("POST", "/programmes", data=raw, headers={"Content-Type": kind})
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), raw[:30]


def test_days_are_days(program, people):
    answer = program(people[1]["donor"])("POST", "/programmes", json={"starts_on": "soon", "apply_by": 7, "nothing": 1})
    places = {one["pointer"] for one in answer.json["errors"]}
    assert {"/starts_on", "/apply_by", "/nothing", "/title", "/description"} <= places
