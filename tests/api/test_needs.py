"""Needs by programs: posted, amended, confirmed and ended by the same rules as on the pages."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from app.foundation.audit import history_of
from app.needs.models import Need

WHOLE = {
    "title": "Train twelve customs officers in Mindelo to profile containers",
    "problem": "Containers pass unseen: in 2025 two of 40,000 were opened.",
    "themes": ["prisons"],
    "countries": ["CV"],
    "lines": [{"kind": "training", "quantity": "12", "unit": "participants", "description": "Two weeks of profiling."}],
    "budget_amount": "12500.50",
    "currency": "EUR",
    "contact": "desk@example.org",
    "restricted_fields": ["contact", "budget"],
}


@pytest.fixture
def state(world):
    return world.account(world.organisation("state", "trusted", "CV"), role="focal_point")


@pytest.fixture
def posted(program, state):
    answer = program(state)("POST", "/needs", json=WHOLE)
    assert answer.status_code == 201, answer.text
    return answer


def test_a_need_is_posted_and_read_by_everybody_as_far_as_each_may(program, posted, world, tx):
    ref = posted.json["ref"]
    assert posted.headers["Location"].endswith(f"/api/v1/needs/{ref}")
    assert posted.json["budget_amount"] == "12500.5"
    assert [event.action for event in history_of(tx, ref)] == ["need.posted"]
    seen = program()("GET", f"/needs/{ref}").json
    assert seen["lines"][0]["quantity"] == "12"
    assert not {"contact", "budget_amount", "currency"} & set(seen)
    assert not {"cost_amount", "currency"} & set(seen["lines"][0])
    donor = world.account(world.organisation("donor"))
    assert program(donor)("GET", f"/needs/{ref}").json["contact"] == "desk@example.org"


def test_what_is_not_sent_stays_as_it_is(program, state, posted):
    ask, ref = program(state), posted.json["ref"]
    line = posted.json["lines"][0]
    change = {
        "summary": "In short.",
        "lines": [{**{k: line[k] for k in ("ref", "kind", "unit", "description")}, "quantity": 15}],
    }
    amended = ask("PATCH", f"/needs/{ref}", json=change, headers={"If-Match": posted.headers["ETag"]})
    assert amended.status_code == 200, amended.text
    assert {**amended.json, "lines": [], "summary": ""} == {
        **posted.json, "lines": [], "summary": "", "version": amended.json["version"],
    }  # fmt: skip
    assert (amended.json["lines"][0]["ref"], amended.json["lines"][0]["quantity"]) == (line["ref"], "15")


def test_whoever_saves_second_is_told_and_nothing_is_lost(program, state, posted, tx):
    ask, ref = program(state), posted.json["ref"]
    assert ask("PATCH", f"/needs/{ref}", json={"summary": "x"}).status_code == 428
    assert ask("PATCH", f"/needs/{ref}", json={"summary": "x"}, headers={"If-Match": "*"}).status_code == 428
    first, tag = {"summary": "First."}, {"If-Match": posted.headers["ETag"]}
    assert ask("PATCH", f"/needs/{ref}", json=first, headers=tag).status_code == 200
    second = ask("PATCH", f"/needs/{ref}", json={"summary": "Second."}, headers=tag)
    assert (second.status_code, second.json["current_version"]) == (412, 2)
    assert ask("GET", f"/needs/{ref}").json["summary"] == "First."
    assert len(history_of(tx, ref)) == 2


def test_faults_are_told_where_they_are_in_the_language_that_is_asked_for(program, state):
    wrong = {
        **WHOLE,
        "title": "",
        "ends_on": "2020-01-01",
        "lines": [*WHOLE["lines"], {**WHOLE["lines"][0], "quantity": "0"}],
    }
    answer = program(state)("POST", "/needs", json=wrong, headers={"Accept-Language": "fr"})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert {one["pointer"] for one in answer.json["errors"]} == {"/title"}
    answer = program(state)("POST", "/needs", json={**wrong, "title": "So"}, headers={"Accept-Language": "fr"})
    told = {one["pointer"]: one["detail"] for one in answer.json["errors"]}
    assert set(told) == {"/ends_on", "/lines/1/quantity"}
    assert "supérieur" in told["/lines/1/quantity"]


def test_it_is_confirmed_and_ended_once(program, state, posted):
    ask, ref = program(state), posted.json["ref"]
    assert ask("POST", f"/needs/{ref}/confirm").status_code == 200
    assert ask("POST", f"/needs/{ref}/end", json={"status": "closed"}).status_code == 422
    ended = ask("POST", f"/needs/{ref}/end", json={"status": "withdrawn", "status_reason": "Met by others."})
    assert (ended.status_code, ended.json["status"]) == (200, "withdrawn")
    assert program()("GET", f"/needs/{ref}").status_code == 404
    again = ask("POST", f"/needs/{ref}/end", json={"status": "closed", "status_reason": "So."})
    assert (again.status_code, again.json["type"].partition("#")[2]) == (409, "not-possible")


def test_others_may_not(program, world, posted):
    ref, donor = posted.json["ref"], world.account(world.organisation("donor"))
    assert program()("POST", "/needs", json=WHOLE).status_code == 401
    assert program(donor)("POST", "/needs", json=WHOLE).status_code == 403
    assert program(donor)("PATCH", f"/needs/{ref}", json={}).status_code == 403
    other = world.account(world.organisation("state", "verified", "SN"))
    assert program(other)("PATCH", f"/needs/{ref}", json={}).status_code == 403


def test_what_seems_to_be_there_already_is_asked_about_first(program, state, posted, tx):
    ask = program(state)
    held = ask("POST", "/needs", json=WHOLE)
    assert (held.status_code, held.json["type"].partition("#")[2]) == (409, "answer-first"), held.text
    field = held.json["errors"][0]["pointer"].removeprefix("/answers/")
    answers = {field: "different", field.replace("-says", "-sentence"): "It is for the other port."}
    made = ask("POST", "/needs", json={**WHOLE, "answers": answers})
    assert made.status_code == 201, made.text
    assert tx.query(Need).count() == 2


def test_a_busy_database_is_told_as_such_and_the_same_may_be_sent_again(program, state, monkeypatch):
    ask, key = program(state), {"Idempotency-Key": "the-same-again-0001"}
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode, busy.sqlite_errorname = sqlite3.SQLITE_BUSY, "SQLITE_BUSY"

    def refuse(*_words, **_more):
        raise OperationalError("INSERT", {}, busy)

    with monkeypatch.context() as patch:
        patch.setattr("app.needs.service.post_need", refuse)
        answer = ask("POST", "/needs", json=WHOLE, headers=key)
    assert answer.status_code == 503, answer.text
    assert answer.json["type"].endswith("#not-now")
    assert answer.headers["Retry-After"] == "10"
    assert ask("POST", "/needs", json=WHOLE, headers=key).status_code == 201
