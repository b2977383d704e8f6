"""The pages of a sheet: template, upload, correction in the page, confirmation; and the list as a file."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.drafts import Draft
from app.foundation.spreadsheets.sheets import xlsx_file
from app.nominations.models import Nomination
from app.nominations.sheet.keeping import drop_old
from tests.effort import effort
from tests.factories import World
from tests.nominations.test_sheet_tables import many_rows
from tests.nominations.test_views import Pages
from tests.nominations.test_views import pages as pages  # noqa: PLC0414 - a fixture
from tests.pages import CheckingClient

HEADS = ["Name", "E-mail address", "Sex", "Language", "Rank", "Need that it serves", "Shoe size"]
FIVE = [
    ["Ana Lopes", "ana@mj.example", "Female", "Português", "1", "", "38"],
    ["Bia Reis", "bia.mj.example", "f", "pt", "2", "", ""],
    ["Cai Melo", "cai@mj.example", "", "", "", "", ""],
    ["Dora Sá", "dora@mj.example", "m", "fr", "", "", ""],
    ["=cmd|' /C calc'!A0", "eva@mj.example", "x", "French", "", "", ""],
]


def send(pages: Pages, content: bytes, name: str = "people.xlsx") -> Any:
    """Send a file as the focal point does."""
    path = f"{pages.here}/nominations/sheet"
    fields = pages.focal.form(path)
    # Made here and not by the client, which leaves large ones lying open.
    kind, body = encode_multipart({**fields, "file": FileStorage(io.BytesIO(content), name)})
    return pages.focal.post(path, data=body, content_type=f"multipart/form-data; boundary={kind}")


def send_five(pages: Pages, *, as_text: bool = False) -> str:
    """Send five people, and the address of the page that shows them."""
    if as_text:
        target = io.StringIO(newline="")
        csv.writer(target, delimiter=";").writerows([HEADS, *FIVE])
        answer = send(pages, target.getvalue().encode("cp1252"), "people.csv")
    else:
        answer = send(pages, xlsx_file("People", HEADS, FIVE))
    assert answer.status_code == 303
    return str(answer.location)


def with_merged_cells() -> bytes:
    """The post of two people in one cell."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file("People", HEADS, FIVE)))
    book.worksheets[0].merge_cells("C3:C4")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def press(pages: Pages, address: str, values: dict[str, str]) -> Any:
    """Press a button of the page, with what is typed."""
    return pages.focal.submit(address, values, to=address.partition("?")[0])


@pytest.mark.parametrize("as_text", [False, True])
def test_five_people_by_a_sheet_one_of_them_mended_in_the_page(pages: Pages, as_text: bool) -> None:
    address = send_five(pages, as_text=as_text)
    page = pages.focal.get(address).text
    assert "These columns are not read: Shoe size." in page
    assert 'href="#cell-3-email"' in page
    assert 'value="bia.mj.example"' in page
    assert "Put 4 candidates forward" in page
    assert pages.nominations() == []
    again = press(pages, address, {"cell-3-email": "bia@mj.example"})
    assert again.status_code == 303
    page = pages.focal.get(again.location).text
    assert "Put 5 candidates forward" in page
    assert "has to be mended" not in page
    done = press(pages, address, {"confirm": "5"})
    assert done.location == f"{pages.here}/nominations"
    found = [(one.name, one.rank, one.sex, one.language) for one in pages.nominations()]
    assert found == [
        ("Ana Lopes", 1, "f", "pt"), ("Bia Reis", 2, "f", "pt"), ("Cai Melo", 3, "", "fr"), ("Dora Sá", 4, "m", "fr"),
        ("=cmd|' /C calc'!A0", 5, "x", "fr"),
    ]  # fmt: skip
    assert "5 candidates are put forward." in pages.focal.get(done.location).text
    assert pages.tx.scalars(select(Draft)).all() == []
    twice = press_again(pages, address)
    assert twice.location == done.location
    assert len(pages.nominations()) == 5


def press_again(pages: Pages, address: str) -> Any:
    key = address.partition("draft=")[2]
    return pages.focal.post(address.partition("?")[0], data={"form_key": key, "confirm": "5"})


def test_who_is_sound_goes_ahead_and_the_rest_can_be_mended_afterwards(pages: Pages) -> None:
    unranked = [[*row[:4], "", *row[5:]] for row in FIVE]
    address = str(send(pages, xlsx_file("People", HEADS, unranked)).location)
    done = press(pages, address, {"confirm": "4"})
    assert [one.rank for one in pages.nominations()] == [1, 3, 4, 5]
    page = pages.focal.get(done.location).text
    assert "One row is left to mend." in page
    assert "Ana Lopes" not in page
    assert 'value="bia.mj.example"' in page
    last = press(pages, done.location, {"cell-3-email": "bia@mj.example", "confirm": "1"})
    assert last.location == f"{pages.here}/nominations"
    assert pages.nominations()[-1].rank == 2


