"""Signing a regional report in the background: its files are made, and only when they lie there is it signed.

What is signed is the version that its signer saw: if somebody writes on it meanwhile, it stays a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.queries import actor_of
from app.foundation.db import Tx
from app.foundation.filing.files import store_file
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, Refused, require
from app.foundation.references import new_reference
from app.foundation.web import Site
from app.foundation.wording.versions import StaleVersion, check_version
from app.jobs.models import Job
from app.jobs.progress import Progress
from app.jobs.rules import UNFINISHED
from app.jobs.service import Work, start_job
from app.jobs.starting import JobRefused, Outcome, register_job
from app.reports.closing_words import proven
from app.reports.document import Document
from app.reports.making import Order, keep_made, written
from app.reports.models import MadeReport, RegionalReport
from app.reports.regional import service
from app.reports.regional.content import regional_document
from app.reports.regional.queries import find_regional
from app.reports.regional.rules import SIGNED, ReportRefused, check_draft
from app.reports.rules import FORMS, REGION, Signer, Tick

JOB = "sign-regional-report"
GONE = msg("This report is not there any more, or you may no longer sign it. Nothing was signed.")
WRITTEN_ON = msg("Somebody has written on the report meanwhile. It is not signed: read it again, then sign it.")
IS_SIGNED = msg("The report is signed. Its audience can read it from now on.")


@dataclass(frozen=True)
class Asked:
    """What somebody has asked to be signed: the report by its reference, as the version that they saw, and by whom."""

    ref: str
    opened: int
    signer: Signer

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Asked:
        """What a piece of work keeps of it."""
        return cls(**{**arguments, "signer": Signer(**arguments["signer"])})


@dataclass(frozen=True)
class Prepared:
    """What will be signed: what it says, and its files by form, each with the reference that stands in it."""

    document: Document
    files: dict[str, tuple[str, bytes]]


def order_signing(
    tx: Tx, actor: Actor, report: RegionalReport, signer: Signer, opened: int | None, now: datetime
) -> Job:
    """Let a report be signed in the background.

    Raises:
        Refused: the actor is no focal point of the desk. ReportRefused: it is signed already.
        StaleVersion: somebody has written on it since it was opened. TooManyJobs: too much waits already.
    """
    require(actor, Permission.REPORT_SIGN, now, report)
    check_draft(report.status)
    check_version(report, opened)
    asked = Asked(report.ref, report.version, signer)
    title = msg("Signing of the regional report: %(title)s", title=report.title)
    return start_job(tx, actor, Work(JOB, title, asdict(asked), (Permission.REPORT_SIGN,)), now)


def signing_of(tx: Tx, actor: Actor, report: RegionalReport) -> Job | None:
    """The signing of this report that this person has asked for and that has not ended."""
    own = select(Job).where(Job.account_id == actor.account_id, Job.kind == JOB, Job.state.in_(UNFINISHED))
    return next((job for job in tx.scalars(own) if Asked.read(job.arguments).ref == report.ref), None)


def sign_in_background(site: Site, job: Job, progress: Progress) -> Outcome:
    """Make the files of the report and sign it, if it still is as its signer saw it."""
    asked, now = Asked.read(job.arguments), site.clock.now()
    done = Outcome(IS_SIGNED, link=f"/reports/regional/{asked.ref}")
    with site.database.reading() as tx:
        actor = actor_of(tx.get_one(Account, job.account_id))
        report = _report(tx, actor, asked)
        if _was_signed_before(report, job):
            return done
        _check(actor, report, asked, now)
        document = regional_document(tx, report, now, site.settings.public_url, asked.signer)
    progress.begin((len(document.blocks) + 1) * len(FORMS), 1)
    ready = prepared(document, site.settings.public_url, progress.tick)
    progress.tell()
    with site.database.transaction() as tx:
        actor = actor_of(tx.get_one(Account, job.account_id))
        report = _report(tx, actor, asked)
        _check(actor, report, asked, now)
        sign_prepared(site, tx, actor, report, ready, asked, now)
    return done


def _report(tx: Tx, actor: Actor, asked: Asked) -> RegionalReport:
    report = find_regional(tx, actor, asked.ref)
    if report is None:
        raise JobRefused(GONE)
    return report


def _was_signed_before(report: RegionalReport, job: Job) -> bool:
    """Whether this very work has signed it, and broke off before it could say so."""
    since = report.signed_at
    return report.status == SIGNED and report.signed_by == job.account_id and since is not None and (
        since >= job.created_at
    )  # fmt: skip


def _check(actor: Actor, report: RegionalReport, asked: Asked, now: datetime) -> None:
    """Go on only if it may be signed by this person, as it is.

    Raises:
        JobRefused: it may not, and why.
    """
    try:
        require(actor, Permission.REPORT_SIGN, now, report)
        check_draft(report.status)
        check_version(report, asked.opened)
    except Refused as refused:
        raise JobRefused(GONE) from refused
    except ReportRefused as refused:
        raise JobRefused(refused.message) from refused
    except StaleVersion as stale:
        raise JobRefused(WRITTEN_ON) from stale


def prepared(document: Document, public_url: str, tick: Tick) -> Prepared:
    """The report in every form, as it will be signed. Nothing is kept yet."""
    refs = {form: new_reference(MadeReport.reference_prefix) for form in FORMS}
    files = {form: (ref, written(proven(document, ref, public_url), form, tick)) for form, ref in refs.items()}
    return Prepared(document, files)


def sign_prepared(  # noqa: PLR0913, PLR0917 - who signs what, as which version
    site: Site, tx: Tx, actor: Actor, report: RegionalReport, ready: Prepared, asked: Asked, now: datetime
) -> None:
    """Sign what was prepared.

    Raises:
        Refused, ReportRefused, StaleVersion: see service.sign.
    """
    kept: dict[str, service.Signed] = {}
    for form, (ref, content) in ready.files.items():
        kept[form] = service.Signed(ref, store_file(site.files, content, tx))
    service.sign(tx, actor, report, asked.signer, kept, asked.opened, now)
    for form, (ref, content) in ready.files.items():
        order = Order(REGION, report.organisation_id, report.language, form, report.ref, asked.signer)
        keep_made(tx, actor, ref, order, ready.document, content, now)


def register_signing() -> None:
    """Let the background sign reports."""
    register_job(JOB, sign_in_background)
