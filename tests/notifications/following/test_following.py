"""Following a record: the button, who is told of what, and that nobody learns what may not be seen any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.privacy.service import erase, export_of
from app.coordination.events import MeetingCancelled
from app.courses.events import CourseWithdrawn, SessionCancelled, SessionChanged, SessionPosted
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.messages import Message
from app.foundation.outbox import Fact
from app.foundation.wording.versions import keep_before, keep_version
from app.lessons.events import LessonReturned, LessonValidated
from app.needs.events import NeedAmended, NeedClosed, NeedWithdrawn
from app.notifications.following import service
from app.notifications.following.changed import changed_parts, in_words
from app.notifications.following.models import Follow, MatchThreshold
from app.notifications.following.news import news_of, register
from app.notifications.following.queries import followed_by
from app.notifications.following.reactions import tell_those_who_follow
from app.notifications.handing_over import hand_over_subscriptions
from app.notifications.models import Notice
from app.programmes.changes import snapshot
from app.programmes.events import ProgrammeAmended, ProgrammeClosed
from tests.factories import World
from tests.notifications.mailbox import carried, letters

Tell = Callable[..., dict[int, list[str]]]


@pytest.fixture
def tell(tx: Tx, app: Flask) -> Tell:
    """Let these facts reach those who follow; who was told what."""

    def happen(*facts: Fact) -> dict[int, list[str]]:
        tx.flush()
        tell_those_who_follow(app.extensions["counterpart"], facts)(tx)
        tx.flush()
        found: dict[int, list[str]] = {}
        for notice in tx.scalars(select(Notice).order_by(Notice.id)):
            found.setdefault(notice.account_id, []).append(say(Message.from_json(notice.message), "en"))
        return found

    return happen


@pytest.fixture
def follow(tx: Tx, world: World, now: datetime) -> Callable[..., Any]:
    """Somebody of another State follows these records."""

    def begin(*records: Any, **kw: Any) -> Any:
        account = world.account(world.organisation(**kw))
        for record in records:
            assert service.follow(tx, world.actor(account), record.record_kind, record.ref, now)
        tx.flush()
        return account

    return begin


def test_the_button_follows_and_stops(client: FlaskClient, sign_in: Any, world: World, tx: Tx, new_client: Any) -> None:
    need = world.need(world.organisation(), title="Ports")
    account = world.account(world.organisation())
    assert "Follow this" not in client.get(f"/needs/{need.ref}").text
    sign_in(client, account)
    client.submit(f"/needs/{need.ref}", to=f"/follows/need/{need.ref}")
    page = client.get(f"/needs/{need.ref}").text
    assert "You follow this." in page
    client.post(f"/follows/need/{need.ref}")
    assert len(tx.scalars(select(Follow)).all()) == 1
    assert need.title in client.get("/subscriptions").text
    client.submit(f"/needs/{need.ref}", to=f"/follows/need/{need.ref}/stop")
    assert tx.scalars(select(Follow)).all() == []
    assert client.post(f"/follows/need/{need.ref}/stop").status_code == 404


@pytest.mark.parametrize("kind", ["programme", "course", "lesson", "meeting"])
def test_other_records_have_the_button_too(client: FlaskClient, sign_in: Any, world: World, kind: str) -> None:
    owner = world.organisation({"programme": "donor", "course": "centre"}.get(kind, "state"))
    record = getattr(world, kind)(owner)
    sign_in(client, world.account(world.organisation()))
    page = client.get(f"/{kind}s/{record.ref}")
    assert f"/follows/{kind}/{record.ref}" in page.text


def test_what_one_may_not_see_cannot_be_followed(client: FlaskClient, sign_in: Any, world: World, tx: Tx) -> None:
    need = world.need(world.organisation(), disclosure="own")
    sign_in(client, world.account(world.organisation()))
    for address in (f"need/{need.ref}", "need/N-0000-0000", "pledge/G-0000-0000", "nothing/x"):
        assert client.post(f"/follows/{address}").status_code == 404
    assert tx.scalars(select(Follow)).all() == []


def test_those_who_follow_are_told_of_an_amendment(world: World, follow: Any, tell: Tell, tx: Tx) -> None:
    need = world.need(world.organisation(), title="Ports")
    account, other = follow(need), world.account(need.organisation)
    need.version = 2
    told = tell(NeedAmended(need.id, 2), NeedAmended(need.id, 2))
    assert told == {account.id: ["“Ports”, which you follow or have to do with, was amended"]}
    assert [address for address, _cause in carried(tx)] == [account.email]
    assert other.id not in told


def test_whoever_pledged_or_was_strongly_matched_is_told_too(
    world: World,
    tell: Tell,
    pair: Any,
    follow: Any,
) -> None:
    need = world.need(world.organisation(), title="Ports")
    pledge = world.pledge(need, world.organisation("donor"))
    strong, weak = (world.programme(world.organisation("donor")) for _ in range(2))
    pair(need, strong)
    pair(need, weak, gate="near_miss")
    people = [world.account(one.organisation) for one in (pledge, strong)]
    nobody = world.account(weak.organisation)
    assert set(tell(NeedAmended(need.id, 2))) == {person.id for person in people}
    assert nobody.id
    # Of its end the donor is told in the words of the pledge, and not a second time.
    need.status, need.version = "closed", 3
    told = tell(NeedClosed(need.id))
    assert [len(told[person.id]) for person in people] == [1, 2]


def test_of_what_was_withdrawn_only_the_reference_is_told(
    world: World, follow: Any, tell: Tell, tx: Tx, site: Any, now: Any
) -> None:
    need = world.need(world.organisation(), title="Secret ports", disclosure="members")
    account = follow(need)
    lost = follow(need)
    lost.memberships[0].organisation.status = "applied"
    need.status, need.is_published = "withdrawn", False
    told = tell(NeedWithdrawn(need.id))
    assert told == {account.id: [f"{need.ref}, which you follow or have to do with, was withdrawn"]}
    (mail,) = letters(tx, site, now)
    assert "Secret" not in mail.subject + mail.text + mail.html
    (kept,) = followed_by(tx, world.actor(account))
    assert kept.record is None


def test_whoever_may_not_see_it_any_more_is_not_told(world: World, follow: Any, tell: Tell, tx: Tx) -> None:
    need = world.need(world.organisation(), title="Ports")
    account = follow(need)
    need.disclosure = "own"
    assert tell(NeedAmended(need.id, 2)) == {}
    (kept,) = followed_by(tx, world.actor(account))
    assert kept.record is None


def test_the_list_does_not_name_what_is_no_longer_available(
    client: FlaskClient, sign_in: Any, world: World, follow: Any
) -> None:
    need = world.need(world.organisation(), title="Secret ports")
    account = follow(need)
    need.disclosure = "own"
    sign_in(client, account)
    page = client.get("/subscriptions").text
    assert "no longer available" in page
    assert need.ref in page
    assert "Secret ports" not in page


def test_sessions_of_a_course_that_one_follows(world: World, follow: Any, tell: Tell) -> None:
    course = world.course(world.organisation("centre"), title="Drones", sessions=[{"starts_on": date(2027, 3, 8)}])
    run, account = course.sessions[0], follow(course)
    facts = [SessionPosted(course.id, run.id), SessionChanged(course.id, run.id)]
    told = tell(*facts)
    assert told == {account.id: ["“Drones”, which you follow, has a new session, from 8 March 2027 on"]}
    course.version = 2
    assert len(tell(SessionChanged(course.id, run.id, has_moved=True))[account.id]) == 2
    course.version, run.status = 3, "cancelled"
    assert "is cancelled" in tell(SessionCancelled(course.id, run.id))[account.id][-1]
    course.status, course.is_published = "withdrawn", False
    assert "was withdrawn" in tell(CourseWithdrawn(course.id))[account.id][-1]


def test_programmes_lessons_and_meetings(world: World, follow: Any, tell: Tell) -> None:
    programme = world.programme(world.organisation("donor"), title="Aid")
    lesson = world.lesson(world.organisation(), title="Learned")
    meeting = world.meeting(world.organisation(), title="Round table")
    account = follow(programme, lesson, meeting)
    assert "was amended" in tell(ProgrammeAmended(programme.id))[account.id][-1]
    programme.version = 2
    assert tell(ProgrammeClosed(programme.id))[account.id][-1].endswith("was closed")
    assert "was validated" in tell(LessonValidated(lesson.id))[account.id][-1]
    assert "is cancelled" in tell(MeetingCancelled(meeting.id))[account.id][-1]
    lesson.status, lesson.is_published = "returned", False
    assert tell(LessonReturned(lesson.id))[account.id][-1].startswith(lesson.ref)


def test_other_features_hang_their_own_facts_in(tell: Tell) -> None:
    assert news_of("ClarificationAnswered") is None
    register("ClarificationAnswered", lambda _telling, _fact: None)
    assert news_of("ClarificationAnswered") is not None


def test_what_changed_is_said_in_the_words_of_the_form(tx: Tx, world: World, now: datetime) -> None:
    programme = world.programme(world.organisation("donor"))
    assert changed_parts(tx, programme) == []
    keep_before(tx, programme, snapshot(programme))
    programme.title, programme.conditions, programme.version = "Other", "None", 2
    tx.flush()
    keep_version(tx, world.somebody("donor"), programme, snapshot(programme), now)
    tx.flush()
    said = in_words(changed_parts(tx, programme))
    assert said is not None
    assert say(said, "en") == "Title, Conditions"
    programme.disclosure = "own"
    keep_version(tx, world.somebody("donor"), programme, snapshot(programme), now)
    assert in_words([Message(word) for word in "abcd"]) is not None


def test_erased_and_handed_over(
    client: FlaskClient, sign_in: Any, world: World, follow: Any, tx: Tx, now: datetime
) -> None:
    one, two = world.need(world.organisation()), world.need(world.organisation())
    account = follow(one, two)
    colleague = follow(one)
    assert hand_over_subscriptions(tx, account.id, colleague.id, now) == 1
    tx.flush()
    assert {row.account_id for row in tx.scalars(select(Follow))} == {colleague.id}
    service.choose_threshold(tx, world.actor(colleague), "strong", now)
    tx.flush()
    kept = export_of(tx, world.actor(colleague), now)
    assert len(kept["follows"]) == 2
    assert kept["match_thresholds"][0]["least"] == "strong"
    erase(tx, colleague)
    assert tx.scalars(select(Follow)).all() == []
    assert tx.scalars(select(MatchThreshold)).all() == []


def test_the_threshold_is_chosen_on_the_page(client: FlaskClient, sign_in: Any, world: World, tx: Tx) -> None:
    sign_in(client, world.account(world.organisation()))
    client.submit("/subscriptions", {"least": "strong"}, form_id="match-threshold", to="/follows/threshold")
    client.submit("/subscriptions", {"least": "weak"}, form_id="match-threshold", to="/follows/threshold")
    assert [row.least for row in tx.scalars(select(MatchThreshold))] == ["weak"]
    assert client.post("/follows/threshold", data={"least": "any"}).status_code == 400
