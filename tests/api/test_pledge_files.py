"""The files of a pledge by programs: sent with it when it is made, by the rules of its page, and kept as they are."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.filing.files import LARGEST_FILE
from app.foundation.worker import work_off
from app.pledges.models import Pledge
from app.wiring import REACTIONS
from tests.api.test_files import attached, kind_of
from tests.documents import docx, pdf, png
from tests.little_clamd import EICAR, little_clamd


def pledged(tx):
    return list(tx.scalars(select(Pledge)))


def form(body, *files, **more):
    """A pledge and its files, as a program sends them."""
    parts = [(BytesIO(content), name) for content, name in files]
    return {"data": {"pledge": json.dumps(body), **({"files": parts} if parts else {}), **more}}


LETTER, PICTURE = (pdf("letter"), "../Letter.pdf"), (png(), "Scanner.png")
UNSOUND = (b"MZ run me", "run.exe")


class Table:
    """A State with a need, a donor that pledges for it, somebody else, and the programs of all three."""

    def __init__(self, world, program):
        self.state, self.donor = world.organisation("state"), world.organisation("donor")
        self.need = world.need(self.state)
        self.ask = program(world.account(self.donor))
        self.other_side = program(world.account(self.state, "focal_point"))
        self.stranger = program(world.account(world.organisation("donor")))
        self.address = f"/needs/{self.need.ref}/pledges"
        line = {"need_line": self.need.lines[0].ref, "quantity": 2}
        self.body = {"lines": [line], "source_of_funds": "national_budget"}

    def pledge(self, *files, headers=None, **more):
        return self.ask("POST", self.address, headers=headers, **form(self.body, *files, **more))


@pytest.fixture
def table(world, program):
    return Table(world, program)


def test_a_pledge_is_made_with_its_files_which_both_its_sides_have(table, program, tx):
    made = table.pledge(LETTER, PICTURE)
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == f"http://localhost:5000/api/v1/pledges/{made.json['ref']}"
    assert [event.action for event in history_of(tx, made.json["ref"])] == ["pledge.made"]
    files = f"/pledges/{made.json['ref']}/files"
    for side, is_yours in ((table.ask, True), (table.other_side, False)):
        given = side("GET", files).json["items"]
        assert [(one["name"], one["content_type"], one["disclosure"], one["is_yours"]) for one in given] == [
            ("Letter.pdf", "application/pdf", "sides", is_yours), ("Scanner.png", "image/png", "sides", is_yours),
        ]  # fmt: skip
        assert given[0]["organisation"]["ref"] == table.donor.ref
        got = side("GET", f"{files}/{given[0]['ref']}/content")
        assert (got.status_code, got.mimetype, got.data) == (200, "application/octet-stream", pdf("letter"))
    for other in (table.stranger, program()):
        assert other("GET", files).json == {"items": []}
        for path in (f"{files}/{given[0]['ref']}", f"{files}/{given[0]['ref']}/content"):
            assert kind_of(other("GET", path)) == "not-found"
    # As on its page, what went with it stays, and nothing is added.
    assert kind_of(table.ask("POST", files, data={"file": (BytesIO(pdf()), "more.pdf")})) == "wrong-method"
    assert kind_of(table.ask("DELETE", f"{files}/{given[0]['ref']}")) == "wrong-method"


def test_that_a_program_has_sent_them_is_on_record(table, tx):
    made = table.pledge(LETTER)
    (event,) = history_of(tx, made.json["ref"])
    assert event.details["program"]
    (file,) = attached(tx)
    assert (file.record_kind, file.record_ref, file.uploaded_by) == ("pledge", made.json["ref"], event.account_id)


def test_the_pledge_may_come_as_a_file_and_without_files_and_as_json_as_before(table, tx):
    as_file = {"pledge": (BytesIO(json.dumps(table.body).encode()), "pledge.json", "application/json")}
    alone = {**form(table.body), "content_type": "multipart/form-data"}
    for sent in ({"data": as_file}, alone, {"json": table.body}):
        answer = table.ask("POST", table.address, **sent)
        assert answer.status_code == 201, answer.text
    assert (attached(tx), len(pledged(tx))) == ([], 3)


def test_the_same_request_with_the_same_key_is_done_once_however_its_parts_are_divided(table, tx):
    key = {"Idempotency-Key": "pledge-1"}
    first, again = (table.pledge(LETTER, headers=key) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.request.headers["Content-Type"] != again.request.headers["Content-Type"]
    assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")
    assert (len(attached(tx)), len(pledged(tx))) == (1, 1)
    for other in ((PICTURE,), (LETTER, PICTURE), ((pdf("letter"), "Other.pdf"),), ()):
        answer = table.ask(
            "POST", table.address, headers=key, content_type="multipart/form-data", **form(table.body, *other)
        )
        assert kind_of(answer) == "key-used"
    assert len(pledged(tx)) == 1


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (*UNSOUND, "“run.exe” cannot be taken. Send it as PDF"),
        (b"<script>alert(1)</script>", "page.pdf", "it is not what its name says"),
        (docx(more={"word/vbaProject.bin": b"x"}), "plan.docx", "it holds macros"),
        (pdf() + b" " * LARGEST_FILE, "long.pdf", "“long.pdf” is larger than 10 MB"),
    ],
)
def test_what_its_form_would_not_take_is_refused_in_its_words_and_nothing_is_made(table, tx, content, name, words):
    answer = table.pledge(LETTER, (content, name))
    assert (answer.status_code, kind_of(answer)) == (422, "not-sound")
    (error,) = answer.json["errors"]
    assert error["pointer"] == "/files"
    assert words in error["detail"]
    assert (attached(tx), pledged(tx)) == ([], [])
    french = table.ask(
        "POST", table.address, headers={"Accept-Language": "fr"}, **form(table.body, LETTER, (content, name))
    )
    assert french.json["errors"][0]["detail"] != error["detail"]


def test_everything_that_is_to_be_mended_is_told_at_once(table, tx):
    table.body["expires_on"] = "1980-01-01"
    answer = table.pledge(UNSOUND, (b"", "empty.pdf"))
    told = {one["pointer"]: one["detail"] for one in answer.json["errors"]}
    assert set(told) == {"/files", "/expires_on"}
    assert "“run.exe”" in told["/files"]
    assert "“empty.pdf”" in told["/files"]
    assert (attached(tx), pledged(tx)) == ([], [])


def test_more_than_a_request_may_bring_is_refused(table, tx):
    answer = table.pledge((b"x" * (LARGEST_FILE + 3 * 1024 * 1024), "longer.pdf"))
    assert (answer.status_code, kind_of(answer)) == (413, "too-large")
    assert (attached(tx), pledged(tx)) == ([], [])


def test_what_is_no_form_with_a_pledge_is_refused(table, tx):
    sound, letter = json.dumps(table.body), [(BytesIO(pdf()), "a.pdf")]
    for wrong, place in (
        ({"files": letter}, {"/pledge"}),
        ({"pledge": [sound, sound], "files": [(BytesIO(pdf()), "a.pdf")]}, {"/pledge"}),
        ({"pledge": sound, "file": (BytesIO(pdf()), "a.pdf")}, {"/file"}),
        ({"pledge": sound, "hidden": "amount"}, {"/hidden"}),
        ({"pledge": sound, "files": "no file"}, {"/files"}),
        ({"pledge": sound, "files": (BytesIO(pdf()), "")}, {"/files"}),
        ({"pledge": json.dumps({**table.body, "files": []})}, {"/files"}),
        ({"pledge": json.dumps({"lines": []})}, {"/source_of_funds"}),
    ):
        answer = table.ask("POST", table.address, data=wrong, content_type="multipart/form-data")
        assert answer.status_code == 422, answer.text
        assert {one["pointer"] for one in answer.json["errors"]} == place
    for unreadable in ("no json", "[]", '{"conditions": "\\u0000"}', '{"conditions": "\\ud800"}'):
        answer = table.ask("POST", table.address, data={"pledge": unreadable}, content_type="multipart/form-data")
        assert kind_of(answer) == "unreadable"
    assert kind_of(table.ask("POST", table.address, data=sound, content_type="text/plain")) == "wrong-type"
    assert (attached(tx), pledged(tx)) == ([], [])


def test_whoever_may_not_pledge_sends_no_files_and_what_is_hidden_does_not_exist(table, world, program, tx):
    hidden = world.need(world.organisation("state"), disclosure="own")
    for files in ((LETTER,), (UNSOUND,)):
        answer = table.ask("POST", f"/needs/{hidden.ref}/pledges", **form(table.body, *files))
        assert kind_of(answer) == "not-found"
    assert program()("POST", table.address, **form(table.body, LETTER)).status_code == 401
    reads_alone = program(world.account(table.donor), scope="read")
    assert kind_of(reads_alone("POST", table.address, **form(table.body, LETTER))) == "refused"
    ngo = program(world.account(world.organisation("ngo"), "reader"))
    assert kind_of(ngo("POST", table.address, **form(table.body, LETTER))) == "refused"
    assert (attached(tx), pledged(tx)) == ([], [])


def test_what_waits_for_the_scanner_is_its_senders_alone_and_what_is_infected_is_taken_away(table, app, tx):
    site = app.extensions["counterpart"]
    with little_clamd() as clamd:
        site.settings = replace(site.settings, clamd_url=clamd.url)
        made = table.pledge((b"sound", "a.txt"), (b"letter " + EICAR, "b.txt"))
        files = f"/pledges/{made.json['ref']}/files"
        waiting = table.ask("GET", files).json["items"]
        assert [(one["state"], one["is_quarantined"]) for one in waiting] == [("waiting", True)] * 2
        assert table.other_side("GET", files).json == {"items": []}
        for side in (table.ask, table.other_side):
            assert kind_of(side("GET", f"{files}/{waiting[0]['ref']}/content")) == "not-found"
        tx.flush()
        while work_off(site, REACTIONS):
            pass
    sound, infected = table.ask("GET", files).json["items"]
    assert (sound["state"], infected["state"], infected["finding"]) == ("clean", "refused", "Eicar-Signature")
    assert [one["ref"] for one in table.other_side("GET", files).json["items"]] == [sound["ref"]]
    assert table.other_side("GET", f"{files}/{sound['ref']}/content").data == b"sound"


@pytest.mark.one_engine
def test_the_description_says_how_a_pledge_is_sent_with_files(client):
    described = client.get("/api/v1/openapi.json").json
    taken = described["paths"]["/needs/{need_ref}/pledges"]["post"]["requestBody"]["content"]
    assert taken == {
        "application/json": {"schema": {"$ref": "#/components/schemas/PledgeMade"}},
        "multipart/form-data": {
            "schema": {"$ref": "#/components/schemas/PledgeWithFiles"},
            "encoding": {"pledge": {"contentType": "application/json"}},
        },
    }
    parts = described["components"]["schemas"]["PledgeWithFiles"]
    assert parts["required"] == ["pledge"]
    assert parts["properties"]["pledge"]["$ref"] == "#/components/schemas/PledgeMade"
    assert parts["properties"]["files"]["items"] == {"type": "string", "format": "binary"}
    page = client.get("/api/needs").text
    assert "PledgeMade</code></a> | <a" in page
    assert "multipart/form-data" in page
