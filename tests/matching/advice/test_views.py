"""Lessons beside forms, on records, matches and pledges: what is shown, answered, kept, and seen by whom."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.foundation.drafts import Draft
from app.foundation.references import new_reference
from app.matching.advice.models import LessonAnswer
from app.matching.advice.rules import AnswerDraft
from app.matching.advice.service import answer_lesson
from app.matching.relations.records import side_of
from app.pledges.models import Pledge
from app.programmes.models import Programme
from tests.matching.pairs import match

PROGRAMME = {
    "language": "en", "title": "Precursor kits", "description": "Test kits for precursors at the port.",
    "themes": ["precursor_control"], "countries": ["SN"], "offers-0-kind": "equipment", "accepting": "yes",
}  # fmt: skip


@pytest.fixture
def donor(world, client, sign_in):
    donor = world.organisation("donor")
    sign_in(client, world.account(donor))
    return donor


@pytest.fixture
def state(world, client, sign_in):
    state = world.organisation()
    sign_in(client, world.account(state))
    return state


def said(lesson, says="", reason=""):
    return {f"lesson-{lesson.ref}-says": says, f"lesson-{lesson.ref}-reason": reason}


def post_programme(client, donor, *answers, **values):
    fields = {"form_key": new_reference("X"), "organisation": donor.ref, **PROGRAMME, **values}
    for answer in answers:
        fields |= answer
    return client.post("/programmes/new", data=fields)


def test_while_one_types_lessons_come_with_fields_that_belong_to_the_form(client, library, donor):
    lesson = library.lesson(verdict="failed")
    page = client.post("/lessons/alike?beside=programme-form", data=PROGRAMME)

    assert page.status_code == 200
    assert lesson.title in page.text
    assert "same theme: Precursor control" in page.text
    assert f'name="lesson-{lesson.ref}-says"' in page.text
    assert 'form="programme-form"' in page.text


def test_what_is_no_form_of_ours_gets_no_fields(client, library):
    lesson = library.lesson()
    page = client.post("/lessons/alike?beside=<script>", data={"themes": "precursor_control"})

    assert lesson.title in page.text
    assert "<select" not in page.text


def test_answers_given_beside_the_form_are_saved_with_the_record(client, library, donor, tx):
    applied, other, untouched = (library.lesson(f"Lesson {n}") for n in range(3))
    answers = (said(applied, "applied"), said(other, "not_applicable", "No port here"), said(untouched))
    assert post_programme(client, donor, *answers).status_code == 303

    programme = tx.scalars(select(Programme).where(Programme.organisation_id == donor.id)).one()
    rows = tx.scalars(select(LessonAnswer).order_by(LessonAnswer.lesson_id)).all()
    assert [(row.lesson_id, row.of_ref, row.says, row.reason) for row in rows] == [
        (applied.id, programme.ref, "applied", ""), (other.id, programme.ref, "not_applicable", "No port here"),
    ]  # fmt: skip


def test_an_answer_without_its_reason_holds_nothing_back_and_says_what_to_do(client, library, donor, tx):
    lesson = library.lesson("Kits expired")
    answer = post_programme(client, donor, said(lesson, "not_applicable"))

    assert answer.status_code == 303
    assert tx.scalars(select(LessonAnswer)).all() == []
    assert "Your answer to “Kits expired” is not kept yet" in client.get(answer.location).text


def test_a_form_that_comes_back_shows_the_lessons_with_what_was_answered(client, library, donor):
    lesson = library.lesson()
    page = post_programme(client, donor, said(lesson, "not_applicable", "No port here"), title="")

    assert page.status_code == 422
    assert lesson.title in page.text
    assert "No port here" in page.text


def test_what_was_answered_stays_in_the_form_when_the_lesson_would_not_be_shown_any_more(client, library, donor):
    lesson = library.lesson("On prisons", themes=["prisons"], kinds=["study"])
    page = client.post("/lessons/alike?beside=programme-form", data=PROGRAMME | said(lesson, "applied"))

    assert "On prisons" in page.text


def test_answers_are_kept_in_the_draft_and_come_back_with_it(client, library, donor, tx):
    lesson = library.lesson()
    key = new_reference("X")
    fields = {"form_key": key, **PROGRAMME} | said(lesson, "not_applicable", "No port here")
    assert client.post("/programmes/draft", data=fields).status_code == 204

    assert tx.scalars(select(Draft)).one().key == key
    page = client.get(f"/programmes/new?draft={key}")
    assert lesson.title in page.text
    assert "No port here" in page.text


def test_the_owner_answers_on_the_page_of_the_record_without_a_script(client, library, state, world, tx):
    lesson, need = library.lesson(), world.need(state, themes=["precursor_control"])
    page = client.get(f"/needs/{need.ref}")
    assert "Do you apply it?" in page.text

    address = f"/lessons/{lesson.ref}/answers/{need.ref}"
    refused = client.post(address, data=said(lesson, "not_applicable") | key_of(lesson))
    assert refused.status_code == 422
    assert "Say why it does not apply" in refused.text
    assert client.post(address, data=said(lesson, "not_applicable", "No port") | key_of(lesson)).status_code == 303
    assert tx.scalars(select(LessonAnswer)).one().reason == "No port"
    assert "No port" in client.get(f"/needs/{need.ref}").text
    assert "said not to apply in 1 record" in client.get(f"/lessons/{lesson.ref}").text


def key_of(lesson):
    return {f"lesson-{lesson.ref}-form_key": new_reference("X")}


def test_others_read_the_answer_and_cannot_give_one(client, library, world, tx, now, donor):
    state = world.organisation()
    lesson, need = library.lesson(), world.need(state, themes=["precursor_control"])
    answer_lesson(tx, world.actor(world.account(state)), lesson, side_of(need), AnswerDraft("applied"), now)
    page = client.get(f"/needs/{need.ref}")

    assert "applied in 1 record" in page.text
    assert "Do you apply it?" not in page.text
    assert client.post(f"/lessons/{lesson.ref}/answers/{need.ref}", data=said(lesson, "applied")).status_code == 403


def test_a_hidden_record_and_a_hidden_lesson_do_not_exist(client, library, world, donor, tx, now):
    state = world.organisation()
    hidden = world.need(state, themes=["precursor_control"], disclosure="own", title="Hidden need")
    secret = library.lesson("Secret lesson", organisation=state, disclosure="own")
    lesson = library.lesson("Open lesson")
    editor = world.actor(world.account(state))
    answer_lesson(tx, editor, lesson, side_of(hidden), AnswerDraft("not_applicable", "Told too much"), now)

    page = client.get(f"/lessons/{lesson.ref}").text
    assert not [word for word in ("Hidden need", "Told too much", "What became of it") if word in page]
    assert client.get(f"/lessons/{lesson.ref}/answers/{hidden.ref}").status_code == 404
    own = world.programme(donor)
    assert client.get(f"/lessons/{secret.ref}/answers/{own.ref}").status_code == 404
    assert "Secret lesson" not in client.post("/lessons/alike", data={"themes": "precursor_control"}).text


def test_a_pledge_is_made_with_its_answers_and_shows_them(client, library, world, donor, tx):
    need = world.need(world.organisation(), themes=["precursor_control"])
    lesson = library.lesson("Name who clears the kits")
    page = client.get(f"/needs/{need.ref}/pledge")
    assert lesson.title in page.text
    assert 'form="pledge-form"' in page.text

    names = {f"lesson-{lesson.ref}-says": "applied"}
    assert client.submit(f"/needs/{need.ref}/pledge", names).status_code == 303
    pledge = tx.scalars(select(Pledge)).one()
    assert tx.scalars(select(LessonAnswer)).one().of_ref == pledge.ref
    assert "applied in 1 record" in client.get(f"/pledges/{pledge.ref}").text


def test_a_match_shows_the_lessons_and_who_writes_for_a_side_answers_for_it(client, library, world, donor, tx):
    need, programme = world.need(world.organisation(), themes=["precursor_control"]), world.programme(donor)
    match(world, need, programme)
    lesson = library.lesson("On precursors")
    page = client.get(f"/needs/{need.ref}/matches/programme/{programme.ref}")

    assert lesson.title in page.text
    assert f"/lessons/{lesson.ref}/answers/{programme.ref}" in page.text
