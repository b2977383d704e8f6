"""What the layers of a backup file ask of each other: to take bytes in, and to give bytes out."""

from __future__ import annotations

from typing import Protocol


class Sink(Protocol):
    """Takes bytes, and after `close` no more of them."""

    def write(self, data: bytes, /) -> object:
        """Take all of these bytes."""
        ...


class Source(Protocol):
    """Gives bytes, at most so many at once and none at the end."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        ...


def read_fully(source: Source, size: int) -> bytes:
    """So many bytes, fewer only at the end."""
    parts, missing = [], size
    while missing:
        part = source.read(missing)
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
