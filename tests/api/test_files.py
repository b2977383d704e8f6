"""Files of records by programs: added, listed, fetched and taken off by the same rules as on the pages."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from app.api.files import TYPES
from app.foundation.audit import history_of
from app.foundation.filing.files import ENDINGS, LARGEST_FILE, Attachment, keep_files
from app.foundation.worker import work_off
from app.wiring import REACTIONS
from tests.documents import docx, pdf, png
from tests.little_clamd import EICAR, little_clamd

KINDS = {"need": "state", "programme": "donor", "course": "centre", "lesson": "state"}
AMENDED = {kind: f"{kind}.amended" for kind in KINDS}


def form(content=None, name="Terms of reference.pdf", **more):
    """A form with one file, as a program sends it."""
    return {"data": {"file": (BytesIO(pdf() if content is None else content), name), **more}}


def kind_of(answer):
    assert answer.mimetype == "application/problem+json"
    return answer.json["type"].partition("#")[2]


def attached(tx):
    tx.expire_all()
    return list(tx.scalars(select(Attachment).order_by(Attachment.id)))


@pytest.fixture
def of_kind(world, program):
    """A record of a kind, the address of its files, its people's program, and the organisation that it belongs to."""

    def make(kind, **values):
        owner = world.organisation(KINDS[kind])
        known = {"themes": ["prisons"], "countries": ["SN"]}
        known |= {"lines": [{"description": "Two scanners."}]} if kind == "need" else {}
        record = getattr(world, kind)(owner, **known, **values)
        ask = program(world.account(owner, "focal_point" if KINDS[kind] == "state" else "editor"))
        return record, f"/{kind}s/{record.ref}/files", ask, owner

    return make


@pytest.fixture
def need(of_kind):
    return of_kind("need")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_added_listed_fetched_and_taken_off(of_kind, program, tx, kind):
    record, files, ask, owner = of_kind(kind)
    before = ask("GET", files)
    assert before.json == {"items": []}
    added = ask("POST", files, headers={"If-Match": before.headers["ETag"]}, **form(name="../Terms of reference.pdf"))
    assert added.status_code == 201, added.text
    assert {**added.json, "ref": "", "url": "", "content_url": "", "organisation": ""} == {
        "ref": "", "url": "", "content_url": "", "name": "Terms of reference.pdf", "size": len(pdf()),
        "content_type": "application/pdf", "disclosure": "public", "state": "unscanned", "is_quarantined": False,
        "finding": None, "text": "waiting", "organisation": "", "is_yours": True, "added_at": "2026-11-23T09:00:00Z",
    }  # fmt: skip
    assert added.json["organisation"]["ref"] == owner.ref
    fref = added.json["ref"]
    assert added.headers["Location"] == f"http://localhost:5000/api/v1{files}/{fref}"
    tx.expire_all()
    assert [event.action for event in history_of(tx, record.ref)].count(AMENDED[kind]) == 1
    anybody = program()
    assert [one["ref"] for one in anybody("GET", files).json["items"]] == [fref]
    one = anybody("GET", f"{files}/{fref}")
    assert one.json == {**added.json, "is_yours": False}
    assert anybody("GET", f"{files}/{fref}", headers={"If-None-Match": one.headers["ETag"]}).status_code == 304
    assert fetched(anybody, one.json["content_url"].removeprefix("http://localhost:5000")) == pdf()
    left = ask("DELETE", f"{files}/{fref}", headers={"If-Match": added.headers["ETag"]})
    assert (left.status_code, left.json, attached(tx)) == (200, {"items": []}, [])
    assert [event.action for event in history_of(tx, record.ref)].count(AMENDED[kind]) == 2
    for path in (f"{files}/{fref}", f"{files}/{fref}/content"):
        assert kind_of(anybody("GET", path)) == "not-found"
    assert kind_of(ask("DELETE", f"{files}/{fref}")) == "not-found"


