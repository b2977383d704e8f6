"""What one may not see does not exist: some hundreds of hidden records here, tens of thousands in `make leaks`."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from app.foundation.disclosure import NOTHING, SURFACES
from app.foundation.web import GUARDS
from tests.hiding.compare import Count, run_one
from tests.hiding.fields import run_field
from tests.hiding.seeded import HOLES
from tests.hiding.stage import Stage
from tests.hiding.surfaces import COVERED

pytestmark = pytest.mark.one_engine
LEAST_CASES, LEAST_CHECKS = 300, 600


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One world for all of them."""
    with Stage(tmp_path_factory.mktemp("leaks"), 3).open() as opened:
        yield opened


def test_nothing_hidden_shows(stage: Stage) -> None:
    random, count = Random(20261124), Count()
    while count.cases < LEAST_CASES or count.checks < LEAST_CHECKS:
        run_one(stage, random, count, 2)
    assert count.leaks == []
    assert {"need", "programme", "course", "lesson", "output", "pledge", "draft", "application"} <= set(count.by_kind)


def test_no_field_that_is_kept_for_members_shows(stage: Stage) -> None:
    random, count = Random(20261124), Count()
    for _turn in range(4):
        run_field(stage, random, count)
    assert count.leaks == []
    assert len(count.by_kind) >= 3


@pytest.mark.parametrize(("hole", "aim"), HOLES, ids=[hole.__name__ for hole, _aim in HOLES])
def test_a_hole_would_be_found(stage: Stage, monkeypatch: pytest.MonkeyPatch, hole, aim) -> None:  # type: ignore[no-untyped-def]
    random, count = Random(7), Count()
    known = {reader.name: dict(reader.answers) for reader in stage.readers}
    hole(monkeypatch)
    for reader in stage.readers:
        reader.answers.clear()
    for _turn in range(60):
        if hole.__name__ == "fields_are_shown_to_all":
            run_field(stage, random, count)
        else:
            run_one(stage, random, count, 5, aim, most=5)
        if count.leaks:
            break
    for reader in stage.readers:
        reader.answers = known[reader.name]
    assert count.leaks, f"{hole.__doc__} was not found in {count.checks} checks"


def test_there_are_twenty_holes() -> None:
    assert len(HOLES) == len({hole for hole, _aim in HOLES}) == 20


def test_every_surface_is_asked() -> None:
    """A feature that adds a surface has to add its addresses to the leak test."""
    used = {guard.surface for guard in GUARDS.values()} - {NOTHING}
    assert used <= set(SURFACES)
    assert used - COVERED == set(), "add its addresses to tests/hiding/surfaces.py, then its name to COVERED"
