"""The pages of questions and messages, through a browser that checks each of them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from lxml import html as reader
from sqlalchemy import delete, select

from app.accounts.models import Account, Membership
from app.conversations.clarifications.models import Clarification
from app.conversations.messages.models import Message, Thread
from app.foundation.audit import history_of
from app.foundation.disclosure import readable
from app.foundation.drafts import Draft
from app.foundation.permissions import SYSTEM


def person(square, actor):
    return square.tx.get_one(Account, actor.account_id)


@pytest.fixture
def window(new_client, square):
    """A browser of somebody; nobody's where none is named."""

    def open_window(actor=None):
        from tests.pages import sign_in_with

        client = new_client()
        if actor is not None:
            sign_in_with(client, person(square, actor))
        return client

    return open_window


def asked(square):
    return square.tx.scalars(readable(SYSTEM, Clarification).order_by(Clarification.id)).all()


def test_a_question_is_asked_on_the_page_of_a_need_and_answered_for_all(square, window):
    donor, owner, nobody = window(square.askers[0]), window(square.owner), window()
    page, about = f"/needs/{square.need.ref}", f"/clarifications/about/{square.need.ref}"
    assert "Ask a question" in donor.get(page).text
    assert "Questions and answers" not in nobody.get(page).text
    answer = donor.submit(page, {"ask-question": "Who pays for the second visit?"}, form_id="ask-form", to=about)
    assert answer.status_code == 303
    (row,) = asked(square)
    assert "Asked by your organisation" in donor.get(answer.location).text
    assert nobody.get(answer.location).status_code == 404
    theirs = owner.get(page).text
    assert "Who pays for the second visit?" in theirs
    assert square.donors[0].name not in theirs
    assert "Who pays" in owner.get("/desk").text
    values = {"answer-answer": "Whoever offers it."}
    sent = owner.submit(answer.location, values, form_id="answer-form", to=f"{answer.location}/answer")
    assert sent.status_code == 303
    for page_of in (page, about, f"/clarifications/{row.ref}"):
        assert "Whoever offers it." in nobody.get(page_of).text
        assert square.donors[0].name not in nobody.get(page_of).text
    assert "Who pays" not in owner.get("/desk").text


def test_words_that_tell_who_asks_are_warned_of_once_and_kept(square, window):
    donor, about = window(square.askers[0]), f"/clarifications/about/{square.need.ref}"
    words = "Nordland Agency asks: call +47 22 00 00 00."
    answer = donor.submit(about, {"ask-question": words}, form_id="ask-form")
    assert answer.status_code == 422
    assert "These words may tell who asks" in answer.text
    assert words in answer.text
    assert asked(square) == []
    again = donor.submit(about, {"ask-question": words, "sure": "1"}, form_id="ask-form")
    assert again.status_code == 303
    assert asked(square)[0].question == words


def test_the_same_question_leads_to_the_one_that_was_asked(square, window):
    donor, about = window(square.askers[0]), f"/clarifications/about/{square.need.ref}"
    row = square.ask(text="Who pays?")
    answer = donor.submit(about, {"ask-question": "WHO pays??"}, form_id="ask-form")
    assert answer.status_code == 422
    assert f"/clarifications/{row.ref}" in answer.text
    assert "WHO pays??" in answer.text


def test_a_question_sent_twice_is_asked_once(square, window):
    donor, about = window(square.askers[0]), f"/clarifications/about/{square.need.ref}"
    fields = donor.form(about, "ask-form") | {"ask-question": ["Why?"]}
    first, second = donor.post(about, data=fields), donor.post(about, data=fields)
    assert first.location == second.location
    assert len(asked(square)) == 1


def test_a_question_that_was_begun_is_kept_for_whoever_typed_it_and_gone_when_it_is_asked(square, window):
    donor, about = window(square.askers[0]), f"/clarifications/about/{square.need.ref}"
    fields = donor.form(about, "ask-form") | {"ask-question": ["Who pays for the"]}
    assert donor.post(f"{about}/draft", data=fields).status_code == 204
    assert "Who pays for the" in donor.get(about).text
    assert "Who pays for the" not in window(square.owner).get(about).text
    assert about in donor.get("/desk").text
    assert donor.submit(about, {"ask-question": "Who pays for the visit?"}, form_id="ask-form").status_code == 303
    assert square.tx.scalars(select(Draft)).all() == []
    assert asked(square)[0].question == "Who pays for the visit?"


