"""Files that people attach: kept under the hash of their content, given out only as downloads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified, Tx

LONGEST_NAME = 120
LARGEST_FILE = 10 * 1024 * 1024
# What a file begins with, so that a name cannot lie about the content (values as in the formats' specifications).
BEGINNINGS = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "ods": b"PK\x03\x04",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
}
TEXT_ENDINGS = frozenset({"txt", "csv"})
ENDINGS = frozenset(BEGINNINGS) | TEXT_ENDINGS


class FileRefused(ValueError):
    """The file is empty, too large, or not of a kind that is taken; `reason` is one of empty, large, kind."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Attachment(Identified, Base):
    """A file on a record; who may see it is the record's `files` field to say. `size` is in bytes."""

    __tablename__ = "attachments"
    reference_prefix = "F"

    record_kind: Mapped[str]
    record_ref: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_by: Mapped[int | None]
    uploaded_at: Mapped[datetime]


def check_file(name: str, content: bytes) -> None:
    """Take only what we know.

    Raises:
        FileRefused: empty, over 10 MiB, an unknown ending, or a content that is not what the name says.
    """
    if not content:
        raise FileRefused("empty")
    if len(content) > LARGEST_FILE:
        raise FileRefused("large")
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in ENDINGS or not content.startswith(BEGINNINGS.get(ending, b"")):
        raise FileRefused("kind")
    if ending in TEXT_ENDINGS and b"\x00" in content:
        raise FileRefused("kind")


def keep_files(
    tx: Tx, record: Any, uploaded_by: int | None, files: Iterable[tuple[str, bytes]], folder: Path, now: datetime
) -> None:
    """Keep files (name, content) on a record of somebody's. The caller has asked whether the person may.

    Raises:
        FileRefused: a file is of no kind that is taken.
    """
    for name, content in files:
        check_file(name, content)
        digest = store_file(folder, content)
        tx.add(
            Attachment(
                record_kind=record.record_kind, record_ref=record.ref, organisation_id=record.organisation_id,
                name=name, size=len(content), sha256=digest, uploaded_by=uploaded_by, uploaded_at=now,
            )
        )  # fmt: skip


def plain_name(name: str) -> str:
    """The name of a file without folders and control characters, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    tidy = "".join(c for c in last if c.isprintable()).strip()
    stem, dot, ending = tidy.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:10]}" if dot else tidy[:LONGEST_NAME]


def store_file(folder: Path, content: bytes) -> str:
    """Write the content under its SHA-256 and give the hash back; the same content is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    path = file_path(folder, digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and renamed, so that a full disk or a crash never leaves half a file under a whole one's name.
        beside = path.with_suffix(".part")
        beside.write_bytes(content)
        beside.replace(path)
    return digest


def file_path(folder: Path, sha256: str) -> Path:
    """Where the content with this hash lies."""
    return folder / "files" / sha256[:2] / sha256


def files_of(tx: Tx, record_ref: str) -> list[Attachment]:
    """The files on a record, oldest first. The caller has made sure that the reader may see them."""
    query = select(Attachment).where(Attachment.record_ref == record_ref).order_by(Attachment.id)
    return list(tx.scalars(query))
