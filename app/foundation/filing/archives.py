"""Archives (ZIP) that people send, office documents among them: looked over before anything in them is unpacked.

What the directory of an archive says of its parts can be a lie, so each part is read only up to what was said of it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1
STEP = 64 * 1024
SMALL = 1024 * 1024
"""Below so many bytes nothing explodes, however tightly it is packed: a page of blanks packs a thousandfold."""


class ArchiveRefused(ValueError):
    """An archive that is not opened; `reason` is large (it would unpack to too much), locked, or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Bounds:
    """What an archive may hold: how many parts, how many bytes in all, and how many times its own size a part."""

    parts: int
    unpacked: int
    ratio: int = 200


@contextmanager
def opened(content: bytes, bounds: Bounds) -> Iterator[zipfile.ZipFile]:
    """The archive, once its directory keeps within bounds. What fails while it is read is said as broken.

    Raises:
        ArchiveRefused: it does not keep within them, is locked by a password, or is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive.infolist(), bounds)
            yield archive
    except ValueError as error:
        # What was refused, here or by whoever reads the parts, is said as it is; the library fails with the plain kinds
        # (a part before the beginning of the file, a name that is none).
        if type(error) in {ValueError, UnicodeDecodeError}:
            raise ArchiveRefused("broken") from error
        raise
    except Exception as error:
        # A directory can lie in any way, and what is packed can be broken in as many.
        raise ArchiveRefused("broken") from error


def _check(parts: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    if len(parts) > bounds.parts or sum(part.file_size for part in parts) > bounds.unpacked:
        raise ArchiveRefused("large")
    for part in parts:
        if part.file_size > SMALL and part.file_size > bounds.ratio * max(part.compress_size, 1):
            raise ArchiveRefused("large")
        if part.flag_bits & ENCRYPTED:
            raise ArchiveRefused("locked")
        if part.compress_type not in PLAIN:
            raise ArchiveRefused("broken")
    if len({part.filename for part in parts}) != len(parts):
        # Two parts of one name: programs disagree on which of them counts.
        raise ArchiveRefused("broken")


def pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part holds, piece by piece; it has to be as much as the directory says.

    Raises:
        ArchiveRefused: it is more or less.
    """
    said, read = part.file_size, 0
    with archive.open(_unbounded(part)) as file:
        while piece := file.read(STEP):
            read += len(piece)
            if read > said:
                break
            yield piece
    if read != said:
        raise ArchiveRefused("broken")


def unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """The whole of a part.

    Raises:
        ArchiveRefused: it is not as long as the directory says.
    """
    return b"".join(pieces(archive, part))


def _unbounded(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    # The library stops reading where the directory says that a part ends; here it is to be found out whether it does.
    copy = zipfile.ZipInfo(part.filename, part.date_time)
    for name in ("header_offset", "compress_type", "compress_size", "flag_bits", "CRC", "orig_filename"):
        setattr(copy, name, getattr(part, name))
    copy.file_size = part.file_size + STEP
    return copy
