"""A sheet of candidates is read as it was written, in every dialect; what no sheet holds is refused at once."""

from __future__ import annotations

import contextlib
import csv
import io
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterable

import openpyxl
import pytest
import xlsxwriter
from hypothesis import assume, given
from hypothesis import strategies as st

from app.foundation.languages import LANGUAGES
from app.foundation.spreadsheets.sheets import xlsx_file
from app.foundation.spreadsheets.workbooks import read_table
from app.nominations.sheet.rules import EXAMPLE, MOST_ROWS, Line, Setting, judge
from app.nominations.sheet.tables import LARGEST, LIMITS, SheetRefused
from app.nominations.sheet.words import is_head, languages, lines_of, sexes
from app.nominations.sheet.writing import template_csv, template_xlsx
from tests.effort import effort

pytestmark = pytest.mark.one_engine

HEADS = ["Name", "E-mail address", "Post", "Why this person"]
SETTING = Setting(sexes=sexes(), languages=languages(), lines=frozenset({"NL-AAAA-BBBB"}))
# What Windows-1252 can write; a cell of blanks alone holds nothing.
WESTERN = st.text(st.characters(codec="cp1252", exclude_characters="\x00"), max_size=30)
ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=30)
# XML knows neither the other control characters nor two different ends of a line.
IN_XML = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30)


def tables(cells):
    row = st.lists(cells, min_size=len(HEADS), max_size=len(HEADS)).filter(lambda row: any(c.strip() for c in row))
    return st.lists(row, max_size=8)


def written(rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([HEADS, *rows])
    return text.getvalue()


def read(name: str, content: bytes):
    return [cells for _number, cells in read_table(name, content, is_head, LIMITS)]


@given(tables(ANYTHING), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_table_comes_out_of_a_text_as_it_went_in(rows, delimiter, encoding):
    assert read("a.csv", written(rows, delimiter).encode(encoding)) == [HEADS, *rows]


@given(tables(WESTERN), st.sampled_from(",;\t"))
def test_so_it_does_in_the_old_encoding(rows, delimiter):
    content = written(rows, delimiter).encode("cp1252")
    with contextlib.suppress(UnicodeDecodeError):
        assume(content.decode() == content.decode("cp1252"))
    assert read("a.csv", content) == [HEADS, *rows]


@given(tables(IN_XML))
def test_so_it_does_from_a_workbook(rows):
    found = read("a.xlsx", xlsx_file("Candidates", HEADS, rows))
    assert [(cells + [""] * 4)[:4] for cells in found] == [HEADS, *rows]


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "ar"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_template_is_read_in_every_language_and_its_example_is_nobody(language, ending):
    content = template_xlsx(language, ["NL-AAAA-BBBB · Judges"]) if ending == "xlsx" else template_csv(language)
    table = read_table(f"t.{ending}", content, is_head, LIMITS)
    assert EXAMPLE["email"] in table[1][1]
    with pytest.raises(SheetRefused, match="Nobody is in this sheet yet"):
        lines_of(table, language)
    lines, unknown = lines_of([*table, (3, ["Ana Lopes", "ana@mj.example"])], "en")
    assert unknown == []
    assert lines[-1].cells == {"name": "Ana Lopes", "email": "ana@mj.example"}


def test_the_template_offers_lists():
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx("fr", ["NL-AAAA-BBBB · Juges"])))
    rules = book.worksheets[0].data_validations.dataValidation
    assert [rule.type for rule in rules] == ["list", "list", "list", "whole"]
    assert book.worksheets[1].sheet_state == "hidden"
    assert [cell.value for cell in book.worksheets[1]["B"]] == list(LANGUAGES.values())


# --- what a row says ---


def judged(*rows: dict[str, str], setting: Setting = SETTING):
    return judge([Line(number, cells) for number, cells in enumerate(rows, start=2)], setting)


def person(number: int, **more: str) -> dict[str, str]:
    return {"name": f"Person {number}", "email": f"p{number}@mj.example", **more}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": " "}, "name"), ({"email": "nobody"}, "email"), ({"sex": "maybe"}, "sex"),
        ({"language": "Klingon"}, "language"), ({"line": "NL-XXXX-YYYY"}, "line"), ({"rank": "first"}, "rank"),
        ({"rank": "0"}, "rank"), ({"rank": "²"}, "rank"), ({"rank": "1000"}, "rank"), ({"name": "x" * 121}, "name"),
        ({"motivation": "x" * 2001}, "motivation"), ({"post": "#REF!"}, "post"), ({"email": "#N/A"}, "email"),
    ],
)  # fmt: skip
def test_each_fault_is_at_its_own_column(cells, column):
    (row,) = judged(person(1, **cells))
    assert [fault.column for fault in row.faults] == [column]


