"""What printed sheets share: letters that know Latin, Greek, Cyrillic and Arabic, their order, and what is what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.bidi import auto_detect_base_direction
from fpdf.enums import TextDirection
from fpdf.line_break import Fragment, TextLine
from fpdf.prefs import ViewerPreferences
from fpdf.table import Table

from app.foundation.paper.order import FROM_THE_RIGHT, OrderedLine, levelled, plain_words
from app.foundation.paper.tags import Tag, Told, Tree

FONTS = Path(__file__).parent / "fonts"
SERIF, ARABIC = "EBGaramond", "Amiri"
DEEP, INK, MUTED = (8, 63, 69), (31, 45, 48), (90, 104, 107)
GROUPS = frozenset({"Table", "TR", "L", "LI"})
"""Kinds of things that hold other things and no words of their own."""


class Paper(FPDF):
    """Sheets that know what stands on them: whatever is drawn outside of `tagged` is an artifact, read to nobody."""

    def __init__(self, orientation: Any = "portrait") -> None:
        super().__init__(orientation=orientation, unit="mm", format="A4")
        self.tree = Tree()
        self.struct_builder = self.tree
        self._around: list[Tag] = []
        self._now: Tag | None = None
        self._is_finished = self.is_adorning = False

    @contextmanager
    def tagged(self, kind: str, words: str = "", language: str = "", alt: str = "", scope: str = "") -> Iterator[Tag]:
        """Whatever is drawn meanwhile is this kind of thing: H1, H2, P, Figure, Table, TR, TH, TD, L, LI, Lbl ...

        `words` are what is read aloud, which is needed where letters are drawn from the right; `alt` tells a picture.
        """
        actual = plain_words(words) if FROM_THE_RIGHT.search(words) else ""
        above = self._around[-1] if self._around else None
        tag = self.tree.add(kind, above, self.page, Told(language, alt, actual, scope))
        self._around.append(tag)
        before = self._now
        self._mark(None if kind in GROUPS else tag)
        yield tag
        self._around.pop()
        self._mark(before)

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Whatever is drawn meanwhile only adorns, or repeats what was said before."""
        before, was_adorning = self._now, self.is_adorning
        self.is_adorning = True
        self._mark(None)
        yield
        self.is_adorning = was_adorning
        self._mark(before)

    def _mark(self, tag: Tag | None) -> None:
        self._now = tag
        self._out("EMC")
        self._begin_mark()

    def _begin_mark(self) -> None:
        if self._now is None:
            self._out("/Artifact BMC")
        else:
            number = self.tree.begin(self._now, self.page, self.pages[self.page])
            self._out(f"{self._now.s} <</MCID {number}>> BDC")

    def _beginpage(self, *args: Any, **kwargs: Any) -> None:
        # On every page one thing is always begun, which is ended when the document is written.
        super()._beginpage(*args, **kwargs)
        self._begin_mark()

    def add_page(self, *args: Any, **kwargs: Any) -> None:
        """Go on to a new page; what stands at the foot of the old one is no part of what goes on."""
        if not self.page:
            super().add_page(*args, **kwargs)
            return
        with self.artifact():
            super().add_page(*args, **kwargs)

    def _render_footer(self) -> None:
        if not self._is_finished:
            super()._render_footer()

    def written(self) -> bytes:
        """The whole document as a file; nothing can be drawn any more."""
        self._render_footer()
        self._is_finished = True
        for page in self.pages.values():
            assert isinstance(page.contents, bytearray)
            page.contents.extend(b"EMC\n")
        return bytes(self.output() or b"")

    @contextmanager
    def table(self, *args: Any, **kwargs: Any) -> Iterator[Table]:
        """A table whose cells are told apart when it is read aloud."""
        table = _Cells(self, *args, **kwargs)
        yield table
        with self.tagged("Table"):
            table.render()

    def _preload_bidirectional_text(self, text: str, markdown: bool) -> Sequence[Fragment]:  # noqa: FBT001 - as there
        shaping = self.text_shaping
        if not shaping:
            return super()._preload_bidirectional_text(text, markdown)
        base = shaping["direction"] or auto_detect_base_direction(text)
        shaping["paragraph_direction"] = base
        pieces: list[Fragment] = []
        for words, level in levelled(text, base):
            shaping["level"] = level
            shaping["fragment_direction"] = TextDirection.RTL if level % 2 else TextDirection.LTR
            pieces.extend(self._preload_font_styles(words, markdown))
        return tuple(pieces)

    def _render_styled_text_line(self, text_line: TextLine, *args: Any, **kwargs: Any) -> bool:
        has_turned = super()._render_styled_text_line(OrderedLine(*text_line), *args, **kwargs)
        if any(piece.font is not self.current_font for piece in text_line.fragments) and self.current_font:
            # A line that borrowed letters leaves the page with those, which the library does not notice: digits at the
            # beginning of the next one would be drawn as whatever has their number in the other family.
            self._out(f"BT /F{self.current_font.i} {self.font_size_pt:.2f} Tf ET")
        return has_turned


class _Cells(Table):
    """A table that says of each row and cell what it is; a head that is repeated on a further page is not read again.

    From right to left the first column is drawn last, and is read first all the same.
    """

    def __init__(self, paper: Paper, *args: Any, is_mirrored: bool = False, **kwargs: Any) -> None:
        super().__init__(paper, *args, **kwargs)
        self._paper, self._is_mirrored = paper, is_mirrored
        self._read: set[int] = set()

    def _render_table_row(self, i: int, *args: Any, **kwargs: Any) -> None:
        if i in self._read:
            with self._paper.artifact():
                super()._render_table_row(i, *args, **kwargs)
            return
        self._read.add(i)
        with self._paper.tagged("TR") as row:
            super()._render_table_row(i, *args, **kwargs)
        if self._is_mirrored:
            row.k.reverse()

    def _render_table_cell(self, i: int, j: int, cell: Any, *args: Any, **kwargs: Any) -> Any:
        is_measured = kwargs.get("cell_height_info") is None
        if is_measured or self._paper.is_adorning:
            return super()._render_table_cell(i, j, cell, *args, **kwargs)
        is_first = j == (len(self.rows[i].cells) - 1 if self._is_mirrored else 0)
        scope = "Column" if i < self._num_heading_rows else "Row" if is_first and not self._num_heading_rows else ""
        with self._paper.tagged("TH" if scope else "TD", cell.text, scope=scope):
            return super()._render_table_cell(i, j, cell, *args, **kwargs)


def take_letters(pdf: FPDF) -> None:
    """Give a sheet its letters: what the first family has no sign for is taken from the second, shaped and in order."""
    for style, name in (("", "Regular"), ("B", "SemiBold"), ("I", "Italic")):
        pdf.add_font(SERIF, style, FONTS / f"EBGaramond-{name}.ttf")
    for style in ("", "B", "I"):
        pdf.add_font(ARABIC, style, FONTS / "Amiri-Regular.ttf")
    pdf.set_fallback_fonts([ARABIC], exact_match=False)
    pdf.set_text_shaping(use_shaping_engine=True)


def entitle(pdf: FPDF, title: str, author: str, language: str, made_at: datetime) -> None:
    """What a reader's machine is told of the file: it shows the title, where else it would show the file's name."""
    pdf.set_title(title)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pdf.set_author(author)
    pdf.set_lang(language)
    pdf.set_creator("Counterpart")
    pdf.set_creation_date(made_at)
