"""Validating a lesson or returning it, asking somebody to review it, and the words between them and its author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.accounts.models import Account
from app.accounts.queries import actor_of
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import ROLES_THAT_EDIT, Actor, Membership, Permission, Refused, require
from app.foundation.wording.versions import check_version, keep_before, keep_version
from app.lessons import rules
from app.lessons.changes import snapshot
from app.lessons.events import (
    LessonCommented,
    LessonReturned,
    LessonReviewAsked,
    LessonReviewEnded,
    LessonValidated,
)
from app.lessons.models import Lesson, LessonComment, Review
from app.lessons.queries import find_lesson

REVIEW_AFTER = timedelta(days=2 * 365)
"""A validated lesson is looked at again after two years, unless its author named a day."""


class ReviewerRefused(ValueError):
    """Somebody cannot review this lesson; `reason` is one of place, author, closed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Wording:
    """How whoever validates puts a lesson: the parts of rules.WORDS that are to be read from now on.

    `is_closed` keeps what the author had written from everybody but its organisation and the secretariat.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    is_closed: bool = False


def validate_lesson(
    tx: Tx,
    actor: Actor,
    lesson: Lesson,
    now: datetime,
    wording: Wording | None = None,
    opened_version: int | None = None,
) -> None:
    """Vouch that the lesson is clear, sourced and useful, in its author's words or in clearer ones.

    The author's words of each part that is put differently are kept, beside the new ones and in the history.

    Raises:
        Refused: the actor neither decides for the secretariat nor was asked to review it. StaleVersion: it was amended
        since it was opened. MoveRefused: it does not wait for validation.
    """
    require(actor, Permission.LESSON_VALIDATE, now, lesson)
    rules.check_move(lesson.status, "validated")
    check_version(lesson, opened_version)
    keep_before(tx, lesson, snapshot(lesson))
    _put(lesson, wording or Wording())
    lesson.status, lesson.changed_at = "validated", now
    lesson.validated_at, lesson.validated_by = now, actor.account_id
    lesson.review_by = lesson.review_by or (now + REVIEW_AFTER).date()
    tx.flush()
    keep_version(tx, actor, lesson, snapshot(lesson), now)
    record_event(tx, actor, "lesson.validated", lesson, now)
    tell(tx, LessonValidated(lesson.id), now)


def _put(lesson: Lesson, wording: Wording) -> None:
    author = {part: str(getattr(lesson, part)) for part in rules.WORDS}
    shown = {**author, **{part: text for part, text in wording.words.items() if part in rules.WORDS}}
    lesson.author_words = rules.words_that_differ(author, shown)
    for part, text in shown.items():
        setattr(lesson, part, text)
    closed = {"author_words": "own"} if wording.is_closed and lesson.author_words else {}
    lesson.field_disclosure = {**lesson.field_disclosure, **closed}


def return_lesson(tx: Tx, actor: Actor, lesson: Lesson, reason: str, now: datetime) -> None:
    """Give a lesson back to its author, who alone sees it until it is amended; the reason says what to mend.

    Raises:
        Refused: the actor may not validate it. MoveRefused: it does not wait for validation.
    """
    require(actor, Permission.LESSON_VALIDATE, now, lesson)
    rules.check_move(lesson.status, "returned")
    lesson.status, lesson.is_published, lesson.changed_at = "returned", False, now
    record_event(tx, actor, "lesson.returned", lesson, now, {"reason": reason})
    tell(tx, LessonReturned(lesson.id), now)


def ask_reviewer(tx: Tx, actor: Actor, lesson: Lesson, account: Account, now: datetime) -> None:
    """Ask somebody of a verified organisation to review a lesson, in the place of whoever was asked before.

    Nobody sees more by it than before: it has to be somebody who may read the lesson anyway.

    Raises:
        Refused: the actor does not decide for the secretariat. ReviewerRefused: that person cannot.
    """
    require(actor, Permission.LESSON_ASSIGN, now, lesson)
    place = _place_of(actor_of(account), lesson)
    if find_lesson(tx, actor_of(account), lesson.ref) is None:
        raise ReviewerRefused("closed")
    if lesson.review is None:
        lesson.review = Review(lesson_id=lesson.id)
    review = lesson.review
    if review.account_id not in {None, account.id}:
        tell(tx, LessonReviewEnded(lesson.id, review.account_id), now)
    review.account_id, review.organisation_id = account.id, place.organisation_id
    review.asked_at, review.asked_by = now, actor.account_id
    tx.flush()
    record_event(tx, actor, "lesson.reviewer_asked", lesson, now)
    tell(tx, LessonReviewAsked(lesson.id), now)


def _place_of(person: Actor, lesson: Lesson) -> Membership:
    if lesson.organisation_id in person.organisation_ids:
        raise ReviewerRefused("author")
    places = [m for m in person.memberships if m.is_verified and m.role in ROLES_THAT_EDIT]
    if not places:
        raise ReviewerRefused("place")
    return places[0]


def dismiss_reviewer(tx: Tx, actor: Actor, lesson: Lesson, now: datetime) -> None:
    """Take a review back: from the next request on, whoever was asked has no part in the lesson.

    Raises:
        Refused: the actor does not decide for the secretariat.
    """
    require(actor, Permission.LESSON_ASSIGN, now, lesson)
    if lesson.review is not None:
        tell(tx, LessonReviewEnded(lesson.id, lesson.review.account_id), now)
        lesson.review = None
        record_event(tx, actor, "lesson.reviewer_dismissed", lesson, now)


def comment(tx: Tx, actor: Actor, lesson: Lesson, text: str, now: datetime) -> LessonComment:
    """Leave a word for the author, the reviewer and the secretariat; the others of them are told.

    Raises:
        Refused: the actor is none of them.
    """
    require(actor, Permission.LESSON_COMMENT, now, lesson)
    made = LessonComment(
        lesson_id=lesson.id, organisation_id=lesson.organisation_id, disclosure="own", is_published=True,
        by_organisation_id=_speaks_for(actor, lesson), made_by=actor.account_id, made_at=now, text=text,
    )  # fmt: skip
    tx.add(made)
    tx.flush()
    record_event(tx, actor, "lesson.commented", lesson, now)
    tell(tx, LessonCommented(made.id), now)
    return made


def _speaks_for(actor: Actor, lesson: Lesson) -> int:
    own = actor.membership_in(lesson.organisation_id)
    if own is not None and own.is_verified and own.role in ROLES_THAT_EDIT:
        return own.organisation_id
    office = actor.of_kind("secretariat")
    if office:
        return office[0].organisation_id
    if lesson.review is None:
        raise Refused(Permission.LESSON_COMMENT.value)
    return lesson.review.organisation_id
