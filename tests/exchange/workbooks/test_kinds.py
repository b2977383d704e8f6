"""Programmes, sessions and contributions go out and come back too, by the forms and services of their own features."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.courses.models import CourseSession
from app.pledges.models import Contribution
from app.programmes.models import Programme
from tests.exchange.workbooks.filling import fetch, headings, send

ACCEPTED = datetime(2026, 11, 1, tzinfo=UTC)


def send_and_save(client, kind, filling):
    where = send(client, kind, filling.content).location
    page = client.get(where).text
    client.submit(where, form_id="rows-form")
    return page


def test_programmes(client, sign_in, world, tx):
    donor = world.organisation("donor")
    programme = world.programme(donor, title="Old", themes=["prisons"], countries=["CV"])
    sign_in(client, world.account(donor))
    filling = fetch(client, "programmes")
    row = filling.row_of(programme.ref)
    assert filling.value(row, "offers-0-kind") == "Training"
    filling.put(row, title="New", budget_amount=5000, currency="EUR")
    filling.put(
        filling.empty_row, title="Mentors", description="For prisons.", themes="Prisons", countries="CV; Senegal",
        offers_0_kind="Mentoring", languages="French",
    )  # fmt: skip
    filling.put(20, title="No kind", description="For prisons.", themes="Prisons", countries="Nowhere")

    page = send_and_save(client, "programmes", filling)

    assert "Row 20, column “Countries”" in page
    tx.expire_all()
    found = {one.title: one for one in tx.scalars(select(Programme).where(Programme.organisation_id == donor.id))}
    assert set(found) == {"New", "Mentors"}
    assert (found["New"].budget_amount, found["New"].currency) == (5000, "EUR")
    assert found["Mentors"].codes("country") == ["CV", "SN"]


def test_sessions(client, sign_in, world, tx):
    centre = world.organisation("centre", country="GH")
    course = world.course(centre, title="Mentoring")
    session = world.course_session(course, seats=20)
    other = world.course_session(course, seats=20)
    sign_in(client, world.account(centre))
    filling = fetch(client, "sessions")
    filling.put(filling.row_of(session.ref), seats=25)
    filling.put(filling.row_of(other.ref), seats=30)
    filling.put(filling.empty_row, course=f"Mentoring ({course.ref})", starts_on=date(2027, 9, 6), ends_on="10/09/2027",
                seats=12, time_zone="UTC", country="Ghana")  # fmt: skip
    filling.put(17, course=course.ref, starts_on="2027-10-01", ends_on="2027-09-01", seats=12)

    page = send_and_save(client, "sessions", filling)

    assert "Row 17, column “Ends on”" in page
    tx.expire_all()
    found = {one.ref: one for one in tx.scalars(select(CourseSession).where(CourseSession.course_id == course.id))}
    assert len(found) == 3
    assert (found.pop(session.ref).seats, found.pop(other.ref).seats) == (25, 30)
    assert [(one.seats, one.starts_on, one.country) for one in found.values()] == [(12, date(2027, 9, 6), "GH")]


@pytest.mark.parametrize(("language", "day"), [("en", "8 March 2027"), ("fr", "8 mars 2027")])
def test_a_session_is_called_after_its_first_day_written_out(client, sign_in, world, language, day):
    centre = world.organisation("centre")
    session = world.course_session(world.course(centre, title="Mentoring"), starts_on=date(2027, 3, 8), seats=20)
    sign_in(client, world.account(centre))
    client.get(f"/language/{language}?next=/workbooks")
    filling = fetch(client, "sessions")
    filling.put(filling.row_of(session.ref), seats=25)
    assert headings(client.get(send(client, "sessions", filling.content).location).text) == [f"Mentoring, {day}"]


def test_contributions(client, sign_in, world, tx):
    state, donor = world.organisation(country="CV"), world.organisation("donor")
    need = world.need(state)
    pledge = world.pledge(need, donor, status="committed", accepted_at=ACCEPTED)
    promised = pledge.lines[0].quantity
    sign_in(client, world.account(donor))
    filling = fetch(client, "contributions")
    assert pledge.ref in filling.value(3, "of")
    filling.put(3, much=2, delivered_on=date(2026, 11, 20), note="Two came")
    filling.put(17, of=filling.value(3, "of"), much=float(promised) + 1000, delivered_on="2026-11-20")

    page = send_and_save(client, "contributions", filling)
    again = client.get(send(client, "contributions", filling.content).location).text

    assert "Two came" in page
    assert "(0)" in again
    tx.expire_all()
    parts = tx.scalars(select(Contribution)).all()
    assert [(one.quantity, one.note) for one in parts] == [(Decimal(2), "Two came")]
