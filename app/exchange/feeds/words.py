"""What a feed says of a record: its title and first words, in a language that was asked for if it has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.foundation.messages import Message, msg, pmsg
from app.needs.wording import words_in

LONGEST = 600
"""Letters of a summary."""
KINDS: Mapping[str, Message] = {
    "need": msg("Need"),
    "programme": msg("Programme"),
    "course": msg("Course"),
    "lesson": msg("Lesson"),
    "output": pmsg("work", "Output"),
}
PAGES = {
    "need": "needs.page", "programme": "programmes.page", "course": "courses.page", "lesson": "lessons.page",
    "output": "outputs.page",
}  # fmt: skip
"""Where each kind of record has its page."""


class Said(NamedTuple):
    """A title and the first words of a record, and the language (ISO 639-1) that they are in."""

    title: str
    summary: str
    language: str


def said_of(kind: str, record: Any, language: str) -> Said:
    """The record in that language where its author gave it, else in its own; without a language always its own."""
    if kind == "need":
        words = words_in(record, record.other_texts, language)
        return Said(words.title.text, cut(words.summary.text or words.problem.text), words.title.language)
    if kind == "lesson":
        return Said(record.title, cut(f"{record.result} {record.instruction}"), record.language)
    if kind == "programme":
        other = next((text for text in record.texts if text.language == language and text.title), None)
        if other is not None:
            return Said(other.title, cut(other.description), language)
    return Said(record.title, cut(record.description), record.language)


def cut(text: str) -> str:
    """The beginning of a text, ended at a word."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else plain[:LONGEST].rsplit(" ", 1)[0] + "…"
