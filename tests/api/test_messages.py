"""Messages by programs: for the two sides of a match or a pledge alone, by the same rules as on the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app.conversations.messages import rules
from app.conversations.messages.events import MessageSent
from app.conversations.messages.models import Message, Thread, ThreadRead
from app.foundation.audit import history_of
from app.foundation.filing.files import LARGEST_FILE
from app.foundation.outbox import OutboxRow
from app.matching.models import Match
from tests.api.test_files import attached, fetched, kind_of
from tests.api.test_lists import every_ref
from tests.documents import pdf

GREETING = {"text": "Good day."}
OWN = "http://localhost:5000"


class Table:
    """A State with a need, a donor that pledges for it, one that offers something like it, and the programs of all."""

    def __init__(self, world, program, tx):
        self.world, self.program, self.tx = world, program, tx
        self.state, self.donor, self.offering = (world.organisation(kind) for kind in ("state", "donor", "donor"))
        self.need = world.need(self.state)
        self.pledge, self.programme = world.pledge(self.need, self.donor), world.programme(self.offering)
        tx.add(match_of(self.need, self.programme, world.now))
        tx.flush()
        self.author = world.account(self.donor)
        self.asks, self.answers = program(self.author), program(world.account(self.state, "focal_point"))
        self.offers = program(world.account(self.offering))
        self.on_pledge = f"/pledges/{self.pledge.ref}/messages"
        self.on_match = f"/needs/{self.need.ref}/matches/programme/{self.programme.ref}/messages"

    def strangers(self):
        """Everybody else: another donor, another State, the secretariat."""
        kinds = (("donor", "editor"), ("state", "focal_point"), ("secretariat", "focal_point"))
        return [self.program(self.world.account(self.world.organisation(kind), role)) for kind, role in kinds]

    def thread(self, **kw):
        """What both sides of the pledge have written: a message of the State."""
        return self.world.thread(self.need, self.pledge, **kw)


def match_of(need, programme, now):
    return Match(
        need_id=need.id, offer_kind="programme", offer_id=programme.id, offer_organisation_id=programme.organisation_id,
        need_organisation_id=need.organisation_id, need_version=1, offer_version=1, gate="match", strength="strong",
        score=1, reasons=[], obstacles=[], lines=[], computed_at=now,
    )  # fmt: skip


def written(tx):
    return [one.text for one in tx.scalars(select(Message).order_by(Message.id))]


@pytest.fixture
def table(world, program, tx):
    return Table(world, program, tx)


def test_the_first_message_on_a_pledge_begins_the_thread_and_the_other_side_answers(table, tx):
    assert table.asks("GET", table.on_pledge).json == {"items": [], "next": None}
    made = table.asks("POST", table.on_pledge, json={"text": " When may we come? ", "language": "fr"})
    assert made.status_code == 201, made.text
    ref = made.json["thread_ref"]
    assert made.headers["Location"] == f"{OWN}/api/v1/threads/{ref}/messages/{made.json['ref']}"
    assert made.json["url"] == f"{OWN}/messages/{ref}#{made.json['ref']}"
    told = {name: made.json[name] for name in ("text", "language", "name", "is_own", "is_new", "files")}
    assert told == {"text": "When may we come?", "language": "fr", "name": table.author.name, "is_own": True,
                    "is_new": False, "files": []}  # fmt: skip
    assert made.json["organisation"]["ref"] == table.donor.ref
    seen = table.answers("GET", f"/threads/{ref}")
    assert (seen.json["unread"], seen.json["version"], seen.json["may_write"]) == (1, 1, True)
    assert (seen.json["about"], seen.json["pledge_ref"], seen.json["need"]["ref"]) == (
        "pledge", table.pledge.ref, table.need.ref,
    )  # fmt: skip
    assert (seen.json["organisation"]["ref"], seen.json["partner"]["ref"]) == (table.state.ref, table.donor.ref)
    back = table.answers("POST", f"/threads/{ref}/messages", json={"text": "In May."})
    assert (back.status_code, back.json["thread_ref"], back.json["language"]) == (201, ref, "en")
    for side, new in ((table.asks, [True, False]), (table.answers, [False, False])):
        listed = side("GET", f"/threads/{ref}/messages").json["items"]
        assert [one["text"] for one in listed] == ["In May.", "When may we come?"]
        assert [one["is_new"] for one in listed] == new
        assert side("GET", table.on_pledge).json["items"] == listed
    assert [one["is_own"] for one in listed] == [True, False]
    assert table.asks("GET", f"/threads/{ref}/messages/{back.json['ref']}").json == {
        **back.json, "is_own": False, "is_new": True,
    }  # fmt: skip
    # Writing on the pledge again is writing in its thread.
    assert table.asks("POST", table.on_pledge, json=GREETING).json["thread_ref"] == ref
    assert len(tx.scalars(select(Thread)).all()) == 1


def test_it_is_on_record_that_a_program_wrote_and_nothing_of_what_and_the_other_side_is_told(table, tx):
    made = table.asks("POST", table.on_pledge, json={"text": "A secret word"})
    (event,) = history_of(tx, made.json["thread_ref"])
    assert (event.action, bool(event.details["program"])) == ("message.sent", True)
    assert "secret" not in str(event.details)
    assert MessageSent.__name__ in list(tx.scalars(select(OutboxRow.fact)))


def test_two_sides_of_a_match_write_and_nobody_else(table, tx):
    made = table.offers("POST", table.on_match, json=GREETING)
    assert made.status_code == 201, made.text
    seen = table.answers("GET", f"/threads/{made.json['thread_ref']}").json
    assert (seen["about"], seen["offer"]["ref"], seen["offer"]["kind"]) == ("match", table.programme.ref, "programme")
    assert "pledge_ref" not in seen
    assert [one["ref"] for one in table.answers("GET", table.on_match).json["items"]] == [made.json["ref"]]
    # The kind in the address is that of the offer, and where nothing was matched nobody writes.
    other = table.world.programme(table.offering)
    for path in (table.on_match.replace("programme", "course"), table.on_match.replace(table.programme.ref, other.ref)):
        assert kind_of(table.offers("POST", path, json=GREETING)) == "not-found"
        assert kind_of(table.offers("GET", path)) == "not-found"
    for ask in (table.asks, *table.strangers()):
        assert kind_of(ask("GET", table.on_match)) == "not-found"
        assert ask("POST", table.on_match, json=GREETING).status_code in {403, 404}
    assert written(tx) == ["Good day."]


def test_to_everybody_else_a_thread_does_not_exist(table, tx, app, now):
    made = table.asks(
        "POST", table.on_pledge, data={"message": json.dumps(GREETING), "files": (BytesIO(pdf()), "plan.pdf")}
    )
    ref, file = made.json["thread_ref"], made.json["files"][0]["ref"]
    here = f"/threads/{ref}"
    paths = (here, f"{here}/messages", f"{here}/messages/{made.json['ref']}", f"{here}/files/{file}/content",
             table.on_pledge)  # fmt: skip
    for ask in (table.offers, *table.strangers()):
        assert ask("GET", "/threads").json == {"items": [], "next": None}
        for path in paths:
            assert kind_of(ask("GET", path)) == "not-found", path
        # What is wrong with a body says nothing of a thread.
        for body in (GREETING, {"no such field": 1}):
            for path in (f"{here}/messages", table.on_pledge):
                assert ask("POST", path, json=body).status_code in {403, 404}
        assert kind_of(ask("POST", f"{here}/read")) == "not-found"
    for path in ("/threads", *paths):
        assert kind_of(table.program()("GET", path)) == "sign-in"
    # A message or a file of one thread is none of another.
    other = table.offers("POST", table.on_match, json=GREETING).json["thread_ref"]
    for path in (f"messages/{made.json['ref']}", f"files/{file}/content"):
        assert kind_of(table.answers("GET", f"/threads/{other}/{path}")) == "not-found"
    assert written(tx) == ["Good day.", "Good day."]


def test_members_read_and_editors_write_and_a_token_that_reads_alone_reads(table, tx):
    thread = table.thread()
    here = f"/threads/{thread.ref}"
    member = table.program(table.world.account(table.donor, "member"))
    reads_alone = table.program(table.author, scope="read")
    assert member("GET", here).json["may_write"] is False
    for ask in (member, reads_alone):
        assert [one["text"] for one in ask("GET", f"{here}/messages").json["items"]] == ["Good day."]
        for path in (f"{here}/messages", table.on_pledge):
            assert kind_of(ask("POST", path, json=GREETING)) == "refused"
            assert kind_of(ask("POST", path, json={"no such field": 1})) == "refused"
    assert member("POST", f"{here}/read").json["unread"] == 0
    assert kind_of(reads_alone("POST", f"{here}/read")) == "refused"
    assert written(tx) == ["Good day."]


def test_the_list_is_that_of_the_page_page_after_page(table, client, sign_in, tx, now):
    threads = []
    for number in range(5):
        pledge = table.world.pledge(table.need, table.donor)
        threads.append(table.world.thread(table.need, pledge))
        # Two have their latest message at one instant.
        threads[-1].last_at = now + timedelta(minutes=number // 2)
    tx.flush()
    sign_in(client, table.author)
    page = client.get("/messages").text
    in_order = sorted((one.ref for one in threads), key=page.index)
    assert in_order == [one.ref for one in sorted(threads, key=lambda one: (one.last_at, one.id), reverse=True)]
    assert every_ref(table.asks, "/threads?limit=2") == (in_order, 3)
    first = table.asks("GET", "/threads?limit=2")
    # One that is written in meanwhile moves to the front, and the next page goes on where the last one ended.
    threads[3].last_at = now + timedelta(days=1)
    tx.flush()
    second = table.asks("GET", first.json["next"].removeprefix(OWN))
    assert [one["ref"] for one in second.json["items"]] == in_order[2:4]
    for query in ("cursor=x", "limit=0", "q=port"):
        assert kind_of(table.asks("GET", f"/threads?{query}")) == "unknown-filter"
    assert {one["unread"] for one in table.asks("GET", "/threads").json["items"]} == {1}


def test_messages_follow_one_another_the_latest_first(table):
    for number in range(5):
        assert table.asks("POST", table.on_pledge, json={"text": f"No. {number}"}).status_code == 201
    ref = table.asks("GET", "/threads").json["items"][0]["ref"]
    for address in (f"/threads/{ref}/messages", table.on_pledge):
        first = table.answers("GET", f"{address}?limit=3")
        second = table.answers("GET", first.json["next"].removeprefix(OWN))
        texts = [one["text"] for page in (first, second) for one in page.json["items"]]
        assert texts == ["No. 4", "No. 3", "No. 2", "No. 1", "No. 0"]
        assert second.json["next"] is None
    cursor = first.json["next"].split("cursor=")[1]
    assert kind_of(table.answers("GET", f"/threads?cursor={cursor}")) == "unknown-filter"


def test_what_is_unread_is_each_persons_own_and_nothing_is_marked_that_nobody_has_seen(table, tx):
    thread = table.thread()
    here, colleague = f"/threads/{thread.ref}", table.program(table.world.account(table.donor))
    seen = table.asks("GET", here)
    assert seen.json["unread"] == 1
    table.answers("POST", f"{here}/messages", json={"text": "And one more."})
    late = table.asks("POST", f"{here}/read", headers={"If-Match": seen.headers["ETag"]})
    assert (late.status_code, late.json["current_version"]) == (412, 2)
    assert tx.scalars(select(ThreadRead).where(ThreadRead.account_id == table.author.id)).all() == []
    seen = table.asks("GET", here)
    marked = table.asks("POST", f"{here}/read", headers={"If-Match": seen.headers["ETag"]})
    assert (marked.status_code, marked.json) == (200, {**seen.json, "unread": 0})
    assert table.asks("GET", here).headers["ETag"] == marked.headers["ETag"]
    assert colleague("GET", here).json["unread"] == 2
    assert colleague("POST", f"{here}/read").json["unread"] == 0


def test_whoever_has_not_seen_the_latest_message_is_told_if_it_asks_for_that(table, tx):
    thread = table.thread()
    here = f"/threads/{thread.ref}"
    tag = {"If-Match": table.asks("GET", here).headers["ETag"]}
    made = table.asks("POST", f"{here}/messages", json={"text": "First."}, headers=tag)
    assert made.status_code == 201
    assert kind_of(table.asks("POST", f"{here}/messages", json={"text": "Second."}, headers=tag)) == "changed-meanwhile"
    again = {"If-Match": made.headers["ETag"]}
    assert table.asks("POST", f"{here}/messages", json={"text": "Second."}, headers=again).status_code == 201
    assert written(tx) == ["Good day.", "First.", "Second."]


def test_the_same_request_with_the_same_key_is_written_once(table, tx):
    begun = table.asks("POST", table.on_pledge, json=GREETING).json["thread_ref"]
    for path in (table.on_pledge, table.on_match, f"/threads/{begun}/messages"):
        key, before = {"Idempotency-Key": path.split("/")[1]}, len(written(tx))
        first, again = (table.answers("POST", path, json=GREETING, headers=key) for _time in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")
        assert len(written(tx)) == before + 1
        assert kind_of(table.answers("POST", path, json={"text": "Other."}, headers=key)) == "key-used"
    assert len(tx.scalars(select(Thread)).all()) == 2


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ({}, "/text", "Write your message."),
        ({"text": ""}, "/text", "Write your message."),
        ({"text": " \n "}, "/text", "Write your message."),
        ({"text": "x" * (rules.LONGEST + 1)}, "/text", "This text is too long."),
        ({"text": 7}, "/text", "Write this as text."),
        ({"text": "So.", "language": "xx"}, "/language", "Choose one of the list."),
        ({"text": "So.", "organisation": "O-7KQ2-MX4T"}, "/organisation", "Choose one of the list."),
        ({"text": "So.", "files": []}, "/files", "There is no such field here."),
    ],
)
def test_what_is_wrong_is_told_where_it_is_in_words(table, tx, body, place, words):
    table.thread()
    thread = tx.scalars(select(Thread.ref)).one()
    for path in (table.on_pledge, f"/threads/{thread}/messages"):
        answer = table.asks("POST", path, json=body)
        assert (answer.status_code, kind_of(answer)) == (422, "not-sound"), answer.text
        (error,) = answer.json["errors"]
        assert (error["pointer"], words in error["detail"]) == (place, True), error
        french = table.asks("POST", path, json=body, headers={"Accept-Language": "fr"})
        assert french.json["errors"][0]["detail"] != error["detail"]
    for raw in (b"{", b"[]", b'{"text": "\\u0000"}'):
        answer = table.asks("POST", table.on_pledge, data=raw, content_type="application/json")
        assert kind_of(answer) == "unreadable"
    assert kind_of(table.asks("POST", table.on_pledge, data=b"Hello", content_type="text/plain")) == "wrong-type"
    assert written(tx) == ["Good day."]


def test_nobody_writes_for_the_other_side(table, tx):
    for organisation in (table.state, table.offering):
        answer = table.asks("POST", table.on_pledge, json={**GREETING, "organisation": organisation.ref})
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/organisation")
    own = table.asks("POST", table.on_pledge, json={**GREETING, "organisation": table.donor.ref})
    assert own.json["organisation"]["ref"] == table.donor.ref
    assert written(tx) == ["Good day."]


def test_what_has_ended_is_read_and_says_why_nothing_can_be_added(table, tx):
    thread = table.thread()
    table.pledge.status = "withdrawn"
    tx.flush()
    seen = table.asks("GET", f"/threads/{thread.ref}").json
    assert (seen["may_write"], seen["closed"]) == (False, str(rules.CLOSED["pledge"]))
    for path in (f"/threads/{thread.ref}/messages", table.on_pledge):
        answer = table.asks("POST", path, json=GREETING)
        assert (answer.status_code, kind_of(answer), answer.json["detail"]) == (409, "not-possible", seen["closed"])
        french = table.asks("POST", path, json=GREETING, headers={"Accept-Language": "fr"})
        assert french.json["detail"] != seen["closed"]
    # That it has ended is told last.
    late = {"If-Match": '"9.0123456789ab"'}
    assert table.asks("POST", f"/threads/{thread.ref}/messages", json=GREETING, headers=late).status_code == 412
    assert table.asks("POST", f"/threads/{thread.ref}/messages", json={}, headers=late).status_code == 422
    assert [one["text"] for one in table.asks("GET", table.on_pledge).json["items"]] == ["Good day."]


def test_a_message_does_not_tell_of_a_record_that_the_other_side_may_not_see(table, tx):
    table.programme.disclosure = "own"
    tx.flush()
    answer = table.offers("POST", table.on_match, json=GREETING)
    assert (answer.status_code, answer.json["detail"]) == (409, str(rules.CLOSED["hidden"]))
    assert kind_of(table.answers("POST", table.on_match, json=GREETING)) == "not-found"
    # What was written before stays, and shows nothing of what is hidden by now.
    thread = table.world.thread(table.need, table.programme)
    seen = [ask("GET", f"/threads/{thread.ref}").json for ask in (table.answers, table.offers)]
    assert ["offer" in one for one in seen] == [False, True]
    assert table.programme.title not in str(seen[0])
    assert written(tx) == ["Good day."]


def sent(text, *files):
    """A message and its files, as a program sends them."""
    return {"data": {"message": json.dumps({"text": text}), "files": [(BytesIO(data), name) for data, name in files]}}


def test_files_go_with_a_message_and_both_sides_have_them(table, client, sign_in):
    made = table.asks("POST", table.on_pledge, **sent("The plan.", (pdf(), "../plan.pdf"), (b"a,b\n", "list.csv")))
    assert made.status_code == 201, made.text
    files = made.json["files"]
    assert [(one["name"], one["disclosure"], one["is_yours"]) for one in files] == [
        ("plan.pdf", "sides", True), ("list.csv", "sides", True),
    ]  # fmt: skip
    listed = table.answers("GET", table.on_pledge).json["items"][0]["files"]
    assert [(one["ref"], one["is_yours"]) for one in listed] == [(one["ref"], False) for one in files]
    assert fetched(table.answers, files[0]["content_url"].removeprefix(OWN)) == pdf()
    sign_in(client, table.author)
    assert client.get(files[0]["url"].removeprefix(OWN), check=False).data == pdf()


def test_a_file_that_is_not_taken_is_named_and_nothing_is_written(table, tx):
    table.thread()
    path = f"/threads/{tx.scalars(select(Thread.ref)).one()}/messages"
    many = [(b"So.", f"{number}.txt") for number in range(rules.MOST_FILES + 1)]
    for files, words in (
        ([(pdf(), "plan.pdf"), (b"MZ", "run.exe")], "“run.exe” cannot be taken."),
        ([(pdf() + b" " * LARGEST_FILE, "long.pdf")], "is larger than 10 MB"),
        (many, f"Attach at most {rules.MOST_FILES} files"),
    ):
        answer = table.asks("POST", path, **sent("See these.", *files))
        (error,) = answer.json["errors"]
        assert (answer.status_code, error["pointer"], words in error["detail"]) == (422, "/files", True), error
    answer = table.asks("POST", path, data={"files": (BytesIO(pdf()), "plan.pdf")})
    assert answer.json["errors"] == [{"pointer": "/message", "detail": "This is missing."}]
    assert (attached(tx), written(tx)) == ([], ["Good day."])


@pytest.mark.one_engine
def test_the_description_says_what_threads_are_and_how_one_writes(client):
    described = client.get("/api/v1/openapi.json").json
    taken = described["paths"]["/threads/{ref}/messages"]["post"]["requestBody"]["content"]
    assert taken["application/json"]["schema"]["$ref"] == "#/components/schemas/MessageWritten"
    assert taken["multipart/form-data"]["encoding"] == {"message": {"contentType": "application/json"}}
    assert described["components"]["schemas"]["MessageWritten"]["required"] == ["text"]
    for path in ("/pledges/{ref}/messages", "/needs/{ref}/matches/{kind}/{offer_ref}/messages"):
        assert set(described["paths"][path]) == {"get", "post"}
        assert described["paths"][path]["get"]["security"] == [{"token": []}]
    assert "Threads of your organisations" in client.get("/api").text
    assert "MessageWritten</code></a> | <a" in client.get("/api/threads").text
