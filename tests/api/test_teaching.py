"""What a centre's program does with courses and sessions, and what any program does with outputs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent


@pytest.fixture
def centre(program, world):
    """A program of somebody who writes for a centre."""
    place = world.organisation("centre")
    return program(world.account(place))


COURSE = {
    "title": "Following the money", "description": "Two weeks on bank records.", "themes": ["money_laundering"],
    "languages": ["fr"], "countries": ["SN"], "hours": 60,
}  # fmt: skip
RUN = {"starts_on": "2027-03-01", "ends_on": "2027-03-12", "seats": 20, "place": "Dakar", "register_by": "2027-02-01"}


def tag(answer):
    return {"If-Match": answer.headers["ETag"]}


def test_a_course_is_posted_dated_changed_and_withdrawn(centre, tx):
    made = centre("POST", "/courses", json=COURSE)
    assert (made.status_code, made.json["title"], made.json["hours"]) == (201, "Following the money", 60), made.text
    ref = made.json["ref"]
    assert made.headers["Location"].endswith(f"/api/v1/courses/{ref}")
    amended = centre("PATCH", f"/courses/{ref}", json={"hours": 70}, headers=tag(made))
    assert (amended.json["hours"], amended.json["themes"]) == (70, ["money_laundering"]), amended.text
    assert centre("PATCH", f"/courses/{ref}", json={"hours": 80}, headers=tag(made)).status_code == 412
    assert centre("PATCH", f"/courses/{ref}", json={"hours": 80}).status_code == 428

    dated = centre("POST", f"/courses/{ref}/sessions", json=RUN)
    (run,) = dated.json["sessions"]
    assert (dated.status_code, run["seats"], run["languages"], run["country"]) == (201, 20, ["fr"], "SN"), dated.text
    there = f"/courses/{ref}/sessions/{run['ref']}"
    moved = centre("PATCH", there, json={"seats": 25}, headers=tag(dated))
    assert [(one["seats"], one["place"]) for one in moved.json["sessions"]] == [(25, "Dakar")], moved.text
    assert centre("POST", f"{there}/cancel", json={"reason": "No room."}).json["sessions"][0]["status"] == "cancelled"
    assert centre("POST", f"{there}/cancel", json={"reason": "No room."}).status_code == 409
    assert centre("POST", f"/courses/{ref}/confirm").status_code == 200
    assert centre("POST", f"/courses/{ref}/withdraw", json={"reason": "Given elsewhere."}).json["status"] == "withdrawn"
    assert centre("POST", f"/courses/{ref}/sessions", json=RUN).status_code == 409
    actions = list(tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == ref).order_by(AuditEvent.id)))
    assert actions == ["course.posted", "course.amended", "course.confirmed", "course.withdrawn"]


def test_what_is_wrong_with_a_session_is_told_where_it_is(centre):
    ref = centre("POST", "/courses", json=COURSE).json["ref"]
    answer = centre("POST", f"/courses/{ref}/sessions", json=RUN | {"ends_on": "2027-02-01"})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/ends_on"), answer.text
    missing = centre("POST", f"/courses/{ref}/sessions", json={"seats": 4})
    assert {one["pointer"] for one in missing.json["errors"]} == {"/starts_on", "/ends_on"}


def test_another_centre_changes_nothing(centre, program, world):
    made = centre("POST", "/courses", json=COURSE)
    run = centre("POST", f"/courses/{made.json['ref']}/sessions", json=RUN)
    other = program(world.account(world.organisation("centre")))
    here = f"/courses/{made.json['ref']}"
    for method, path, body in (
        ("PATCH", here, {"hours": 1}), ("POST", f"{here}/withdraw", {"reason": "x"}), ("POST", f"{here}/sessions", RUN),
        ("PATCH", f"{here}/sessions/{run.json['sessions'][0]['ref']}", {"seats": 1}),
    ):  # fmt: skip
        assert other(method, path, json=body, headers=tag(run)).status_code == 403, path
    assert other("GET", here).json["hours"] == 60


def test_an_output_is_recorded_found_and_amended(program, world):
    state = world.organisation("state")
    need = world.need(state, disclosure="own")
    ask, other = program(world.account(state)), program()
    body = {
        "title": "Manual for port control", "kind": "manual", "description": "Forty pages.", "themes": ["prisons"],
        "licence": "CC-BY-4.0", "website": "https://example.org/manual", "subject_ref": need.ref,
    }  # fmt: skip
    made = ask("POST", "/outputs", json=body)
    assert (made.status_code, made.json["kind"], made.json["subject_ref"]) == (201, "manual", need.ref), made.text
    ref = made.json["ref"]
    assert other("GET", f"/outputs/{ref}").json["subject_ref"] == ""
    wrong = ask("PATCH", f"/outputs/{ref}", json={"website": "javascript:alert(1)"}, headers=tag(made))
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/website")
    amended = ask("PATCH", f"/outputs/{ref}", json={"title": "Manual of ports"}, headers=tag(made))
    assert (amended.json["title"], amended.json["licence"]) == ("Manual of ports", "CC-BY-4.0"), amended.text
    assert [one["ref"] for one in other("GET", "/outputs?output_kind=manual").json["items"]] == [ref]
    assert other("GET", "/outputs?output_kind=study").json["items"] == []
    stranger = program(world.account(world.organisation("state")))
    assert stranger("PATCH", f"/outputs/{ref}", json={"title": "Mine"}, headers=tag(amended)).status_code == 403
