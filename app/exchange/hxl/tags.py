"""HXL hashtags (standard 1.1): what a tag and its attributes are, and which row of a table holds them. Plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WITHIN = 25
"""The row of hashtags stands within so many rows (HXL 1.1, "tagging conventions": before the data)."""
_TAG = re.compile(r"\s*#\s*([A-Za-z][A-Za-z0-9_]*)((?:\s*\+\s*[A-Za-z][A-Za-z0-9_]*)*)\s*")
_ATTRIBUTE = re.compile(r"\+\s*([A-Za-z][A-Za-z0-9_]*)")


@dataclass(frozen=True)
class Tag:
    """A hashtag with its attributes; their order says nothing, nor does upper or lower case."""

    name: str
    attributes: frozenset[str] = field(default_factory=frozenset)

    def has(self, *wanted: str) -> bool:
        """Whether it has all of these attributes."""
        return self.attributes.issuperset(wanted)

    def __str__(self) -> str:
        return "".join([f"#{self.name}", *(f"+{one}" for one in sorted(self.attributes))])


def parsed(cell: str) -> Tag | None:
    """The hashtag in a cell, or None where there is none."""
    found = _TAG.fullmatch(cell)
    if found is None:
        return None
    return Tag(found[1].lower(), frozenset(one.lower() for one in _ATTRIBUTE.findall(found[2])))


def is_tag_row(cells: Iterable[str]) -> bool:
    """Whether a row holds the hashtags: more than half of what stands in it are some."""
    filled = [cell for cell in cells if cell.strip()]
    return 2 * sum(parsed(cell) is not None for cell in filled) > len(filled)


def tag_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows holds the hashtags; None where none does."""
    return next((at for at, cells in enumerate(rows[:WITHIN]) if is_tag_row(cells)), None)
