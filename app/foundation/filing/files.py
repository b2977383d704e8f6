"""Files that people attach: kept under the hash of their content, given out as downloads alone, once looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified, Tx
from app.foundation.filing.looking import rules
from app.foundation.filing.looking.events import FileKept
from app.foundation.filing.looking.kinds import ENDINGS, LARGEST_FILE, FileRefused, check_file
from app.foundation.filing.store import FileStore
from app.foundation.outbox import tell
from app.foundation.permissions import Actor

__all__ = [
    "ENDINGS",
    "LARGEST_FILE",
    "Attachment",
    "FileRefused",
    "FileStore",
    "FileText",
    "check_file",
    "every_file_of",
    "file_name",
    "file_path",
    "files_of",
    "keep_files",
    "plain_name",
    "seen_by",
    "store_file",
    "take_off",
]

LONGEST_NAME = 120


class Attachment(Identified, Base):
    """A file on a record; who may see it is the record's `files` field to say. `size` is in bytes.

    `state` is what the scanner says (rules.STATES), `finding` the name of what it found, `scan_after` when it is asked
    again if it did not answer (UTC). `text_state` is what became of the text in the file (rules.TEXT_STATES).
    """

    __tablename__ = "attachments"
    reference_prefix = "F"

    record_kind: Mapped[str]
    record_ref: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    uploaded_by: Mapped[int | None]
    uploaded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="unscanned")
    finding: Mapped[str | None]
    scan_attempts: Mapped[int] = mapped_column(default=0)
    scan_after: Mapped[datetime | None]
    text_state: Mapped[str] = mapped_column(default="none")

    @property
    def ending(self) -> str:
        """What kind of file it is, as its name says and its content was found to bear out."""
        return self.name.rsplit(".", 1)[-1].upper()


class FileText(Base):
    """The text that a file was found to hold, for search alone, and how many pages or sheets it has."""

    __tablename__ = "attachment_texts"

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str]
    pages: Mapped[int | None]


def keep_files(
    tx: Tx, record: Any, uploaded_by: int | None, files: Iterable[tuple[str, bytes]], store: FileStore, now: datetime
) -> None:
    """Keep files (name, content) on a record of somebody's. The caller has asked whether the person may.

    Raises:
        FileRefused: a file is of no kind that is taken.
    """
    for name, content in files:
        check_file(name, content)
        digest = store_file(store, content, tx)
        file = Attachment(
            record_kind=record.record_kind, record_ref=record.ref, organisation_id=record.organisation_id,
            name=name, size=len(content), sha256=digest, uploaded_by=uploaded_by, uploaded_at=now,
            state=rules.first_state(is_scanned=store.is_scanned),
            text_state=rules.first_text_state(record.record_kind, name),
        )  # fmt: skip
        tx.add(file)
        tx.flush()
        tell(tx, FileKept(file.id), now)


def plain_name(name: str) -> str:
    """The name of a file without folders and control characters, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    tidy = "".join(c for c in last if c.isprintable()).strip()
    stem, dot, ending = tidy.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:10]}" if dot else tidy[:LONGEST_NAME]


def store_file(store: FileStore, content: bytes, tx: Tx | None = None, below: str = "") -> str:
    """Keep the content under its SHA-256 and give the hash back; the same content is kept once.

    `below` is a folder of the store with a slash at its end, for files that go in time; `tx` see FileStore.keep.

    Raises:
        OSError: the disk does not take it.
    """
    digest = hashlib.sha256(content).hexdigest()
    store.keep(below + file_name(digest), content, tx)
    return digest


def file_name(sha256: str) -> str:
    """The name of the content with this hash in the store."""
    return f"files/{sha256[:2]}/{sha256}"


def file_path(folder: Path, sha256: str) -> Path:
    """Where the content with this hash lies on this machine, if it does."""
    return folder / file_name(sha256)


def seen_by(reader: Actor) -> ColumnElement[bool]:
    """The files that a reader of their record may know of: what was looked at, and one's own that waits for it."""
    given = Attachment.state.in_(rules.GIVEN_OUT)
    return given | (Attachment.uploaded_by == reader.account_id) if reader.account_id is not None else given


def files_of(tx: Tx, record_ref: str, reader: Actor) -> list[Attachment]:
    """The files on a record, oldest first. The caller has made sure that the reader may see the record's files."""
    query = select(Attachment).where(Attachment.record_ref == record_ref, seen_by(reader)).order_by(Attachment.id)
    return list(tx.scalars(query))


def every_file_of(tx: Tx, record_ref: str) -> Sequence[Attachment]:
    """The files on a record in whatever state, oldest first, for whoever changes the record and for nobody to see."""
    return tx.scalars(select(Attachment).where(Attachment.record_ref == record_ref).order_by(Attachment.id)).all()


def take_off(tx: Tx, record_ref: str, refs: Iterable[str]) -> None:
    """Take these files off a record; the content stays in the store, where backups expect it."""
    unwanted = set(refs)
    for file in every_file_of(tx, record_ref):
        if file.ref in unwanted:
            tx.delete(file)