@pytest.mark.parametrize("word", ["Female", "femme", "F", "Femenino", "mujer", "Feminino", "أنثى"])
def test_a_sex_is_known_in_the_words_of_the_site(word):
    known = word.casefold() in sexes()
    (row,) = judged(person(1, sex=word))
    assert (row.candidate.sex == "f") is known
    assert row.is_sound is known


@pytest.mark.parametrize("word", ["fr", "French", "français", "FRANCÉS", "francês"])
def test_a_language_is_known_by_all_its_names(word):
    assert judged(person(1, language=word))[0].candidate.language == "fr"


def test_a_line_is_known_by_its_reference_with_or_without_a_title():
    rows = judged(person(1, line="nl-aaaa-bbbb"), person(2, line="NL-AAAA-BBBB · Judges · of first instance"))
    assert [row.line for row in rows] == ["NL-AAAA-BBBB"] * 2


def test_nobody_stands_in_it_twice_nor_is_put_forward_twice():
    setting = Setting(taken=frozenset({"p9@mj.example"}))
    rows = judged(person(1), person(2, email="P1@MJ.example"), person(9), setting=setting)
    assert [row.is_sound for row in rows] == [True, False, False]
    assert "Row 2" in str(rows[1].faults[0].message)
    assert "already" in str(rows[2].faults[0].message)


def test_ranks_are_each_ones_own_and_follow_the_rows_where_they_are_left_open():
    setting = Setting(ranks=frozenset({1, 2}))
    rows = judged(person(1), person(2, rank="5"), person(3), person(4, rank="5"), person(5, rank="2"), setting=setting)
    assert [row.rank for row in rows if row.is_sound] == [6, 5, 7]
    assert [[fault.column for fault in row.faults] for row in rows[3:]] == [["rank"], ["rank"]]


TYPED = st.fixed_dictionaries(dict.fromkeys(("name", "email", "rank", "sex", "line"), ANYTHING))


@given(st.lists(TYPED, max_size=12))
def test_whatever_is_typed_every_row_is_judged_and_sound_ones_do_not_stand_in_each_others_way(rows):
    sound = [row for row in judged(*rows) if row.is_sound]
    assert len({row.candidate.key for row in sound}) == len({row.rank for row in sound}) == len(sound)
    assert all(1 <= row.rank <= 999 for row in sound)


# --- what is refused, and how fast ---


def archive(parts: dict[str, bytes], **more: object) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return target.getvalue()


