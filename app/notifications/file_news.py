"""Whoever sent a file is told when the scanner took it away; nobody else has ever seen that it was there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.accounts.queries import account_by_id
from app.foundation.filing.files import Attachment
from app.foundation.messages import msg
from app.notifications.rules import cause_of
from app.notifications.telling import Telling


@dataclass(frozen=True)
class Place:
    """The record on which the file was."""

    record_kind: str
    ref: str


def file_taken_away(telling: Telling, fact: Any) -> None:
    """The person who sent it learns what was found, and what to do."""
    file = telling.tx.get(Attachment, fact.file_id)
    person = account_by_id(telling.tx, file.uploaded_by) if file is not None else None
    if file is None or person is None:
        return
    message = msg(
        "Your file “%(file)s” was taken away: the scanner found %(finding)s in it. Have your computer looked over, and "
        "send a clean copy.",
        file=file.name,
        finding=file.finding or "?",
    )
    place = Place(file.record_kind, file.record_ref)
    cause = cause_of("file_taken_away", (file.record_kind, file.record_ref), ("file", file.ref))
    telling.tell([person], cause, message, place)
