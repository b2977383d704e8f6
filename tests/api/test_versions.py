"""If-Match wherever it is described: who may not is told so first, then what cannot be right, then what is too late."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from app.api import views  # noqa: F401 - it reads every operation
from app.api.operations import OPERATIONS
from app.api.rules import version_in
from tests.api.places import places
from tests.architecture.reading import none_of
from tests.documents import pdf

LATE = {"If-Match": '"999.0123456789ab"'}
HONOURING = [one for one in OPERATIONS.values() if one.method != "GET" and one.version != "no"]
SOUND = {
    "status": "closed", "status_reason": "It is over.", "ending": "4", "reason": "It is over.", "to": "committed",
    "line": "1", "much": 1, "delivered_on": "2026-11-20", "starts_on": "2027-03-01", "ends_on": "2027-03-12",
    "seats": 9, "says": "useful", "text": "Good day.",
    "answer": "Ten days.", "minutes": "We met.",
}  # fmt: skip
"""What the shapes of these operations ask for, each by its name."""
SOUND_HERE = {"close_point": {"status": "done"}}
"""What a name stands for with one operation alone."""


STATE, DONOR, CENTRE, OTHERS = PARTIES = ("state", "donor", "centre", "others")
MAY = {"needs": {STATE}, "programmes": {DONOR}, "courses": {CENTRE}, "lessons": {STATE}, "outputs": {STATE},
       "threads": {STATE, DONOR}, "limits": {STATE}}  # fmt: skip
MAY_MOVE = {
    "/pledges/<ref>/accept": {STATE}, "/pledges/<ref>/decline": {STATE}, "/pledges/<ref>/withdraw": {DONOR},
    "/pledges/<ref>/move": {DONOR}, "/pledges/<ref>/deliveries": {STATE, DONOR},
    "/pledges/<ref>/deliveries/<part_ref>/confirm": {STATE, DONOR},
    "/pledges/<ref>/deliveries/<part_ref>/agree": {STATE, DONOR}, "/nominations/<ref>/reject": {CENTRE},
    "/nominations/<ref>/withdraw": {STATE}, "/clarifications/<ref>": {STATE}, "/clarifications/<ref>/answer": {STATE},
    "/clarifications/<ref>/decline": {STATE}, "/clarifications/<ref>/withdraw": {DONOR}, "/meetings/<ref>": {STATE},
    "/meetings/<ref>/hold": {STATE}, "/meetings/<ref>/cancel": {STATE},
    "/meetings/<ref>/points/<point_ref>": {STATE}, "/meetings/<ref>/points/<point_ref>/close": {STATE, DONOR},
    "/meetings/<ref>/points/<point_ref>/reopen": {STATE, DONOR}, "/sponsorships/<ref>/accept": {CENTRE},
    "/sponsorships/<ref>/decline": {CENTRE}, "/sponsorships/<ref>/withdraw": {DONOR},
}  # fmt: skip
"""Whose people may do what with the records of `places`, by the resource or by the whole address."""


@pytest.fixture
def asks(world, tx, app, now, program):
    """How each of the three parties, and somebody of another organisation of each kind, asks for an operation."""
    house = places(world, tx, app.extensions["counterpart"].files, now)
    state, donor, centre = house.parties
    people = {STATE: [world.account(state, "focal_point")], DONOR: [world.account(donor)],
              CENTRE: [world.account(centre)]}  # fmt: skip
    people[OTHERS] = [world.account(world.organisation(kind), "focal_point") for kind in ("state", "donor", "centre")]
    programs = {party: [program(one) for one in some] for party, some in people.items()}

    def ask(party, operation, request_of, **more):
        path = re.sub(r"<(\w+)>", r"{\1}", operation.path)
        here = path.format(**house.parts_of(path))
        # A form is read once: each program has one of its own.
        answers = [one(operation.method, here, **more, **request_of(operation)) for one in programs[party]]
        return {one.status_code for one in answers}

    return ask


@pytest.fixture
def statuses(asks):
    """How an operation answers a request, whoever of the three parties sends it, if it may do it at all."""

    def told(operation, request_of):
        answers = [asks(party, operation, request_of, headers=LATE) for party in PARTIES]
        return set().union(*answers) - {403, 404}

    return told


def in_shape(operation):
    """A request that has the shape which it has to have."""
    if operation.takes is None:
        return {}
    if operation.is_form:
        return {"data": {"file": (BytesIO(pdf()), "Terms.pdf")}}
    fields = operation.takes.model_fields.items()
    sound = SOUND | SOUND_HERE.get(operation.name, {})
    return {"json": {name: sound[name] for name, field in fields if field.is_required()}}


def out_of_shape(operation):
    """The same with a field that there is not."""
    return {kind: {**parts, "no such field": "1"} for kind, parts in in_shape(operation).items()}


def test_whatever_is_described_with_if_match_honours_it(statuses):
    told = {f"{one.method} {one.path}": statuses(one, in_shape) for one in HONOURING}
    none_of(f"{name}: {found}" for name, found in told.items() if found != {412})
    assert len(told) > 20


def test_a_body_that_no_version_would_take_is_refused_before_the_version_is_weighed(statuses):
    taking = [one for one in HONOURING if one.takes]
    told = {f"{one.method} {one.path}": statuses(one, out_of_shape) for one in taking}
    none_of(f"{name}: {found}" for name, found in told.items() if found != {422})
    assert len(told) > 15


def unreadable(operation):
    """What is no body at all."""
    return {"data": b"{", "content_type": "text/plain" if operation.is_form else "application/json"}


def faults_of(operation):
    """Requests with a fault less each, until only the version is late: how whoever may is answered, and the request."""
    if operation.takes:
        yield 415 if operation.is_form else 400, unreadable, LATE
        yield 422, out_of_shape, LATE
        yield 422, out_of_shape, {}
    if operation.version == "required":
        yield 428, in_shape, {}
    yield 412, in_shape, LATE


@pytest.mark.parametrize("resource", sorted({one.resource for one in HONOURING}))
def test_who_may_not_is_told_so_whatever_else_is_wrong_then_the_body_then_the_version(asks, resource):
    for operation in [one for one in HONOURING if one.resource == resource]:
        may = MAY[resource] if resource in MAY else MAY_MOVE[operation.path]
        for party in PARTIES:
            for wanted, request_of, headers in faults_of(operation):
                told = asks(party, operation, request_of, headers=headers)
                what = f"{operation.method} {operation.path} by {party}: {told} where whoever may is told {wanted}"
                assert told == {wanted} if party in may else told <= {403, 404}, what


SAYS_NOTHING_RIGHT = (
    (STATE, "/needs/<ref>/end", {"status": "nothing", "status_reason": "Over."}),
    (STATE, "/pledges/<ref>/decline", {"cause": "nothing", "reason": "No."}),
    (DONOR, "/pledges/<ref>/deliveries", {"line": "9", "much": 1, "delivered_on": "2026-11-20"}),
    (CENTRE, "/courses/<ref>/sessions", {"starts_on": "2027-03-12", "ends_on": "2027-03-01", "seats": 9}),
    (DONOR, "/pledges/<ref>/withdraw", {"reason": " "}),
    (CENTRE, "/courses/<ref>/withdraw", {"reason": " "}),
    (CENTRE, "/nominations/<ref>/reject", {"reason": " "}),
    (STATE, "/clarifications/<ref>/answer", {"answer": " "}),
    (STATE, "/clarifications/<ref>/decline", {"reason": " "}),
    (STATE, "/limits/<ref>/end", {"reason": " "}),
    (STATE, "/meetings/<ref>/hold", {"minutes": " "}),
    (STATE, "/meetings/<ref>/cancel", {"reason": " "}),
    (DONOR, "/meetings/<ref>/points/<point_ref>/close", {"status": "dropped"}),
    (CENTRE, "/sponsorships/<ref>/decline", {"reason": " "}),
    (DONOR, "/sponsorships/<ref>/withdraw", {"reason": " "}),
    (DONOR, "/meetings/<ref>/points/<point_ref>/reopen", {"reason": " "}),
)


@pytest.mark.parametrize(("party", "path", "body"), SAYS_NOTHING_RIGHT)
def test_what_a_form_finds_wrong_by_itself_is_told_before_the_version_too(asks, party, path, body):
    (operation,) = (one for one in HONOURING if one.path == path and one.method == "POST")
    assert asks(party, operation, lambda _operation: {"json": body}, headers=LATE) == {422}


def test_a_change_that_was_right_when_its_record_was_read_is_late_and_not_wrong(asks):
    (operation,) = (one for one in HONOURING if one.path == "/needs/<ref>" and one.method == "PATCH")
    assert asks(STATE, operation, lambda _operation: {"json": {"ends_on": "2001-01-01"}}, headers=LATE) == {412}


def test_a_session_that_there_is_not_is_told_before_anything_of_the_body(program, world):
    centre = world.organisation("centre")
    course, ask = world.course(centre), program(world.account(centre))
    for method, path in (("PATCH", "S-7KQ2-MX4T"), ("POST", "S-7KQ2-MX4T/cancel")):
        answer = ask(method, f"/courses/{course.ref}/sessions/{path}", json={"no such field": 1}, headers=LATE)
        assert answer.status_code == 404


def test_who_may_not_answer_a_match_is_told_so_before_the_body(asks):
    operation = OPERATIONS["answer_match"]
    assert asks(CENTRE, operation, out_of_shape) == {403}
    assert asks(DONOR, operation, out_of_shape) == {422}


def test_who_may_not_post_for_an_organisation_that_waits_is_told_so_before_the_body(program, world):
    ask = program(world.account(world.organisation(status="applied"), "focal_point"))
    assert ask("POST", "/needs", json={"no such field": 1}).status_code == 403


def test_a_tag_that_a_cache_has_weakened_is_described_and_taken(client):
    described = client.get("/api/v1/openapi.json").json["paths"]["/needs/{ref}"]["patch"]["parameters"]
    (pattern,) = (one["schema"]["pattern"] for one in described if one["name"] == "If-Match")
    for tag, is_taken in (('"7.0123456789ab"', True), ('W/"7.0123456789ab"', True), ('"7"', False), ("*", False)):
        assert (bool(re.search(pattern, tag)), version_in(tag) == 7) == (is_taken, is_taken), tag
