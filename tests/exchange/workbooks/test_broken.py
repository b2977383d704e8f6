"""Each workbook is broken as people break them: it is read all the same, or told which row and cell, never half."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.courses.models import CourseSession
from app.exchange.workbooks.models import WorkbookRow
from app.foundation.audit import AuditEvent
from app.needs.models import Need
from app.pledges.models import Contribution
from app.programmes.models import Programme
from tests.exchange.workbooks.filling import Filling, fetch, send

ACCEPTED = datetime(2026, 11, 1, tzinfo=UTC)
MODELS = {"needs": Need, "programmes": Programme, "sessions": CourseSession, "contributions": Contribution}


@dataclass
class Case:
    """A workbook of a kind that was fetched, with two rows of records (or prepared ones), and three of its columns."""

    client: object
    tx: object
    kind: str
    content: bytes
    text: str
    number: str
    day: str
    title: str
    """What the column of text is called."""

    def filling(self):
        return Filling(self.content)

    @property
    def row(self):
        """The first row that can be changed; the next one is another."""
        return 5 if self.kind == "contributions" else 3

    @property
    def no_number(self):
        """What is said of a number that is none."""
        return "Write how many seats there are" if self.kind == "sessions" else "Type a number, such as 12500"

    def send(self, filling):
        return self.client.get(send(self.client, self.kind, getattr(filling, "content", filling)).location).text

    def refused(self, content, name="filled in.xlsx"):
        answer = send(self.client, self.kind, getattr(content, "content", content), name)
        assert answer.status_code == 422
        return answer.text

    def save(self, filling):
        where = send(self.client, self.kind, filling.content).location
        self.client.submit(where, form_id="rows-form")
        self.tx.expire_all()

    def counted(self):
        """How much there is, and has been done."""
        self.tx.expire_all()
        return [
            self.tx.scalar(select(func.count()).select_from(one))
            for one in (MODELS[self.kind], AuditEvent, WorkbookRow)
        ]


@pytest.fixture(params=list(MODELS))
def case(request, world, tx, client, sign_in):
    kind = request.param
    owner = world.organisation(*{"needs": ("state",), "sessions": ("centre",)}.get(kind, ("donor",)))
    names = ("title", "budget_amount", "starts_on", "Title")
    day = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 12, 1)}
    for number in (1, 2):
        if kind == "needs":
            world.need(owner, title=f"Need {number}", themes=["prisons"], countries=["CV"], lines=[{}], **day)
        elif kind == "programmes":
            world.programme(owner, title=f"Programme {number}", themes=["prisons"], countries=["CV"], **day)
        elif kind == "sessions":
            world.course_session(world.course(owner, title=f"Course {number}"), place="Praia")
            names = ("place", "seats", "starts_on", "Place")
    if kind == "contributions":
        need = world.need(world.organisation(country="CV"))
        for _number in (1, 2):
            line = world.pledge(need, owner, status="committed", accepted_at=ACCEPTED).lines[0]
            when = {"created_at": ACCEPTED, "changed_at": ACCEPTED, "donor_confirmed_at": ACCEPTED}
            part = Contribution(quantity=Decimal(2), donor_much=Decimal(2), delivered_on=date(2026, 11, 2), **when)
            line.contributions.append(part)
        names = ("note", "much", "delivered_on", "Note")
    tx.flush()
    sign_in(client, world.account(owner))
    return Case(client, tx, kind, fetch(client, kind).content, *names)


def test_what_only_looks_different_is_no_difference(case):
    for change in (sorted_whole, moved, renamed_head, help_first, blank_rows, unread_beside, deleted):
        filling = case.filling()
        change(case, filling)
        page = case.send(filling)
        assert "Nothing differs" in page, change.__name__
        assert ("These columns are not read: remarks." in page) == (change is unread_beside)
        assert ("not in the workbook any more" in page) == (change is deleted)
    assert case.counted() == case.counted()


def sorted_whole(case, filling):
    """The rows change places, with their hidden parts."""
    swap(filling, case.row, case.row + 1, 1)


def swap(filling, one, other, first):
    for column in range(first, filling.sheet.max_column + 1):
        here, there = (filling.sheet.cell(row, column) for row in (one, other))
        here.value, there.value = there.value, here.value


def moved(case, filling):
    """A column stands at the end, the hidden marks somewhere else."""
    last = filling.sheet.max_column + 1
    for row in range(1, filling.sheet.max_row + 1):
        for column in (1, filling.names[case.number]):
            cell = filling.sheet.cell(row, column)
            filling.sheet.cell(row, last + column).value, cell.value = cell.value, None


def renamed_head(case, filling):
    """Somebody calls a column what they like."""
    filling.sheet.cell(1, filling.names[case.text]).value = "Intitulé"


def help_first(_case, filling):
    """The sheets stand in another order."""
    filling.book.move_sheet(filling.book.worksheets[-1], -9)


def blank_rows(case, filling):
    """Blanks were typed at the end."""
    for row in (filling.empty_row, 80, 400):
        filling.sheet.cell(row, filling.names[case.text]).value = "   "


def unread_beside(_case, filling):
    """Somebody keeps remarks beside the rows."""
    last = filling.sheet.max_column + 1
    filling.sheet.cell(1, last).value = "remarks"
    filling.sheet.cell(3, last).value = "ask Ana"


def deleted(case, filling):
    """A column is gone."""
    filling.sheet.delete_cols(filling.names[case.number])


def test_a_row_that_cannot_be_told_or_read_is_told_with_its_cell_and_nothing_of_it_is_saved(case):
    before = case.counted()
    for change, words, rows in (
        (sorted_apart, "The reference of this row does not belong to its hidden part", (0, 1)),
        (copied, "it was copied", (0, 1)),
        (copied_above, "it was copied", (0, 1)),
        (mark_gone, "The hidden part of this row was changed", (0,)),
        (failed, f"column “{case.title}”: The formula in this cell has no outcome", (0,)),
        (uncomputed, f"column “{case.title}”: The formula in this cell has no outcome", (0,)),
        (merged, f"column “{case.title}”: This cell is merged with others", (0, 1)),
        (no_day, "Type a day like 2027-03-31", (0,)),
        (serial_day, "Type a day like 2027-03-31", (0,)),
        (no_number, case.no_number, (0,)),
        (emptied, "Everything in this row was emptied", (0,)),
    ):
        one = case
        if case.kind == "contributions" and change in {sorted_apart, copied_above, mark_gone, emptied}:
            # What is written beside no record stands alone; these are tried on the two that stand here.
            one = Standing(**vars(case))
        filling = one.filling()
        change(one, filling)
        where = send(one.client, one.kind, filling.content).location
        page = one.client.get(where).text
        for row in rows:
            said = [line for line in page.split("</li>") if f"Row {one.row + row}" in line and words in line]
            assert said, (change.__name__, row, [x.split("</li>")[0] for x in page.split("field-error")[1:]])
        one.client.submit(where, form_id="rows-form")
        assert one.counted() == before, change.__name__


class Standing(Case):
    """The two rows of deliveries that stand here."""

    @property
    def row(self):
        return 3


def sorted_apart(case, filling):
    """The rows that one sees are sorted, the hidden column is not."""
    if case.kind == "needs":
        # So it was in workbooks that were taken along before the column of references had a code.
        filling.sheet.cell(2, 2).value = None
    swap(filling, case.row, case.row + 1, 2)


def copied(case, filling):
    """A row is copied over the next, and both are changed."""
    for column in range(1, filling.sheet.max_column + 1):
        filling.sheet.cell(case.row + 1, column).value = filling.sheet.cell(case.row, column).value
    filling.put(case.row, **{case.text: "One"})
    filling.put(case.row + 1, **{case.text: "Other"})


def copied_above(case, filling):
    """A copy is put in above its record, and filled with something new."""
    filling.sheet.insert_rows(case.row)
    for column in range(1, filling.sheet.max_column + 1):
        filling.sheet.cell(case.row, column).value = filling.sheet.cell(case.row + 1, column).value
    filling.put(case.row, **{case.text: "Something new"})


def mark_gone(case, filling):
    """The mark of a record is gone, its reference is still there."""
    filling.sheet.cell(case.row, 1).value = None


def failed(case, filling):
    """A formula whose cells are gone."""
    filling.put(case.row, **{case.text: "#REF!"})
    filling.sheet.cell(case.row, filling.names[case.text]).data_type = "e"


def uncomputed(case, filling):
    """A formula that no program has computed."""
    filling.put(case.row, **{case.text: '=A1&"x"'})


def merged(case, filling):
    """Two cells of a column are one."""
    letter = filling.sheet.cell(1, filling.names[case.text]).column_letter
    filling.sheet.merge_cells(f"{letter}{case.row}:{letter}{case.row + 1}")


def no_day(case, filling):
    """A day that there is not."""
    filling.put(case.row, **{case.day: "31 février 2027"} | wanted(case))


def serial_day(case, filling):
    """A day as the number that it is to the program."""
    filling.put(case.row, **{case.day: 46112} | wanted(case))
    filling.sheet.cell(case.row, filling.names[case.day]).number_format = "0"


def wanted(case):
    return {"much": 1} if case.kind == "contributions" else {}


def no_number(case, filling):
    """A number that is none."""
    filling.put(case.row, **{case.number: "12,5 or so"})


def emptied(case, filling):
    """Every cell of a record was emptied."""
    for column in range(3, filling.sheet.max_column + 1):
        filling.sheet.cell(case.row, column).value = None


def test_a_workbook_that_cannot_be_read_is_refused_with_words(case):
    before = case.counted()
    assert "is in this workbook twice" in case.refused(changed(case, twice))
    assert "The hidden row with the codes of the columns" in case.refused(changed(case, codes_gone))
    assert "The hidden row with the codes of the columns" in case.refused(changed(case, empty_sheet))
    assert "A workbook takes 500 rows at most" in case.refused(changed(case, too_many))
    assert "This is not a spreadsheet that can be read here" in case.refused(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    )
    assert "This is not a spreadsheet that can be read here" in case.refused(open_document())
    assert case.counted() == before


def changed(case, change):
    filling = case.filling()
    change(case, filling)
    return filling


def twice(case, filling):
    """A column was copied, its code with it."""
    last = filling.sheet.max_column + 1
    for row in range(1, 6):
        filling.sheet.cell(row, last).value = filling.sheet.cell(row, filling.names[case.text]).value


def codes_gone(_case, filling):
    """The hidden row was deleted."""
    filling.sheet.delete_rows(2)


def empty_sheet(_case, filling):
    """Nothing is left."""
    filling.sheet.delete_rows(1, filling.sheet.max_row)


def too_many(case, filling):
    """A row too many for one workbook."""
    for row in range(3, 504):
        filling.put(row, **{case.text: f"Row {row}"})


def open_document():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    return target.getvalue()


@pytest.mark.parametrize("words", ["=1+1", "+221 33 800", "-5 judges", "@all", '=HYPERLINK("https://bad.example")'])
def test_words_that_look_like_a_formula_stay_words_on_the_way_in_and_out(world, tx, client, sign_in, words):
    state = world.organisation(country="CV")
    need = world.need(state, title="Old", themes=["prisons"], countries=["CV"], lines=[{"description": "Mentors"}])
    sign_in(client, world.account(state))
    filling = fetch(client, "needs")
    row = filling.row_of(need.ref)
    filling.put(row, title=words)
    filling.sheet.cell(row, filling.names["title"]).data_type = "s"

    client.submit(send(client, "needs", filling.content).location, form_id="rows-form")

    tx.expire_all()
    assert tx.get(Need, need.id).title == words
    again = fetch(client, "needs")
    cell = again.sheet.cell(again.row_of(need.ref), again.names["title"])
    assert (cell.value, cell.data_type) == (words, "s")


def test_days_as_text_numbers_with_a_comma_and_what_a_formula_came_to_are_read(world, tx, client, sign_in):
    state = world.organisation(country="CV")
    need = world.need(state, title="Old", themes=["prisons"], countries=["CV"], lines=[{"description": "Mentors"}])
    sign_in(client, world.account(state))
    filling = fetch(client, "needs")
    filling.put(filling.row_of(need.ref), starts_on="1er mars 2027", ends_on="31/12/2027", currency="EUR",
                budget_amount="12 500,50", lines_0_quantity="=0.1+0.2", place='="Pra"&"ia"')  # fmt: skip

    content = computed(filling.content, {b"0.1+0.2": b"0.30000000000000004", b'"Pra"&amp;"ia"': b"Praia"})
    where = send(client, "needs", content).location
    client.submit(where, form_id="rows-form")

    tx.expire_all()
    found = tx.get(Need, need.id)
    assert (found.starts_on, found.ends_on) == (date(2027, 3, 1), date(2027, 12, 31))
    assert (found.budget_amount, found.lines[0].quantity, found.place) == (Decimal("12500.5"), Decimal("0.3"), "Praia")
    assert "Nothing differs" in client.get(send(client, "needs", content).location).text


def computed(content, outcomes):
    """The workbook as a program saves it, with what its formulas came to."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            for formula, outcome in outcomes.items():
                kind = b"n" if outcome[:1].isdigit() else b"str"
                cell = b"><f>" + formula + b"</f>"
                text = text.replace(cell + b"<v></v>", b' t="' + kind + b'"' + cell + b"<v>" + outcome + b"</v>")
            new.writestr(part, text)
    return target.getvalue()
