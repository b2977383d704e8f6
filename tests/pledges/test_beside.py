"""Beside the form of a pledge: what others give already, and how this stands to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.matching.relations.models import Relation
from app.pledges.models import Pledge
from tests.pages import CheckingClient

TITLE, WORDS = "Training of magistrates in financial investigation", "Judges learn to trace and confiscate assets."
DATES = {"starts_on": date(2027, 1, 15), "ends_on": date(2028, 6, 30)}
HEADING = "Others who seem to give the same"


class Desk:
    """A donor's editor before the form of a pledge."""

    def __init__(self, world: Any, client: CheckingClient, sign_in: Callable[..., object]) -> None:
        self.world, self.tx, self.client = world, world.tx, client
        self.donor = world.organisation("donor")
        sign_in(client, world.account(self.donor))
        self.need = world.need(world.organisation(), title=TITLE, problem=WORDS, summary="", language="en", **DATES)
        self.path = f"/needs/{self.need.ref}/pledge"

    def programme(self, **values: Any) -> Any:
        given = {"title": TITLE, "description": WORDS, "language": "en", **DATES, **values}
        return self.world.programme(self.world.organisation("donor"), **given)


@pytest.fixture
def desk(world: Any, client: CheckingClient, sign_in: Callable[..., object]) -> Desk:
    return Desk(world, client, sign_in)


def test_nothing_is_asked_where_nobody_else_is_there(desk: Desk) -> None:
    assert HEADING not in desk.client.get(desk.path).text


def test_pledges_and_programmes_of_others_are_shown_and_need_no_answer(desk: Desk) -> None:
    pledge = desk.world.pledge(desk.need, desk.world.organisation("donor"))
    programme = desk.programme()
    text = desk.client.get(desk.path).text
    assert HEADING in text
    for ref in (pledge.ref, programme.ref):
        assert f'id="guard-{ref}"' in text
    assert desk.client.submit(desk.path, form_id="pledge-form").status_code == 303
    assert desk.tx.scalars(select(Relation)).all() == []


def test_an_answer_is_saved_with_the_pledge(desk: Desk, client: CheckingClient) -> None:
    programme = desk.programme()
    typed = {f"guard-{programme.ref}-says": "co_fund", f"guard-{programme.ref}-sentence": "Half each."}
    answer = desk.client.submit(desk.path, typed, form_id="pledge-form")
    assert answer.status_code == 303
    assert "Half each." in client.get(answer.location).text
    (row,) = desk.tx.scalars(select(Relation)).all()
    assert (row.first_kind, row.second_kind, row.kind) == ("pledge", "programme", "co_fund")


def test_half_an_answer_is_asked_for_the_rest(desk: Desk) -> None:
    programme = desk.programme()
    page = desk.client.submit(desk.path, {f"guard-{programme.ref}-says": "co_fund"}, form_id="pledge-form")
    assert (page.status_code, "Say in a sentence why" in page.text) == (422, True)
    assert desk.tx.scalars(select(Pledge)).all() == []


def test_hidden_pledges_and_programmes_are_not_there(desk: Desk) -> None:
    desk.programme(disclosure="own")
    desk.world.pledge(desk.need, desk.world.organisation("donor"), field_disclosure={"donor": "own"})
    desk.world.pledge(desk.need, desk.world.organisation("donor"), disclosure="own")
    assert HEADING not in desk.client.get(desk.path).text
