"""The law of files that were sent: when others may have one, when a scanner is asked again, whose text is searched."""

from __future__ import annotations

from datetime import datetime, timedelta

STATES = ("waiting", "clean", "refused", "unscanned")
"""Waits for the scanner; clean; the scanner found something; nobody scans here."""
GIVEN_OUT = frozenset({"clean", "unscanned"})
TEXT_STATES = ("waiting", "read", "empty", "unreadable", "none")
"""Not read yet; read; there is none in it (a scanned letter); it could not be read; nobody searches it."""
SEARCHED = frozenset({"need", "programme", "course", "lesson"})
"""Kinds of records that search finds, so that the text in their files is worth reading."""
WITH_TEXT = frozenset({"pdf", "docx", "xlsx", "odt", "ods", "txt", "csv"})
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)


def first_state(*, is_scanned: bool) -> str:
    """The state of a file that has just been sent."""
    return "waiting" if is_scanned else "unscanned"


def first_text_state(record_kind: str, name: str) -> str:
    """What becomes of its text: it waits to be read where somebody may search for it."""
    ending = name.rsplit(".", 1)[-1].lower()
    return "waiting" if record_kind in SEARCHED and ending in WITH_TEXT else "none"


def ask_again_at(attempts: int, now: datetime) -> datetime:
    """When a scanner that has been silent so many times is asked again: after twice the wait, up to a limit."""
    doubled: int = 2 ** min(attempts - 1, 10)
    return now + min(FIRST_WAIT * doubled, LONGEST_WAIT)


def may_be_given_out(state: str) -> bool:
    """Whether anybody may have the file at all."""
    return state in GIVEN_OUT
