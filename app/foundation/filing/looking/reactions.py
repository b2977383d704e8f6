"""The worker looks at files that were sent: it asks the scanner, then has the text read, each once, and tells it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import delete, select

from app.config import scanner_place
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.filing.files import Attachment, FileText, file_name
from app.foundation.filing.looking import rules
from app.foundation.filing.looking.clamd import SECONDS, ScannerAway, Verdict, scan
from app.foundation.filing.looking.events import FileKept, FileRead, FileTakenAway
from app.foundation.filing.looking.reading import CannotRead, Inside, look_inside
from app.foundation.outbox import Fact, tell
from app.foundation.permissions import SYSTEM
from app.foundation.security_log import note
from app.foundation.web import Site
from app.foundation.worker import Writer

log = structlog.get_logger()
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class FileEvent:
    """A file as the record of events names it: by itself, since its record may be open to more people than the file."""

    ref: str
    organisation_id: int
    record_kind: str = "file"
    version: int = 1


def scan_files(site: Site, facts: Sequence[Fact]) -> Writer:
    """Ask the scanner about the files that wait for it; one that does not answer is asked again later."""
    found: dict[int, Verdict | None] = {}
    for file in _files(site, facts):
        if file.state == "waiting":
            found[file.id] = _verdict(site, file)

    def write(tx: Tx) -> None:
        for number, verdict in found.items():
            file = tx.get(Attachment, number)
            if file is not None and file.state == "waiting":
                note_verdict(site, tx, file, verdict)

    return write


def _files(site: Site, facts: Sequence[Fact]) -> list[Attachment]:
    ids = {fact.file_id for fact in facts if isinstance(fact, FileKept)}
    with site.database.reading() as tx:
        files = list(tx.scalars(select(Attachment).where(Attachment.id.in_(ids)).order_by(Attachment.id)))
        tx.expunge_all()
    return files


def _verdict(site: Site, file: Attachment) -> Verdict | None:
    """What the scanner says; nothing where it does not answer. Where no scanner is set any more, nothing was found."""
    try:
        return asked(site, file) if site.settings.clamd_url else Verdict()
    except (ScannerAway, OSError):
        return None


def asked(site: Site, file: Attachment, seconds: float = SECONDS) -> Verdict:
    """What the scanner says of a file; each step may take `seconds`.

    Raises:
        ScannerAway: it says nothing of it, or none is set.
        OSError: the file is not on the disk.
    """
    try:
        content = _content(site, file)
        if site.settings.clamd_url is None:
            raise ScannerAway("no scanner is set")
        return scan(scanner_place(site.settings.clamd_url), content, seconds)
    except (ScannerAway, OSError) as error:
        log.warning("a file could not be scanned", file=file.ref, error=str(error))
        raise


def note_verdict(site: Site, tx: Tx, file: Attachment, verdict: Verdict | None) -> None:
    """Write down what the scanner said of a file; where it said nothing, when it is asked again."""
    now = site.clock.now()
    if verdict is None:
        file.scan_attempts += 1
        file.scan_after = rules.ask_again_at(file.scan_attempts, now)
        return
    file.scan_after = None
    if verdict.finding is None:
        file.state = "clean" if site.settings.clamd_url else "unscanned"
        record_event(tx, SYSTEM, "file.cleared", FileEvent(file.ref, file.organisation_id), now)
        return
    _refuse(site, tx, file, verdict.finding)


def _refuse(site: Site, tx: Tx, file: Attachment, finding: str) -> None:
    now = site.clock.now()
    file.state, file.finding, file.text_state, file.scan_after = "refused", finding, "none", None
    record_event(tx, SYSTEM, "file.refused", FileEvent(file.ref, file.organisation_id), now, {"finding": finding})
    tx.execute(delete(FileText).where(FileText.attachment_id == file.id))
    note("infected", file=file.ref, finding=finding)
    tell(tx, FileTakenAway(file.id), now)


def take_away(site: Site, facts: Sequence[Fact]) -> Writer:
    """Take what the scanner refused off the disk, once that it refused it is sure to be kept."""
    ids = [fact.file_id for fact in facts if isinstance(fact, FileTakenAway)]
    with site.database.reading() as tx:
        query = select(Attachment.sha256, Attachment.finding).where(Attachment.id.in_(ids))
        findings = dict(tx.execute(query.where(Attachment.state == "refused")).all())
    site.files.remove(file_name(digest) for digest in findings)

    def write(tx: Tx) -> None:
        # The same content may hang on other records, before there was a scanner or while it was away.
        others = select(Attachment).where(Attachment.sha256.in_(findings), Attachment.state != "refused")
        for file in tx.scalars(others):
            _refuse(site, tx, file, findings[file.sha256] or "?")

    return write


def read_files(site: Site, facts: Sequence[Fact]) -> Writer:
    """Read the text of files that may be given out, each in a process of its own, for search to find records by."""
    found: dict[int, Inside | None] = {}
    for file in _files(site, facts):
        if rules.may_be_given_out(file.state) and file.text_state == "waiting":
            found[file.id] = _inside(site, file)

    def write(tx: Tx) -> None:
        for number, inside in found.items():
            file = tx.get(Attachment, number)
            if file is not None and file.text_state == "waiting":
                _note_text(tx, file, inside)
                tell(tx, FileRead(number), site.clock.now())

    return write


def _content(site: Site, file: Attachment) -> bytes:
    content = site.files.read(file_name(file.sha256))
    if content is None:
        raise FileNotFoundError(file.ref)
    return content


def _inside(site: Site, file: Attachment) -> Inside | None:
    try:
        return look_inside(file.name, _content(site, file))
    except (CannotRead, OSError) as error:
        log.warning("the text of a file could not be read", file=file.ref, error=str(error))
        return None


def _note_text(tx: Tx, file: Attachment, inside: Inside | None) -> None:
    if inside is None:
        file.text_state = "unreadable"
        return
    file.text_state = "read" if inside.text.strip() else "empty"
    if inside.text.strip():
        tx.add(FileText(attachment_id=file.id, text=inside.text, pages=inside.pages))


def ask_scanner_again(site: Site) -> None:
    """Let the files whose time has come wait for the scanner once more; what happened to them is told anew."""
    if site.settings.clamd_url is None:
        return
    now = site.clock.now()
    due = select(Attachment).where(Attachment.state == "waiting", Attachment.scan_after <= now)
    with site.database.reading() as tx:
        if tx.scalar(due.with_only_columns(Attachment.id).limit(1)) is None:
            return
    with site.database.transaction() as tx:
        for file in tx.scalars(due.order_by(Attachment.id).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)):
            file.scan_after = None
            tell(tx, FileKept(file.id), now)
