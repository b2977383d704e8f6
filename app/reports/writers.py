"""In which forms a report can be had, and who writes each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.reports import drawing, paper, word
from app.reports.document import Document

__all__ = ["KINDS", "WRITERS", "drawing"]

WRITERS: Mapping[str, Callable[[Document], bytes]] = {"pdf": paper.draw, "docx": word.write_word}
KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""What a browser is told of each."""
