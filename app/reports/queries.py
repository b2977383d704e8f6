"""What was made: of one's own, and whether somebody's paper is one of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.organisations.models import Organisation
from app.reports.models import MadeReport

SHOWN = 20


def made_by(tx: Tx, reader: Actor) -> Sequence[tuple[MadeReport, Organisation]]:
    """The reports that a person had made, the latest first, with whose they are."""
    query = select(MadeReport, Organisation).join(Organisation, Organisation.id == MadeReport.organisation_id)
    own = query.where(MadeReport.account_id == reader.account_id).order_by(MadeReport.id.desc())
    return [(made, organisation) for made, organisation in tx.execute(own.limit(SHOWN))]


def find_made(tx: Tx, ref: str) -> MadeReport | None:
    """The report with that reference, whoever asks: of it is told that it was made, what it is, and when."""
    return tx.scalar(select(MadeReport).where(MadeReport.ref == ref))


def has_digest(tx: Tx, ref: str, digest: str) -> bool:
    """Whether the report with that reference says what has this hash, or is the file that has it."""
    either = or_(MadeReport.said_sha256 == digest, MadeReport.file_sha256 == digest)
    return tx.scalar(select(MadeReport.id).where(MadeReport.ref == ref, either)) is not None
