"""What facts about lessons mean for people: the secretariat, whoever reviews, the author, and those who differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.accounts.models import Account
from app.accounts.queries import account_by_id, secretariat_accounts
from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.lessons.models import Lesson, LessonComment
from app.lessons.standing.models import LessonTie
from app.notifications.rules import cause_of
from app.notifications.telling import Telling


def lesson_recorded(telling: Telling, fact: Any) -> None:
    """The secretariat is asked to validate."""
    lesson = _lesson(telling, fact.lesson_id)
    if lesson is not None and lesson.status == "submitted":
        cause = cause_of("lesson_waits", ("lesson", lesson.ref))
        message = msg("The lesson “%(lesson)s” waits for validation", lesson=lesson.title)
        telling.tell(secretariat_accounts(telling.tx), cause, message, lesson)


def lesson_decided(what: str, message: Message) -> Callable[[Telling, Any], None]:
    """The author learns what was decided."""

    def tell(telling: Telling, fact: Any) -> None:
        lesson = _lesson(telling, fact.lesson_id)
        if lesson is not None:
            cause = cause_of(what, ("lesson", lesson.ref), ("version", str(lesson.version)))
            words = Message(message.text, {"lesson": lesson.title})
            telling.tell(telling.people_of(lesson.organisation_id), cause, words, lesson)

    return tell


def review_asked(telling: Telling, fact: Any) -> None:
    """Whoever was asked to review a lesson learns of it, and again when the lesson has new words."""
    lesson = _lesson(telling, fact.lesson_id)
    if lesson is None or lesson.review is None or lesson.status != "submitted":
        return
    cause = cause_of("lesson_review", ("lesson", lesson.ref), ("version", str(lesson.version)))
    message = msg("You are asked to review the lesson “%(lesson)s”", lesson=lesson.title)
    telling.tell(_known(account_by_id(telling.tx, lesson.reviewer_id)), cause, message, lesson)


def review_ended(telling: Telling, fact: Any) -> None:
    """Whoever was asked to review a lesson learns that it is no longer needed, unless asked again since."""
    lesson = _lesson(telling, fact.lesson_id)
    if lesson is None or lesson.reviewer_id == fact.account_id:
        return
    cause = cause_of("lesson_review_ended", ("lesson", lesson.ref), ("version", str(lesson.version)))
    message = msg("You are no longer asked to review the lesson “%(lesson)s”", lesson=lesson.title)
    telling.tell(_known(account_by_id(telling.tx, fact.account_id)), cause, message, lesson)


def lesson_commented(telling: Telling, fact: Any) -> None:
    """The others of author, reviewer and secretariat learn that there is a comment; not what it says."""
    query = readable(SYSTEM, LessonComment).where(LessonComment.id == fact.comment_id)
    comment = telling.tx.scalar(query)
    lesson = _lesson(telling, comment.lesson_id) if comment is not None else None
    if comment is None or lesson is None:
        return
    cause = cause_of("lesson_commented", ("lesson", lesson.ref), ("lesson_comment", comment.ref))
    message = msg("There is a new comment on the lesson “%(lesson)s”", lesson=lesson.title)
    reviewer = _known(account_by_id(telling.tx, lesson.reviewer_id)) if lesson.review else []
    for people, by_mail in (
        ([*telling.people_of(lesson.organisation_id), *reviewer], True),
        (secretariat_accounts(telling.tx), False),
    ):
        others = [person for person in people if person.id != comment.made_by]
        telling.tell(others, cause, message, lesson, by_mail=by_mail)


def lesson_tied(what: str, message: Message) -> Callable[[Telling, Any], None]:
    """Those who told one of two lessons learn that another corroborates or contradicts theirs."""

    def tell(telling: Telling, fact: Any) -> None:
        tie = telling.tx.get(LessonTie, fact.tie_id)
        if tie is None:
            return
        for own_id, other_id in ((tie.first_id, tie.second_id), (tie.second_id, tie.first_id)):
            own, other = _lesson(telling, own_id), _lesson(telling, other_id)
            if own is None or other is None or own.organisation_id == tie.organisation_id:
                continue
            cause = cause_of(what, ("lesson", own.ref), ("lesson", other.ref), ("tie", tie.ref))
            words = Message(message.text, {"lesson": own.title, "other": other.title})
            telling.tell(telling.people_of(own.organisation_id), cause, words, own)

    return tell


def lesson_due(telling: Telling, fact: Any) -> None:
    """The author and whoever validated a lesson are asked, once for each day, whether it is still true."""
    lesson = _lesson(telling, fact.lesson_id)
    if lesson is None or lesson.review_by is None or lesson.status != "validated":
        return
    cause = cause_of("lesson_due", ("lesson", lesson.ref), ("day", lesson.review_by.isoformat()))
    message = msg("The lesson “%(lesson)s” is due for another look: is it still true?", lesson=lesson.title)
    people = telling.people_of(lesson.organisation_id)
    there = {person.id for person in people}
    validator = _known(account_by_id(telling.tx, lesson.validated_by)) if lesson.validated_by else []
    telling.tell([*people, *(one for one in validator if one.id not in there)], cause, message, lesson)


def _known(account: Account | None) -> list[Account]:
    return [account] if account is not None and account.status == "active" else []


def _lesson(telling: Telling, number: int) -> Lesson | None:
    return telling.tx.scalar(readable(SYSTEM, Lesson).where(Lesson.id == number))
