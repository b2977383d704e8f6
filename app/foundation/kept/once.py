"""What several parts of one page ask for is read once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from app.foundation.db import Tx

Found = TypeVar("Found")

_READ = "read_once"


def remember(tx: Tx) -> None:
    """Let this transaction remember what is read in it: one that only reads, in which nothing changes."""
    tx.info[_READ] = {}


def read_once(tx: Tx, asked: Hashable, read: Callable[[], Found]) -> Found:
    """What `read` finds, remembered where `tx` is the one reading of a page.

    `asked` has to hold everything that the answer depends on, the reader above all.
    """
    known = tx.info.get(_READ)
    if known is None:
        return read()
    if asked not in known:
        known[asked] = read()
    found: Found = known[asked]
    return found