def fetched(ask, path):
    """The content, as a download and nothing else, with the headers that the page's has."""
    answer = ask("GET", path)
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers.getlist("Content-Security-Policy") == ["sandbox; default-src 'none'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.data


def test_page_and_program_give_the_same_file_with_the_same_headers(need, client, program):
    _record, files, ask, _owner = need
    made = ask("POST", files, **form())
    own = "http://localhost:5000"
    page = client.get(made.json["url"].removeprefix(own), check=False)
    given = program()("GET", made.json["content_url"].removeprefix(own))
    assert page.data == given.data
    for name in ("Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control", "ETag"):
        assert page.headers.get(name) == given.headers.get(name)


def test_the_same_request_with_the_same_key_adds_nothing_however_its_parts_are_divided(need, tx):
    record, files, ask, _owner = need
    key = {"Idempotency-Key": "terms-1"}
    first, again = (ask("POST", files, headers=key, **form()) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.request.headers["Content-Type"] != again.request.headers["Content-Type"]
    assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")
    assert len(attached(tx)) == 1
    assert [event.action for event in history_of(tx, record.ref)].count("need.amended") == 1
    for other in (form(pdf("another")), form(name="another.pdf")):
        assert kind_of(ask("POST", files, headers=key, **other)) == "key-used"
    assert len(attached(tx)) == 1
    key = {"Idempotency-Key": "terms-2"}
    gone = [ask("DELETE", f"{files}/{first.json['ref']}", headers=key) for _time in range(2)]
    assert [(one.status_code, one.json) for one in gone] == [(200, {"items": []})] * 2


def test_whoever_has_seen_another_version_is_told(need, tx):
    _record, files, ask, _owner = need
    tag = {"If-Match": ask("GET", files).headers["ETag"]}
    made = ask("POST", files, headers=tag, **form())
    assert made.status_code == 201
    second = ask("POST", files, headers=tag, **form(pdf("second")))
    assert (second.status_code, second.json["current_version"]) == (412, 2)
    assert ask("DELETE", f"{files}/{made.json['ref']}", headers=tag).status_code == 412
    assert ask("POST", files, headers={"If-Match": "*"}, **form()).status_code == 428
    assert len(attached(tx)) == 1


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ run me", "run.exe", "“run.exe” cannot be taken. Send it as PDF"),
        (b"<script>alert(1)</script>", "page.pdf", "it is not what its name says"),
        (b"", "empty.pdf", "is empty"),
        (docx(more={"word/vbaProject.bin": b"x"}), "plan.docx", "it holds macros"),
        (pdf(more=b"6 0 obj\n<</Encrypt 7 0 R>>\nendobj\n"), "locked.pdf", "a password locks it"),
    ],
)
def test_what_a_form_would_not_take_is_refused_in_its_words(need, tx, content, name, words):
    record, files, ask, _owner = need
    answer = ask("POST", files, **form(content, name))
    assert (answer.status_code, kind_of(answer)) == (422, "not-sound")
    (error,) = answer.json["errors"]
    assert error["pointer"] == "/file"
    assert words in error["detail"]
    assert (attached(tx), record.version) == ([], 1)
    french = ask("POST", files, headers={"Accept-Language": "fr"}, **form(content, name))
    assert french.json["errors"][0]["detail"] != error["detail"]


def test_a_file_that_is_too_large_is_refused(need, tx):
    _record, files, ask, _owner = need
    answer = ask("POST", files, **form(pdf() + b" " * LARGEST_FILE, "long.pdf"))
    assert (answer.status_code, kind_of(answer)) == (413, "too-large")
    assert "“long.pdf” is larger than 10 MB" in answer.json["detail"]
    answer = ask("POST", files, **form(b"x" * (LARGEST_FILE + 3 * 1024 * 1024), "longer.pdf"))
    assert (answer.status_code, kind_of(answer)) == (413, "too-large")
    key = {"Idempotency-Key": "long"}
    assert ask("POST", files, headers=key, **form(b"x" * (LARGEST_FILE + 3 * 1024 * 1024))).status_code == 413
    assert attached(tx) == []


def test_what_is_no_form_with_one_file_is_refused(need, tx):
    _record, files, ask, _owner = need
    answer = ask("POST", files, json={"file": "x"})
    assert (answer.status_code, kind_of(answer)) == (415, "wrong-type")
    assert "multipart/form-data" in answer.json["detail"]
    two = {"data": {"file": [(BytesIO(pdf()), "a.pdf"), (BytesIO(pdf("b")), "b.pdf")]}}
    for wrong, place in (
        ({"data": {"other": (BytesIO(pdf()), "a.pdf")}}, {"/file", "/other"}),
        (form(audience="public"), {"/audience"}),
        ({"data": {"file": (BytesIO(pdf()), "")}}, {"/file"}),
        ({"data": {"file": "no file"}, "content_type": "multipart/form-data"}, {"/file"}),
        (two, {"/file"}),
    ):
        answer = ask("POST", files, **wrong)
        assert answer.status_code == 422
        assert {one["pointer"] for one in answer.json["errors"]} == place
    assert attached(tx) == []


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "once"}], ids=["without a key", "with a key"])
def test_parts_without_a_name_are_no_file_and_no_fault_of_ours(need, tx, key):
    _record, files, ask, _owner = need
    parts = [b"form-data", b'form-data; name="more"', b'form-data; filename="a.txt"']
    body = b"".join(b"--B\r\nContent-Disposition: " + part + b"\r\n\r\nx\r\n" for part in parts) + b"--B--\r\n"
    answer = ask("POST", files, data=body, content_type="multipart/form-data; boundary=B", headers=key)
    assert answer.status_code == 422, answer.text
    assert {one["pointer"] for one in answer.json["errors"]} == {"/", "/more", "/file"}
    assert attached(tx) == []


