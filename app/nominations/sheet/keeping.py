"""A sheet on its way: kept as it was typed until everybody in it is put forward, corrected, and put forward."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from app.courses.models import CourseSession
from app.foundation.db import Tx
from app.foundation.drafts import Draft, find_draft, save_draft
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Membership
from app.foundation.sheet_tables import SheetRefused
from app.needs.models import NeedLine
from app.nominations import queries, rules, service
from app.nominations.service import NominationDraft
from app.nominations.sheet import words
from app.nominations.sheet.rules import HEADS, LONGEST, RANK, Line, Row, Setting, judge

FORM = "course_nominations"
"""What the drafts of sheets are called."""
KEPT_DAYS = 30
"""So long a sheet that nobody goes on with is kept: it holds personal data of people who were never put forward."""
CELL = re.compile(rf"cell-([0-9]{{1,7}})-({'|'.join(HEADS)})")
WORDY = msg("This sheet holds more text than can be taken at once. Divide it into two.")


@dataclass(frozen=True)
class Sheet:
    """What was sent: for which organisation, and the rows as they were typed or have been corrected since."""

    key: str
    organisation_ref: str
    lines: tuple[Line, ...]

    def corrected(self, typed: Mapping[str, str], left_out: str = "") -> Sheet:
        """The sheet with what was typed into single cells since, and without the row that is left out."""
        changes: dict[int, dict[str, str]] = {}
        for name, text in typed.items():
            found = CELL.fullmatch(name)
            if found:
                changes.setdefault(int(found.group(1)), {})[found.group(2)] = text
        lines = [
            Line(line.number, {**line.cells, **changes.get(line.number, {})})
            for line in self.lines
            if str(line.number) != left_out
        ]
        return Sheet(self.key, self.organisation_ref, tuple(lines))

    def only(self, rows: Iterable[Row]) -> Sheet:
        """These rows as a sheet of their own; each keeps the rank that it would have had among the others."""
        ranks = {row.number: {RANK: str(row.rank)} if row.rank else {} for row in rows}
        lines = [Line(line.number, {**ranks[line.number], **line.cells}) for line in self.lines if line.number in ranks]
        return Sheet(secrets.token_urlsafe(16), self.organisation_ref, tuple(lines))


@dataclass(frozen=True)
class Read:
    """A sheet as it stands today: each row with its faults, and the lines of needs that rows may name."""

    sheet: Sheet
    rows: Sequence[Row]
    lines: Mapping[str, NeedLine]

    @property
    def sound(self) -> list[Row]:
        """Who can be put forward."""
        return [row for row in self.rows if row.is_sound]

    @property
    def faulty(self) -> list[Row]:
        """What has to be mended first."""
        return [row for row in self.rows if not row.is_sound]


def keep(tx: Tx, actor: Actor, session: CourseSession, sheet: Sheet, now: datetime) -> None:
    """Keep a sheet as a draft of this person's.

    Raises:
        SheetRefused: it holds more text than a draft may.
    """
    fields = [("title", session.course.title), ("organisation", sheet.organisation_ref)]
    # Cells that are too long are cut to what shows that they are.
    fields += [
        (f"{line.number}.{column}", text[: 2 * LONGEST[column]])
        for line in sheet.lines
        for column, text in line.cells.items()
    ]
    try:
        save_draft(tx, actor, FORM, sheet.key, fields, now, place_of(session))
    except ValueError as error:
        raise SheetRefused(WORDY) from error


def place_of(session: CourseSession) -> str:
    """By what a draft knows its session: both references of its address."""
    return f"{session.course.ref}/{session.ref}"


def kept(tx: Tx, actor: Actor, session: CourseSession, key: str) -> Sheet | None:
    """The sheet that this person has sent for this session under that key."""
    draft = find_draft(tx, actor, key) if key else None
    if draft is None or draft.form != FORM or draft.record_ref != place_of(session):
        return None
    owner = ""
    rows: dict[int, dict[str, str]] = {}
    for name, text in draft.fields:
        number, _dot, column = str(name).partition(".")
        if name == "organisation":
            owner = str(text)
        elif column in HEADS:
            rows.setdefault(int(number), {})[column] = str(text)
    return Sheet(key, owner, tuple(Line(number, cells) for number, cells in sorted(rows.items())))


def read(tx: Tx, actor: Actor, session: CourseSession, owner: Membership, sheet: Sheet) -> Read:
    """Hold the sheet against what is known today."""
    people = queries.nominations_in(tx, actor, session.id)
    own = [one for one in people if one.organisation_id == owner.organisation_id and one.status in rules.LIVE]
    lines = {line.ref: line for line in queries.lines_to_serve(tx, actor, [owner.organisation_id])}
    setting = Setting(
        taken=frozenset(one.candidate_key for one in own),
        ranks=frozenset(one.rank for one in own),
        lines=frozenset(lines),
        sexes=words.sexes(),
        languages=words.languages(),
        language=next((code for code in session.languages if code in words.languages()), "en"),
    )
    return Read(sheet, judge(sheet.lines, setting), lines)


def put_forward(tx: Tx, actor: Actor, session: CourseSession, owner: Membership, read: Read, now: datetime) -> None:
    """Put everybody forward whose row is sound: all of them, or nobody.

    Raises:
        Refused, MoveRefused, DraftRefused: as service.nominate_all says.
    """
    drafts = [NominationDraft(row.candidate, row.motivation, row.rank, read.lines.get(row.line)) for row in read.sound]
    service.nominate_all(tx, actor, owner.organisation_id, session, drafts, now)


def drop_old(tx: Tx, now: datetime) -> None:
    """Throw away the sheets that nobody has gone on with."""
    tx.execute(delete(Draft).where(Draft.form == FORM, Draft.saved_at < now - timedelta(days=KEPT_DAYS)))
