"""The files of who does what where: what a stranger may see, and what a signed-in reader may."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.exchange.hxl.columns import HEADS, TAGS
from app.foundation.audit import AuditEvent

ALL = "/open-data/3w.csv"


def rows_of(answer) -> list[dict[str, str]]:
    """The rows below the hashtags, by these."""
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert table[:2] == [HEADS, TAGS]
    return [dict(zip(TAGS, row, strict=True)) for row in table[2:]]


@pytest.fixture
def donor(world):
    return world.organisation("donor", name="Northland Aid", iati_identifier="XX-1")


@pytest.fixture
def state(world):
    return world.organisation("state", country="SN")


def pledge(world, need, donor, now, **more):
    line = {"need_line_id": need.lines[0].id, "quantity": Decimal(5), "amount": Decimal(10000), "currency": "EUR"}
    return world.pledge(need, donor, lines=[line], status="delivering", accepted_at=now, **more)


def test_each_theme_and_place_has_a_row(client, world, donor, state, now):
    programme = world.programme(
        donor, title="Ports", themes=["port_control", "prisons"], countries=["SN", "GH"], groupings=[],
        budget_amount=Decimal(400), currency="EUR",
    )  # fmt: skip
    need = world.need(state, themes=["prisons"], countries=["SN"], place="Dakar", title="Prisons")
    given = pledge(world, need, donor, now)
    rows = rows_of(client.get(ALL))
    mine = [row for row in rows if row["#activity+id"] == programme.ref]
    cells = [(row["#sector+code+v_counterpart"], row["#country+code+v_iso2"], row["#value"]) for row in mine]
    assert cells == [
        ("port_control", "GH", "100.00"), ("port_control", "SN", "100.00"),
        ("prisons", "GH", "100.00"), ("prisons", "SN", "100.00"),
    ]  # fmt: skip
    assert mine[0]["#org+id+iati"] == "XX-1"
    assert mine[0]["#activity+url"].endswith(f"/programmes/{programme.ref}")
    assert "creativecommons.org/licenses/by/4.0" in mine[0]["#meta+license"]
    its = next(row for row in rows if row["#activity+id"] == given.ref)
    assert (its["#adm1+name"], its["#value"], its["#activity+kind"]) == ("Dakar", "10000.00", "pledge")


def test_the_address_narrows_it(client, world, donor, state):
    world.programme(donor, title="Now", countries=["SN"], groupings=[], themes=["prisons"])
    world.programme(donor, title="Past", countries=["SN"], groupings=[], status="4", starts_on=date(2020, 1, 1),
                    ends_on=date(2021, 1, 1))  # fmt: skip
    world.programme(donor, title="Region", countries=[], groupings=["ECOWAS"])
    world.programme(donor, title="Elsewhere", countries=["PE"], groupings=[])

    def titles(address: str) -> list[str]:
        return sorted({row["#activity+name"] for row in rows_of(client.get(address))})

    assert titles(ALL) == ["Elsewhere", "Now", "Region"]
    assert titles("/countries/sn/3w.csv") == ["Now", "Region"]
    assert titles(f"{ALL}?country=SN&theme=prisons") == ["Now"]
    assert titles(f"{ALL}?grouping=ECOWAS&year=2020") == ["Past"]
    assert titles(f"{ALL}?year=all") == ["Elsewhere", "Now", "Past", "Region"]
    assert titles("/overview/who/3w.csv?theme=prisons") == ["Now"]
    assert client.get("/countries/XX/3w.csv").status_code == 404


def test_the_public_file_is_the_same_for_everybody_and_holds(client, sign_in, world, donor, state, now):
    shown = world.programme(donor, title="Shown", budget_amount=Decimal(7), currency="EUR",
                            field_disclosure={"budget": "members"})  # fmt: skip
    world.programme(donor, title="Own", disclosure="own")
    need = world.need(state, place="Dakar", field_disclosure={"place": "members"})
    pledge(world, need, donor, now, disclosure="own")
    first = client.get(ALL)
    assert [(row["#activity+id"], row["#value"]) for row in rows_of(first)] == [(shown.ref, "")]
    sign_in(client, world.account(donor))
    assert client.get(ALL).data == first.data
    assert client.get(ALL, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    own = client.get("/overview/who/3w.csv")
    assert {row["#activity+name"] for row in rows_of(own)} >= {"Shown", "Own"}
    assert {row["#meta+license"] for row in rows_of(own)} == {""}
    assert own.headers["Cache-Control"] == "private, no-store"
    hidden = pledge(world, world.need(state, place="Secret cell", field_disclosure={"place": "members"}), donor, now)
    rows = {row["#activity+id"]: row for row in rows_of(client.get(f"{ALL}?year=all"))}
    assert rows[hidden.ref]["#adm1+name"] == ""


def test_many_rows_of_ones_own_sight_are_on_record(client, sign_in, world, donor, tx):
    countries = ["SN", "GH", "ML", "NG", "TG", "BJ"]
    for _ in range(5):
        world.programme(donor, themes=["prisons", "port_control", "asset_recovery", "forensics"], countries=countries)
    sign_in(client, world.account(donor))
    assert len(rows_of(client.get("/overview/who/3w.csv"))) > 100
    events = list(tx.scalars(select(AuditEvent).where(AuditEvent.action == "export.made")))
    assert [event.details["what"] for event in events] == ["3w"]


@pytest.mark.one_engine
def test_the_workbook_has_the_same_cells(client, world, donor):
    world.programme(donor, title="=1+1")
    sheet = load_workbook(io.BytesIO(client.get("/open-data/3w.xlsx").data)).worksheets[0]
    table = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert table[:2] == [HEADS, TAGS]
    assert table[2][HEADS.index("Activity")] == "=1+1"
    assert rows_of(client.get(ALL))[0]["#activity+name"] == "'=1+1"
