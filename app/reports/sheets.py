"""A Word file in the making: paragraphs that know their language and the side at which they begin."""

from __future__ import annotations

from typing import Any

from docx import api
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from app.reports.document import RIGHT_TO_LEFT, Document


class Sheets:
    """The Word file in the making."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.file = api.Document()
        self.is_mirrored = document.is_right_to_left

    def paragraph(self, text: str, language: str = "", style: str | None = None) -> Any:
        """A paragraph in the direction of its language, which it names for whoever reads it aloud or checks it."""
        spoken = language or self.document.language
        made = self.file.add_paragraph(style=style)
        turn(made, spoken)
        self.add_words(made, text, spoken)
        return made

    def add_words(self, paragraph: Any, text: str, language: str) -> Any:
        """Words at the end of a paragraph, marked with their language."""
        run = paragraph.add_run(text)
        speak(run, language)
        return run


def speak(run: Any, language: str) -> None:
    """Say in which language some words are."""
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-docx has no word for languages
    if language in RIGHT_TO_LEFT:
        properties.append(OxmlElement("w:rtl"))
    named = OxmlElement("w:lang")
    named.set(qn("w:bidi" if language in RIGHT_TO_LEFT else "w:val"), language)
    properties.append(named)


def turn(paragraph: Any, language: str) -> None:
    """Let a paragraph begin at the right where its language does."""
    if language in RIGHT_TO_LEFT:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001 - as above
