"""The two-minute form, made from the record: on the desk, in a mail, told, or nothing to tell."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.closing.models import LessonRequest
from app.closing.news import lesson_asked
from app.closing.queries import wanted_for_need
from app.closing.service import ask_for
from app.foundation.drafts import Draft
from app.lessons.models import Lesson
from app.notifications.rules import path_of
from app.notifications.telling import Telling

TYPED = {"verdict": "failed", "result": "Nobody came.", "instruction": "Ask the chiefs first. Then invite."}


@pytest.fixture
def asked(world, client, sign_in, tx, now):
    state = world.organisation()
    need = world.need(state, themes=["port_control"], disclosure="members", title="Scanners for the port")
    sign_in(client, world.account(state))
    tx.flush()
    return ask_for(tx, wanted_for_need(tx, need.id), now)[0]


def address(asked):
    return f"/lessons/asked/{asked.ref}"


def test_the_desk_says_of_what_one_is_asked(client, asked):
    page = client.get("/desk").text

    assert "Scanners for the port" in page
    assert address(asked) in page
    assert "Scanners for the port" in client.get("/lessons/asked").text


def test_the_form_is_filled_in_from_the_record(client, asked):
    page = client.get(address(asked)).text

    assert "Need “Scanners for the port”" in page
    assert "Asked for: Training" in page
    assert 'value="members" checked' in page.replace("checked value", "value") or "checked" in page


def test_three_short_fields_make_a_lesson(client, asked, tx):
    answer = client.submit(address(asked), TYPED, form_id="closing-form")
    assert answer.status_code == 303

    lesson = tx.scalars(select(Lesson)).one()
    assert (lesson.title, lesson.status, lesson.disclosure) == ("Ask the chiefs first", "submitted", "members")
    assert (lesson.subject_kind, lesson.subject_ref) == ("need", asked.about_ref)
    assert lesson.codes("theme") == ["port_control"]
    assert lesson.view == "recipient"
    assert asked.status == "told"
    assert client.get(address(asked)).status_code == 303
    assert "What did you learn?" not in client.get("/desk").text


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, asked):
    page = client.submit(address(asked), {**TYPED, "instruction": ""}, form_id="closing-form")

    assert page.status_code == 422
    assert "Say what to do next time, as an instruction." in page.text
    assert "Nobody came." in page.text


def test_nothing_to_tell(client, asked, tx):
    assert client.post(f"{address(asked)}/nothing").status_code == 303
    assert asked.status == "nothing"
    assert tx.scalars(select(Lesson)).all() == []
    assert client.post(f"{address(asked)}/nothing").status_code == 303


def test_what_is_typed_is_kept_as_a_draft_and_found_on_the_desk(client, asked, tx):
    fields = {**TYPED, "form_key": "closing-key"}
    assert client.post(f"{address(asked)}/draft", data=fields).status_code == 204

    assert tx.scalars(select(Draft)).one().record_ref == asked.ref
    assert f"{address(asked)}?draft=closing-key" in client.get("/desk").text
    assert "Nobody came." in client.get(f"{address(asked)}?draft=closing-key").text


def test_it_does_not_exist_for_others(client, asked, world, sign_in, new_client):
    other = new_client()
    sign_in(other, world.account(world.organisation("donor")))

    assert other.get(address(asked)).status_code == 404
    assert other.post(f"{address(asked)}/nothing").status_code == 404
    assert "Scanners" not in other.get("/lessons/asked").text


def test_a_donor_cannot_show_more_people_than_may_see_the_record(client, world, sign_in, tx, now):
    donor, need = world.organisation("donor"), world.need(world.organisation(), disclosure="members")
    world.pledge(need, donor, status="delivered", accepted_at=now)
    tx.flush()
    ask_for(tx, wanted_for_need(tx, need.id), now)
    row = tx.scalars(select(LessonRequest).where(LessonRequest.organisation_id == donor.id)).one()
    sign_in(client, world.account(donor))

    assert 'value="public"' not in client.get(address(row)).text
    wider = {**TYPED, "disclosure": "public"}
    assert client.submit(address(row), wider, form_id="closing-form").status_code == 422


def test_both_a_notice_and_a_mail_lead_to_the_form(asked, tx, app):
    class Fact:
        request_id = asked.id

    telling = Telling(tx, app.extensions["counterpart"].settings)
    lesson_asked(telling, Fact)

    (notice,) = telling.notices
    assert notice.by_mail
    assert path_of(notice.cause, notice.record_kind, notice.record_ref) == address(asked)
