"""The files that come with a need: terms of reference, a floor plan, an evaluation report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.foundation.db import Tx
from app.foundation.filing.files import FileStore, keep_files, take_off
from app.foundation.permissions import Actor, Permission, require
from app.needs.models import Need


def attach_files(
    tx: Tx, actor: Actor, need: Need, files: Iterable[tuple[str, bytes]], store: FileStore, now: datetime
) -> None:
    """Keep files (name, content) on a need that is being posted or amended; the event is that of the move.

    Raises:
        Refused: the actor may not. FileRefused: a file is of no kind that is taken.
    """
    require(actor, Permission.NEED_AMEND, now, need)
    keep_files(tx, need, actor.account_id, files, store, now)


def detach_files(tx: Tx, actor: Actor, need: Need, refs: Iterable[str], now: datetime) -> None:
    """Take files off a need; the content stays in the store, where backups expect it.

    Raises:
        Refused: the actor may not.
    """
    require(actor, Permission.NEED_AMEND, now, need)
    take_off(tx, need.ref, refs)
