"""What an author may do with lessons: record them, and amend them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm.attributes import flag_modified

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import check_version, keep_before, keep_version
from app.lessons import rules
from app.lessons.changes import snapshot
from app.lessons.events import LessonAmended, LessonRecorded
from app.lessons.models import Lesson, LessonLink

# What of a draft goes into the columns of the same name.
COLUMNS = (
    "language", "title", "context", "action", "result", "cause", "instruction", "kind", "verdict", "criterion",
    "stage", "audience", "evidence", "is_independent", "view", "review_by", "disclosure", "subject_kind",
    "subject_ref",
)  # fmt: skip


@dataclass(frozen=True)
class LessonDraft:
    """Everything that an author says of a lesson; the codes are those of rules, the language is ISO 639-1.

    `links` are further records that taught it, as (kind, reference); `files_for_members` keeps its files from those
    who are of no verified organisation.
    """

    language: str
    title: str
    context: str
    action: str
    result: str
    instruction: str
    themes: tuple[str, ...]
    cause: str = ""
    kind: str = "operational"
    verdict: str = "worked"
    criterion: str = ""
    stage: str = ""
    audience: str = ""
    evidence: str = "observed"
    is_independent: bool = False
    view: str = "recipient"
    review_by: date | None = None
    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    disclosure: str = "public"
    subject_kind: str = ""
    subject_ref: str = ""
    audiences: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    files_for_members: bool = False


def record_lesson(tx: Tx, actor: Actor, organisation_id: int, draft: LessonDraft, now: datetime) -> Lesson:
    """Record a lesson: it is shown at once, marked as not yet validated.

    Raises:
        Refused: the actor may not write for that organisation, or it is not verified.
    """
    lesson = Lesson(organisation_id=organisation_id, status="draft", created_at=now, version=1)
    require(actor, Permission.LESSON_RECORD, now, lesson)
    _submit(lesson, draft, now)
    lesson.posted_at = now
    tx.add(lesson)
    tx.flush()
    keep_version(tx, actor, lesson, snapshot(lesson), now)
    record_event(tx, actor, "lesson.recorded", lesson, now)
    tell(tx, LessonRecorded(lesson.id), now)
    return lesson


def amend_lesson(
    tx: Tx, actor: Actor, lesson: Lesson, draft: LessonDraft, opened_version: int | None, now: datetime
) -> Lesson:
    """Give a lesson new words; it waits for validation again, and its former words stay in its history.

    Raises:
        Refused: the actor may not. StaleVersion: somebody else amended it meanwhile.
    """
    require(actor, Permission.LESSON_RECORD, now, lesson)
    check_version(lesson, opened_version)
    keep_before(tx, lesson, snapshot(lesson))
    _submit(lesson, draft, now)
    # Codes have a table of their own: the lesson's row has to change too, or its version would not.
    flag_modified(lesson, "changed_at")
    tx.flush()
    keep_version(tx, actor, lesson, snapshot(lesson), now)
    record_event(tx, actor, "lesson.amended", lesson, now)
    tell(tx, LessonAmended(lesson.id), now)
    return lesson


def _submit(lesson: Lesson, draft: LessonDraft, now: datetime) -> None:
    rules.check_move(lesson.status, "submitted")
    lesson.status, lesson.is_published, lesson.changed_at = "submitted", True, now
    lesson.author_words, lesson.validated_at, lesson.validated_by = {}, None, None
    lesson.field_disclosure = {"files": "members"} if draft.files_for_members else {}
    for name in COLUMNS:
        setattr(lesson, name, getattr(draft, name))
    lesson.set_codes("theme", draft.themes)
    lesson.set_codes("kind", draft.kinds)
    lesson.set_codes("country", draft.countries)
    lesson.set_codes("audience", draft.audiences)
    _link(lesson, draft)


def _link(lesson: Lesson, draft: LessonDraft) -> None:
    wanted = {ref: kind for kind, ref in draft.links if ref != draft.subject_ref and kind in rules.LINKABLE}
    kept = [link for link in lesson.links if link.subject_ref in wanted]
    there = {link.subject_ref for link in kept}
    new = [LessonLink(subject_ref=ref, subject_kind=kind) for ref, kind in wanted.items() if ref not in there]
    lesson.links = [*kept, *new]
