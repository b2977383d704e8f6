"""What changed between two wordings: word by word in a text, row by row in a list, and field by field in a record.

Pure: any record that keeps its versions as texts can show them so. `components/diff.html` draws it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from app.foundation.messages import Message

Mark = Literal["same", "gone", "new"]
Piece = tuple[Mark, str]
"""A run of words or rows, and whether it stayed, went or came."""

MOST_WORDS = 4000
"""Longer texts (both together) are shown before and after, not word by word: comparing takes its square in time."""


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: `label` is English and marked for translation (show it with `|say`).

    The texts are as the reader is to see them; `language` is theirs, where it is another than the record's own.
    """

    field: str
    label: str | Message
    before: str
    after: str
    is_list: bool = False
    language: str = ""

    @property
    def pieces(self) -> list[Piece]:
        """The words, or the rows of a list, in runs."""
        if self.is_list:
            return row_changes(self.before.splitlines(), self.after.splitlines())
        return word_changes(self.before, self.after)


def field_changes(
    labels: Mapping[str, str | Message],
    before: Mapping[str, str],
    after: Mapping[str, str],
    lists: Collection[str] = (),
) -> list[FieldChange]:
    """The fields in which two states of a record differ, in the order of `labels`; `lists` have one row for a line."""
    return [
        FieldChange(name, label, before.get(name, ""), after.get(name, ""), name in lists)
        for name, label in labels.items()
        if before.get(name, "") != after.get(name, "")
    ]


def word_changes(before: str, after: str) -> list[Piece]:
    """Two texts as runs of words."""
    old, new = before.split(), after.split()
    if len(old) + len(new) > MOST_WORDS:
        whole: tuple[Piece, Piece] = ("gone", before), ("new", after)
        return [piece for piece in whole if piece[1]]
    return _runs(old, new, " ")


def row_changes(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    """Two lists as runs of rows, one row a line."""
    return _runs(before, after, "\n")


def _runs(old: Sequence[str], new: Sequence[str], between: str) -> list[Piece]:
    pieces: list[Piece] = []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(("same", between.join(old[a:b])))
            continue
        runs: tuple[tuple[Mark, Sequence[str]], ...] = ("gone", old[a:b]), ("new", new[c:d])
        pieces += [(mark, between.join(texts)) for mark, texts in runs if texts]
    return pieces
