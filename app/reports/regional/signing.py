"""Signing a regional report: its files are made, and only when they lie there is it signed, as the version one saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.foundation.db import Tx
from app.foundation.files import store_file
from app.foundation.permissions import Actor
from app.foundation.references import new_reference
from app.foundation.web import Site
from app.reports.closing_words import proven
from app.reports.document import Document
from app.reports.making import Order, keep_made, written
from app.reports.models import MadeReport, RegionalReport
from app.reports.regional import service
from app.reports.regional.content import regional_document
from app.reports.rules import FORMS, REGION, Signer


@dataclass(frozen=True)
class Prepared:
    """What will be signed: what it says, and its files by form, each with the reference that stands in it."""

    document: Document
    files: dict[str, tuple[str, bytes]]


def prepared(site: Site, tx: Tx, report: RegionalReport, signer: Signer, now: datetime) -> Prepared:
    """The report in every form, as it will be signed. Nothing is written yet."""
    address = site.settings.public_url
    document = regional_document(tx, report, now, address, signer)
    refs = {form: new_reference(MadeReport.reference_prefix) for form in FORMS}
    files = {form: (ref, written(proven(document, ref, address), form)) for form, ref in refs.items()}
    return Prepared(document, files)


def sign_prepared(  # noqa: PLR0913, PLR0917 - who signs what, as which version
    site: Site, tx: Tx, actor: Actor, report: RegionalReport, ready: Prepared, signer: Signer, opened: int | None,
    now: datetime,
) -> None:  # fmt: skip
    """Sign what was prepared.

    Raises:
        Refused, ReportRefused, StaleVersion: see service.sign.
    """
    kept: dict[str, service.Signed] = {}
    for form, (ref, content) in ready.files.items():
        kept[form] = service.Signed(ref, store_file(site.settings.data_dir, content))
    service.sign(tx, actor, report, signer, kept, opened, now)
    for form, (ref, content) in ready.files.items():
        order = Order(REGION, report.organisation_id, report.language, form, report.ref, signer)
        keep_made(tx, actor, ref, order, ready.document, content, now)