def test_what_one_may_not_see_does_not_exist_and_what_is_anothers_is_not_changed(of_kind, world, program, tx):
    record, files, ask, _owner = of_kind("need", disclosure="own")
    fref = ask("POST", files, **form()).json["ref"]
    stranger = program(world.account(world.organisation("state"), "focal_point"))
    for other in (stranger, program()):
        for path in (files, f"{files}/{fref}", f"{files}/{fref}/content"):
            assert kind_of(other("GET", path)) == "not-found"
    assert kind_of(stranger("POST", files, **form())) == "not-found"
    assert kind_of(stranger("DELETE", f"{files}/{fref}")) == "not-found"
    assert program()("POST", files, **form()).status_code == 401
    _open, other_files, other_ask, _owner = of_kind("need")
    shown = other_ask("POST", other_files, **form(pdf("shown"))).json["ref"]
    # A file of one record is none of another.
    assert kind_of(ask("GET", f"{files}/{shown}")) == kind_of(ask("DELETE", f"{files}/{shown}")) == "not-found"
    for path, method in ((other_files, "POST"), (f"{other_files}/{shown}", "DELETE")):
        assert kind_of(stranger(method, path, **(form() if method == "POST" else {}))) == "refused"
    # What is wrong with a file says nothing of a record.
    assert kind_of(stranger("POST", files, **form(b"MZ", "run.exe"))) == "not-found"
    tx.expire_all()
    assert (len(attached(tx)), record.version) == (2, 2)


@pytest.mark.parametrize("kind", ["need", "lesson"])
def test_files_for_members_are_none_to_others(of_kind, world, program, kind):
    _record, files, ask, _owner = of_kind(kind, field_disclosure={"files": "members"})
    made = ask("POST", files, **form())
    assert made.json["disclosure"] == "members"
    member, anybody = program(world.account(world.organisation("ngo"))), program()
    assert [one["text"] for one in member("GET", files).json["items"]] == ["none"]
    assert anybody("GET", files).json == {"items": []}
    for path in (f"{files}/{made.json['ref']}", f"{files}/{made.json['ref']}/content"):
        assert member("GET", path).status_code == 200
        assert kind_of(anybody("GET", path)) == "not-found"


def test_files_of_a_pledge_are_for_both_its_sides_and_not_changed(world, program, app, tx, now):
    state, donor = world.organisation("state"), world.organisation("donor")
    pledge = world.pledge(world.need(state), donor)
    store = app.extensions["counterpart"].files
    keep_files(tx, pledge, None, [("Letter.png", png())], store, now)
    files = f"/pledges/{pledge.ref}/files"
    for side in (state, donor):
        ask = program(world.account(side, "focal_point" if side is state else "editor"))
        (one,) = ask("GET", files).json["items"]
        assert (one["name"], one["content_type"], one["disclosure"]) == ("Letter.png", "image/png", "sides")
        assert fetched(ask, f"{files}/{one['ref']}/content") == png()
        assert kind_of(ask("POST", files, **form())) == "wrong-method"
        assert kind_of(ask("DELETE", f"{files}/{one['ref']}")) == "wrong-method"
    other = program(world.account(world.organisation("donor")))
    assert other("GET", files).json == {"items": []}
    assert kind_of(other("GET", f"{files}/{one['ref']}/content")) == "not-found"


def test_a_token_that_reads_alone_adds_nothing_and_one_that_has_run_out_opens_nothing(need, world, program, clock, tx):
    _record, files, ask, owner = need
    fref = ask("POST", files, **form()).json["ref"]
    reads_alone = program(world.account(owner, "focal_point"), scope="read")
    assert kind_of(reads_alone("POST", files, **form())) == "refused"
    assert kind_of(reads_alone("DELETE", f"{files}/{fref}")) == "refused"
    assert fetched(reads_alone, f"{files}/{fref}/content") == pdf()
    clock.move(days=31)
    for method, path in (("GET", files), ("GET", f"{files}/{fref}/content"), ("POST", files)):
        assert kind_of(ask(method, path)) == "sign-in"
    assert len(attached(tx)) == 1


