"""What may be done with lessons and outputs, by whom, and what is kept of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.foundation.wording.versions import StaleVersion
from app.lessons import output_service, rules, service
from app.lessons.output_service import OutputDraft
from app.lessons.queries import find_lesson, return_reason
from app.lessons.service import LessonDraft
from app.lessons.validating import service as validating
from tests.factories import World


def told(**changes: Any) -> LessonDraft:
    return LessonDraft(
        **{
            "language": "en",
            "title": "Kits expired before customs cleared them",
            "context": "In 2019 a donor shipped 2,000 kits.",
            "action": "Nobody opened the exemption file.",
            "result": "Four kits were within their shelf life.",
            "instruction": "Name one person who opens the file.",
            "themes": ("precursor_control",),
            "kinds": ("equipment",),
            "countries": ("GH",),
            "verdict": "failed",
            **changes,
        }
    )


def facts(tx: Tx) -> list[str]:
    tx.flush()
    return list(tx.scalars(select(OutboxRow.fact).order_by(OutboxRow.id)))


def test_a_recorded_lesson_is_shown_at_once_and_marked(tx: Tx, world: World, now: datetime) -> None:
    author = world.somebody("donor")

    lesson = service.record_lesson(tx, author, author.memberships[0].organisation_id, told(), now)

    assert (lesson.status, lesson.is_published) == ("submitted", True)
    assert lesson.codes("theme") == ["precursor_control"]
    assert [event.action for event in history_of(tx, lesson.ref)] == ["lesson.recorded"]
    assert facts(tx) == ["LessonRecorded"]


@pytest.mark.parametrize(("role", "status"), [("member", "verified"), ("editor", "applied"), ("editor", "suspended")])
def test_who_may_not_record(tx: Tx, world: World, now: datetime, role: str, status: str) -> None:
    organisation = world.organisation("donor", status)
    author = world.actor(world.account(organisation, role))

    with pytest.raises(Refused):
        service.record_lesson(tx, author, organisation.id, told(), now)


def test_nobody_records_for_an_organisation_that_is_not_theirs(tx: Tx, world: World, now: datetime) -> None:
    with pytest.raises(Refused):
        service.record_lesson(tx, world.somebody("donor"), world.organisation().id, told(), now)


def test_only_the_secretariat_validates(tx: Tx, world: World, now: datetime) -> None:
    author = world.somebody("donor")
    lesson = service.record_lesson(tx, author, author.memberships[0].organisation_id, told(), now)

    with pytest.raises(Refused):
        validating.validate_lesson(tx, author, lesson, now)
    validating.validate_lesson(tx, world.somebody("secretariat"), lesson, now)

    assert lesson.status == "validated"
    assert lesson.review_by is not None


def test_a_returned_lesson_is_its_authors_alone_until_amended(tx: Tx, world: World, now: datetime) -> None:
    author, office, reader = world.somebody("donor"), world.somebody("secretariat"), world.somebody("state")
    lesson = service.record_lesson(tx, author, author.memberships[0].organisation_id, told(), now)

    validating.return_lesson(tx, office, lesson, "Say who opened the file.", now)
    tx.flush()

    assert find_lesson(tx, reader, lesson.ref) is None
    assert find_lesson(tx, author, lesson.ref) is lesson
    assert return_reason(tx, lesson) == "Say who opened the file."
    service.amend_lesson(tx, author, lesson, told(cause="The embassy had."), lesson.version, now)
    assert find_lesson(tx, reader, lesson.ref) is lesson


def test_amending_what_was_validated_asks_for_validation_again(tx: Tx, world: World, now: datetime) -> None:
    author = world.somebody("donor")
    lesson = service.record_lesson(tx, author, author.memberships[0].organisation_id, told(), now)
    validating.validate_lesson(tx, world.somebody("secretariat"), lesson, now)

    service.amend_lesson(tx, author, lesson, told(title="Kits expired"), None, now)

    assert lesson.status == "submitted"
    assert facts(tx) == ["LessonRecorded", "LessonValidated", "LessonAmended"]


def test_two_editors_never_overwrite_each_other(tx: Tx, world: World, now: datetime) -> None:
    author = world.somebody("donor")
    lesson = service.record_lesson(tx, author, author.memberships[0].organisation_id, told(), now)
    opened = lesson.version
    service.amend_lesson(tx, author, lesson, told(title="First"), opened, now)

    with pytest.raises(StaleVersion):
        service.amend_lesson(tx, author, lesson, told(title="Second"), opened, now)

    assert lesson.title == "First"


def test_a_lesson_is_decided_on_once(tx: Tx, world: World, now: datetime) -> None:
    lesson = world.lesson(world.organisation(), status="validated")

    with pytest.raises(rules.MoveRefused):
        validating.return_lesson(tx, world.somebody("secretariat"), lesson, "Too late.", now)


def test_an_output_leads_to_https_alone(tx: Tx, world: World, now: datetime) -> None:
    owner = world.somebody("centre")
    draft = OutputDraft("fr", "Manuel", "manual", ("asset_recovery",), website="http://example.org/x")

    with pytest.raises(output_service.AddressRefused):
        output_service.record_output(tx, owner, owner.memberships[0].organisation_id, draft, now)


def test_an_output_is_recorded_and_amended(tx: Tx, world: World, now: datetime) -> None:
    owner = world.somebody("centre")
    draft = OutputDraft("fr", "Manuel", "manual", ("asset_recovery",), website="https://example.org/manuel")

    output = output_service.record_output(tx, owner, owner.memberships[0].organisation_id, draft, now)
    output_service.amend_output(tx, owner, output, OutputDraft("fr", "Guide", "manual", ("customs",)), None, now)

    assert (output.title, output.codes("theme")) == ("Guide", ["customs"])
    assert facts(tx) == ["OutputRecorded", "OutputAmended"]
