"""Reports that are made in the background: what is asked for, how it is made, and what is kept to know it again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import Account
from app.accounts.queries import actor_of
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, Refused, require
from app.foundation.references import new_reference
from app.foundation.web import Site
from app.jobs.models import Job
from app.jobs.progress import Progress
from app.jobs.service import Work, start_job
from app.jobs.starting import JobRefused, Outcome, ResultFile, register_job
from app.organisations.models import Organisation
from app.reports.accounts.donor import portfolio_of
from app.reports.accounts.state import account_of_state
from app.reports.closing_words import proven
from app.reports.document import Document, digest_of
from app.reports.models import MadeReport
from app.reports.regional.content import regional_document
from app.reports.regional.queries import find_regional
from app.reports.rules import DONOR, KINDS, REGION, STATE, Signer, Tick, kinds_of, no_tick
from app.reports.writers import KINDS as TYPES
from app.reports.writers import WRITERS

JOB = "report"
NOBODY = Signer()
GONE = msg("What this report was to tell of cannot be seen by you any more.")


@dataclass(frozen=True)
class Order:
    """Which report is wanted: of an organisation, or the draft of a regional one (`subject` is its reference)."""

    kind: str
    organisation_id: int
    language: str
    form: str
    subject: str = ""
    signer: Signer = NOBODY

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Order:
        """The order that a piece of work keeps."""
        return cls(**{**arguments, "signer": Signer(**arguments["signer"])})


def order_report(tx: Tx, actor: Actor, order: Order, now: datetime) -> Job:
    """Let a report be made in the background.

    Raises:
        Refused: the actor may not for that organisation, or it has no such report. TooManyJobs: too much waits already.
    """
    organisation = tx.get_one(Organisation, order.organisation_id)
    require(actor, Permission.REPORT_MAKE, now, organisation)
    if order.kind != REGION and order.kind not in kinds_of(organisation.kind):
        raise Refused(order.kind)
    about = msg("%(report)s: %(organisation)s", report=KINDS[order.kind], organisation=organisation.name)
    return start_job(tx, actor, Work(JOB, about, asdict(order), (Permission.REPORT_MAKE,)), now)


def make_report(site: Site, job: Job, progress: Progress) -> Outcome:
    """Make the report as the person who asked for it may see it at this moment."""
    order, now = Order.read(job.arguments), site.clock.now()
    with site.database.reading() as tx:
        reader = actor_of(tx.get_one(Account, job.account_id))
        organisation = tx.get_one(Organisation, order.organisation_id)
        require(reader, Permission.REPORT_MAKE, now, organisation)
        document = CONTENTS[order.kind](tx, reader, organisation, order, At(now, site.settings.public_url))
    progress.begin(len(document.blocks) + 1, 1)
    ref = new_reference(MadeReport.reference_prefix)
    file = written(proven(document, ref, site.settings.public_url), order.form, progress.tick)
    with site.database.transaction() as tx:
        made = keep_made(tx, reader, ref, order, document, file, now)
    name = f"counterpart-{order.kind}-{made.ref}.{order.form}"
    return Outcome(
        msg("The report is ready. Its reference is %(ref)s.", ref=made.ref),
        ResultFile(name, TYPES[order.form], file),
    )  # fmt: skip


def written(document: Document, form: str, tick: Tick = no_tick) -> bytes:
    """The file of a report."""
    return WRITERS[form](document, tick)


def keep_made(  # noqa: PLR0913, PLR0917 - what was made of what, for whom and when
    tx: Tx, actor: Actor, ref: str, order: Order, document: Document, file: bytes, now: datetime
) -> MadeReport:
    """Keep what is needed to know a report again."""
    assert actor.account_id is not None
    made = MadeReport(
        ref=ref, kind=order.kind, form=order.form, language=order.language, organisation_id=order.organisation_id,
        account_id=actor.account_id, said_sha256=digest_of(document), file_sha256=hashlib.sha256(file).hexdigest(),
        made_at=now,
    )  # fmt: skip
    tx.add(made)
    record_event(tx, actor, "report.made", made, now, {"kind": order.kind, "form": order.form})
    return made


@dataclass(frozen=True)
class At:
    """The moment at which a report is made (UTC), and the address of the site that makes it."""

    now: datetime
    public_url: str


def _state(tx: Tx, reader: Actor, organisation: Organisation, order: Order, at: At) -> Document:
    return account_of_state(tx, reader, organisation.country or "", order.language, at.now, order.signer)


def _donor(tx: Tx, reader: Actor, organisation: Organisation, order: Order, at: At) -> Document:
    return portfolio_of(tx, reader, organisation, order.language, at.now, order.signer)


def _region(tx: Tx, reader: Actor, _organisation: Organisation, order: Order, at: At) -> Document:
    report = find_regional(tx, reader, order.subject)
    if report is None:
        raise JobRefused(GONE)
    return regional_document(tx, report, at.now, at.public_url)


Content = Callable[[Tx, Actor, Organisation, Order, At], Document]
CONTENTS: Mapping[str, Content] = {STATE: _state, DONOR: _donor, REGION: _region}


def register_reports() -> None:
    """Let the background make reports."""
    register_job(JOB, make_report)
