"""A segment's columns as bytes, and as a file: written whole beside its final name, checked whole when it is opened."""

from __future__ import annotations

import binascii
import json
import mmap
import os
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from threading import get_ident
from typing import IO

import numpy as np

from app.search.columns import Array, Segment

MAGIC = b"columns3"
ALIGNED = 16
# A small file is read; a larger one is mapped, so that all processes of the machine share its pages.
SMALL = 1 << 20
STEP = 1 << 20


class ColumnsDamaged(RuntimeError):
    """The file of a segment's columns is missing, cut short, or not what was written."""


def packed(segment: Segment) -> list[bytes]:
    """The columns as bytes, in pieces, with what shows whether they are whole."""
    arrays = {name: np.ascontiguousarray(array) for name, array in segment.arrays().items()}
    places, offset = {}, 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, len(array), offset]
        offset += -(-array.nbytes // ALIGNED) * ALIGNED
    head = json.dumps({"size": segment.size, "arrays": places}).encode()
    head += b" " * (-len(head) % ALIGNED)
    chunks = [head, *(_padded(array) for array in arrays.values())]
    check = 0
    for chunk in chunks:
        check = binascii.crc32(chunk, check)
    return [MAGIC + check.to_bytes(4, "little") + len(head).to_bytes(4, "little"), *chunks]


def write_columns(path: Path, segment: Segment) -> None:
    """Write the columns; whoever opens the path sees all of them or nothing, also after the power went."""
    write_pieces(path, packed(segment))


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write packed columns, with the same promise."""
    # Two processes of a machine may write the same file at once: each has a name of its own for it until it is whole.
    beside = path.with_suffix(f".new{os.getpid()}-{get_ident()}")
    with beside.open("wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _padded(array: Array) -> bytes:
    return array.tobytes() + b"\0" * (-array.nbytes % ALIGNED)


def read_columns(path: Path) -> Segment:
    """Open the columns of a segment.

    Raises:
        ColumnsDamaged: the file is not there or not whole.
    """
    try:
        with path.open("rb") as file:
            first = file.read(ALIGNED)
            head_size = int.from_bytes(first[12:16], "little")
            _check_whole(first, file)
            return _segment_in(_content(file.fileno(), path.stat().st_size), head_size)
    except (OSError, ValueError, KeyError) as error:
        raise ColumnsDamaged(f"{path.name}: {error}") from error


def unpacked(content: bytes) -> Segment:
    """The columns in these bytes.

    Raises:
        ColumnsDamaged: they are not what was packed.
    """
    first, rest = content[:ALIGNED], BytesIO(content)
    rest.seek(ALIGNED)
    try:
        _check_whole(first, rest)
        return _segment_in(content, int.from_bytes(first[12:16], "little"))
    except (ValueError, KeyError) as error:
        raise ColumnsDamaged(str(error)) from error


def _segment_in(content: bytes | mmap.mmap, head_size: int) -> Segment:
    base = ALIGNED + head_size
    head = json.loads(content[ALIGNED:base])
    arrays = {
        name: np.frombuffer(content, dtype=kind, count=count, offset=base + offset)
        for name, (kind, count, offset) in head["arrays"].items()
    }
    return Segment.of(head["size"], arrays)


def _check_whole(first: bytes, file: IO[bytes]) -> None:
    check = 0
    while chunk := file.read(STEP):
        check = binascii.crc32(chunk, check)
    if first[:8] != MAGIC or check.to_bytes(4, "little") != first[8:12]:
        raise ValueError("is not what was written")


def _content(descriptor: int, size: int) -> bytes | mmap.mmap:
    if size > SMALL:
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    return os.pread(descriptor, size, 0)
