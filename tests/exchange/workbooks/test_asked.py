"""Rows of a workbook that seem to be here already are told so, and all rows are looked at together."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select

from app.exchange.workbooks.rules import FIRST_ROW
from app.needs.models import Need
from app.programmes.models import Programme
from tests.exchange.workbooks.filling import fetch, send

TITLE = "Scanners and training for container searches in the port of Dakar"
WORDS = "One container in two hundred is opened. Customs officers ask for scanners and for training in profiling."
KINDS = {"needs": (Need, "state", "problem"), "programmes": (Programme, "donor", "description")}
CODES: dict[str, Any] = {"themes": ["port_control"], "countries": ["SN"]}
COMMON: dict[str, Any] = {"themes": "port_control", "countries": "Senegal"}
MORE: dict[str, dict[str, Any]] = {
    "needs": {"lines_0_kind": "Training", "lines_0_quantity": 3, "lines_0_unit": "participants",
              "lines_0_description": "Two weeks"},
    "programmes": {"offers_0_kind": "Training", "languages": "French"},
}  # fmt: skip


class Sheet:
    """The workbook of somebody beside whom another organisation has a record already."""

    def __init__(self, world: Any, client: Any, sign_in: Any, kind: str) -> None:
        self.world, self.client, self.kind = world, client, kind
        self.model, owner, self.text = KINDS[kind]
        self.owner = world.organisation(owner, country="SN")
        self.there = self.record(world.organisation(owner), TITLE, WORDS)
        self.own = [self.record(self.owner, f"Books for school {number}", "Children read.") for number in range(2)]
        sign_in(client, world.account(self.owner))

    def record(self, owner: Any, title: str, text: str) -> Any:
        """A record of the kind."""
        words = {"title": title, "language": "en", self.text: text}
        if self.kind == "needs":
            return self.world.need(owner, summary="", lines=[{"description": "Two weeks"}], **words, **CODES)
        return self.world.programme(owner, **words, **CODES)

    def filled(self, *rows: tuple[str, str]) -> Any:
        """The workbook with these in its empty rows: title and text."""
        filling = fetch(self.client, self.kind)
        first = filling.empty_row
        for number, (title, text) in enumerate(rows):
            filling.put(first + number, title=title, **{self.text: text}, **COMMON, **MORE[self.kind])
        return filling


@pytest.fixture(params=KINDS)
def sheet(request, world, client, sign_in) -> Sheet:
    return Sheet(world, client, sign_in, request.param)


def test_rows_that_seem_to_be_here_already_are_to_mend_and_the_others_are_saved(sheet, client, tx):
    filling = sheet.filled((TITLE, WORDS), ("Radios for the coast guard", "Boats cannot call for help."))
    first, second = (filling.row_of(one.ref) for one in sheet.own)
    filling.put(first, title=TITLE, **{sheet.text: WORDS})
    filling.put(second, title="More books")
    where = send(client, sheet.kind, filling.content).location
    page = client.get(where).text
    for row in (first, FIRST_ROW + 2):
        assert f"Row {row}, column “Title”: Say how the two stand to each other." in page
    assert page.count('data-state="error"') == 2
    saved = client.submit(where, form_id="rows-form")
    assert "2 rows are saved" in client.get(saved.location).text
    tx.expire_all()
    titles = set(tx.scalars(select(sheet.model.title).where(sheet.model.organisation_id == sheet.owner.id)))
    assert titles == {"Radios for the coast guard", "More books", "Books for school 0"}


def test_the_database_is_asked_for_all_rows_at_once(sheet, client, database, world):
    told = []
    for many in (4, 24):
        rows = [(f"{TITLE}, part {number}", f"{WORDS} Part {number}.") for number in range(many)]
        where = send(client, sheet.kind, sheet.filled(*rows).content).location
        client.get(where)
        world.tx.expire_all()
        asked: list[str] = []
        note = lambda *args, into=asked: into.append(args[2])  # noqa: E731
        event.listen(database.connection.engine, "before_cursor_execute", note)
        page = client.get(where).text
        event.remove(database.connection.engine, "before_cursor_execute", note)
        assert page.count('data-state="error"') == many
        told.append(len(asked))
    assert told[0] == told[1] > 0
