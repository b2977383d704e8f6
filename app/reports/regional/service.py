"""What may be done with the report of a region: begin it, write on it, throw a draft away, and sign it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import check_version
from app.organisations.models import Organisation
from app.reports.models import RegionalReport
from app.reports.regional import rules
from app.reports.regional.queries import last_signed
from app.reports.regional.rules import RegionalDraft, ReportRefused
from app.reports.rules import Signer

COLUMNS = ("language", "title", "starts_on", "ends_on", "disclosure", "introduction")
NO_GROUPING = msg("Your organisation is the desk of no grouping. The secretariat can mend this.")


@dataclass(frozen=True)
class Signed:
    """One form of a report that is signed: the reference by which it is made sure of, and the hash of its file."""

    ref: str
    file_sha256: str


def begin(tx: Tx, actor: Actor, organisation_id: int, draft: RegionalDraft, now: datetime) -> RegionalReport:
    """Begin the report of the organisation's grouping; what the last one recommended is there to be followed up.

    Raises:
        Refused: the actor may not for that organisation. ReportRefused: it is the desk of no grouping.
    """
    organisation = tx.get_one(Organisation, organisation_id)
    require(actor, Permission.REPORT_WRITE, now, organisation)
    if not organisation.grouping:
        raise ReportRefused(NO_GROUPING)
    last = last_signed(tx, actor, organisation.grouping)
    report = RegionalReport(
        organisation_id=organisation.id, grouping=organisation.grouping, previous_id=last.id if last else None,
        follow_up=rules.to_follow_up(last.recommendations, last.follow_up) if last else [],
        created_at=now, changed_at=now, field_disclosure={},
    )  # fmt: skip
    _write(report, draft)
    tx.add(report)
    tx.flush()
    record_event(tx, actor, "regional_report.begun", report, now, {"grouping": report.grouping})
    return report


def amend(
    tx: Tx, actor: Actor, report: RegionalReport, draft: RegionalDraft, opened: int | None, now: datetime
) -> None:
    """Write on a draft.

    Raises:
        Refused: the actor may not. ReportRefused: it is signed. StaleVersion: somebody else of the desk saved first.
    """
    require(actor, Permission.REPORT_WRITE, now, report)
    rules.check_draft(report.status)
    check_version(report, opened)
    _write(report, draft)
    report.changed_at = now
    record_event(tx, actor, "regional_report.amended", report, now)


def _write(report: RegionalReport, draft: RegionalDraft) -> None:
    for name in COLUMNS:
        setattr(report, name, getattr(draft, name))
    report.situations = dict(draft.situations)
    report.recommendations = [{"text": text, "to": to} for text, to in draft.recommendations]
    if draft.outcomes:
        report.follow_up = [
            {**row, "status": status, "note": note, "points": list(points)}
            for row, (status, note, points) in zip(report.follow_up, draft.outcomes, strict=False)
        ]


def drop(tx: Tx, actor: Actor, report: RegionalReport, now: datetime) -> None:
    """Throw a draft away.

    Raises:
        Refused: the actor may not. ReportRefused: it is signed.
    """
    require(actor, Permission.REPORT_WRITE, now, report)
    rules.check_draft(report.status)
    record_event(tx, actor, "regional_report.dropped", report, now, {"grouping": report.grouping})
    tx.delete(report)


def sign(  # noqa: PLR0913, PLR0917 - who signs what, as which version, and the files that are signed
    tx: Tx, actor: Actor, report: RegionalReport, signer: Signer, files: Mapping[str, Signed], opened: int | None,
    now: datetime,
) -> None:  # fmt: skip
    """Sign a report: from now on its audience reads it, and nobody changes it.

    Raises:
        Refused: the actor is no focal point of the desk. ReportRefused: it is signed already.
        StaleVersion: somebody has written on it since it was opened.
    """
    require(actor, Permission.REPORT_SIGN, now, report)
    rules.check_draft(report.status)
    check_version(report, opened)
    report.signer_name, report.signer_function, report.signer_place = signer.name, signer.function, signer.place
    report.status, report.is_published = rules.SIGNED, True
    report.signed_by, report.signed_at, report.changed_at = actor.account_id, now, now
    report.made = {form: {"ref": one.ref, "file_sha256": one.file_sha256} for form, one in files.items()}
    record_event(tx, actor, "regional_report.signed", report, now, {"files": report.made})
