"""Named members in one stream, laid out as tar lays them out (POSIX ustar), so that other programs read it too.

Python's own reader of tar forgives much; this one forgives nothing.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.backups.errors import Torn
from app.backups.streams import Sink, Source, read_fully

BLOCK = 512
STEP = 64 * 1024
END = bytes(2 * BLOCK)
LARGEST_HELD = 1024**3


class MemberWriter:
    """Writes members one after the other, none of which is held in memory as a whole."""

    def __init__(self, sink: Sink, moment: datetime) -> None:
        self._sink, self._moment = sink, int(moment.timestamp())

    def add(self, name: str, content: bytes) -> None:
        """Write a member whose content is at hand."""
        self.begin(name, len(content))
        self._sink.write(content)
        self.end(len(content))

    def begin(self, name: str, size: int) -> None:
        """Begin a member of so many bytes, which are to be given to `write` before `end` is called."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self._moment, 0o600
        # A file of more than 8 GB would not fit into ustar's own field, and GNU's way is read everywhere.
        self._sink.write(info.tobuf(tarfile.GNU_FORMAT))

    def write(self, data: bytes) -> None:
        """Bytes of the member that was begun."""
        self._sink.write(data)

    def end(self, size: int) -> None:
        """Fill the last block of a member of so many bytes."""
        self._sink.write(bytes(-size % BLOCK))

    def close(self) -> None:
        """Say that no member follows."""
        self._sink.write(END)


@dataclass
class Member:
    """A member that is being read: its name, its bytes, and how many of them have not been read yet."""

    name: str
    size: int
    source: Source
    left: int

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many, none at its end.

        Raises:
            Torn: the stream ends before the member does.
        """
        wanted = min(size, self.left)
        given = self.source.read(wanted) if wanted else b""
        if wanted and not given:
            raise Torn("a member is shorter than it says")
        self.left -= len(given)
        return given

    def content(self) -> bytes:
        """All of it.

        Raises:
            Torn: it is larger than anything that is ever held in memory at once, or shorter than it says.
        """
        if self.left > LARGEST_HELD:
            raise Torn(f"{self.name} is larger than it can be")
        return read_fully(self, self.left)


def members(source: Source) -> Iterator[Member]:
    """The members in their order; what was not read of one is passed over.

    Raises:
        Torn: what is there is no such row, or has no end.
    """
    while True:
        block = read_fully(source, BLOCK)
        if block == bytes(BLOCK):
            if read_fully(source, BLOCK) != bytes(BLOCK):
                raise Torn("there is more behind its end")
            return
        member = _member(source, block)
        yield member
        while member.read(STEP):
            pass
        if any(read_fully(source, -member.size % BLOCK)):
            raise Torn(f"{member.name} does not end where it should")


def _member(source: Source, block: bytes) -> Member:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.TarError, ValueError) as error:
        raise Torn("the head of a member cannot be read") from error
    if info.type != tarfile.REGTYPE or info.size < 0:
        raise Torn(f"{info.name} is no plain file")
    return Member(info.name, info.size, source, info.size)
