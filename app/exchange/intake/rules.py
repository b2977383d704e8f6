"""How an import goes from its files to being undone, what becomes of each activity, and what is taken of a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from app.foundation.messages import Message, msg, pmsg

READING, READ, REFUSED, SAVING, SAVED, UNDOING, UNDONE = (
    "reading", "read", "refused", "saving", "saved", "undoing", "undone",
)  # fmt: skip

MOVES: Mapping[str, frozenset[str]] = {
    READING: frozenset({READ, REFUSED}),
    READ: frozenset({SAVING}),
    REFUSED: frozenset(),
    # Work that breaks off leaves what it has saved: it can be taken up again, or what is saved be undone.
    SAVING: frozenset({SAVED, UNDOING}),
    SAVED: frozenset({UNDOING}),
    UNDOING: frozenset({UNDONE, SAVED}),
    UNDONE: frozenset(),
}

AT_WORK = frozenset({READING, SAVING, UNDOING})

NAMES: Mapping[str, Message] = {
    READING: pmsg("import", "Being read"),
    READ: pmsg("import", "Read: look at it, then import"),
    REFUSED: pmsg("import", "Nothing that can be imported"),
    SAVING: pmsg("import", "Being imported"),
    SAVED: pmsg("import", "Imported"),
    UNDOING: pmsg("import", "Being undone"),
    UNDONE: pmsg("import", "Undone"),
}
COLOURS: Mapping[str, str] = {
    READING: "info", READ: "warning", REFUSED: "danger", SAVING: "info", SAVED: "success", UNDOING: "info",
    UNDONE: "neutral",
}  # fmt: skip

NEW, CHANGED, UNCHANGED, LEFT_OUT = "new", "changed", "unchanged", "refused"
OUTCOMES = (NEW, CHANGED, UNCHANGED, LEFT_OUT)
OUTCOME_NAMES: Mapping[str, Message] = {
    NEW: pmsg("activity", "New"),
    CHANGED: pmsg("activity", "Changed"),
    UNCHANGED: pmsg("activity", "Unchanged"),
    LEFT_OUT: pmsg("activity", "Refused"),
}
OUTCOME_COLOURS: Mapping[str, str] = {NEW: "success", CHANGED: "info", UNCHANGED: "neutral", LEFT_OUT: "danger"}

PUT_BACK, WITHDRAWN, LEFT = "put_back", "withdrawn", "left"
UNDONE_NAMES: Mapping[str, Message] = {
    PUT_BACK: msg("put back as it was"),
    WITHDRAWN: msg("not shown any more"),
    LEFT: msg("left as it is: somebody has changed it since"),
}

SEVERITIES: Mapping[str, Message] = {
    "refused": pmsg("problem", "Refused"),
    "skipped": pmsg("problem", "Left out"),
    "warning": pmsg("problem", "To look at"),
}

LARGEST = 500 * 1024 * 1024
"""Bytes that the files of one import may have together."""
MOST_FILES = 20
FILES_KEPT = timedelta(days=7)
"""For so long the uploaded files are kept for whoever has not said yet that they are to be imported."""

SAME, OTHER = "same", "other"
"""What a person says of a reporter and an organisation of the same name."""


class MoveRefused(ValueError):
    """An import does not go from one of these states to the other."""


def check_move(state: str, to: str) -> None:
    """Go on only if an import may go that way.

    Raises:
        MoveRefused: it may not.
    """
    if to not in MOVES[state]:
        raise MoveRefused(f"{state} to {to}")
