"""The pages and the files of the radar."""

from __future__ import annotations

import gzip
from datetime import date

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.overview.radar import files
from app.reference.countries import countries

DATES = {"starts_on": date(2027, 1, 10), "ends_on": date(2027, 8, 30)}
CELL = "/overview/radar/cell?country=SN&theme=asset_recovery&quarter=2027-Q2"
PAGES = (
    "/overview/radar", "/overview/radar?country=SN", "/overview/radar?theme=asset_recovery",
    "/overview/radar?grouping=ECOWAS", "/overview/radar/findings?kind=gap", "/overview/radar/findings?kind=crowding",
    "/overview/radar/findings?kind=collision", CELL, "/overview/radar/cell?country=SN&quarter=2024-Q4",
)  # fmt: skip
MOST_BYTES = 15 * 1024


@pytest.fixture
def need(world):
    return world.need(world.organisation(), title="Un scanner pour le port", **DATES)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_on_an_empty_site(client, tx, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "query", ["", "?country=SN", "?quarter=2027-Q2", "?country=XX&quarter=2027-Q2", "?country=SN&quarter=1999-Q1",
              "?country=SN&quarter=soon"],
)  # fmt: skip
def test_a_cell_that_is_none_is_not_found(client, tx, query):
    assert client.get(f"/overview/radar/cell{query}").status_code == 404


def test_a_kind_that_is_none_is_not_found(client, tx):
    assert client.get("/overview/radar/findings?kind=holes").status_code == 404


def test_the_overview_leads_to_it(client, tx):
    assert "/overview/radar" in client.get("/overview").text


def test_a_gap_stands_on_the_page_and_leads_to_its_need(client, need):
    page = client.get("/overview/radar")
    assert "Senegal · Asset recovery" in page.text
    assert "country=SN&amp;theme=asset_recovery&amp;quarter=2027-Q1" in page.text
    cell = client.get(CELL)
    assert f"/needs/{need.ref}" in cell.text
    assert "Something is asked, and nobody is there." in cell.text
    assert need.title in cell.text


def test_crowding_and_collision_are_opened_to_their_records(client, world):
    limit = world.limit(world.organisation(), most=2)
    programmes = [world.programme(world.organisation("donor")) for _each in range(3)]
    page = client.get("/overview/radar")
    assert "Kind of assistance: Training." in page.text
    assert "Providers at once: 3." in page.text
    cell = client.get(CELL)
    for programme in programmes:
        assert f"/programmes/{programme.ref}" in cell.text
    assert f"/limits/{limit.ref}" in cell.text


def test_filters_narrow_the_page(client, world, need):
    world.need(world.organisation(country="PE"), **DATES)
    assert "Peru" in client.get("/overview/radar").text
    for query in ("?country=SN", "?grouping=ECOWAS"):
        page = client.get(f"/overview/radar{query}").text
        assert "Senegal · Asset recovery" in page, query
        assert "Peru · Asset recovery" not in page, query
    assert "Nothing is asked and nobody is there" in client.get("/overview/radar?country=IS").text
    assert "None from this quarter on." in client.get("/overview/radar?theme=prisons").text


def test_a_donor_that_is_hidden_is_not_named_in_the_cell(client, world, need, now):
    donor = world.organisation("donor", name="Nordland Agency of Secrets")
    world.pledge(need, donor, accepted_at=now, field_disclosure={"donor": "own"})
    page = client.get(CELL)
    assert "Not named" in page.text
    assert donor.name not in page.text


def test_a_record_that_one_may_not_see_is_in_no_cell(client, world):
    programme = world.programme(world.organisation("donor"), disclosure="members")
    assert programme.ref not in client.get(CELL).text
    assert "(1)" not in client.get("/overview/radar").text


def rows_of(answer):
    assert answer.mimetype == "text/csv"
    return answer.data.decode("utf-8-sig").splitlines()


def exports(tx):
    tx.expire_all()
    return tx.scalars(select(AuditEvent.details).where(AuditEvent.action == "export.made")).all()


def test_cells_and_findings_are_taken_along(client, tx, need):
    cells = rows_of(client.post("/overview/radar/cells.csv"))
    assert len(cells) == 4
    assert cells[1].startswith("SN,Senegal,asset_recovery,Asset recovery,2027-Q1,1,0,0,1,0,x")
    findings = rows_of(client.post("/overview/radar/findings.csv"))
    assert len(findings) == 2
    assert need.ref in findings[1]
    assert len(rows_of(client.post("/overview/radar/cells.csv?country=PE"))) == 1
    assert exports(tx) == []


def test_whoever_takes_many_along_is_on_record(client, tx, world):
    world.programme(world.organisation("donor"), countries=[], groupings=["ECOWAS"])
    number = len(rows_of(client.post("/overview/radar/cells.csv"))) - 1
    assert number > 100
    assert exports(tx) == [{"what": "radar cells", "rows": number}]


def test_too_many_rows_are_refused_in_words(client, tx, need, monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 1)
    answer = client.post("/overview/radar/cells.csv", follow_redirects=True)
    assert "That is more than fits into one file." in answer.text


def test_a_cell_that_begins_a_formula_is_made_harmless(client, world, now):
    state = world.organisation()
    for kind in ("training", "equipment"):
        need = world.need(state, beneficiary_unit='=HYPERLINK("x")', lines=[{"kind": kind}], **DATES)
        world.pledge(need, world.organisation("donor"), accepted_at=now)
    rows = rows_of(client.post("/overview/radar/findings.csv"))
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.split(","))


def test_the_page_stays_light_on_a_full_site(client, world):
    for iso2 in sorted(countries())[:60]:
        state = world.organisation(country=iso2)
        world.need(state, countries=[iso2], themes=["prisons", "customs"], **DATES)
        world.programme(world.organisation("donor"), countries=[iso2])
    for path in ("/overview/radar", "/overview/radar/findings?kind=gap"):
        assert len(gzip.compress(client.get(path).data)) < MOST_BYTES, path


def test_the_table_has_pages(client, world):
    for iso2 in sorted(countries())[:25]:
        world.programme(world.organisation("donor"), countries=[iso2])
    assert "1–20 of 25" in client.get("/overview/radar").text
    assert "21–25 of 25" in client.get("/overview/radar?page=2").text