def test_the_number_on_the_button_is_who_is_put_forward(pages: Pages) -> None:
    address = send_five(pages)
    answer = press(pages, address, {"cell-3-email": "bia@mj.example", "confirm": "4"})
    assert pages.nominations() == []
    assert "Now 5 candidates are ready." in pages.focal.get(answer.location).text


def test_a_row_is_left_out_or_opened(pages: Pages) -> None:
    address = send_five(pages)
    press(pages, address, {"leave-out": "3"})
    page = pages.focal.get(address).text
    assert "Bia Reis" not in page
    opened = press(pages, address, {"open": "2"})
    page = pages.focal.get(opened.location).text
    assert 'id="cell-2-name"' in page
    press(pages, opened.location, {"cell-2-name": "Ana Maria Lopes"})
    assert "Ana Maria Lopes" in pages.focal.get(address).text


def test_the_same_person_is_not_put_forward_twice_and_nothing_is_half_saved(pages: Pages) -> None:
    address = send_five(pages)
    fields = pages.focal.form(address)
    pages.put_forward(name="Cai Melo", email="cai@mj.example", rank="9")
    before = len(pages.nominations())
    answer = pages.focal.post(address.partition("?")[0], data={**fields, "confirm": "4"})
    assert len(pages.nominations()) == before
    page = pages.focal.get(answer.location).text
    assert "Now 3 candidates are ready." in page
    assert "put this person forward for this session already" in page


def test_a_line_of_ones_own_needs_is_served_and_no_other(pages: Pages) -> None:
    own = pages.world.need(pages.state).lines[0]
    other = pages.world.need(pages.world.organisation("state")).lines[0]
    rows = [["Ana", "ana@mj.example", own.ref], ["Bia", "bia@mj.example", other.ref]]
    answer = send(pages, xlsx_file("P", ["Name", "E-mail address", "Need that it serves"], rows))
    page = pages.focal.get(answer.location).text
    assert "is no line of an open need of yours" in page
    press(pages, answer.location, {"confirm": "1"})
    assert [one.need_line_id for one in pages.nominations()] == [own.id]


def test_a_sheet_lies_on_the_desk_until_it_is_done_and_goes_after_a_month(pages: Pages, now: Any) -> None:
    address = send_five(pages)
    page = pages.focal.get("/desk").text
    assert address.replace("&", "&amp;") in page
    drop_old(pages.tx, now + timedelta(days=31))
    pages.tx.expire_all()
    gone = pages.focal.get(address)
    assert gone.status_code == 303


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"", "This file is empty"),
        ("a.xlsx", b"%PDF-1.7", "not a spreadsheet that can be read here"),
        ("a.csv", b"Name,E-mail address\r\n" + b"A,a@b.example\r\n" * 700_000, "too large for a sheet"),
        ("a.xlsx", many_rows(5000), "holds 500 candidates at most"),
        ("a.xlsx", many_rows(501), "holds 500 candidates at most"),
        ("a.xlsx", with_merged_cells(), "Row 3 has cells that are merged"),
        ("a.csv", b"Surname,Telephone\r\nLopes,1", "has no column"),
        ("a.csv", b"Name,E-mail address\r\n", "Nobody is in this sheet yet"),
        ("a.csv", b"Name,E-mail address,Why this person\r\n" + b"A,a@b.example," + b"x" * 3900 + b"\r\n", "rows"),
    ],
)
def test_what_is_no_sheet_is_said_at_the_field(pages: Pages, name: str, content: bytes, says: str) -> None:
    answer = send(pages, content, name)
    if says == "rows":
        assert "Shorten it to 2,000" in pages.focal.get(answer.location).text
        return
    assert answer.status_code == 422
    assert says in answer.text
    assert 'href="#file"' in answer.text
    assert pages.tx.scalars(select(Draft)).all() == []


def test_too_much_text_is_said_and_no_file_too(pages: Pages) -> None:
    rows = [[f"P {n}", f"p{n}@b.example", "x" * 1500] for n in range(400)]
    answer = send(pages, xlsx_file("P", ["Name", "E-mail address", "Why this person"], rows))
    assert "Divide it into two" in answer.text
    nothing = pages.focal.submit(f"{pages.here}/nominations/sheet", {"file": []})
    assert nothing.status_code == 422
    assert "Choose the sheet that you have filled in." in nothing.text


