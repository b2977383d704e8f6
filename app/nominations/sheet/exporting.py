"""The candidates of a session as a table to take along: all for its centre, for others those of their own."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.filing.downloads import table_file
from app.foundation.languages import name_of, say
from app.foundation.permissions import Permission
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import actor, current_language, gettext, reading, route
from app.nominations import queries
from app.nominations.models import Nomination
from app.nominations.names import sex_name
from app.nominations.rules import STATUS_NAMES
from app.nominations.shared import bp, session_here
from app.nominations.sheet.rules import HEADS

EXPORT = surface("nomination.export", "export", "nomination", "course", "need")
ADDRESS = "/courses/<ref>/sessions/<session_ref>/nominations.<any(csv, xlsx):ending>"


@route(bp, ADDRESS, Permission.DESK_READ, EXPORT)
def sheet_export(ref: str, session_ref: str, ending: str) -> Any:
    """The list that this reader sees, as comma-separated values or as a workbook."""
    language = current_language()
    with reading() as tx:
        session = session_here(tx, ref, session_ref)
        # For which of its needs an organisation nominates is its own matter, and a need may be hidden.
        own = {m.organisation_id for m in actor().memberships if m.is_verified}
        rows = [_row(one, own, language) for one in queries.nominations_in(tx, actor(), session.id)]
    return table_file("nominations", _head(language), rows, ending)


def _head(language: str) -> list[str]:
    return [
        gettext("Reference"), *(say(head, language) for head in HEADS.values()), gettext("Put forward by"),
        gettext("Country"), gettext("Where it stands"), gettext("Rule"), gettext("To be confirmed by"),
    ]  # fmt: skip


def _row(one: Nomination, own: set[int], language: str) -> list[Cell]:
    return [
        one.ref, one.name, one.email, one.post, one.unit, sex_name(one.sex, language),
        name_of("language", one.language, language), one.phone, one.motivation, one.rank,
        one.need_line.ref if one.need_line and one.organisation_id in own else "", one.organisation.named(language),
        name_of("country", one.organisation.country or "", language), say(STATUS_NAMES[one.status][0], language),
        say(one.decided_by, language) if one.decided_by else "",
        one.answer_by.date().isoformat() if one.answer_by else "",
    ]  # fmt: skip
