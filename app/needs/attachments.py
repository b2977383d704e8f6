"""The files that come with a need: terms of reference, a floor plan, an evaluation report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from app.foundation.db import Tx
from app.foundation.files import Attachment, check_file, files_of, store_file
from app.foundation.permissions import Actor, Permission, require
from app.needs.models import Need

LONGEST_NAME = 120


def attach_files(
    tx: Tx, actor: Actor, need: Need, files: Iterable[tuple[str, bytes]], folder: Path, now: datetime
) -> None:
    """Keep files (name, content) on a need that is being posted or amended; the event is that of the move.

    Raises:
        Refused: the actor may not. FileRefused: a file is of no kind that is taken.
    """
    require(actor, Permission.NEED_AMEND, now, need)
    for name, content in files:
        check_file(name, content)
        digest = store_file(folder, content)
        tx.add(
            Attachment(
                record_kind=need.record_kind, record_ref=need.ref, organisation_id=need.organisation_id,
                name=name, size=len(content), sha256=digest, uploaded_by=actor.account_id, uploaded_at=now,
            )
        )  # fmt: skip


def detach_files(tx: Tx, actor: Actor, need: Need, refs: Iterable[str], now: datetime) -> None:
    """Take files off a need; the content stays in the store, where backups expect it.

    Raises:
        Refused: the actor may not.
    """
    require(actor, Permission.NEED_AMEND, now, need)
    unwanted = set(refs)
    for file in files_of(tx, need.ref):
        if file.ref in unwanted:
            tx.delete(file)


def plain_name(name: str) -> str:
    """The name of a file without folders and control characters, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    tidy = "".join(c for c in last if c.isprintable()).strip()
    stem, dot, ending = tidy.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:10]}" if dot else tidy[:LONGEST_NAME]
