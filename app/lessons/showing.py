"""The page of one lesson: everything that stands on it for this reader, with the forms of those who have a word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import may_see_field
from app.foundation.filing.files import files_of
from app.foundation.permissions import Permission, allowed
from app.foundation.web import actor, now, render
from app.lessons import rules
from app.lessons.models import Lesson
from app.lessons.queries import lessons_alike, return_reason, versions_shown
from app.lessons.renewal.forms import AffirmForm
from app.lessons.shared import address_of, subject_address
from app.lessons.standing.forms import TieForm, UntieForm
from app.lessons.standing.queries import standings_of, ties_of
from app.lessons.standing.words import in_words
from app.lessons.validating.forms import CommentForm, DecideForm, DismissForm, ReviewerForm
from app.lessons.validating.queries import author_changes, comments_of, reviewer_of
from app.lessons.validating.service import REVIEW_AFTER


def lesson_page(tx: Tx, lesson: Lesson, status: int = 200, **forms: Any) -> Any:
    """The page; `forms` are those that were sent and could not be taken, by name, with what was typed."""
    is_own = lesson.organisation_id in actor().organisation_ids
    near = lessons_alike(tx, actor(), lesson.codes("theme"), lesson.codes("kind"), lesson.codes("country"), 4)
    return render(
        "lessons/page.html",
        status,
        lesson=lesson,
        rules=rules,
        reason=return_reason(tx, lesson) if is_own and lesson.status == "returned" else "",
        subject=subject_address(tx, lesson),
        links=_links(tx, lesson),
        files=files_of(tx, lesson.ref, actor()) if may_see_field(actor(), lesson, "files") else [],
        has_versions=len(versions_shown(tx, actor(), lesson)) > 1,
        changes=author_changes(actor(), lesson),
        alike=[other for other in near if other.id != lesson.id][:3],
        is_due=rules.is_due(lesson.status, lesson.review_by, now().date()),
        **_standing(tx, lesson),
        **_words(tx, lesson),
        **{**_forms(lesson), **forms},
    )


def _links(tx: Tx, lesson: Lesson) -> list[tuple[str, str, str]]:
    found = [
        (one.subject_kind, one.subject_ref, address_of(tx, one.subject_kind, one.subject_ref)) for one in lesson.links
    ]
    return [link for link in found if link[2]]


def _standing(tx: Tx, lesson: Lesson) -> Mapping[str, Any]:
    standing = standings_of(tx, actor(), [lesson]).get(lesson.id)
    return {
        "standing": standing,
        "known": in_words(standing.weight) if standing else "",
        "ties": ties_of(tx, actor(), lesson),
    }


def _words(tx: Tx, lesson: Lesson) -> Mapping[str, Any]:
    """The thread between author, reviewer and secretariat, for these alone."""
    takes_part = _may(Permission.LESSON_COMMENT, lesson) or _is_office_or_author(lesson)
    return {
        "takes_part": takes_part,
        "comments": comments_of(tx, actor(), lesson) if takes_part else [],
        "reviewer": reviewer_of(tx, lesson) if takes_part else None,
    }


def _is_office_or_author(lesson: Lesson) -> bool:
    return actor().is_secretariat or lesson.organisation_id in actor().organisation_ids


def _forms(lesson: Lesson) -> Mapping[str, Any]:
    """The forms as they are first shown; each only for those who may send it."""
    waits = lesson.status == "submitted" and _may(Permission.LESSON_VALIDATE, lesson)
    affirms = lesson.status == "validated" and _may(Permission.LESSON_AFFIRM, lesson)
    assigns = lesson.status == "submitted" and _may(Permission.LESSON_ASSIGN, lesson)
    return {
        "decide": DecideForm(formdata=None, lesson=lesson) if waits else None,
        "assign": ReviewerForm(formdata=None) if assigns else None,
        "dismiss": DismissForm(formdata=None) if assigns and lesson.review else None,
        "comment": CommentForm(formdata=None) if _may(Permission.LESSON_COMMENT, lesson) else None,
        # Whoever writes for somebody may know of a lesson that says the same; the pair is asked about when it is sent.
        "tie": TieForm(formdata=None) if lesson.is_published and _may(Permission.LESSON_RELATE, None) else None,
        "untie": UntieForm(formdata=None),
        "affirm": AffirmForm.proposing(next_day(), lesson.version) if affirms else None,
    }


def next_day() -> date:
    """The day that is proposed for looking at a lesson again."""
    return (now() + REVIEW_AFTER).date()


def _may(permission: Permission, record: Any) -> bool:
    return allowed(actor(), permission, now(), record)
