"""If-Match wherever it is described: what cannot be right is refused first, then what comes too late."""

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
    "seats": 9,
}  # fmt: skip
"""What the shapes of these operations ask for, each by its name."""


@pytest.fixture
def statuses(world, tx, app, now, program):
    """How an operation answers a request, whoever of the three parties sends it, if it may do it at all."""
    house = places(world, tx, app.extensions["counterpart"].files, now)
    state, donor, centre = house.parties
    asks = [program(one) for one in (world.account(state, "focal_point"), world.account(donor), world.account(centre))]

    def told(operation, request_of):
        path = re.sub(r"<(\w+)>", r"{\1}", operation.path)
        here = path.format(**house.parts_of(path))
        answers = [ask(operation.method, here, headers=LATE, **request_of(operation)) for ask in asks]
        return {one.status_code for one in answers} - {403, 404}

    return told


def in_shape(operation):
    """A request that has the shape which it has to have."""
    if operation.takes is None:
        return {}
    if operation.is_form:
        return {"data": {"file": (BytesIO(pdf()), "Terms.pdf")}}
    fields = operation.takes.model_fields.items()
    return {"json": {name: SOUND[name] for name, field in fields if field.is_required()}}


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


def test_a_tag_that_a_cache_has_weakened_is_described_and_taken(client):
    described = client.get("/api/v1/openapi.json").json["paths"]["/needs/{ref}"]["patch"]["parameters"]
    (pattern,) = (one["schema"]["pattern"] for one in described if one["name"] == "If-Match")
    for tag, is_taken in (('"7.0123456789ab"', True), ('W/"7.0123456789ab"', True), ('"7"', False), ("*", False)):
        assert (bool(re.search(pattern, tag)), version_in(tag) == 7) == (is_taken, is_taken), tag
