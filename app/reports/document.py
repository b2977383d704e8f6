"""A report before it is written: its parts in order, worded already, the same for PDF, Word and the page to print."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeAlias

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
LONGEST_CELL = 700
"""So many characters of a text stand in one cell of a table; more is cut at a word."""


@dataclass(frozen=True)
class Text:
    """Some words, and the language (ISO 639-1) that they are in where it is not that of the report."""

    text: str
    language: str = ""


Cell: TypeAlias = Text | str


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 begins a chapter, 2 a part of one."""

    text: str
    level: int = 1
    language: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Some sentences; `look` is body or small."""

    text: str
    language: str = ""
    look: str = "body"


@dataclass(frozen=True)
class Bullets:
    """A list; numbered where its order means something."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Facts:
    """Short answers beside their questions; empty ones are left out by whoever makes them."""

    rows: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class KeyFigures:
    """A few numbers that tell most: each as it is written, with what it counts."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table with its caption; `widths` are shares of the page, `numeric` the columns that are set flush at the end.

    `shades` are, cell by cell, how dark a cell is (0 to 4), where it is a heat table.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()
    numeric: frozenset[int] = frozenset()
    shades: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Bar:
    """One bar: what it is of, the length of each of its parts, and the whole in words."""

    label: str
    parts: tuple[float, ...]
    value: str


@dataclass(frozen=True)
class Bars:
    """A picture of bars with its legend, what it shows in a sentence, and the same as a table."""

    title: str
    told: str
    legend: tuple[str, ...]
    bars: tuple[Bar, ...]
    table: Table


@dataclass(frozen=True)
class Heat:
    """A picture of a table that is shaded by how much is in each cell, and what it shows in a sentence."""

    title: str
    told: str
    table: Table


@dataclass(frozen=True)
class Signature:
    """Where it is signed: the words before each line, with what is known already, and the place for a seal."""

    rows: tuple[tuple[str, str], ...]
    seal: str = ""


@dataclass(frozen=True)
class Sources:
    """What it rests on, numbered, each with the address where it can be read."""

    items: tuple[tuple[Text, str], ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Facts | KeyFigures | Table | Bars | Heat | Signature | Sources


@dataclass(frozen=True)
class Document:
    """Everything that stands on the paper.

    `page` is how a page is numbered, with %(number)s and %(all)s in it; `made_at` (UTC) is the moment of the data.
    `proof` stands at the end: by which reference and which hash one can make sure that it was made here.
    """

    language: str
    title: str
    blocks: tuple[Block, ...]
    made_at: datetime
    page: str
    kicker: str = ""
    lead: str = ""
    author: str = "Counterpart"
    running: str = "Counterpart"
    title_language: str = ""
    proof: tuple[str, ...] = ()

    @property
    def is_right_to_left(self) -> bool:
        """Whether its language is read from right to left."""
        return self.language in RIGHT_TO_LEFT


def digest_of(document: Document) -> str:
    """SHA-256 over what the report says, as canonical JSON, without the line that names this very digest."""
    said = {name: value for name, value in asdict(document).items() if name not in {"proof", "running"}}
    said["blocks"] = [[type(block).__name__, asdict(block)] for block in document.blocks]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def language_of(text: Text | str, document: Document) -> str:
    """The language in which some words are."""
    return text.language or document.language if isinstance(text, Text) else document.language


def words_of(cell: Cell) -> str:
    """The words of a cell, cut where they are too many for one."""
    text = cell.text if isinstance(cell, Text) else cell
    if len(text) <= LONGEST_CELL:
        return text
    return text[:LONGEST_CELL].rsplit(" ", 1)[0].rstrip(" ,;.") + " …"