def test_the_question_of_a_record_that_is_closed_says_so(square, window):
    square.need.offers_due_on = square.now.date() - timedelta(days=1)
    square.tx.flush()
    page = window(square.askers[0]).get(f"/needs/{square.need.ref}").text
    assert "Questions were taken until 22 November 2026." in page
    assert 'id="ask-form"' not in page


def test_a_question_on_a_session_stands_on_its_page(square, window):
    dates = {"starts_on": square.now.date() + timedelta(days=30), "ends_on": square.now.date() + timedelta(days=33)}
    course = square.world.course(square.world.organisation("centre"), sessions=[dates])
    session = course.sessions[0]
    donor, page = window(square.askers[0]), f"/courses/{course.ref}/sessions/{session.ref}"
    answer = donor.submit(page, {"ask-question": "Is lodging paid for?"}, form_id="ask-form",
                          to=f"/clarifications/about/{session.ref}")  # fmt: skip
    assert answer.status_code == 303
    assert "Is lodging paid for?" in donor.get(page).text
    assert "Is lodging paid for?" not in donor.get(f"/courses/{course.ref}").text
    assert asked(square)[0].session_id == session.id


def test_the_owner_declines_amends_and_goes_on_to_correct_the_record(square, window):
    row, other = square.ask(text="First?"), square.ask(text="Second?")
    owner, address = window(square.owner), f"/clarifications/{row.ref}"
    empty = owner.post(f"{address}/decline", data={"decline-reason": "", "decline-form_key": "k0"})
    assert empty.status_code == 422
    assert (
        owner.post(f"{address}/decline", data={"decline-reason": "Secret.", "decline-form_key": "k1"}).status_code
        == 303
    )
    assert "Secret." in window(square.askers[0]).get(address).text
    fields = {"answer-answer": "See the record.", "answer-language": "en", "then": "amend", "answer-form_key": "k2"}
    sent = owner.post(f"/clarifications/{other.ref}/answer", data=fields)
    assert sent.location == f"/needs/{square.need.ref}/amend"
    version = str(other.version)
    amended = {"amend-answer": "See page 2.", "amend-language": "en", "amend-version": version, "amend-form_key": "k3"}
    assert owner.post(f"/clarifications/{other.ref}/amend", data=amended).status_code == 303
    page = window().get(f"/clarifications/{other.ref}").text
    assert "See page 2." in page
    assert "See the record." in page
    assert "Answer amended" in page
    stale = owner.post(
        f"/clarifications/{other.ref}/amend", data=amended | {"amend-form_key": "k4", "amend-answer": "3"}
    )
    assert stale.status_code == 409
    assert "A colleague has amended the answer meanwhile" in stale.text


def test_the_history_is_linked_where_the_record_has_changed_since(square, window):
    row = square.ask()
    square.answer(row)
    assert "The record has changed since." not in window().get(f"/clarifications/{row.ref}").text
    square.need.title = "Another title"
    square.tx.flush()
    page = window().get(f"/clarifications/{row.ref}").text
    assert "The record has changed since." in page
    assert f"/needs/{square.need.ref}/history" in page


def test_only_the_secretariat_sees_who_asked_and_that_it_looked_is_on_record(square, window):
    row = square.ask()
    square.answer(row)
    office = square.world.somebody("secretariat", "focal_point")
    browser, address = window(office), f"/clarifications/{row.ref}"
    assert square.donors[0].name not in browser.get(address).text
    assert square.donors[0].name in browser.post(f"{address}/asker").text
    assert history_of(square.tx, row.ref)[0].action == "clarification.looked"
    assert window(square.owner).post(f"{address}/asker").status_code == 403
    assert "does not confirm this" not in browser.post(f"{address}/asker").text
    row.asker_id = square.donors[2].id
    square.tx.flush()
    assert "does not confirm this" in browser.post(f"{address}/asker").text


def test_others_can_do_nothing_with_a_question_that_waits(square, window):
    row = square.ask()
    for actor in (square.askers[1], square.world.somebody("secretariat", "focal_point")):
        browser = window(actor)
        for what in ("answer", "amend", "decline", "withdraw", "asker"):
            assert browser.post(f"/clarifications/{row.ref}/{what}").status_code in {403, 404}, what
    asker = window(square.askers[0])
    assert asker.post(f"/clarifications/{row.ref}/answer").status_code == 403
    assert asker.post(f"/clarifications/{row.ref}/withdraw", data={"form_key": "k"}).status_code == 303
    assert window(square.owner).get(f"/clarifications/{row.ref}").status_code == 404


# --- messages ---


@pytest.fixture
def pledge(square):
    return square.world.pledge(square.need, square.donors[0])


