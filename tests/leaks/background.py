"""Work in the background, imports of files, and reports of a region: what of them is in a world, and what is hidden."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.exchange.intake.models import FileImport, ImportProblem, ImportRow
from app.foundation import audit
from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.jobs.models import Job
from app.reports.models import MadeReport, RegionalReport

DIGEST = "0" * 64
SPAN = (date(2025, 7, 1), date(2026, 6, 30))


def add_job(tx: Any, account_id: int, now: datetime, word: str, **kw: Any) -> Job:
    """Work that a person has had done, with a result in words."""
    title, words = Message(word).as_json(), msg("%(what)s", what=word).as_json()
    times = {"created_at": now, "ended_at": now}
    job = Job(
        account_id=account_id, kind="report", title=title, outcome=words, language="en", state="done", **times, **kw
    )
    return _there(tx, job, "job.started", now)


def add_import(tx: Any, owner: Any, now: datetime, word: str, **kw: Any) -> FileImport:
    """A file that was read: an activity that is new, and something wrong in it."""
    files = [{"name": f"{word}.xml", "sha256": DIGEST, "size": 1_000}]
    made = FileImport(organisation_id=owner.id, made_by=1, files=files, state="read", created_at=now, **kw)
    tx.add(made)
    tx.flush()
    place = {"import_id": made.id, "file": f"{word}.xml", "line": 3}
    tx.add(ImportRow(identifier=f"XI-IATI-{word}", title=word, language="en", outcome="new", changes={}, **place))
    said = {"text": "The code %(code)s is not known.", "values": {"code": word}}
    tx.add(ImportProblem(element="sector", code="code.unknown", severity="warning", identifier="x", said=said, **place))
    return _there(tx, made, "import.begun", now)


def add_regional(tx: Any, owner: Any, now: datetime, word: str, *, signed_by: int | None = None, **kw: Any) -> Any:
    """The report of a grouping: a draft, or one that was signed."""
    values = {
        "organisation_id": owner.id, "grouping": owner.grouping, "language": "en", "title": word, "starts_on": SPAN[0],
        "ends_on": SPAN[1], "introduction": f"What {word} says.", "situations": {"prisons": word},
        "recommendations": [{"text": word, "to": word}], "disclosure": "public", "is_published": signed_by is not None,
        "created_at": now, "changed_at": now,
    }  # fmt: skip
    report = RegionalReport(**{**values, **kw})
    if signed_by is not None:
        made = MadeReport(
            kind="regional", form="pdf", language="en", organisation_id=owner.id, account_id=signed_by, made_at=now,
            said_sha256=DIGEST, file_sha256=DIGEST,
        )  # fmt: skip
        tx.add(made)
        tx.flush()
        report.status, report.signed_by, report.signed_at, report.signer_name = "signed", signed_by, now, word
        report.made = {form: {"ref": made.ref, "file_sha256": DIGEST} for form in ("pdf", "docx")}
    return _there(tx, report, "regional_report.begun", now)


def _there(tx: Any, record: Any, action: str, now: datetime) -> Any:
    tx.add(record)
    tx.flush()
    audit.record_event(tx, SYSTEM, action, record, now)
    return record
