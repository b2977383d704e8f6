"""What may be done with outputs: record what others can use again, and amend the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import check_version
from app.lessons import rules
from app.lessons.events import OutputAmended, OutputRecorded
from app.lessons.models import Output

COLUMNS = (
    "language", "title", "description", "kind", "licence", "website", "disclosure", "subject_kind", "subject_ref",
)  # fmt: skip


class AddressRefused(ValueError):
    """The address of an output is not one that a reader may be sent to."""


@dataclass(frozen=True)
class OutputDraft:
    """Everything that an owner says of an output; `website` is an https address or empty."""

    language: str
    title: str
    kind: str
    themes: tuple[str, ...]
    description: str = ""
    licence: str = ""
    website: str = ""
    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    disclosure: str = "public"
    subject_kind: str = ""
    subject_ref: str = ""


def record_output(tx: Tx, actor: Actor, organisation_id: int, draft: OutputDraft, now: datetime) -> Output:
    """Record an output: from now on whoever may see it can find it.

    Raises:
        Refused: the actor may not write for that organisation. AddressRefused: no https address.
    """
    output = Output(organisation_id=organisation_id, status="posted", is_published=True, posted_at=now, version=1)
    require(actor, Permission.OUTPUT_RECORD, now, output)
    output.created_at = now
    _fill(output, draft, now)
    tx.add(output)
    tx.flush()
    record_event(tx, actor, "output.recorded", output, now)
    tell(tx, OutputRecorded(output.id), now)
    return output


def amend_output(
    tx: Tx, actor: Actor, output: Output, draft: OutputDraft, opened_version: int | None, now: datetime
) -> Output:
    """Change the record of an output.

    Raises:
        Refused: the actor may not. StaleVersion: somebody else changed it. AddressRefused: no https address.
    """
    require(actor, Permission.OUTPUT_RECORD, now, output)
    check_version(output, opened_version)
    _fill(output, draft, now)
    tx.flush()
    record_event(tx, actor, "output.amended", output, now)
    tell(tx, OutputAmended(output.id), now)
    return output


def _fill(output: Output, draft: OutputDraft, now: datetime) -> None:
    if draft.website and not rules.is_safe_address(draft.website):
        raise AddressRefused(draft.website)
    for name in COLUMNS:
        setattr(output, name, getattr(draft, name))
    output.changed_at = now
    output.set_codes("theme", draft.themes)
    output.set_codes("kind", draft.kinds)
    output.set_codes("country", draft.countries)
