"""Who learns what of lessons: the reviewer, the author, the secretariat, and those whose lesson is contradicted."""

import pytest
from sqlalchemy import select

from app.foundation.languages import say
from app.foundation.messages import Message
from app.lessons.events import (
    LessonAmended,
    LessonCommented,
    LessonContradicted,
    LessonCorroborated,
    LessonDue,
    LessonReviewAsked,
    LessonReviewEnded,
)
from app.lessons.models import LessonComment
from app.lessons.standing.models import LessonTie
from app.notifications.models import Mail, Notice
from app.notifications.queries import unread_notices
from app.notifications.reactions import tell_people
from tests.notifications.mailbox import carried


@pytest.fixture
def tell(tx, app):
    """Let these facts reach people, and give back who was told what: {account id: [sentences]}."""

    def happen(*facts):
        tx.flush()
        tell_people(app.extensions["counterpart"], facts)(tx)
        tx.flush()
        told = {}
        for notice in tx.scalars(select(Notice).order_by(Notice.id)):
            told.setdefault(notice.account_id, []).append(say(Message.from_json(notice.message), "en"))
        return told

    return happen


@pytest.fixture
def waiting(world):
    return world.lesson(world.organisation("donor"), status="submitted")


def reviewer_of(world, lesson):
    account = world.account(world.organisation("centre"))
    world.review(lesson, world.actor(account))
    return account


def test_whoever_is_asked_to_review_learns_of_it_and_of_new_words(world, tell, waiting):
    reviewer = reviewer_of(world, waiting)
    assert tell(LessonReviewAsked(waiting.id)) == {
        reviewer.id: [f"You are asked to review the lesson “{waiting.title}”"]
    }
    waiting.title = "Other words"
    assert len(tell(LessonAmended(waiting.id))[reviewer.id]) == 2


def test_whoever_is_no_longer_asked_learns_of_it_unless_asked_again(tx, world, tell, waiting):
    reviewer = reviewer_of(world, waiting)
    assert tell(LessonReviewEnded(waiting.id, reviewer.id)) == {}
    waiting.review = None
    tx.flush()
    assert tell(LessonReviewEnded(waiting.id, reviewer.id)) == {
        reviewer.id: [f"You are no longer asked to review the lesson “{waiting.title}”"]
    }


def test_an_amendment_of_a_lesson_without_reviewer_tells_nobody(world, tell, waiting):
    world.account(world.organisation("secretariat"))
    assert tell(LessonAmended(waiting.id)) == {}


def test_a_comment_is_told_to_the_others_without_its_words(tx, world, tell, waiting):
    author, office = world.account(waiting.organisation), world.account(world.organisation("secretariat"))
    reviewer = reviewer_of(world, waiting)
    comment = LessonComment(
        lesson_id=waiting.id, organisation_id=waiting.organisation_id, disclosure="own", is_published=True,
        by_organisation_id=waiting.organisation_id, made_by=author.id, made_at=world.now, text="Zanzibar",
    )  # fmt: skip
    tx.add(comment)
    tx.flush()
    told = tell(LessonCommented(comment.id))

    assert set(told) == {reviewer.id, office.id}
    assert {address for address, _cause in carried(tx)} == {reviewer.email}
    assert all("Zanzibar" not in mail.body for mail in tx.scalars(select(Mail)))
    waiting.review = None
    tx.flush()
    assert unread_notices(tx, world.actor(reviewer)) == []


@pytest.mark.parametrize(("fact", "word"), [(LessonContradicted, "contradicted"), (LessonCorroborated, "corroborated")])
def test_the_other_author_learns_of_a_tie_if_both_may_be_seen(tx, world, tell, fact, word):
    one, other = (world.lesson(world.organisation("donor"), title=f"Told {n}") for n in range(2))
    world.account(one.organisation)
    theirs = world.account(other.organisation)
    tie = LessonTie(first_id=one.id, second_id=other.id, kind=word, sentence="So.", organisation_id=one.organisation_id,
                    declared_at=world.now)  # fmt: skip
    tx.add(tie)
    tx.flush()

    assert tell(fact(tie.id)) == {theirs.id: [f"Your lesson “Told 1” is {word} by another one: “Told 0”"]}
    one.disclosure = "own"
    tx.flush()
    assert unread_notices(tx, world.actor(theirs)) == []


def test_a_lesson_that_is_due_is_told_to_author_and_validator_once(tx, world, tell):
    validator = world.account(world.organisation("secretariat"))
    lesson = world.lesson(world.organisation("donor"), review_by=world.now.date(), validated_by=validator.id)
    author = world.account(lesson.organisation)
    tell(LessonDue(lesson.id))
    told = tell(LessonDue(lesson.id))

    assert set(told) == {author.id, validator.id}
    assert all(len(sentences) == 1 for sentences in told.values())
