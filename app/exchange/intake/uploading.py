"""The files of an import on this machine: taken in piece by piece, kept under the hash of their content, and let go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from app.exchange.intake import rules
from app.foundation.filing.store import FileStore

CHUNK = 1 << 20
FOLDER = "incoming"


class UploadRefused(ValueError):
    """The files cannot be taken; `reason` is one of none, empty, many, large."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = name


def take_in(store: FileStore, uploads: Iterable[tuple[str, BinaryIO]]) -> list[dict[str, Any]]:
    """Keep uploaded files (name, stream) in the folder `incoming`; rows of name, sha256 and size (bytes) come back.

    No more of a file than one piece of a megabyte is held in memory.

    Raises:
        UploadRefused: there is none, one is empty, there are too many, or they are too large together.
    """
    files: list[dict[str, Any]] = []
    left = rules.LARGEST
    for name, stream in uploads:
        if len(files) == rules.MOST_FILES:
            raise UploadRefused("many")
        kept = _take(store, name, stream, left)
        left -= kept["size"]
        files.append(kept)
    if not files:
        raise UploadRefused("none")
    return files


def _take(store: FileStore, name: str, stream: BinaryIO, most: int) -> dict[str, Any]:
    incoming = store.folder / FOLDER
    incoming.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    # Written beside and renamed, so that a cut upload never leaves half a file under a whole one's name.
    part = incoming / f"{hashlib.sha256(f'{name}{id(stream)}'.encode()).hexdigest()[:16]}.part"
    try:
        with part.open("wb") as target:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise UploadRefused("large", name)
                digest.update(chunk)
                target.write(chunk)
        if not size:
            raise UploadRefused("empty", name)
        store.keep_written(f"{FOLDER}/{digest.hexdigest()}", part)
    finally:
        part.unlink(missing_ok=True)
    return {"name": name, "sha256": digest.hexdigest(), "size": size}


def name_of(file: dict[str, Any]) -> str:
    """The name of an uploaded file in the store of files."""
    return f"{FOLDER}/{file['sha256']}"


def let_go(store: FileStore, wanted: Iterable[str], wall: datetime) -> int:
    """Remove uploaded files that no import waits for; how many. `wall` is the hour of the real clock (UTC).

    A file of the last hour may be one that is just coming in.
    """
    return store.forget(FOLDER, {f"{FOLDER}/{digest}" for digest in wanted}, wall)
