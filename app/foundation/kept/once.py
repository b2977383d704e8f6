"""What several parts of one page, or several facts of one batch, ask for is read once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import TypeVar

from app.foundation.db import Tx

Found = TypeVar("Found")
Key = TypeVar("Key", bound=Hashable)

_READ = "read_once"


def remember(tx: Tx) -> None:
    """Let this transaction remember what is read in it: one that only reads, in which nothing changes."""
    tx.info[_READ] = {}


def all_read_once(
    tx: Tx, asked: Hashable, wanted: Collection[Key], read: Callable[[list[Key]], Mapping[Key, Found]]
) -> dict[Key, Found]:
    """Each of the wanted things that `read` finds, by its key; those that were found before are not read again.

    `asked` has to hold everything else that the answer depends on, the reader above all.
    """
    known: dict[Key, Found] = read_once(tx, asked, dict)
    if missing := [key for key in wanted if key not in known]:
        known.update(read(missing))
    return {key: known[key] for key in wanted if key in known}


def read_once(tx: Tx, asked: Hashable, read: Callable[[], Found]) -> Found:
    """What `read` finds, remembered where `tx` is the one reading of a page or a batch.

    `asked` has to hold everything that the answer depends on, the reader above all.
    """
    known = tx.info.get(_READ)
    if known is None:
        return read()
    if asked not in known:
        known[asked] = read()
    found: Found = known[asked]
    return found