def test_the_two_sides_of_a_pledge_write_each_other(square, window, pledge):
    donor, owner, other = window(square.askers[0]), window(square.owner), window(square.askers[1])
    begin = f"/messages/on/pledge/{pledge.ref}"
    assert begin in donor.get(f"/pledges/{pledge.ref}").text
    assert begin not in other.get(f"/pledges/{pledge.ref}").text
    assert other.get(begin).status_code == 404
    files = {"text": "<b>Good day</b> http://example.org", "files": (BytesIO(b"the plan"), "plan.txt")}
    fields = {name: values[0] for name, values in donor.form(begin, "message-form").items() if name != "files"}
    sent = donor.post(begin, data={**fields, **files}, content_type="multipart/form-data")
    assert sent.status_code == 303
    thread = square.tx.scalars(readable(SYSTEM, Thread)).one()
    page = owner.get(f"/messages/{thread.ref}")
    assert "&lt;b&gt;Good day&lt;/b&gt; http://example.org" in page.text
    assert 'href="http://example.org' not in page.text
    assert "09:00 (GMT+00:00)" in page.text
    link = reader.fromstring(page.text).xpath("//a[contains(@href, '/files/')]/@href")[0]
    file = owner.get(link)
    assert (file.data, file.headers["Content-Security-Policy"]) == (b"the plan", "sandbox; default-src 'none'")
    assert "attachment" in file.headers["Content-Disposition"]
    for address in (f"/messages/{thread.ref}", link):
        assert other.get(address).status_code == 404
        assert window(square.world.somebody("secretariat", "focal_point")).get(address).status_code == 404
    assert "1 new" in owner.get("/messages").text
    assert "1 new" in owner.get("/desk").text
    assert owner.post(f"/messages/{thread.ref}/read").status_code == 303
    assert "1 new" not in owner.get("/messages").text
    assert donor.get(begin).location.endswith(f"/messages/{thread.ref}")


def test_a_message_sent_twice_is_sent_once_and_an_empty_one_not(square, window, pledge):
    donor, begin = window(square.askers[0]), f"/messages/on/pledge/{pledge.ref}"
    assert donor.submit(begin, {"text": " "}, form_id="message-form").status_code == 422
    fields = donor.form(begin, "message-form") | {"text": ["Good day."]}
    fields.pop("files", None)
    assert donor.post(begin, data=fields).location == donor.post(begin, data=fields).location
    assert len(square.tx.scalars(select(Message)).all()) == 1


def test_what_is_typed_is_kept_and_taken_up_again(square, window, pledge):
    donor, begin = window(square.askers[0]), f"/messages/on/pledge/{pledge.ref}"
    fields = donor.form(begin, "message-form") | {"text": ["Half a sentence"]}
    fields.pop("files", None)
    assert donor.post(f"{begin}/draft", data=fields).status_code == 204
    assert "Half a sentence" in donor.get(begin).text
    assert begin in donor.get("/desk").text
    theirs = {"text": "Half a sentence", "form_key": "k"}
    assert window(square.askers[1]).post(f"{begin}/draft", data=theirs).status_code == 404
    assert donor.submit(begin, {"text": "A whole sentence."}, form_id="message-form").status_code == 303
    assert square.tx.scalars(select(Draft)).all() == []


def test_a_removed_member_is_refused_on_the_very_next_request(square, window, pledge):
    thread = square.world.thread(square.need, pledge, text="Only for us")
    donor = window(square.askers[0])
    assert "Only for us" in donor.get(f"/messages/{thread.ref}").text
    square.tx.execute(delete(Membership).where(Membership.account_id == square.askers[0].account_id))
    square.tx.expire_all()
    assert donor.get(f"/messages/{thread.ref}").status_code == 404
    assert donor.post(f"/messages/{thread.ref}", data={"text": "X", "form_key": "k"}).status_code in {403, 404}


def test_a_thread_that_has_ended_says_so_and_takes_nothing(square, window, pledge):
    thread = square.world.thread(square.need, pledge, text="Only for us")
    pledge.status = "delivered"
    square.tx.flush()
    donor, address = window(square.askers[0]), f"/messages/{thread.ref}"
    page = donor.get(address).text
    assert "This pledge has ended" in page
    assert "Only for us" in page
    assert "message-form" not in page
    data = {"text": "X", "language": "en", "organisation": square.donors[0].ref, "form_key": "k"}
    assert donor.post(address, data=data).status_code == 409
    assert len(square.tx.scalars(select(Message)).all()) == 1


def test_who_has_no_thread_is_told_how_one_begins(square, window):
    assert "No messages yet" in window(square.askers[2]).get("/messages").text
    assert window().get("/messages").status_code == 302
