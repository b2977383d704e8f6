"""A kind of work that tests steer, and the site that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.foundation.messages import msg
from app.foundation.permissions import Permission
from app.jobs.models import Job
from app.jobs.service import Work, start_job
from app.jobs.starting import HANDLERS, Outcome, ResultFile

TITLE = msg("Reading %(file)s", file="activities.xml")


def counting(_site, job, progress):
    """Counts to ten and gives a file."""
    progress.begin(10)
    for _ in range(10):
        progress.tick()
    return Outcome(msg("%(count)s counted.", count=10), ResultFile("ten.csv", "text/csv", b"1,2,3\n"), "/programmes")


@pytest.fixture
def handler() -> Iterator[Callable[..., None]]:
    """`handler(function)` says who does work of kind `test`; it counts to ten unless told otherwise."""
    HANDLERS["test"] = counting
    yield lambda function: HANDLERS.update(test=function)
    del HANDLERS["test"]


@pytest.fixture
def start(tx, now, handler) -> Callable[..., Job]:
    """`start(actor)`: work that waits."""

    def begin(actor, *permissions) -> Job:
        asked = permissions or (Permission.DESK_READ,)
        job = start_job(tx, actor, Work("test", TITLE, {}, asked), now)
        tx.flush()
        return job

    return begin


@pytest.fixture
def site(app):
    return app.extensions["counterpart"]
