"""The bytes of a file as they come in, counted, with a look at what stands before the root."""

from typing import BinaryIO

_HEAD = 1 << 16
_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"


class TooLargeError(Exception):
    """The file has more bytes than the limit."""


class CappedSource:
    """A binary stream that stops at a number of bytes."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        """Read the first bytes of the stream.

        Raises TooLargeError when those are over the limit already.
        """
        self._stream = stream
        self._left = limit
        self._head = b""
        self._unread = b""

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``. Raises TooLargeError past the limit."""
        if self._unread:
            data, self._unread = self._unread[:size], self._unread[size:]
            return data
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise TooLargeError
        return data

    def declares_entities(self) -> bool:
        """Whether the document type at the head of the file declares an entity.

        Only the first 64 kB are looked at, before any parser sees them; the reader asks the
        parser the same again at the root, for a longer prolog.
        """
        head = self.read(_HEAD)
        self._unread = head
        # Without the zero bytes, UTF-16 and UTF-32 read like ASCII.
        rest = head.replace(b"\0", b"").lstrip(_BYTE_ORDER_MARKS).lstrip()
        while rest.startswith((b"<?", b"<!--")):
            closing = b"?>" if rest.startswith(b"<?") else b"-->"
            rest = rest.partition(closing)[2].lstrip()
        if not rest.startswith(b"<!DOCTYPE"):
            return False
        before, opened, subset = rest.partition(b"[")
        return bool(opened) and b">" not in before and b"<!ENTITY" in subset
