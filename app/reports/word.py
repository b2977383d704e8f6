"""The report as a Word file: headings that are headings, tables whose head is repeated, pictures told in words."""

from __future__ import annotations

from functools import singledispatch
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

from app.foundation.paper.sheet import ARABIC, DEEP, INK, MUTED
from app.reports import document as parts
from app.reports.document import Document, Text, language_of, words_of
from app.reports.images import picture_of_bars, picture_of_heat
from app.reports.paper import HEAD_FILL, LIGHT_FROM, SHADES
from app.reports.rules import Tick, no_tick
from app.reports.sheets import Sheets, turn

LETTERS = "Georgia"
WIDTH = Cm(17)
SIZES = {"Title": 24, "Heading 1": 17, "Heading 2": 13, "Normal": 11, "Caption": 10}
LOOKS = {"small": (9, MUTED)}
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The day on all parts of the file, so that the same report is the same file."""


def write_word(document: Document, tick: Tick = no_tick) -> bytes:
    """The report as a Word file (Office Open XML); `tick` is called after each of its parts."""
    sheets = Sheets(document)
    _prepare(sheets)
    if document.kicker:
        _look(sheets.paragraph(document.kicker), 11, MUTED, italic=True)
    sheets.paragraph(document.title, document.title_language, "Title")
    if document.lead:
        _look(sheets.paragraph(document.lead), 12, MUTED, italic=True)
    for block in document.blocks:
        write(block, sheets)
        tick()
    for line in document.proof:
        _look(sheets.paragraph(line), 8.5, MUTED)
    return _packed(sheets.file)


def _packed(file: Any) -> bytes:
    """The file with one day on all its parts: python-docx would write the hour at which it was made."""
    loose, packed = BytesIO(), BytesIO()
    file.save(loose)
    with ZipFile(loose) as before, ZipFile(packed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = ZipInfo(name, FIRST_DAY)
            entry.compress_type = ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return packed.getvalue()


def _prepare(sheets: Sheets) -> None:
    document, file = sheets.document, sheets.file
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    known = file.core_properties
    known.title, known.author, known.language = document.title, document.author, document.language
    known.created = known.modified = document.made_at.replace(tzinfo=None)
    known.last_modified_by, known.comments = "Counterpart", ""
    for name, size in SIZES.items():
        _style(file.styles[name], size, document.language)
    foot = section.footer.paragraphs[0]
    turn(foot, document.language)
    sheets.add_words(foot, f"{document.running}\t\t", document.language)
    _page_of_pages(sheets, foot)


def _style(style: Any, size: int, language: str) -> None:
    style.font.name, style.font.size = LETTERS, Pt(size)
    style.font.color.rgb = RGBColor(*(INK if style.name == "Normal" else DEEP))
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:cs"), ARABIC)
    large = OxmlElement("w:szCs")
    large.set(qn("w:val"), str(2 * size))
    properties.append(large)
    named = OxmlElement("w:lang")
    named.set(qn("w:val"), language)
    named.set(qn("w:bidi"), language)
    properties.append(named)
    if style.name.startswith("Heading"):
        style.paragraph_format.keep_with_next = True


def _page_of_pages(sheets: Sheets, paragraph: Any) -> None:
    """“3 of 12”, which Word counts itself."""
    before, _, rest = sheets.document.page.partition("%(number)s")
    between, _, after = rest.partition("%(all)s")
    for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        if words:
            sheets.add_words(paragraph, words, sheets.document.language)
        if field:
            counted = OxmlElement("w:fldSimple")
            counted.set(qn("w:instr"), field)
            paragraph._p.append(counted)  # noqa: SLF001 - python-docx has no word for fields


def _look(paragraph: Any, size: float, colour: tuple[int, int, int], *, italic: bool = False) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb, run.font.italic = Pt(size), RGBColor(*colour), italic


@singledispatch
def write(block: object, sheets: Sheets) -> None:
    """Write one part of the report.

    Raises:
        TypeError: nobody has said how this part is written.
    """
    raise TypeError(f"{type(block).__name__} in {sheets.document.title}")


@write.register
def _heading(block: parts.Heading, sheets: Sheets) -> None:
    sheets.paragraph(block.text, block.language, f"Heading {block.level}")


@write.register
def _paragraph(block: parts.Paragraph, sheets: Sheets) -> None:
    for text in block.text.split("\n"):
        made = sheets.paragraph(text, block.language)
        if block.look in LOOKS:
            _look(made, *LOOKS[block.look], italic=True)


@write.register
def _bullets(block: parts.Bullets, sheets: Sheets) -> None:
    for item in block.items:
        sheets.paragraph(item.text, item.language, "List Number" if block.numbered else "List Bullet")


@write.register
def _facts(block: parts.Facts, sheets: Sheets) -> None:
    _grid(sheets, (), tuple((Text(label), value) for label, value in block.rows), (2, 5))


@write.register
def _key_figures(block: parts.KeyFigures, sheets: Sheets) -> None:
    _grid(sheets, (), tuple((Text(label), Text(number)) for number, label in block.items), (5, 2), frozenset({1}))


@write.register
def _table(block: parts.Table, sheets: Sheets) -> None:
    if block.caption:
        sheets.paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    _grid(sheets, block.head, block.rows, block.widths, block.numeric, block.shades)


def _grid(
    sheets: Sheets,
    head: tuple[str, ...],
    rows: tuple[tuple[parts.Cell, ...], ...],
    widths: tuple[int, ...] = (),
    numeric: frozenset[int] = frozenset(),
    shades: tuple[tuple[int, ...], ...] = (),
) -> None:
    columns = len(head) or len(rows[0] if rows else ())
    table = sheets.file.add_table(rows=0, cols=columns, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    if sheets.is_mirrored:
        table._tblPr.append(OxmlElement("w:bidiVisual"))  # noqa: SLF001 - python-docx has no word for it
    if head:
        _head(sheets, table, head, numeric)
    for number, cells in enumerate(rows):
        row = table.add_row()
        _mark(row, "w:cantSplit")
        for column, cell in enumerate(cells):
            shade = shades[number][column] if shades else 0
            run = _fill(sheets, row.cells[column], cell, at_end=column in numeric)
            if shade:
                _shade(row.cells[column], SHADES[shade])
                run.font.color.rgb = RGBColor(255, 255, 255) if shade >= LIGHT_FROM else RGBColor(*INK)
            run.font.bold = not head and column == 0
    shares = widths or (1,) * columns
    for column, share in enumerate(shares):
        for cell in table.columns[column].cells:
            cell.width = int(WIDTH * share / sum(shares))
    sheets.file.add_paragraph()


def _head(sheets: Sheets, table: Any, head: tuple[str, ...], numeric: frozenset[int]) -> None:
    row = table.add_row()
    _mark(row, "w:cantSplit")
    _mark(row, "w:tblHeader")
    for column, title in enumerate(head):
        _fill(sheets, row.cells[column], title, at_end=column in numeric).font.bold = True
        _shade(row.cells[column], HEAD_FILL)


def _fill(sheets: Sheets, cell: Any, words: parts.Cell, *, at_end: bool) -> Any:
    language = language_of(words, sheets.document)
    paragraph = cell.paragraphs[0]
    turn(paragraph, language)
    if at_end:
        # Right means the end of the line here, whichever side that is.
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = sheets.add_words(paragraph, words_of(words), language)
    run.font.size = Pt(9.5)
    return run


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - python-docx has no word for it


def _shade(cell: Any, colour: tuple[int, int, int]) -> None:
    filled = OxmlElement("w:shd")
    filled.set(qn("w:val"), "clear")
    filled.set(qn("w:fill"), bytes(colour).hex())
    cell._tc.get_or_add_tcPr().append(filled)  # noqa: SLF001 - python-docx has no word for it


def _picture(sheets: Sheets, image: bytes, told: str) -> None:
    """A picture with what it shows in words, for whoever cannot see it."""
    shape = sheets.file.add_picture(BytesIO(image), width=WIDTH)
    known = shape._inline.docPr  # noqa: SLF001 - python-docx has no word for it
    known.set("descr", told)
    known.set("title", told[:100])


@write.register
def _bars(block: parts.Bars, sheets: Sheets) -> None:
    sheets.paragraph(block.title, style="Caption").paragraph_format.keep_with_next = True
    _look(sheets.paragraph(block.told), 10, MUTED, italic=True)
    _picture(sheets, picture_of_bars(block, sheets.document), block.told)
    write(block.table, sheets)


@write.register
def _heat(block: parts.Heat, sheets: Sheets) -> None:
    sheets.paragraph(block.title, style="Caption").paragraph_format.keep_with_next = True
    _look(sheets.paragraph(block.told), 10, MUTED, italic=True)
    _picture(sheets, picture_of_heat(block, sheets.document), block.told)
    write(block.table, sheets)


@write.register
def _signature(block: parts.Signature, sheets: Sheets) -> None:
    sheets.file.add_paragraph()
    rows = tuple((Text(label), Text(known or "\u00a0")) for label, known in block.rows)
    seal = ((Text(block.seal), Text("\n\n\n")),) if block.seal else ()
    _grid(sheets, (), (*rows, *seal), (2, 4))


@write.register
def _sources(block: parts.Sources, sheets: Sheets) -> None:
    for number, (text, address) in enumerate(block.items, start=1):
        made = sheets.paragraph(f"[{number}] {text.text}", text.language)
        sheets.add_words(made, f"\n{address}", "en").font.size = Pt(8.5)
