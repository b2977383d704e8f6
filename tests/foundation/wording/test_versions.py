"""Versions of programmes, courses and lessons: what is kept of them, who reads which, and how changes are said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.courses import changes as course_changes
from app.courses.forms import values_of_session
from app.courses.service import SessionDraft, add_session, cancel_session
from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS
from app.foundation.wording.versions import RecordVersion, keep_before, keep_version, versions_of
from app.foundation.wording.words import steps
from app.programmes import changes
from app.programmes.models import Programme
from tests.factories import World


@pytest.fixture
def programme(world: World) -> Programme:
    return world.programme(world.organisation("donor"), title="Ports of the Gulf", contact="desk@donor.example")


def rewrite(tx: Tx, world: World, programme: Programme, now: datetime, **values: object) -> None:
    keep_before(tx, programme, changes.snapshot(programme))
    for name, value in values.items():
        setattr(programme, name, value)
    programme.changed_at = now
    tx.flush()
    actor = world.actor(world.account(programme.organisation))
    keep_version(tx, actor, programme, changes.snapshot(programme), now)
    tx.flush()


def test_the_state_before_the_first_change_is_kept_too(
    tx: Tx, world: World, programme: Programme, now: datetime
) -> None:
    rewrite(tx, world, programme, now + timedelta(days=1), title="Ports of the coast")
    rewrite(tx, world, programme, now + timedelta(days=2), status="3")
    versions = versions_of(tx, ANONYMOUS, programme)
    assert [version.snapshot["title"] for version in versions] == [
        "Ports of the coast", "Ports of the coast", "Ports of the Gulf",
    ]  # fmt: skip
    newest, second, first = steps(versions, changes.PARTS, "en")
    assert [change.label.text for change in newest.changes] == ["Status"]  # type: ignore[union-attr]
    assert second.changes[0].pieces == [("same", "Ports of the"), ("gone", "Gulf"), ("new", "coast")]
    assert first.is_first
    assert "Ports of the Gulf" in {change.after for change in first.changes}


def test_what_was_written_for_fewer_stays_theirs(tx: Tx, world: World, programme: Programme, now: datetime) -> None:
    programme.disclosure = "own"
    tx.flush()
    rewrite(tx, world, programme, now + timedelta(days=1), disclosure="public")
    member = world.actor(world.account(programme.organisation))
    assert len(versions_of(tx, ANONYMOUS, programme)) == 1
    assert len(versions_of(tx, member, programme)) == 2


def test_a_field_that_one_may_not_see_is_in_no_version(
    tx: Tx, world: World, programme: Programme, now: datetime
) -> None:
    rewrite(tx, world, programme, now + timedelta(days=1), contact="other@donor.example")
    rewrite(tx, world, programme, now + timedelta(days=2), field_disclosure={"contact": "members"})
    told = versions_of(tx, ANONYMOUS, programme, changes.SENSITIVE)
    assert all("contact" not in version.snapshot for version in told)
    assert not any(change.field == "contact" for step in steps(told, changes.PARTS, "en") for change in step.changes)
    member = world.actor(world.account(world.organisation("state", status="verified")))
    assert all("contact" in version.snapshot for version in versions_of(tx, member, programme, changes.SENSITIVE))


def test_what_we_say_is_in_the_readers_language_and_what_they_wrote_in_theirs(
    tx: Tx, world: World, programme: Programme, now: datetime
) -> None:
    rewrite(tx, world, programme, now + timedelta(days=1), status="3", title="Autre titre")
    newest = steps(versions_of(tx, ANONYMOUS, programme), changes.PARTS, "fr")[0]
    languages = {change.field: change.language for change in newest.changes}
    assert languages == {"title": "", "status": "fr"}


def test_the_sessions_of_a_course_belong_to_its_versions(tx: Tx, world: World, now: datetime) -> None:
    course = world.course(world.organisation("centre"), sessions=[{}])
    actor = world.actor(world.account(course.organisation))
    values = values_of_session(course.sessions[0])
    draft = SessionDraft(values["starts_on"], values["ends_on"], seats=12)
    session = add_session(tx, actor, course, draft, now)
    cancel_session(tx, actor, session, "No teacher", now)
    newest, second, _first = steps(versions_of(tx, ANONYMOUS, course), course_changes.PARTS, "en")
    assert [change.field for change in (*newest.changes, *second.changes)] == ["sessions", "sessions"]
    assert "Seats: 12" in second.changes[0].after
    assert newest.changes[0].after.count("Cancelled") == 1
    numbers = tx.scalars(select(RecordVersion.number).where(RecordVersion.record_kind == "course")).all()
    assert len(set(numbers)) == len(numbers)


def test_a_record_of_which_no_version_is_kept_has_no_steps(tx: Tx, programme: Programme) -> None:
    assert steps(versions_of(tx, ANONYMOUS, programme), changes.PARTS, "en") == []