def test_what_cannot_be_amended_takes_no_file(need, tx):
    record, files, ask, _owner = need
    made = ask("POST", files, **form())
    ended = ask("POST", f"/needs/{record.ref}/end", json={"status": "closed", "status_reason": "Met."})
    assert ended.status_code == 200
    assert kind_of(ask("POST", files, **form(pdf("late")))) == "not-possible"
    assert kind_of(ask("DELETE", f"{files}/{made.json['ref']}")) == "not-possible"
    assert len(attached(tx)) == 1


def test_a_lesson_with_a_new_file_waits_for_validation_again(of_kind):
    record, files, ask, _owner = of_kind("lesson", status="validated")
    assert ask("POST", files, **form()).status_code == 201
    assert ask("GET", f"/lessons/{record.ref}").json["status"] == "submitted"


def test_what_waits_for_the_scanner_is_its_senders_alone_and_what_is_infected_is_taken_away(
    need, app, world, program, tx
):
    _record, files, ask, owner = need
    colleague = program(world.account(owner, "focal_point"))
    site = app.extensions["counterpart"]
    with little_clamd() as clamd:
        site.settings = replace(site.settings, clamd_url=clamd.url)
        made = [ask("POST", files, **form(content, "a.txt")).json for content in (b"sound", b"letter " + EICAR)]
        assert [(one["state"], one["is_quarantined"]) for one in made] == [("waiting", True)] * 2
        assert len(ask("GET", files).json["items"]) == 2
        assert colleague("GET", files).json == {"items": []}
        for asks in (ask, colleague, program()):
            assert kind_of(asks("GET", f"{files}/{made[0]['ref']}/content")) == "not-found"
        assert kind_of(colleague("GET", f"{files}/{made[0]['ref']}")) == "not-found"
        tx.flush()
        while work_off(site, REACTIONS):
            pass
    sound, infected = ask("GET", files).json["items"]
    assert (sound["state"], sound["is_quarantined"], sound["finding"]) == ("clean", False, None)
    assert (infected["state"], infected["is_quarantined"], infected["finding"]) == ("refused", True, "Eicar-Signature")
    assert [one["ref"] for one in program()("GET", files).json["items"]] == [sound["ref"]]
    assert fetched(program(), f"{files}/{sound['ref']}/content") == b"sound"
    assert kind_of(ask("GET", f"{files}/{infected['ref']}/content")) == "not-found"
    assert ask("DELETE", f"{files}/{infected['ref']}").status_code == 200


def test_that_the_office_looks_at_what_is_not_for_it_is_on_record(of_kind, world, program, tx):
    record, files, ask, _owner = of_kind("need", disclosure="own", field_disclosure={"files": "own"})
    fref = ask("POST", files, **form()).json["ref"]
    office = program(world.account(world.organisation("secretariat")))
    # It sees that there is such a need, and as on its page no file of it.
    assert office("GET", files).json == {"items": []}
    assert kind_of(office("GET", f"{files}/{fref}/content")) == "not-found"
    tx.expire_all()
    assert "need.looked" in [event.action for event in history_of(tx, record.ref)]


def test_a_record_that_has_to_be_mended_says_so_when_a_file_comes(of_kind, world, program, tx):
    owner = world.organisation("state")
    need = world.need(owner)
    need.lines[0].description = ""
    tx.flush()
    ask = program(world.account(owner, "focal_point"))
    answer = ask("POST", f"/needs/{need.ref}/files", **form())
    assert (answer.status_code, kind_of(answer)) == (422, "not-sound")
    assert "The record itself has to be mended" in answer.json["detail"]
    assert "/lines/0/description" in {one["pointer"] for one in answer.json["errors"]}
    assert attached(tx) == []


@pytest.mark.one_engine
def test_every_kind_of_file_that_is_taken_has_its_content_type():
    assert set(TYPES) == set(ENDINGS)


@pytest.mark.one_engine
def test_the_description_says_how_a_file_is_sent_and_given(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]
    sent = paths["/needs/{ref}/files"]["post"]
    assert sent["requestBody"]["content"] == {
        "multipart/form-data": {"schema": {"$ref": "#/components/schemas/FileSent"}}
    }
    given = paths["/needs/{ref}/files/{fref}/content"]["get"]["responses"]["200"]
    assert given["content"] == {"application/octet-stream": {}}
    assert "post" not in paths["/pledges/{ref}/files"]
    page = client.get("/api/needs").text
    assert "application/octet-stream" in page
    assert "multipart/form-data" in page
