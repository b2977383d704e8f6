"""Rows of a workbook that seem to be here already: all of them are put to the guard of the forms at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.exchange.workbooks.kinds.kind import Place
from app.foundation.guarding import Posting
from app.matching.guard.looks import asked_of_many


def asked_about(kind: str, place: Place, rows: Sequence[tuple[Any, Any]]) -> list[list[tuple[str, str]]]:
    """What has to be answered first of each (record, form), as what is to be mended in its title."""
    owner = place.owner.organisation_id
    postings = [Posting(kind, form.draft(), owner, record.ref if record else "") for record, form in rows]
    return [[("title", text) for text in asked] for asked in asked_of_many(place.actor, postings)]
