"""Compression that every machine can undo (gzip, RFC 1952), with the hash of the whole file at its end.

The hash stands in the extra field of a second, empty member, so that `gunzip` and `tar` take the file for an ordinary
one and a single changed bit, even one that means nothing, is found here.
"""

from __future__ import annotations

import hashlib
import zlib

from app.backups.errors import BackupRefused
from app.backups.streams import Sink, Source, read_fully

GZIP = 31
"""What zlib calls a window of 32 KiB with the head and the end of gzip."""
LEVEL = 4
BEGINNING = b"\x1f\x8b\x08\x00"
STEP = 64 * 1024
_TRAILER_HEAD = b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\x03" + b"\x24\x00" + b"Cb" + b"\x20\x00"
_TRAILER_END = b"\x03\x00" + bytes(8)
TRAILER = len(_TRAILER_HEAD) + 32 + len(_TRAILER_END)


def _trailer(digest: bytes) -> bytes:
    return _TRAILER_HEAD + digest + _TRAILER_END


class Packer:
    """Compresses what is written; `close` writes the end and the hash."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._digest = hashlib.sha256()
        self._packing = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)

    def write(self, data: bytes) -> None:
        """Compress these bytes."""
        self._put(self._packing.compress(data))

    def close(self) -> None:
        """Write what is left, and the hash of all."""
        self._put(self._packing.flush())
        self._sink.write(_trailer(self._digest.digest()))

    def _put(self, packed: bytes) -> None:
        if packed:
            self._digest.update(packed)
            self._sink.write(packed)


class Unpacker:
    """Gives out what was compressed; `finish` has to be called for it to be sure that all was there and whole."""

    def __init__(self, source: Source, name: str) -> None:
        self._source, self._name = source, name
        self._digest = hashlib.sha256()
        self._unpacking = zlib.decompressobj(GZIP)
        # The trailer is told from what is packed by being last: so many bytes are always held back.
        self._held = read_fully(source, TRAILER)

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many, none at the end.

        Raises:
            BackupRefused: what is there cannot be unpacked.
        """
        while True:
            # Also without further input: what did not fit into the last answer may still wait inside.
            given = self._unpacked(self._unpacking.unconsumed_tail, size)
            if given or self._unpacking.eof:
                return given
            packed = self._packed()
            if not packed:
                return b""
            given = self._unpacked(packed, size)
            if given:
                return given

    def finish(self) -> None:
        """Make sure that the end is here, and that every byte before it is the one that was written.

        Raises:
            BackupRefused: it is cut off, or a byte was changed.
        """
        while self.read(STEP):
            pass
        rest = self._unpacking.unused_data
        is_whole = self._unpacking.eof and not rest and not self._packed()
        if not is_whole or self._held != _trailer(self._digest.digest()):
            raise self._damaged()

    def _packed(self) -> bytes:
        more = self._source.read(STEP)
        whole = self._held + more
        packed, self._held = whole[:-TRAILER], whole[-TRAILER:]
        self._digest.update(packed)
        return packed

    def _unpacked(self, packed: bytes, size: int) -> bytes:
        try:
            return self._unpacking.decompress(packed, size)
        except zlib.error as error:
            raise self._damaged() from error

    def _damaged(self) -> BackupRefused:
        return BackupRefused(f"{self._name} is damaged or cut off.")
