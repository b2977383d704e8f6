"""How a lesson is validated: in whose words, by whom, and what author, reviewer and secretariat say to each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Membership
from app.foundation.db import Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import ANONYMOUS, Refused
from app.foundation.wording.versions import StaleVersion
from app.lessons import service
from app.lessons.models import Lesson, LessonComment
from app.lessons.queries import find_lesson, queue, versions_shown
from app.lessons.validating.queries import author_changes, comments_of, due
from app.lessons.validating.service import (
    ReviewerRefused,
    Wording,
    ask_reviewer,
    comment,
    dismiss_reviewer,
    return_lesson,
    validate_lesson,
)
from app.search.documents import documents
from tests.factories import World
from tests.lessons.test_service import told
from tests.pages import CheckingClient

CLEARER = "Name, before anything is shipped, one person who opens the file."


@pytest.fixture
def lesson(tx: Tx, world: World, now: datetime) -> Lesson:
    """A lesson of a donor that waits for validation."""
    author = world.somebody("donor")
    return service.record_lesson(tx, author, author.memberships[0].organisation_id, told(), now)


@pytest.fixture
def office(world: World) -> Any:
    """Somebody who decides for the secretariat."""
    return world.somebody("secretariat")


def account_of(tx: Tx, actor: Any) -> Any:
    return tx.scalars(select(Membership).where(Membership.account_id == actor.account_id)).first().account  # type: ignore[union-attr]


# --- two texts ---


def test_clearer_words_are_shown_and_the_authors_kept(tx: Tx, lesson: Lesson, office: Any, now: datetime) -> None:
    before = lesson.instruction
    validate_lesson(tx, office, lesson, now, Wording({"instruction": CLEARER, "status": "returned"}))

    assert (lesson.instruction, lesson.author_words, lesson.status) == (CLEARER, {"instruction": before}, "validated")
    assert (lesson.validated_by, lesson.validated_at) == (office.account_id, now)
    body = documents(tx, "lesson", [lesson.id])[0].body
    assert any(term.startswith("ship") for term in body)
    assert [change.before for change in author_changes(ANONYMOUS, lesson)] == [before]


def test_the_same_words_leave_nothing_beside(tx: Tx, lesson: Lesson, office: Any, now: datetime) -> None:
    validate_lesson(tx, office, lesson, now, Wording({"instruction": lesson.instruction}, is_closed=True))

    assert (lesson.author_words, lesson.field_disclosure) == ({}, {})


def test_amended_it_waits_again_and_the_validated_words_stay_in_its_history(
    tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime
) -> None:
    validate_lesson(tx, office, lesson, now, Wording({"instruction": CLEARER}))
    author = world.actor(world.account(lesson.organisation))
    service.amend_lesson(tx, author, lesson, told(instruction="Ask first."), None, now)
    tx.flush()

    assert (lesson.status, lesson.author_words, lesson.validated_by) == ("submitted", {}, None)
    texts = [version.snapshot["instruction"] for version in versions_shown(tx, ANONYMOUS, lesson)]
    assert texts == ["Ask first.", CLEARER, told().instruction]


def test_words_that_put_somebody_at_risk_are_closed_to_others(
    tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime, clock: Any
) -> None:
    clock.move(days=1)
    later = clock.now()
    validate_lesson(tx, office, lesson, later, Wording({"context": "In 2019 in one port."}, is_closed=True))
    tx.flush()
    author = world.actor(world.account(lesson.organisation))

    for reader, sees in ((ANONYMOUS, False), (world.somebody("centre"), False), (author, True), (office, True)):
        assert bool(author_changes(reader, lesson)) is sees
        words = [version.snapshot["context"] for version in versions_shown(tx, reader, lesson)]
        assert (told().context in words) is sees


def test_whoever_was_slower_than_the_author_is_shown_both(
    tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime
) -> None:
    opened = lesson.version
    author = world.actor(world.account(lesson.organisation))
    service.amend_lesson(tx, author, lesson, told(title="Other words"), None, now)

    with pytest.raises(StaleVersion):
        validate_lesson(tx, office, lesson, now, Wording({"title": "Clearer"}), opened)


# --- the reviewer ---


def test_a_named_reviewer_validates(tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime) -> None:
    reviewer = world.somebody("centre")
    assert queue(tx, reviewer) == []
    ask_reviewer(tx, office, lesson, account_of(tx, reviewer), now)

    assert queue(tx, reviewer) == [lesson]
    validate_lesson(tx, reviewer, lesson, now)
    assert lesson.validated_by == reviewer.account_id
    assert queue(tx, reviewer) == []


def test_a_review_that_was_taken_back_gives_no_right(
    tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime
) -> None:
    reviewer = world.somebody("centre")
    ask_reviewer(tx, office, lesson, account_of(tx, reviewer), now)
    made = comment(tx, office, lesson, "Is the figure right?", now)
    assert comments_of(tx, reviewer, lesson) == [made]
    dismiss_reviewer(tx, office, lesson, now)
    tx.flush()

    assert queue(tx, reviewer) == []
    assert comments_of(tx, reviewer, lesson) == []
    for act in (validate_lesson, lambda *them: return_lesson(*them[:3], "No.", now)):
        with pytest.raises(Refused):
            act(tx, reviewer, lesson, now)
    with pytest.raises(Refused):
        comment(tx, reviewer, lesson, "Yet", now)


@pytest.mark.parametrize("loses", ["verification", "membership", "role"])
def test_a_reviewer_who_left_is_refused_on_the_next_request(
    tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime, loses: str
) -> None:
    account = world.account(world.organisation("centre"))
    ask_reviewer(tx, office, lesson, account, now)
    place = tx.scalars(select(Membership).where(Membership.account_id == account.id)).one()
    if loses == "verification":
        place.organisation.status = "suspended"
    elif loses == "membership":
        tx.delete(place)
    else:
        place.role = "member"
    tx.flush()
    reviewer = world.actor(account)

    with pytest.raises(Refused):
        validate_lesson(tx, reviewer, lesson, now)
    if loses != "role":
        assert queue(tx, reviewer) == []
        assert comments_of(tx, reviewer, lesson) == []


@pytest.mark.parametrize(("who", "reason"), [("colleague", "author"), ("unverified", "place"), ("member", "place")])
def test_who_cannot_review(
    tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime, who: str, reason: str
) -> None:
    accounts = {
        "colleague": lambda: world.account(lesson.organisation),
        "unverified": lambda: world.account(world.organisation("centre", "applied")),
        "member": lambda: world.account(world.organisation("centre"), "member"),
    }
    with pytest.raises(ReviewerRefused) as refused:
        ask_reviewer(tx, office, lesson, accounts[who](), now)
    assert refused.value.reason == reason


def test_reviewing_opens_nothing_that_was_closed(
    tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime
) -> None:
    reviewer = world.somebody("centre")
    lesson.disclosure = "own"
    tx.flush()
    with pytest.raises(ReviewerRefused) as refused:
        ask_reviewer(tx, office, lesson, account_of(tx, reviewer), now)
    assert refused.value.reason == "closed"

    lesson.disclosure = "members"
    tx.flush()
    ask_reviewer(tx, office, lesson, account_of(tx, reviewer), now)
    lesson.disclosure = "own"
    tx.flush()
    assert find_lesson(tx, reviewer, lesson.ref) is None
    assert queue(tx, reviewer) == []


def test_only_the_secretariat_names_a_reviewer(tx: Tx, lesson: Lesson, world: World, now: datetime) -> None:
    author, other = world.actor(world.account(lesson.organisation)), world.account(world.organisation("centre"))
    for actor in (author, world.somebody("secretariat", "member"), world.actor(other)):
        with pytest.raises(Refused):
            ask_reviewer(tx, actor, lesson, other, now)


# --- comments ---


def test_only_the_three_see_the_thread(tx: Tx, lesson: Lesson, office: Any, world: World, now: datetime) -> None:
    author, reviewer = world.actor(world.account(lesson.organisation)), world.somebody("centre")
    world.review(lesson, reviewer)
    said = [comment(tx, actor, lesson, "A word", now) for actor in (office, author, reviewer)]
    tx.flush()

    for reader in (author, office, reviewer):
        assert comments_of(tx, reader, lesson) == said
    for reader in (ANONYMOUS, world.somebody("donor"), world.somebody("centre")):
        assert comments_of(tx, reader, lesson) == []
        with pytest.raises(Refused):
            comment(tx, reader, lesson, "Me too", now)
    assert [one.by_organisation_id for one in said] == [
        office.memberships[0].organisation_id, lesson.organisation_id, reviewer.memberships[0].organisation_id,
    ]  # fmt: skip
    assert tx.scalars(select(OutboxRow.fact)).all().count("LessonCommented") == 3


def test_what_is_due_is_in_the_queue_of_the_secretariat(tx: Tx, world: World, office: Any, now: datetime) -> None:
    past = world.lesson(world.organisation(), review_by=now.date().replace(day=1))
    world.lesson(world.organisation(), review_by=now.date())
    world.lesson(world.organisation(), review_by=now.date().replace(day=1), status="submitted")

    assert due(tx, office, now.date()) == [past]


# --- the pages ---


def test_a_lesson_is_put_in_clearer_words_on_its_page(
    client: CheckingClient, world: World, sign_in: Any, new_client: Any, tx: Tx
) -> None:
    waiting = world.lesson(world.organisation(), status="submitted", instruction="Formez.")
    sign_in(client, world.account(world.organisation("secretariat")))
    address = f"/lessons/{waiting.ref}"
    empty = client.submit(
        address, {"decision": "validate", "instruction": ""}, form_id="decide-form", to=f"{address}/decide"
    )
    assert empty.status_code == 422
    assert "as an instruction" in empty.text

    fields = {"decision": "validate", "instruction": "Formez titulaire et suppléant ensemble."}
    assert client.submit(address, fields, form_id="decide-form", to=f"{address}/decide").status_code == 303
    page = new_client().get(address).text
    assert "In the author’s own words" in page
    assert ">put in: </span>Formez titulaire et suppléant ensemble.</ins>" in page
    assert "Formez titulaire et suppléant ensemble." in new_client().get("/lessons").text


def test_two_decisions_at_once_show_both_texts(
    client: CheckingClient, world: World, sign_in: Any, tx: Tx, now: datetime
) -> None:
    waiting = world.lesson(world.organisation(), status="submitted")
    sign_in(client, world.account(world.organisation("secretariat")))
    address = f"/lessons/{waiting.ref}"
    fields = {**client.form(address, "decide-form"), "decision": "validate", "instruction": "Mine."}
    waiting.instruction = "Theirs."
    tx.flush()

    answer = client.post(f"{address}/decide", data=fields)
    assert answer.status_code == 409
    assert "Mine." in answer.text
    assert "Theirs." in answer.text


def test_somebody_is_asked_by_address_and_finds_the_lesson_on_the_desk(
    client: CheckingClient, world: World, sign_in: Any, new_client: Any
) -> None:
    waiting = world.lesson(world.organisation(), status="submitted", title="Une leçon à relire")
    reviewer = world.account(world.organisation("centre"))
    sign_in(client, world.account(world.organisation("secretariat")))
    address = f"/lessons/{waiting.ref}"

    for email in ("nobody@nowhere.example", "no address"):
        page = client.submit(address, {"email": email}, form_id="reviewer-form", to=f"{address}/reviewer")
        assert page.status_code == 422
        assert "Nobody has an account" in page.text
        assert email in page.text
    colleague = world.account(waiting.organisation)
    page = client.submit(address, {"email": colleague.email}, form_id="reviewer-form", to=f"{address}/reviewer")
    assert "belongs to the organisation that told the lesson" in page.text
    asked = client.submit(address, {"email": reviewer.email}, form_id="reviewer-form", to=f"{address}/reviewer")
    assert asked.status_code == 303
    assert reviewer.name in client.get(address).text

    theirs = new_client()
    sign_in(theirs, reviewer)
    page = theirs.get(address).text
    assert "Asked to review it: <span" in page
    assert "somebody, " not in page
    assert "Write in the language of the lesson, French," in page
    assert "Une leçon à relire" in theirs.get("/lessons/queue").text
    assert "Une leçon à relire" in theirs.get("/desk").text
    assert 'id="decide-form"' in theirs.get(address).text
    assert client.submit(address, {}, form_id="dismiss-form", to=f"{address}/reviewer/dismiss").status_code == 303
    assert 'id="decide-form"' not in theirs.get(address).text
    assert theirs.post(f"{address}/decide", data={"decision": "validate"}).status_code == 403


def test_the_thread_is_on_the_page_of_the_three_alone(
    client: CheckingClient, world: World, sign_in: Any, new_client: Any, tx: Tx
) -> None:
    waiting = world.lesson(world.organisation(), status="submitted")
    sign_in(client, world.account(waiting.organisation))
    address = f"/lessons/{waiting.ref}"
    empty = client.submit(address, {"text": ""}, form_id="comment-form", to=f"{address}/comments")
    assert empty.status_code == 422
    said = client.submit(address, {"text": "Zanzibar was meant."}, form_id="comment-form", to=f"{address}/comments")
    assert said.status_code == 303
    assert "Zanzibar was meant." in client.get(address).text

    other = new_client()
    for kind in ("", "donor"):
        if kind:
            sign_in(other, world.account(world.organisation(kind)))
        page = other.get(address).text
        assert "Zanzibar" not in page
        assert "Between author" not in page
    assert other.post(f"{address}/comments", data={"text": "Hello"}).status_code == 403
    assert [one.text for one in tx.scalars(select(LessonComment))] == ["Zanzibar was meant."]
