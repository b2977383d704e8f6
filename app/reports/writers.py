"""In which forms a report can be had, and who writes each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from app.reports import drawing, paper, word
from app.reports.document import Document
from app.reports.rules import Tick

__all__ = ["KINDS", "WRITERS", "drawing"]


class Writer(Protocol):
    """Writes a report in one form, and says after each part that it is done."""

    def __call__(self, document: Document, tick: Tick = ...) -> bytes:
        """The file."""


WRITERS: Mapping[str, Writer] = {"pdf": paper.draw, "docx": word.write_word}
KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""What a browser is told of each."""
