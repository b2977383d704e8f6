"""What is no workbook of one's own is refused in words, and nothing of it is kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.config import ROOT
from app.exchange.workbooks.models import WorkbookUpload
from app.exchange.workbooks.reading import read
from app.foundation.spreadsheets.sent import SheetRefused
from tests.exchange.workbooks.filling import Filling, fetch, send

HOSTILE = Path(os.environ.get("COUNTERPART_SHARED") or ROOT.parent / "shared" / "data") / "hostile"
FILES = sorted([*HOSTILE.glob("office/**/*.xls*"), *HOSTILE.glob("csv/**/*.csv"), *HOSTILE.glob("zip/**/*")])


@pytest.mark.one_engine
def test_every_hostile_file_is_refused_with_words():
    files = [path for path in FILES if path.is_file()]
    if not files:
        pytest.skip("the hostile files are not here")
    for path in files:
        for name in {path.name, f"{path.stem}.xlsx"}:
            with pytest.raises(SheetRefused) as refused:
                read(name, path.read_bytes(), "needs", "secret")
            assert str(refused.value)


@pytest.fixture
def signed_in(client, sign_in, world):
    sign_in(client, world.account(world.organisation(country="CV")))
    return client


def test_a_refused_file_is_answered_on_the_page_and_nothing_is_kept(signed_in, tx, world):
    for content, name, words in (
        (b"a,b\n1,2\n", "a.csv", "This is not a workbook from here"),
        (b"PK\x03\x04 not an archive", "a.xlsx", "damaged"),
        (b"", "a.xlsx", "empty"),
    ):
        answer = send(signed_in, "needs", content, name)
        assert answer.status_code == 422
        assert words in answer.text
    assert tx.scalar(select(func.count()).select_from(WorkbookUpload)) == 0
    assert signed_in.get("/workbooks/programmes").status_code == 403
    assert signed_in.get("/workbooks/nothing").status_code == 404


def test_the_workbook_of_another_organisation_is_none_of_ones_own(signed_in, new_client, sign_in, world, tx):
    theirs = world.organisation(country="SN")
    need = world.need(theirs, disclosure="own", title="Secret")
    other = new_client()
    sign_in(other, world.account(theirs))
    content = fetch(other, "needs").content

    assert "organisation for which you may not write" in send(signed_in, "needs", content).text
    assert signed_in.get(f"/workbooks/needs.xlsx?organisation={theirs.ref}").status_code == 404
    where = send(other, "needs", content).location
    assert signed_in.get(where).status_code == 404
    assert need.ref not in [cell.value for cell in fetch(signed_in, "needs").sheet["B"]]


def test_hidden_marks_that_were_altered_or_copied_touch_nothing(new_client, sign_in, world):
    state, browser = world.organisation(country="CV"), new_client()
    other = world.need(world.organisation(country="SN"), title="Not ours")
    need = world.need(state, title="Ours", lines=[{"description": "Mentors"}])
    sign_in(browser, world.account(state))
    filling = fetch(browser, "needs")
    row = filling.row_of(need.ref)
    before = filling.book["before"]
    line = next(cell.row for cell in before["B"] if cell.value == need.ref)
    before.cell(line, 2).value = other.ref
    filling.put(row, title="Taken over")
    copied = filling.empty_row
    filling.sheet.cell(copied, 1).value = filling.sheet.cell(copied + 1, 1).value
    filling.put(copied, title="One")
    filling.put(copied + 1, title="Two")

    page = browser.get(send(browser, "needs", filling.content).location).text

    assert "The hidden part of this row was changed" in page
    assert "it was copied" in page
    assert other.title not in page


def test_a_workbook_opened_and_saved_by_another_program_is_the_same(signed_in):
    content = fetch(signed_in, "needs").content
    assert "Nothing differs" in signed_in.get(send(signed_in, "needs", Filling(content).content).location).text