def with_part(name: str, text: bytes) -> bytes:
    target = io.BytesIO(xlsx_file("Candidates", HEADS, [["Ana", "ana@mj.example", "", ""]]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, text)
    return target.getvalue()


def lying_bomb() -> bytes:
    """Its directory says that a part is small, and the sum that is to prove it is right for what would be read."""
    content = with_part("xl/more.xml", b" " * 40_000_000)
    whole, small = zlib.crc32(b" " * 40_000_000).to_bytes(4, "little"), zlib.crc32(b" " * 1000).to_bytes(4, "little")
    size = (40_000_000).to_bytes(4, "little")
    return content.replace(size, (1000).to_bytes(4, "little")).replace(whole, small)


def many_rows(number: int) -> bytes:
    return xlsx_file("Candidates", HEADS, [[f"Person {n}", f"p{n}@mj.example", "Judge", "Why"] for n in range(number)])


ROW_OF_CELLS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
HOSTILE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "nothing": lambda: ("a.xlsx", b""),
    "blanks": lambda: ("a.csv", b" \r\n \r\n"),
    "a PDF": lambda: ("a.xlsx", b"%PDF-1.7\n" + b"x" * 2000),
    "a program": lambda: ("a.exe", b"MZ"),
    "no ending": lambda: ("candidates", b"Name,E-mail address\r\nAna,a@b.example"),
    "a text called workbook": lambda: ("a.xlsx", b"Name,E-mail address\r\nAna,a@b.example"),
    "a workbook called text": lambda: ("a.csv", many_rows(2)),
    "NUL bytes": lambda: ("a.csv", b"Name,E-mail address\r\nA\x00na,a@b.example"),
    "10 MB of text": lambda: ("a.csv", b"Name,E-mail address\r\n" + b"Ana,a@b.example\r\n" * 600_000),
    "5,000 rows of text": lambda: ("a.csv", written([[f"P {n}", f"p{n}@b.ex", "", ""] for n in range(5000)]).encode()),
    "5,000 rows": lambda: ("a.xlsx", many_rows(5000)),
    "a cell of a million letters": lambda: ("a.csv", b"Name,E-mail address\r\n" + b"x" * 1_000_000),
    "a bomb": lambda: ("a.xlsx", with_part("xl/more.xml", b" " * 400_000_000)),
    "a bomb that lies": lambda: ("a.xlsx", lying_bomb()),
    "many parts": lambda: ("a.xlsx", archive({f"xl/{n}.xml": b"" for n in range(10_000)})),
    "no workbook": lambda: ("a.xlsx", archive({"word/document.xml": b"<a/>", "[Content_Types].xml": b"<a/>"})),
    "half of a workbook": lambda: ("a.xlsx", many_rows(20)[:3000]),
    "entities": lambda: ("a.xlsx", with_part("xl/e.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')),
    "a row of a million cells": lambda: ("a.xlsx", with_part("xl/w.xml", ROW_OF_CELLS + b"<c/>" * 1_000_000)),
    "macros": lambda: ("a.xlsm", with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")),
}
"""Each is made where it is tried: together they take seconds."""


def refusal_of(file: tuple[str, bytes]) -> str:
    name, content = file
    with pytest.raises(SheetRefused) as refusal:
        lines_of(read_table(name, content[: LARGEST + 1], is_head, LIMITS), "en")
    return str(refusal.value.reason)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_no_sheet_holds_is_refused_quickly_and_in_little_memory(what):
    file = HOSTILE[what]()
    with effort(time.process_time) as spent:
        assert refusal_of(file)
    # A quarter of a second at most on an idle machine.
    assert spent.seconds < 4
    tracemalloc.start()
    refusal_of(file)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 40_000_000


def test_a_workbook_with_the_ending_of_macros_and_none_in_it_is_read():
    content = archive_renamed()
    assert read("a.xlsm", content)[1][:2] == ["Ana", "ana@mj.example"]


def archive_renamed() -> bytes:
    """As a program saves a workbook that may hold macros."""
    source = zipfile.ZipFile(io.BytesIO(xlsx_file("Candidates", HEADS, [["Ana", "ana@mj.example", "", ""]])))
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = {name: source.read(name) for name in source.namelist()}
    with_macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    return archive({name: text.replace(plain, with_macros) for name, text in parts.items()})


def test_a_formula_is_never_computed():
    formula = "=cmd|' /C calc'!A0"
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADS)
    sheet.write_string(1, 0, formula)
    sheet.write_formula(1, 1, '="ana"&"@mj.example"', None, "ana@mj.example")
    sheet.write_number(1, 2, 7.0)
    book.close()
    assert read("a.xlsx", target.getvalue())[1][:3] == [formula, "ana@mj.example", "7"]
    # A program that writes it as a formula, and nobody has ever computed it.
    other = openpyxl.Workbook()
    other.active.append(HEADS)
    other.active.append([formula, "ana@mj.example"])
    kept = io.BytesIO()
    other.save(kept)
    assert read("a.xlsx", kept.getvalue())[1][:2] == [formula, "ana@mj.example"]


def test_rows_keep_the_numbers_that_people_see():
    content = b"Name,E-mail address\r\n\r\n,\r\nAna,ana@mj.example\r\n"
    assert read_table("a.csv", content, is_head, LIMITS)[1] == (4, ["Ana", "ana@mj.example"])
    blank = xlsx_file("C", HEADS, [["", "", "", ""], ["", "", "", ""], ["Ana", "ana@mj.example", "", ""]])
    assert read_table("a.xlsx", blank, is_head, LIMITS)[1][0] == 4


def test_as_many_rows_as_are_allowed_are_read():
    assert len(read("a.xlsx", many_rows(MOST_ROWS))) == MOST_ROWS + 1
