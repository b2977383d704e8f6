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

from app.foundation.files import files_of, keep_files
from app.foundation.permissions import ANONYMOUS
from tests.architecture.reading import none_of
from tests.documents import pdf

EXAMPLES = int(os.environ.get("COUNTERPART_API_EXAMPLES", "4"))
# A rule that no description can tell (two days in their order, a line that is pledged against) refuses sound data.
SOUND_AND_REFUSED = ["2xx", "304", "400", "401", "403", "404", "409", "412", "422", "428"]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": SOUND_AND_REFUSED}}}
HAVE_FILES = ("need", "programme", "course", "lesson", "pledge")
BOUNDS = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def people(world, token_of, app, tx, now):
    """Tokens of a State, a donor, a centre, and none; with records of theirs in which they meet, and a file on each."""
    state, donor, centre = (world.organisation(kind) for kind in ("state", "donor", "centre"))
    need = world.need(state, indicators=[{}])
    session = world.course_session(world.course(centre))
    refs = {
        "need": need, "programme": world.programme(donor), "course": session.course, "session": session,
        "lesson": world.lesson(state), "output": world.output(state),
        "organisation": donor, "pledge": world.pledge(need, donor),
        "nomination": world.nomination(session, state),
    }  # fmt: skip
    for kind in HAVE_FILES:
        keep_files(tx, refs[kind], None, [("plan.pdf", pdf())], app.extensions["counterpart"].files, now)
    accounts = (world.account(state, "focal_point"), world.account(donor), world.account(centre))
    own = {kind: record.ref for kind, record in refs.items()}
    own |= {f"{kind} file": files_of(tx, refs[kind].ref, ANONYMOUS)[0].ref for kind in HAVE_FILES}
    return [*({"Authorization": f"Bearer {token_of(one)}"} for one in accounts), {}], own


def references(path, refs):
    """The parts of an address, as the records that are there are called."""
    known = {"need_ref": refs["need"], "session_ref": refs["session"], "kind": "programme", "name": "themes",
             "offer_ref": refs["programme"], "part_ref": "K-2222-2222"}  # fmt: skip
    kind = path.split("/")[1].removesuffix("s")
    known |= {"ref": refs.get(kind, ""), "fref": refs.get(f"{kind} file", "")}
    return {name: value for name, value in known.items() if f"{{{name}}}" in path}


def read_to_the_end(app):
    """The site as a server asks it: every answer is read whole, and a file that was given out is closed."""

    def answered(environ, start_response):
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answered


@pytest.mark.one_engine
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["sound", "wrong"])
def test_the_site_does_what_its_description_says(app, tx, people, mode):
    tokens, refs = people
    tx.flush()
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", read_to_the_end(app), config=config)
    asked, turn, faults = 0, count(), []
    for result in schema.get_all_operations():
        operation = result.ok()
        fixed = references(operation.path, refs)

        @BOUNDS
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=fixed))
        def holds(case):
            nonlocal asked
            asked += 1
            case.call_and_validate(headers={"Accept-Encoding": "identity", **tokens[next(turn) % len(tokens)]})

        try:
            holds()
        except Unsatisfiable:
            continue  # There is nothing that could be said wrongly.
        except FailureGroup as failures:
            faults += [f"{operation.label}: {failure}" for failure in failures.exceptions]
    none_of(faults)
    assert asked > 30 * EXAMPLES