def test_500_rows_are_shown_in_a_moment_and_put_forward_together(pages: Pages) -> None:
    content = many_rows(500)
    with effort(time.process_time) as spent:
        answer = send(pages, content)
        page = pages.focal.get(answer.location, check=False).text
    assert "Put 500 candidates forward" in page
    print(f"500 rows read and shown: {spent.seconds:.2f} s of processor")
    # Half a second on an idle machine; processor time too grows where others share the core.
    assert spent.seconds < 6
    with effort(time.process_time) as spent:
        press(pages, answer.location, {"confirm": "500"})
    print(f"500 rows put forward: {spent.seconds:.2f} s of processor")
    assert len(pages.nominations()) == 500
    before = exports(pages)
    for ending in ("csv", "xlsx"):
        pages.registrar.get(f"{pages.here}/nominations.{ending}")
    assert exports(pages) == before + 2


def exports(pages: Pages) -> int:
    return len(pages.tx.scalars(select(AuditEvent).where(AuditEvent.action == "export.made")).all())


def test_500_wrong_rows_are_mended_some_at_a_time(pages: Pages) -> None:
    rows = [[f"Person {n}", "nobody", "maybe", "Klingon", "first", "NL-1", ""] for n in range(500)]
    answer = send(pages, xlsx_file("P", HEADS, rows))
    page = pages.focal.get(answer.location).text
    assert "460 more rows have to be mended" in page
    assert press(pages, answer.location, {"cell-2-email": "a@b.example"}).status_code == 303


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_template_is_given_to_who_may_nominate(pages: Pages, ending: str, client: CheckingClient) -> None:
    line = pages.world.need(pages.state).lines[0]
    path = f"{pages.here}/nominations/sheet/template.{ending}"
    answer = pages.focal.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f".{ending}")
    if ending == "xlsx":
        lists = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[1]
        assert line.ref in str(lists["C1"].value)
    for stranger in (pages.registrar, client):
        assert stranger.get(path).status_code in {302, 303, 403}
        assert stranger.get(f"{pages.here}/nominations/sheet").status_code in {302, 303, 403}


def test_nobody_opens_anothers_sheet(
    pages: Pages, new_client: Callable[[], CheckingClient], sign_in: Callable[..., object], world: World, tx: Tx
) -> None:
    address = send_five(pages)
    stranger = new_client()
    sign_in(stranger, world.account(world.organisation("state"), "focal_point"))
    answer = stranger.get(address)
    assert answer.status_code == 303
    key = address.partition("draft=")[2]
    stranger.post(address.partition("?")[0], data={"form_key": key, "confirm": "4"})
    assert tx.scalars(select(Nomination)).all() == []


def test_a_closed_session_takes_no_sheet(pages: Pages, clock: Any) -> None:
    address = send_five(pages)
    clock.move(days=90)
    pages.sign_in_again()
    assert "Registration closed" in pages.focal.get(f"{pages.here}/nominations/sheet").text
    answer = press(pages, address, {"confirm": "4"})
    assert "Registration closed" in pages.focal.get(answer.location).text
    assert pages.nominations() == []


def test_the_list_as_a_file_is_for_who_sees_it_and_its_cells_are_safe(pages: Pages, client: CheckingClient) -> None:
    address = send_five(pages)
    press(pages, address, {"confirm": "4"})
    page = pages.registrar.get(f"{pages.here}/nominations").text
    assert f"{pages.here}/nominations.xlsx" in page
    assert "/nominations/sheet" not in page
    assert f"{pages.here}/nominations/sheet" in pages.focal.get(f"{pages.here}/nominations").text
    text = pages.registrar.get(f"{pages.here}/nominations.csv").get_data(as_text=True)
    assert "'=cmd|' /C calc'!A0" in text
    assert "cai@mj.example" in text
    book = openpyxl.load_workbook(io.BytesIO(pages.focal.get(f"{pages.here}/nominations.xlsx").data))
    names = [cell.value for cell in book.worksheets[0]["B"]]
    kinds = [cell.data_type for cell in book.worksheets[0]["B"]]
    assert names[-1] == "=cmd|' /C calc'!A0"
    assert kinds[-1] == "s" or names[-1].startswith("=")
    assert client.get(f"{pages.here}/nominations.csv").status_code in {302, 303}


def test_others_take_nobody_along(
    pages: Pages, new_client: Callable[[], CheckingClient], sign_in: Callable[..., object], world: World
) -> None:
    pages.put_forward()
    for kind in ("state", "donor", "centre", "secretariat"):
        stranger = new_client()
        sign_in(stranger, world.account(world.organisation(kind)))
        assert "Ana Lopes" not in stranger.get(f"{pages.here}/nominations.csv").get_data(as_text=True)
