"""Questions by programs: asked and answered as on the pages, and nobody is told who asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.conversations.clarifications import rules
from app.conversations.clarifications.events import ClarificationAmended, ClarificationAnswered, ClarificationAsked
from app.conversations.clarifications.models import Clarification
from app.foundation.audit import AuditEvent, history_of
from app.foundation.outbox import OutboxRow
from tests.api.test_files import kind_of
from tests.api.test_lists import every_ref

OWN = "http://localhost:5000"
QUESTION = {"question": "Is a second visit paid for?"}
ANSWER = {"answer": "Yes, one each year."}


class Square:
    """A State with a need, two donors who may ask about it, and the programs of all."""

    def __init__(self, world, program, tx):
        self.world, self.program, self.tx = world, program, tx
        self.state = world.organisation("state")
        self.donor = world.organisation("donor", name="Nordland Agency", acronym="NORA")
        self.need = world.need(self.state)
        self.author = world.account(self.donor)
        self.asks, self.answers = program(self.author), program(world.account(self.state))
        self.colleague = program(world.account(self.donor, "member"))
        self.on_need = f"/needs/{self.need.ref}/clarifications"

    def asked(self, **body):
        """The address of a question of the donor."""
        made = self.asks("POST", self.on_need, json={**QUESTION, **body})
        assert made.status_code == 201, made.text
        return f"/clarifications/{made.json['ref']}"

    def strangers(self):
        """Everybody else: another donor, another State, the secretariat, and nobody at all."""
        kinds = (("donor", "editor"), ("state", "focal_point"), ("secretariat", "focal_point"))
        people = [self.world.account(self.world.organisation(kind), role) for kind, role in kinds]
        return [*map(self.program, people), self.program()]


def statuses(tx):
    tx.expire_all()
    return list(tx.scalars(select(Clarification.status).order_by(Clarification.id)))


@pytest.fixture
def square(world, program, tx):
    return Square(world, program, tx)


def test_a_question_waits_between_its_two_sides_and_its_answer_is_for_all_who_may_see_the_record(square):
    made = square.asks("POST", square.on_need, json={"question": " Who pays the flights? ", "language": "fr"})
    assert made.status_code == 201, made.text
    ref, here = made.json["ref"], f"/clarifications/{made.json['ref']}"
    assert made.headers["Location"] == f"{OWN}/api/v1/clarifications/{ref}"
    told = {
        name: made.json[name] for name in ("url", "question", "language", "status", "is_yours", "asked_on", "due_on")
    }
    assert told == {
        "url": f"{OWN}/clarifications/{ref}", "question": "Who pays the flights?", "language": "fr",
        "status": "waiting", "is_yours": True, "asked_on": "2026-11-23", "due_on": "2026-11-30",
    }  # fmt: skip
    about = made.json["about"]
    assert (about["kind"], about["ref"], about["organisation"]["ref"]) == ("need", square.need.ref, square.state.ref)
    assert "session_ref" not in about
    seen = square.answers("GET", here).json
    assert seen == {**made.json, "is_yours": False}
    for ask in (square.asks, square.answers, square.colleague):
        assert [one["ref"] for one in ask("GET", square.on_need).json["items"]] == [ref]
    for ask in square.strangers():
        assert ask("GET", square.on_need).json == {"items": [], "next": None}
        assert kind_of(ask("GET", here)) == "not-found"
    answered = square.answers("POST", f"{here}/answer", json={"answer": "We do.", "language": "en"})
    assert answered.status_code == 200, answered.text
    assert (answered.json["status"], answered.json["answer"]["text"], "due_on" in answered.json) == (
        "answered", "We do.", False,
    )  # fmt: skip
    for ask in square.strangers():
        assert ask("GET", here).json == answered.json
        assert ask("GET", square.on_need).json["items"] == [answered.json]
    # Whose question it is, is told to nobody else: the same is shown to the owner as to the whole world.
    assert [name for name in answered.json if "ask" in name] == ["asked_on"]
    assert square.donor.ref not in answered.text
    assert square.asks("GET", here).json == {**answered.json, "is_yours": True}


def test_neither_who_asked_nor_which_program_stands_in_the_record_of_events(square, tx):
    here = square.asked()
    square.answers("POST", f"{here}/answer", json=ANSWER)
    events = {one.action: one for one in history_of(tx, here.split("/")[2])}
    asked, answered = events["clarification.asked"], events["clarification.answered"]
    assert (asked.account_id, asked.organisation_id, set(asked.details)) == (None, square.state.id, {"sealed"})
    assert bool(answered.details["program"])
    facts = list(tx.scalars(select(OutboxRow.fact)))
    assert {ClarificationAsked.__name__, ClarificationAnswered.__name__} <= set(facts)


def test_one_asks_about_programmes_courses_and_sessions_too_and_each_stands_at_its_own_address(square):
    world = square.world
    centre = world.organisation("centre")
    programme, session = world.programme(world.organisation("donor")), world.course_session(world.course(centre))
    course = f"/courses/{session.course.ref}"
    addresses = {
        f"/programmes/{programme.ref}": ("programme", programme.ref), course: ("course", session.course.ref),
        f"{course}/sessions/{session.ref}": ("course", session.course.ref),
    }  # fmt: skip
    for address, (kind, ref) in addresses.items():
        made = square.asks("POST", f"{address}/clarifications", json={"question": f"What of {address}?"})
        assert made.status_code == 201, made.text
        assert (made.json["about"]["kind"], made.json["about"]["ref"]) == (kind, ref)
        assert (made.json["about"].get("session_ref") == session.ref) == ("sessions" in address)
        listed = square.asks("GET", f"{address}/clarifications").json["items"]
        assert [one["ref"] for one in listed] == [made.json["ref"]]
    other = world.course(centre)
    for wrong in (f"/courses/{programme.ref}", f"/needs/{programme.ref}", f"/courses/{session.ref}",
                  f"/courses/{other.ref}/sessions/{session.ref}", f"{course}/sessions/{other.ref}",
                  f"/programmes/{session.ref}", "/needs/N-7KQ2-MX4T"):  # fmt: skip
        for method, more in (("GET", {}), ("POST", {"json": QUESTION}), ("POST", {"json": {"no such field": 1}})):
            assert kind_of(square.asks(method, f"{wrong}/clarifications", **more)) == "not-found", (method, wrong)


def test_a_hidden_record_has_no_questions_and_its_questions_go_with_it(square, tx):
    here = square.asked()
    square.answers("POST", f"{here}/answer", json=ANSWER)
    square.need.disclosure = "own"
    tx.flush()
    donor, state, _office, nobody = square.strangers()
    for ask in (square.asks, donor, state, nobody):
        assert kind_of(ask("GET", here)) == "not-found"
        assert kind_of(ask("GET", square.on_need)) == "not-found"
        for body in (QUESTION, {"no such field": 1}):
            assert ask("POST", square.on_need, json=body).status_code in {401, 403, 404}
            assert ask("POST", f"{here}/withdraw", json=body).status_code in {401, 403, 404}
    assert square.answers("GET", here).json["status"] == "answered"
    assert statuses(tx) == ["answered"]


def test_who_may_not_ask_or_answer_is_told_so_whatever_is_sent(square, tx):
    here = square.asked()
    member = square.program(square.world.account(square.state, "member"))
    waits = square.program(square.world.account(square.world.organisation("donor", status="applied")))
    reads_alone = square.program(square.author, scope="read")
    office = square.program(square.world.account(square.world.organisation("secretariat"), "focal_point"))
    for body in (QUESTION, {"no such field": 1}):
        for ask in (square.colleague, waits, reads_alone, office):
            assert kind_of(ask("POST", square.on_need, json=body)) == "refused"
        assert kind_of(square.program()("POST", square.on_need, json=body)) == "sign-in"
    for body in (ANSWER, {"reason": "No."}, {"no such field": 1}):
        for ask in (square.asks, square.colleague, member):
            for method, path in (("POST", f"{here}/answer"), ("POST", f"{here}/decline"), ("PATCH", here)):
                assert kind_of(ask(method, path, json=body)) == "refused", (path, body)
    for ask in (square.answers, square.colleague, member):
        assert kind_of(ask("POST", f"{here}/withdraw")) == "refused"
    assert statuses(tx) == ["waiting"]


def test_what_is_to_be_answered_is_told_as_on_the_desk(square, now, tx):
    refs = [square.world.clarification(square.need, square.donor).ref for _number in range(3)]
    square.world.clarification(square.need, square.donor, answer="Ten.")
    (urgent,) = tx.scalars(select(Clarification).where(Clarification.ref == refs[1]))
    urgent.due_at = now - timedelta(days=1)
    tx.flush()
    found, pages = every_ref(square.answers, "/clarifications?limit=2")
    assert (found[0], sorted(found[1:]), pages) == (refs[1], sorted({refs[0], refs[2]}), 2)
    assert [one["is_overdue"] for one in square.answers("GET", "/clarifications").json["items"]] == [True, False, False]
    member = square.program(square.world.account(square.state, "member"))
    for ask in (square.asks, square.colleague, member, *square.strangers()[:-1]):
        assert ask("GET", "/clarifications").json == {"items": [], "next": None}
    assert kind_of(square.program()("GET", "/clarifications")) == "sign-in"


def test_the_list_is_that_of_the_page_page_after_page(square, client, sign_in, now, tx):
    made = [square.world.clarification(square.need, square.donor, answer=text) for text in ("One.", "Two.", "", "")]
    made += [square.world.clarification(square.need, square.donor, status="declined", reason="It is secret.")]
    made[0].answered_at = now + timedelta(hours=1)
    made[2].due_at = now
    tx.flush()
    sign_in(client, square.author)
    page = client.get(f"/clarifications/about/{square.need.ref}").text
    in_order = sorted((one.ref for one in made), key=page.index)
    assert in_order == [made[2].ref, made[3].ref, made[4].ref, made[0].ref, made[1].ref]
    assert every_ref(square.asks, f"{square.on_need}?limit=2") == (in_order, 3)
    assert every_ref(square.program(), f"{square.on_need}?limit=1") == (in_order[3:], 2)
    # What is answered meanwhile moves behind, and the next page goes on where the last one ended.
    first = square.asks("GET", f"{square.on_need}?limit=2")
    made[3].status, made[3].answered_at = "answered", now + timedelta(days=1)
    tx.flush()
    second = square.asks("GET", first.json["next"].removeprefix(OWN))
    assert [one["ref"] for one in second.json["items"]] == [made[4].ref, made[3].ref]
    for query in ("cursor=x", "limit=0", "q=port"):
        assert kind_of(square.asks("GET", f"{square.on_need}?{query}")) == "unknown-filter"


def test_an_answer_is_amended_with_its_version_and_those_before_it_are_kept(square, tx):
    here = square.asked()
    answered = square.answers("POST", f"{here}/answer", json={"answer": "Ja.", "language": "fr"})
    wrong = square.answers("PATCH", here, json=ANSWER)
    assert (wrong.status_code, kind_of(wrong)) == (428, "version-needed")
    tag = {"If-Match": answered.headers["ETag"]}
    amended = square.answers("PATCH", here, json=ANSWER, headers=tag)
    assert amended.status_code == 200, amended.text
    # What is not said stays as it is: the answer is in the language that it was in.
    assert (amended.json["answer"]["text"], amended.json["answer"]["language"]) == (ANSWER["answer"], "fr")
    assert [one["text"] for one in amended.json["earlier_answers"]] == ["Ja."]
    late = square.answers("PATCH", here, json={"answer": "Another."}, headers=tag)
    assert (late.status_code, late.json["current_version"]) == (412, amended.json["version"])
    same = square.answers("PATCH", here, json=ANSWER, headers={"If-Match": amended.headers["ETag"]})
    assert (same.status_code, "This is the answer that stands." in same.json["detail"]) == (409, True)
    assert ClarificationAmended.__name__ in list(tx.scalars(select(OutboxRow.fact)))


def test_a_question_is_declined_for_whoever_asked_alone_and_may_be_answered_later(square, tx):
    here = square.asked()
    tag = {"If-Match": square.answers("GET", here).headers["ETag"]}
    declined = square.answers("POST", f"{here}/decline", json={"reason": "We do not know yet."}, headers=tag)
    assert (declined.json["status"], declined.json["reason"]) == ("declined", "We do not know yet.")
    assert square.asks("GET", here).json["reason"] == "We do not know yet."
    for ask in square.strangers():
        assert kind_of(ask("GET", here)) == "not-found"
    assert square.answers("POST", f"{here}/answer", json=ANSWER, headers=tag).status_code == 412
    again = square.answers("POST", f"{here}/decline", json={"reason": "No."})
    assert (again.status_code, again.json["detail"]) == (409, "This question has been declined already.")
    answered = square.answers("POST", f"{here}/answer", json=ANSWER)
    assert (answered.json["status"], "reason" in answered.json) == ("answered", False)
    twice = square.answers("POST", f"{here}/answer", json=ANSWER)
    french = square.answers("POST", f"{here}/answer", json=ANSWER, headers={"Accept-Language": "fr"})
    assert (twice.status_code, french.status_code, twice.json["detail"] != french.json["detail"]) == (409, 409, True)


def test_a_question_is_taken_back_as_long_as_it_is_not_answered(square, tx):
    here, other = square.asked(), square.asked(question="And the hotels?")
    back = square.asks("POST", f"{here}/withdraw")
    assert (back.status_code, back.json["status"]) == (200, "withdrawn")
    assert kind_of(square.answers("GET", here)) == "not-found"
    assert square.asks("GET", here).json["status"] == "withdrawn"
    square.answers("POST", f"{other}/answer", json=ANSWER)
    late = square.asks("POST", f"{other}/withdraw")
    assert (late.status_code, kind_of(late)) == (409, "not-possible")
    # The same words may be asked again.
    assert square.asked() != here
    assert statuses(tx) == ["withdrawn", "answered", "waiting"]


def test_words_that_may_tell_who_asks_are_shown_to_a_person_first(square, tx):
    body = {"question": "Does Nordland Agency pay? Write to me@nora.example"}
    for headers, words in (({}, "It names your organisation"), ({"Accept-Language": "fr"}, "Nordland Agency")):
        warned = square.asks("POST", square.on_need, json=body, headers=headers)
        assert (warned.status_code, kind_of(warned)) == (409, "answer-first")
        assert [one["pointer"] for one in warned.json["errors"]] == ["/question", "/question"]
        assert words in warned.json["errors"][0]["detail"]
        assert ("sure" in warned.json["detail"], "These words" in warned.json["detail"]) == (True, not headers)
    assert statuses(tx) == []
    assert square.asks("POST", square.on_need, json={**body, "sure": True}).status_code == 201


def test_the_same_request_with_the_same_key_is_done_once_and_the_same_question_is_named(square, tx):
    key = {"Idempotency-Key": "question-1"}
    first, again = (square.asks("POST", square.on_need, json=QUESTION, headers=key) for _time in range(2))
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert kind_of(square.asks("POST", square.on_need, json={"question": "Other?"}, headers=key)) == "key-used"
    without = square.asks("POST", square.on_need, json=QUESTION)
    assert (without.status_code, without.json["same_as"]) == (409, first.json["ref"])
    assert statuses(tx) == ["waiting"]
    here = f"/clarifications/{first.json['ref']}"
    for ask, path, body in ((square.answers, f"{here}/decline", {"reason": "No."}),
                            (square.answers, f"{here}/answer", ANSWER)):  # fmt: skip
        key = {"Idempotency-Key": path.split("/")[-1]}
        first, again = (ask("POST", path, json=body, headers=key) for _time in range(2))
        assert (first.status_code, again.json) == (200, first.json)


def test_a_record_of_ones_own_or_one_that_has_ended_is_not_asked_about(square, tx):
    own = square.answers("POST", square.on_need, json=QUESTION)
    assert (own.status_code, kind_of(own)) == (409, "not-possible")
    square.need.status = "closed"
    tx.flush()
    ended = square.asks("POST", square.on_need, json=QUESTION)
    assert (ended.status_code, ended.json["detail"]) == (
        409, "This need is not open any more, so no more questions are taken.",
    )  # fmt: skip
    assert statuses(tx) == []


def test_more_than_an_owner_can_answer_is_not_asked(square):
    for number in range(rules.MOST_WAITING):
        square.asked(question=f"Question {number}?")
    more = square.asks("POST", square.on_need, json=QUESTION)
    assert (more.status_code, "questions of your organisation wait here" in more.json["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ({}, "/question", "Write your question."),
        ({"question": " \n "}, "/question", "Write your question."),
        ({"question": "x" * (rules.LONGEST_QUESTION + 1)}, "/question", "This text is too long."),
        ({"question": 7}, "/question", "Write this as text."),
        ({"question": "So?", "language": "xx"}, "/language", "Choose one of the list."),
        ({"question": "So?", "organisation": "O-7KQ2-MX4T"}, "/organisation", "Choose one of the list."),
        ({"question": "So?", "sure": "yes"}, "/sure", "Write this as true or false."),
        ({"question": "So?", "asker": "me"}, "/asker", "There is no such field here."),
    ],
)
def test_what_is_wrong_is_told_where_it_is_in_words(square, tx, body, place, words):
    answer = square.asks("POST", square.on_need, json=body)
    assert (answer.status_code, kind_of(answer)) == (422, "not-sound"), answer.text
    (error,) = answer.json["errors"]
    assert (error["pointer"], words in error["detail"]) == (place, True), error
    french = square.asks("POST", square.on_need, json=body, headers={"Accept-Language": "fr"})
    assert french.json["errors"][0]["detail"] != error["detail"]
    for raw in (b"{", b"[]", b'{"question": "\\u0000"}'):
        assert kind_of(square.asks("POST", square.on_need, data=raw, content_type="application/json")) == "unreadable"
    assert statuses(tx) == []


def test_nobody_asks_for_an_organisation_that_is_not_its_own_on_the_page_either(square, client, sign_in, tx):
    other = square.world.organisation("donor")
    for organisation in (other, square.state):
        answer = square.asks("POST", square.on_need, json={**QUESTION, "organisation": organisation.ref})
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/organisation")
    sign_in(client, square.author)
    typed = {"ask-question": "So?", "ask-organisation": other.ref, "ask-language": "en"}
    assert client.post(f"/clarifications/about/{square.need.ref}", data=typed).status_code == 422
    assert statuses(tx) == []
    assert square.asks("POST", square.on_need, json={**QUESTION, "organisation": square.donor.ref}).status_code == 201


def test_a_look_of_the_office_at_what_was_not_written_for_it_is_on_record(square, tx):
    need = square.world.need(square.state, named=[square.donor])
    row = square.world.clarification(need, square.donor, answer="Ten.")
    office = square.program(square.world.account(square.world.organisation("secretariat"), "editor"))
    for path in (f"/clarifications/{row.ref}", f"/needs/{need.ref}/clarifications"):
        before = len(history_of(tx, need.ref))
        assert office("GET", path).status_code == 200
        tx.expire_all()
        assert [one.action for one in history_of(tx, need.ref)].count("need.looked") == before + 1
        assert len(tx.scalars(select(AuditEvent).where(AuditEvent.action == "need.looked")).all()) == before + 1


@pytest.mark.one_engine
def test_the_description_says_what_questions_are_and_how_one_asks(client):
    described = client.get("/api/v1/openapi.json").json
    for path in ("/needs/{ref}", "/programmes/{ref}", "/courses/{ref}", "/courses/{ref}/sessions/{session_ref}"):
        assert set(described["paths"][f"{path}/clarifications"]) == {"get", "post"}
    assert described["components"]["schemas"]["ClarificationAsked"]["required"] == ["question"]
    assert described["paths"]["/clarifications"]["get"]["security"] == [{"token": []}]
    assert "Questions that you are to answer" in client.get("/api").text
    assert "ClarificationGiven" in client.get("/api/clarifications").text
