"""What each thing on a sheet is, for whoever has it read aloud: a heading, a paragraph, a cell of a table, a picture.

The library keeps a flat list of pictures. Here its list becomes a tree (Document, H1, P, Table with TR, TH and TD,
Figure with words in its place), and every stroke on a page is either part of something in the tree or an artifact.
Source: ISO 32000-1, sections 14.6 (marked content), 14.7 (structure) and 14.8 (tagged PDF).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fpdf.output import PDFPage
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject, PDFString, Raw


@dataclass(frozen=True)
class Told:
    """What is told of a thing besides what it is.

    `language` is the language of its words, `alt` stands in the place of a picture, `actual` is a text as it is read
    where letters are drawn in another order, `scope` is what a head of a table is of: Column or Row.
    """

    language: str = ""
    alt: str = ""
    actual: str = ""
    scope: str = ""


class Tag(StructElem):
    """One thing in the tree. Its attributes become the entries of its dictionary, under the names of the standard."""

    def __init__(self, kind: str, parent: PDFObject, page: int, told: Told) -> None:
        super().__init__(f"/{kind}", parent, [], page, None, told.alt or None)
        self.lang = PDFString(told.language) if told.language else None
        self.actual_text = PDFString(told.actual) if told.actual else None
        self.a = Raw(f"<</O /Table /Scope /{told.scope}>>") if told.scope else None
        self._begun_on: PDFPage | None = None

    def begun_on(self) -> PDFPage | None:
        """The page that it names, once something of it stands there."""
        return self._begun_on

    def begin_on(self, page: PDFPage) -> None:
        """Name this page; the library does so by itself when it writes, and for the first row of things alone."""
        self._begun_on = page
        self.pg = page  # type: ignore[assignment]


class Tree(StructureTreeBuilder):
    """The things of a document, from the whole to its parts."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: dict[int, int] = {}

    def add(self, kind: str, parent: StructElem | None, page: int, told: Told) -> Tag:
        """A further part of a thing, or of the document."""
        above = self.doc_struct_elem if parent is None else parent
        tag = Tag(kind, above, page, told)
        above.k.append(tag)
        return tag

    def begin(self, tag: Tag, number: int, page: PDFPage) -> int:
        """Say that what comes next on this page belongs to it; by which number the page says so.

        A thing that goes on over the page has a part of its own there, since it names one page alone.
        """
        if tag.begun_on() not in {None, page}:
            tag = self.add("Span", tag, number, Told())
        tag.begin_on(page)
        place = self.spid_per_page_number.setdefault(number, len(self.spid_per_page_number))
        page.struct_parents = place
        mark = self._marks.get(number, 0)
        self._marks[number] = mark + 1
        tag.k.append(mark)
        self.struct_tree_root.parent_tree.nums[place].append(tag)
        return mark

    def __iter__(self) -> Iterator[PDFObject]:
        """Every object of the tree, its root first, as the library wants to number them."""
        yield self.struct_tree_root
        yield self.doc_struct_elem
        yield self.struct_tree_root.parent_tree
        yield from _below(self.doc_struct_elem)


def _below(tag: StructElem) -> Iterator[StructElem]:
    for part in tag.k:
        if isinstance(part, StructElem):
            yield part
            yield from _below(part)
