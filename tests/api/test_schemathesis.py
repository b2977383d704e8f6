"""The description against the site: whatever it allows is answered as it says, whatever it forbids is refused.

Requests are made up from the description by schemathesis, for a State, a donor, a centre and nobody, with references of
records that are there. The number of examples of each operation is COUNTERPART_API_EXAMPLES (make api-fuzz: many).
"""

from __future__ import annotations

import os
from itertools import count

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from app.api.rules import TAG
from tests.api.places import places, put_notice
from tests.architecture.reading import none_of

EXAMPLES = int(os.environ.get("COUNTERPART_API_EXAMPLES", "4"))
# A rule that no description can tell (two days in their order, a line that is pledged against) refuses sound data.
SOUND_AND_REFUSED = ["2xx", "304", "400", "401", "403", "404", "409", "412", "422", "428"]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": SOUND_AND_REFUSED}}}
BOUNDS = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def people(world, token_of, app, tx, now):
    """Tokens of a State, a donor, a centre, and none; with records of theirs in which they meet, and a file on each."""
    house = places(world, tx, app.extensions["counterpart"].files, now)
    state, donor, centre = house.parties
    accounts = (world.account(state, "focal_point"), world.account(donor), world.account(centre))
    put_notice(house, tx, accounts[0], now)
    return [*({"Authorization": f"Bearer {token_of(one)}"} for one in accounts), {}], house


def read_to_the_end(app):
    """The site as a server asks it: every answer is read whole, and a file that was given out or sent is closed."""

    def answered(environ, start_response):
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()
            # A long form is kept in a file by the client, which leaves it open.
            environ["wsgi.input"].close()

    return answered


def own_headers(case, number, tokens, house):
    """Who asks takes turns; every other time they have read the version that stands, if a sound one is named at all."""
    said = {"Accept-Encoding": "identity", **tokens[number % len(tokens)]}
    if number // len(tokens) % 2 and TAG.fullmatch((case.headers or {}).get("If-Match") or ""):
        said["If-Match"] = house.tag_of(case.operation.path)
    return said


@pytest.mark.one_engine
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["sound", "wrong"])
def test_the_site_does_what_its_description_says(app, tx, people, database, mode):
    tokens, house = people
    tx.flush()
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", read_to_the_end(app), config=config)
    asked, turn, faults = 0, count(), []
    for result in schema.get_all_operations():
        operation = result.ok()
        fixed = house.parts_of(operation.path)

        @BOUNDS
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=fixed))
        def holds(case):
            nonlocal asked
            asked += 1
            # Every request finds the records as they were: what one has withdrawn would be closed to all that follow.
            before = database.connection.begin_nested()
            try:
                case.call_and_validate(headers=own_headers(case, next(turn), tokens, house))
            finally:
                before.rollback()

        try:
            holds()
        except Unsatisfiable:
            continue  # There is nothing that could be said wrongly.
        except FailureGroup as failures:
            faults += [f"{operation.label}: {failure}" for failure in failures.exceptions]
    none_of(faults)
    assert asked > 30 * EXAMPLES
