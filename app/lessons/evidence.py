"""What stands behind a lesson: files of evidence, and links to the records that taught it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from app.foundation.db import Tx
from app.foundation.filing.files import FileStore, keep_files, take_off
from app.foundation.permissions import Actor, Permission, require
from app.lessons.models import Lesson
from app.lessons.service import LessonDraft

Files = Iterable[tuple[str, bytes]]


def keep(
    tx: Tx, actor: Actor, lesson: Lesson, chosen: tuple[Files, Iterable[str]], store: FileStore, now: datetime
) -> None:
    """Keep files on a lesson that is being told or amended, and take others off; the event is that of the move.

    `chosen` are the new files (name, content) and the references of unwanted ones. The content of a file that is
    taken off stays in the store, where backups expect it.

    Raises:
        Refused: the actor may not. FileRefused: a file is of no kind that is taken.
    """
    require(actor, Permission.LESSON_RECORD, now, lesson)
    new, refs = chosen
    take_off(tx, lesson.ref, refs)
    keep_files(tx, lesson, actor.account_id, new, store, now)


def with_unseen_links(lesson: Lesson, draft: LessonDraft, sees: Callable[[str], bool]) -> LessonDraft:
    """The draft with the links that its writer was not shown: what one may not see one cannot mean to take away."""
    unseen = tuple((link.subject_kind, link.subject_ref) for link in lesson.links if not sees(link.subject_ref))
    return replace(draft, links=(*draft.links, *unseen))
