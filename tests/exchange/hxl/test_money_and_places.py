"""Budgets and first-level areas of a 3W table: read, refused in words, and the same when they go out again."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from app.programmes.changes import PARTS
from tests.exchange.hxl.sheets import looked_at, programmes, save, send

HEAD = "#activity+id,#activity+name,#description,#sector,#country+code,#adm1+name,#adm1+code,#activity+type"
LIMA = "A-1,Ports,Courses for officers,port_control,PE,Lima,PE-LIM,training"
CALLAO = "A-1,Ports,,port_control,PE,Callao,PE-CAL,training"
OUT = "/open-data/3w.csv"


def refused(client, tx, row: str, head: str = HEAD) -> str:
    """The page after a table that has something to be mended; nothing of it can be saved."""
    page = client.get(looked_at(client, row, head=head)).text
    assert "Save th" not in page
    assert programmes(tx) == []
    return page


def test_the_amounts_of_the_rows_are_the_budget(client, editor, tx):
    address = looked_at(client, f'{LIMA},"100,000.50",usd', f"{CALLAO},50000,USD", head=f"{HEAD},#value,#currency")
    save(client, address)
    (made,) = programmes(tx)
    assert (made.budget_amount, made.currency) == (Decimal("150000.50"), "USD")
    page = client.get(f"/programmes/{made.ref}").text
    assert "150,000.50" in page
    assert "<bdi>Lima</bdi> <bdi>(PE-LIM)</bdi>" in page


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("#value+usd", "750"), ("#value+budget+usd", "750.00"), ("#value,#value+currency", "750,USD"),
        ("#value,#value+code", "750,USD"), ("#currency+code,#value", "usd,750"), ("#value+usd,#currency", "750,USD"),
        ("#value+spent+usd,#value+usd", "3,750"),
    ],
)  # fmt: skip
def test_the_currency_stands_in_the_head_or_beside_the_amount(client, editor, tx, head, cells):
    save(client, looked_at(client, f"{LIMA},{cells}", head=f"{HEAD},{head}"))
    assert [(one.budget_amount, one.currency) for one in programmes(tx)] == [(Decimal(750), "USD")]


def test_a_budget_that_is_there_is_changed_or_left(client, editor, tx, donor, world):
    mine = world.programme(donor, title="Ports", themes=["port_control"], countries=["PE"], budget_amount=Decimal(9),
                           currency="EUR", field_disclosure={"budget": "members"})  # fmt: skip
    row = LIMA.replace("A-1", mine.ref)
    save(client, looked_at(client, row.replace("Ports", "Sea ports"), head=HEAD))
    tx.expire_all()
    assert (mine.title, mine.budget_amount, mine.currency) == ("Sea ports", Decimal(9), "EUR")
    address = looked_at(client, f"{row},9".replace("Ports", "Sea ports"), head=f"{HEAD},#value+usd")
    assert 'Changed</span> <span class="small">Budget</span>' in client.get(address).text.replace("\n", "")
    save(client, address)
    (one,) = programmes(tx)
    assert (one.budget_amount, one.currency, one.field_disclosure) == (Decimal(9), "USD", {"budget": "members"})


@pytest.mark.parametrize(
    ("head", "cells", "told"),
    [
        ("#value+usd", "much", "Row 2, Amount: “much” is no amount that can be read"),
        ("#value+usd", "1.234", "Row 2, Amount: “1.234” can be read in two ways"),
        ("#value+usd", "-750", "Row 2, Amount: This cannot be less than zero"),
        ("#value+usd", "99999999999999", "Row 2, Amount: This number is too large to be right"),
        ("#value", "750", "Row 2, Amount: Say in which currency the budget is"),
        ("#value,#currency", "750,", "Row 2, Amount: Say in which currency the budget is"),
        ("#value,#currency", "750,QQQ", "Row 2, Currency: “QQQ” is not a currency"),
        (
            "#value+usd,#currency",
            "750,EUR",
            "Row 2, Currency: The hashtag of the amount says USD, and this row says EUR",
        ),
    ],
)
def test_bad_money_is_told_at_its_row_and_column_and_nothing_is_saved(client, editor, tx, head, cells, told):
    assert told in refused(client, tx, f"{LIMA},{cells}", f"{HEAD},{head}")


def test_the_amounts_of_an_activity_are_in_one_currency(client, editor, tx):
    page = client.get(looked_at(client, f"{LIMA},1,EUR", f"{CALLAO},1,USD", head=f"{HEAD},#value,#currency")).text
    assert "Row 3, Currency: Row 2 says something else of the same activity" in page
    assert programmes(tx) == []


def test_a_currency_without_an_amount_says_nothing(client, editor, tx):
    save(client, looked_at(client, f"{LIMA},,n/a", head=f"{HEAD},#value,#currency"))
    assert [(one.budget_amount, one.currency) for one in programmes(tx)] == [(None, "")]


@pytest.mark.parametrize(
    ("country", "name", "code", "kept"),
    [
        ("PE", "Lima", "PE-LIM", "PE:Lima:PE-LIM"), ("", "Praia", "cv-pr", "CV:Praia:CV-PR"),
        ("Colombia", "", "CO-ANT", "CO::CO-ANT"), ("PE | CO", "", "CO-ANT", "CO::CO-ANT"),
    ],
)  # fmt: skip
def test_an_area_is_known_by_its_code(client, editor, tx, country, name, code, kept):
    row = f"A-1,Ports,Courses,port_control,{country},{name},{code},training"
    save(client, looked_at(client, row, head=HEAD))
    (made,) = programmes(tx)
    assert made.codes("adm1") == [kept]
    assert kept[:2] in made.codes("country")
    assert code.upper() in client.get(f"/programmes/{made.ref}").text


@pytest.mark.parametrize(
    ("country", "code", "told"),
    [
        ("PE", "PE15", "Row 2, Code of the area: “PE15” is no code of an area. Such a code is"),
        ("PE", "PE-LIMA", "Row 2, Code of the area: “PE-LIMA” is no code of an area. Such a code is"),
        ("", "XX-1", "Row 2, Code of the area: “XX-1” is no code of an area. Such a code is"),
        ("PE", "CO-ANT", "Row 2, Code of the area: “CO-ANT” is no code of an area of that country"),
    ],
)
def test_a_bad_code_of_an_area_is_told_and_nothing_is_saved(client, editor, tx, country, code, told):
    assert told in refused(client, tx, f"A-1,Ports,Courses,port_control,{country},,{code},training")


def test_history_calls_areas_by_name_and_code():
    how = PARTS["areas"].how
    assert how is not None
    words = how(["PE:Lima:PE-LIM", "SN:Dakar:", "CO::CO-ANT"], {}, "en")
    assert words == "Lima (PE-LIM), Dakar, CO-ANT"


def test_one_code_has_one_name(client, editor, tx):
    unnamed = LIMA.replace("Lima", "").replace("port_control", "prisons")
    page = client.get(looked_at(client, LIMA, CALLAO.replace("PE-CAL", "PE-LIM"), head=HEAD)).text
    assert "Row 3, Area: Row 2 says something else" in page
    save(client, looked_at(client, unnamed, LIMA, head=HEAD))
    assert programmes(tx)[0].codes("adm1") == ["PE:Lima:PE-LIM"]
    again = client.get(looked_at(client, unnamed, LIMA.replace("Lima", ""), head=HEAD)).text
    assert "One programme is unchanged" in again


ROUND = (
    "#sector+code+v_counterpart", "#country+code+v_iso2", "#region+code+v_counterpart", "#adm1+name", "#adm1+code",
    "#activity+name", "#activity+type+list", "#status+code", "#date+start", "#date+end", "#value", "#value+currency",
)  # fmt: skip


def table_out(client) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(OUT).data.decode("utf-8-sig"), newline="")))


def said(table: list[list[str]]) -> list[list[str]]:
    """What goes round: all but references and addresses, which are new on another site."""
    return [[row[table[1].index(tag)] for tag in ROUND] for row in table[2:]]


def test_what_goes_out_comes_in_to_an_empty_site_and_goes_out_the_same(client, editor, tx, donor, world):
    lima = {"themes": ["port_control", "prisons"], "countries": ["PE", "CO"], "groupings": [], "currency": "PEN"}
    given = [
        world.programme(donor, title="Ports of Peru", budget_amount=Decimal("100000.01"), **lima),
        world.programme(donor, title="Courts", countries=["CV"], groupings=["ECOWAS"], budget_amount=Decimal(0),
                        currency="EUR"),
        world.programme(donor, title="No budget", countries=["CV"], groupings=[]),
    ]  # fmt: skip
    given[0].set_codes("adm1", ["PE:Lima:PE-LIM", "PE:Callao:PE-CAL", "PE::PE-CUS", "CO:Antioquia:CO-ANT"])
    given[1].set_codes("adm1", ["CV:Praia:CV-PR"])
    tx.flush()
    before = table_out(client)
    assert {"PE-LIM", "CO-ANT", "CV-PR", ""} <= {row[before[1].index("#adm1+code")] for row in before[2:]}
    for one in given:
        tx.delete(one)
    tx.flush()
    assert table_out(client)[2:] == []
    # A new programme needs words of its own, which our table leaves to the pages.
    sent = io.StringIO()
    csv.writer(sent).writerows(
        [[*before[0], ""], [*before[1], "#description"], *([*row, "Text."] for row in before[2:])]
    )
    save(client, send(client, sent.getvalue()).headers["Location"])
    assert len(programmes(tx)) == 3
    assert said(table_out(client)) == said(before)
