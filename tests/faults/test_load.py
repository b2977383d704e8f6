"""Kill -9 of web and worker while many people write: nothing acknowledged is lost or doubled, and all of it follows.

The careless variants run through the same checks and are found out, or the checks would prove nothing.
"""

from __future__ import annotations

import os

import pytest

from tests.faults.hosts import Nursery
from tests.faults.load import Plan, run

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]
# A minute for each engine: in CI always, elsewhere with make faults.
IN_CI_OR_AT_LENGTH = pytest.mark.slow if os.environ.get("CI") else pytest.mark.at_length


def judged(figures: dict) -> None:
    print(figures)
    assert figures["kills_in_all"] > 0, "a run without a kill proves nothing"
    assert not any(figures["faults"].values()), figures


def test_a_few_kills_lose_and_double_nothing(nursery: Nursery) -> None:
    judged(run(Plan("sqlite", writers=4, kills=5, seconds=5, most=60, pause=(0.5, 1.5)), nursery))


@IN_CI_OR_AT_LENGTH
@pytest.mark.parametrize(("engine", "hosts"), [("sqlite", 1), ("postgresql", 2)])
def test_thirty_kills_in_a_minute(nursery: Nursery, engine: str, hosts: int) -> None:
    figures = run(Plan(engine, writers=8, hosts=hosts, kills=30, seconds=60, most=360), nursery)
    judged(figures)
    assert figures["kills_in_all"] >= 30


@pytest.mark.at_length
def test_an_answer_before_the_commit_is_found_out(nursery: Nursery) -> None:
    plan = Plan(
        "sqlite", writers=4, kills=8, seconds=5, most=90, careless_web="answer-before-commit", kill_worker=False
    )
    figures = run(plan, nursery)
    assert figures["faults"]["lost"] > 0, figures


@pytest.mark.at_length
def test_a_mail_marked_before_it_is_sent_is_found_out(nursery: Nursery) -> None:
    plan = Plan("sqlite", writers=8, kills=10, seconds=5, most=90, careless_worker="mark-before-sending")
    figures = run(plan, nursery)
    assert figures["faults"]["mails_lost"] > 0, figures


@pytest.mark.at_length
def test_a_form_without_its_key_is_found_out(nursery: Nursery) -> None:
    plan = Plan("sqlite", writers=8, kills=16, seconds=10, most=120, careless_web="no-form-keys", kill_worker=False)
    figures = run(plan, nursery)
    assert figures["pressed_again"] > 0
    assert figures["faults"]["doubled"] > 0, figures
