"""A workbook of needs goes out, is changed as people do, and comes back: what is shown, what is saved, what is not."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.needs.models import Need, NeedVersion
from app.needs.service import LineDraft, NeedDraft, amend_need
from tests.exchange.workbooks.filling import compared, fetch, send

LINES = [{"description": "Mentors for a year"}]


@pytest.fixture
def state(world, tx):
    """A State with a need, and somebody who writes for it."""
    return world.organisation(country="CV")


@pytest.fixture
def signed_in(client, sign_in, world, state):
    sign_in(client, world.account(state))
    return client


def test_the_workbook_has_lists_to_choose_from_hidden_marks_and_a_protected_head(signed_in, world, state):
    need = world.need(state, title="=1+1", countries=["CV"], starts_on=date(2027, 3, 1), budget_amount=Decimal(1200),
                      currency="EUR")  # fmt: skip
    world.need(world.organisation(country="SN"), title="Not ours")

    filling = fetch(signed_in, "needs")

    row = filling.row_of(need.ref)
    assert [filling.sheet.cell(r, 2).value for r in range(3, 53)].count(None) == 49
    assert filling.value(row, "title") == "=1+1"
    assert filling.sheet.cell(row, filling.names["title"]).data_type == "s"
    assert filling.value(row, "countries") == "Cape Verde"
    assert filling.value(row, "lines-0-kind") == "Training"
    assert filling.value(row, "starts_on").date() == date(2027, 3, 1)
    assert filling.value(row, "budget_amount") == 1200
    assert filling.sheet.protection.sheet
    assert filling.sheet.cell(1, 3).protection.locked
    assert not filling.sheet.cell(row, filling.names["title"]).protection.locked
    assert filling.sheet.row_dimensions[2].hidden
    assert filling.sheet.column_dimensions["A"].hidden
    assert {sheet.title: sheet.sheet_state for sheet in filling.book.worksheets[1:3]} == {
        "lists": "hidden", "before": "hidden",
    }  # fmt: skip
    lists = [rule for rule in filling.sheet.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) >= 8
    assert len({rule.formula1 for rule in lists}) < len(lists)


def test_what_is_added_and_changed_is_shown_first_and_then_saved_as_the_form_would(signed_in, world, state, tx):
    need = world.need(state, title="Old title", themes=["prisons"], countries=["CV"], lines=LINES)
    untouched = world.need(state, title="Another", themes=["prisons"], countries=["CV"], lines=LINES)
    filling = fetch(signed_in, "needs")
    filling.put(filling.row_of(need.ref), title="New title", lines_0_quantity=35)
    filling.put(
        filling.empty_row, title="Radios for the coast guard", problem="Boats cannot call for help.",
        themes="Prisons", lines_0_kind="Equipment", lines_0_quantity="12",
        lines_0_unit="sets", lines_0_description="VHF radios",
    )  # fmt: skip
    before = tx.scalar(select(Need.version).where(Need.id == untouched.id))

    where = send(signed_in, "needs", filling.content)

    page = signed_in.get(where.location).text
    assert "Old title" in page
    assert "New title" in page
    assert "Radios for the coast guard" in page
    assert tx.scalars(select(Need.title).where(Need.organisation_id == state.id)).all().count("New title") == 0

    saved = signed_in.submit(where.location, form_id="rows-form")
    tx.expire_all()

    assert saved.status_code == 303
    assert "2 rows are saved" in signed_in.get(saved.location).text
    titles = set(tx.scalars(select(Need.title).where(Need.organisation_id == state.id)))
    assert titles == {"New title", "Another", "Radios for the coast guard"}
    new = tx.scalars(select(Need).where(Need.title == "Radios for the coast guard")).one()
    assert (new.status, new.lines[0].kind, new.lines[0].quantity) == ("posted", "equipment", 12)
    assert tx.scalar(select(Need.version).where(Need.id == untouched.id)) == before
    actions = tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref.in_([need.ref, new.ref]))).all()
    assert sorted(actions) == ["need.amended", "need.posted"]


def test_the_same_workbook_again_saves_nothing_twice_and_can_be_gone_on_with(signed_in, world, state, tx):
    need = world.need(state, title="Old title", themes=["prisons"], countries=["CV"], lines=LINES)
    filling = fetch(signed_in, "needs")
    row, new = filling.row_of(need.ref), filling.empty_row
    filling.put(row, title="New title")
    filling.put(new, title="Radios", problem="None.", themes="prisons", lines_0_kind="equipment", lines_0_quantity=1,
                lines_0_unit="sets", lines_0_description="A radio")  # fmt: skip
    signed_in.submit(send(signed_in, "needs", filling.content).location, form_id="rows-form")

    again = send(signed_in, "needs", filling.content)
    assert "Nothing differs" in signed_in.get(again.location).text

    filling.put(row, title="Newest title")
    filling.put(new, title="Radios and masts")
    signed_in.submit(send(signed_in, "needs", filling.content).location, form_id="rows-form")
    tx.expire_all()

    assert set(tx.scalars(select(Need.title).where(Need.organisation_id == state.id))) == {
        "Newest title", "Radios and masts",
    }  # fmt: skip


def test_an_error_is_said_with_its_row_and_column_and_the_other_rows_are_saved(signed_in, world, state, tx):
    need = world.need(state, title="Old title", themes=["prisons"], countries=["CV"], lines=LINES)
    filling = fetch(signed_in, "needs")
    filling.put(filling.row_of(need.ref), title="New title")
    filling.put(17, title="", problem="A problem without a title.", themes="prisons", ends_on="some day",
                lines_0_kind="Teleportation", lines_0_quantity="many")  # fmt: skip

    where = send(signed_in, "needs", filling.content).location
    page = signed_in.get(where).text

    assert "Row 17, column “Title”: Give a title that says what is asked for, and for whom." in page
    assert "Row 17, column “Wanted by”: Type a day like 2027-03-31 or 31/03/2027." in page
    assert "Row 17, column “Line 1: Kind of help”" in page
    assert "Row 17, column “Line 1: How many”: Type a number" in page
    signed_in.submit(where, form_id="rows-form")
    tx.expire_all()
    assert tx.scalars(select(Need.title).where(Need.organisation_id == state.id)).all() == ["New title"]
    assert "Row 17" in signed_in.get(where).text


@pytest.mark.parametrize(("choice", "title"), [("theirs", "Their title"), ("mine", "My title")])
def test_whoever_changed_the_same_meanwhile_is_heard(signed_in, world, state, tx, now, choice, title):
    need = world.need(state, title="Old title", themes=["prisons"], countries=["CV"], lines=LINES)
    filling = fetch(signed_in, "needs")
    filling.put(filling.row_of(need.ref), title="My title", place="Praia")
    _amend(tx, world, need, now, title="Their title")

    where = send(signed_in, "needs", filling.content).location
    page = signed_in.get(where).text

    assert all(text in page for text in ("Old title", "Their title", "My title", "Changed by somebody else too"))
    signed_in.submit(where, {f"choose-{filling.row_of(need.ref)}": choice}, form_id="rows-form")
    tx.expire_all()
    found = tx.get(Need, need.id)
    assert (found.title, found.place) == (title, "Praia")


IN_WORDS = {
    "en": ("3 March 2027", "20 April 2027", "1 May 2027", "9 June 2027"),
    "fr": ("3 mars 2027", "20 avril 2027", "1 mai 2027", "9 juin 2027"),
}
"""Four days as each language writes them out."""


@pytest.mark.parametrize("language", IN_WORDS)
def test_days_are_compared_in_figures_and_shown_in_the_words_of_the_reader(signed_in, world, state, tx, now, language):
    dated = [LINES[0] | {"starts_on": date(2027, 3, 3), "ends_on": date(2027, 12, 31)}]
    need = world.need(
        state, title="Old title", themes=["prisons"], countries=["CV"], lines=dated, starts_on=date(2027, 3, 3)
    )
    signed_in.get(f"/language/{language}?next=/workbooks")
    filling = fetch(signed_in, "needs")
    row = filling.row_of(need.ref)
    # A day as a date, as figures and as words is a day; what was typed anew in another way is no difference.
    filling.put(row, starts_on="1.5.2027", ends_on="9 de junho de 2027", lines_0_starts_on="03/03/2027",
                lines_0_ends_on="31 February 2027")  # fmt: skip
    _amend(tx, world, need, now, starts_on=date(2027, 4, 20))

    where = send(signed_in, "needs", filling.content).location
    page = signed_in.get(where).text

    before, theirs, mine, new = IN_WORDS[language]
    ((_head, *started), (_next, *ended), (_last, *unread)) = compared(page)
    assert (started, ended) == ([before, theirs, mine], ["–", "–", new])
    assert unread[-1] == "31 February 2027"
    assert not any("2027-" in cell for row in compared(page) for cell in row)
    filling.put(row, lines_0_ends_on=date(2027, 12, 31))
    where = send(signed_in, "needs", filling.content).location
    signed_in.submit(where, {f"choose-{row}": "mine"}, form_id="rows-form")
    tx.expire_all()
    found = tx.get(Need, need.id)
    assert (found.starts_on, found.ends_on, found.lines[0].starts_on, found.lines[0].ends_on) == (
        date(2027, 5, 1), date(2027, 6, 9), date(2027, 3, 3), date(2027, 12, 31),
    )  # fmt: skip


def test_what_changes_after_one_has_looked_is_looked_at_again(signed_in, world, state, tx, now):
    need = world.need(state, title="Old title", themes=["prisons"], countries=["CV"], lines=LINES)
    filling = fetch(signed_in, "needs")
    filling.put(filling.row_of(need.ref), title="My title")
    where = send(signed_in, "needs", filling.content).location
    fields = signed_in.form(where, "rows-form")
    _amend(tx, world, need, now, title="Their title")

    answer = signed_in.post(where, data={name: values[0] for name, values in fields.items()})

    assert "Something has changed meanwhile" in signed_in.get(answer.location).text
    tx.expire_all()
    assert tx.get(Need, need.id).title == "Their title"


def test_lines_that_others_put_in_and_moved_are_not_confused(signed_in, world, state, tx, now):
    lines = [{"description": "Mentors"}, {"description": "Radios"}]
    need = world.need(state, themes=["prisons"], countries=["CV"], lines=lines)
    filling = fetch(signed_in, "needs")
    row = filling.row_of(need.ref)
    filling.put(row, lines_1_description="Radios and masts", lines_2_kind="Training", lines_2_quantity=3,
                lines_2_unit="participants", lines_2_description="My new line")  # fmt: skip
    kept = [line.ref for line in need.lines]
    first, second = need.lines
    third = type(first)(position=1, kind="training", quantity=Decimal(5), unit="participants", description="Theirs")
    second.position = 2
    need.lines.append(third)
    tx.flush()
    tx.expire_all()

    where = send(signed_in, "needs", filling.content).location
    signed_in.submit(where, form_id="rows-form")
    tx.expire_all()

    found = {line.description: line.ref for line in tx.get(Need, need.id).lines}
    assert set(found) == {"Mentors", "Theirs", "Radios and masts", "My new line"}
    assert [found["Mentors"], found["Radios and masts"]] == kept


def _amend(tx, world, need, now, **changes):
    """Somebody else amends the need by its form."""
    values = {one.name: getattr(need, one.name) for one in fields(NeedDraft) if hasattr(need, one.name)}
    lines = tuple(LineDraft(**{f.name: getattr(line, f.name) for f in fields(LineDraft)}) for line in need.lines)
    values |= {"lines": lines, "indicators": (), "other_texts": (), "themes": ("prisons",), "countries": ("CV",)}
    draft = NeedDraft(**values)
    amend_need(tx, world.actor(world.account(need.organisation)), need, replace(draft, **changes), None, now)
    tx.flush()
    assert tx.scalars(select(NeedVersion)).all()
