"""A need in the reader's language, as far as its author gave it: part by part, each with the language that it is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

PARTS = ("title", "summary", "problem", "objectives")
"""What an author may give in further languages; everything else stands in the need's own language alone."""


class Wording(Protocol):
    """The chief words of a need in one language: the need itself, or one of its other texts."""

    language: str
    title: str
    summary: str
    problem: str
    objectives: str


@dataclass(frozen=True)
class Said:
    """Some words and the language (ISO 639-1) that they are in."""

    text: str
    language: str


@dataclass(frozen=True)
class Words:
    """The chief words of a need for one reader: each in her language where it is given, else in the need's own."""

    title: Said
    summary: Said
    problem: Said
    objectives: Said


def words_in(own: Wording, others: Iterable[Wording], language: str) -> Words:
    """The words of a need for somebody who reads that language."""
    wanted = next((text for text in others if text.language == language), own)
    return Words(**{part: _said(wanted, own, part) for part in PARTS})


def _said(wanted: Wording, own: Wording, part: str) -> Said:
    source = wanted if getattr(wanted, part) else own
    return Said(getattr(source, part), source.language)


def other_languages(own: Wording, others: Iterable[Wording], shown: str) -> list[str]:
    """The languages in which the need can also be read, besides the one that is shown; its own language first."""
    given = [own.language, *(text.language for text in others)]
    return [code for code in dict.fromkeys(given) if code != shown]


def words_beside(own: Wording, others: Iterable[Wording], shown: str, wanted: str) -> Words | None:
    """The words to stand beside what is shown, if the author gave some in that language; nothing is filled up."""
    found = next((text for text in (own, *others) if text.language == wanted != shown), None)
    return Words(**{part: _said(found, found, part) for part in PARTS}) if found else None
