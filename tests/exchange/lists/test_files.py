"""Every list goes out as a file that says what the page says: same filters, same reader, and cells that are safe."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from app.exchange.lists.panels import FILES
from app.foundation.audit import AuditEvent
from app.programmes.models import ProgrammeBudget, ProgrammeTransaction


def rows_of(answer):
    """The file as dictionaries by head."""
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_needs_go_out_as_they_are_narrowed_and_seen(client, world):
    state = world.organisation(country="CV")
    shown = world.need(state, title="=cmd|' /C calc'!A0", themes=["prisons"], countries=["CV"], budget_amount=1200,
                       currency="EUR", field_disclosure={"budget": "members"})  # fmt: skip
    world.need(state, title="Another theme", themes=["borders"], countries=["CV"])
    world.need(state, title="Hidden", themes=["prisons"], countries=["CV"], disclosure="own")

    answer = client.get("/needs.csv?theme=prisons")

    rows = rows_of(answer)
    assert [row["Reference"] for row in rows] == [shown.ref]
    assert rows[0]["Title"] == "'=cmd|' /C calc'!A0"
    assert (rows[0]["Countries, codes"], rows[0]["Countries"]) == ("CV", "Cape Verde")
    assert (rows[0]["Status, code"], rows[0]["Status"]) == ("posted", "Open")
    assert (rows[0]["Budget in all"], rows[0]["Currency"]) == ("", "")
    assert rows[0]["Address"].endswith(f"/needs/{shown.ref}")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_who_may_see_more_takes_more_along(client, sign_in, world):
    state = world.organisation(country="CV")
    need = world.need(state, budget_amount=1200, currency="EUR", disclosure="own", is_published=True)
    account = world.account(state)
    sign_in(client, account)

    book = openpyxl.load_workbook(io.BytesIO(client.get("/needs.xlsx").data))

    heads, row = list(book.worksheets[0].iter_rows(values_only=True))
    found = dict(zip(heads, row, strict=True))
    assert found["Reference"] == need.ref
    assert (found["Budget in all"], found["Currency"]) == (1200, "EUR")


def test_programmes_carry_the_money_of_all_years(client, world, tx):
    programme = world.programme(world.organisation("donor"), budget_amount=None)
    tx.add_all(
        ProgrammeBudget(programme_id=programme.id, kind=kind, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31),
                        amount=Decimal(amount), currency="EUR")
        for kind, year, amount in (("1", 2025, 10), ("2", 2025, 12), ("1", 2027, 30))
    )  # fmt: skip
    paid = {"kind": "3", "happened_on": date(2026, 5, 1), "amount": Decimal("7.5"), "currency": "USD"}
    tx.add(ProgrammeTransaction(programme_id=programme.id, **paid))
    tx.flush()
    tx.expire_all()

    row = rows_of(client.get("/programmes.csv"))[0]

    assert {head: cell for head, cell in row.items() if head.startswith(("Budget 2", "Paid 2"))} == {
        "Budget 2025, EUR": "12", "Budget 2027, EUR": "30", "Paid 2026, USD": "7.5",
    }  # fmt: skip


def test_sessions_courses_outputs_and_organisations_go_out(client, world, now):
    centre = world.organisation("centre", country="GH")
    course = world.course(centre, title="Mentoring")
    session = world.course_session(course, country="GH")
    output = world.output(centre)

    assert [row["Reference"] for row in rows_of(client.get("/courses.csv"))] == [course.ref]
    sessions = rows_of(client.get("/courses/sessions.csv"))
    assert [(row["Reference"], row["Course"], row["Country"]) for row in sessions] == [
        (session.ref, "Mentoring", "Ghana")
    ]
    assert [row["Reference"] for row in rows_of(client.get("/outputs.csv"))] == [output.ref]
    assert centre.ref in {row["Reference"] for row in rows_of(client.get("/organisations.csv?kind=centre"))}


def test_pledges_go_out_line_by_line_to_their_sides_alone(client, new_client, sign_in, world):
    state, donor = world.organisation(country="CV"), world.organisation("donor")
    need = world.need(state)
    pledge = world.pledge(need, donor, disclosure="own")
    sign_in(client, world.account(donor))
    other = new_client()
    sign_in(other, world.account(world.organisation("donor")))

    row = rows_of(client.get("/pledges.csv"))[0]

    assert (row["Pledge, reference"], row["Need, reference"], row["Donor, reference"]) == (
        pledge.ref, need.ref, donor.ref,
    )  # fmt: skip
    assert row["Quantity promised"] or row["Money promised"]
    assert rows_of(other.get("/pledges.csv?side=given")) == []
    assert new_client().get("/pledges.csv").status_code == 302


def test_the_page_of_a_list_links_its_files_with_the_same_filters(client, world):
    world.need(world.organisation(country="CV"), themes=["prisons"], countries=["CV"])
    page = client.get("/needs?theme=prisons&sort=changed&page=1&size=50").text
    assert "/needs.xlsx?theme=prisons&amp;sort=changed" in page
    assert "size=50&amp;" not in page.split("/needs.csv")[1][:60]
    assert "/needs.csv" not in client.get("/needs?theme=borders").text


@pytest.mark.one_engine
def test_every_list_that_goes_out_has_its_page_and_its_file(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(FILES) | set(FILES.values()) <= endpoints


def test_many_rows_taken_along_are_on_record(client, world, tx):
    owner = world.organisation(country="CV")
    for _ in range(101):
        world.need(owner)
    assert len(rows_of(client.get("/needs.csv"))) == 101
    events = tx.scalars(select(AuditEvent).where(AuditEvent.action == "export.made")).all()
    assert [event.details for event in events] == [{"what": "needs", "rows": 101}]
