"""Notices by programs: what their person was told and may still see, and marking it as read."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.foundation.messages import msg
from app.needs.models import Need
from app.notifications.models import Notice
from app.notifications.rules import cause_of
from app.notifications.service import NoticeDraft, put_notices
from tests.api.test_files import kind_of
from tests.api.test_lists import every_ref

OWN = "http://localhost:5000"


@pytest.fixture
def account(world):
    return world.account(world.organisation("donor"))


@pytest.fixture
def ask(program, account):
    return program(account)


@pytest.fixture
def put(tx, world, account, now):
    """Puts a notice about a need of its own on somebody's desk."""

    def make(to=None, what="pledge_accepted", **kw):
        need = world.need(world.organisation(), **kw)
        draft = NoticeDraft(
            (to or account).id, cause_of(what, ("need", need.ref)), msg("This limit has ended already."), "need",
            need.ref,
        )  # fmt: skip
        put_notices(tx, [draft], now)
        tx.flush()
        return tx.scalars(select(Notice).order_by(Notice.id.desc()).limit(1)).one()

    return make


def unread(tx):
    tx.expire_all()
    return [one.id for one in tx.scalars(select(Notice).order_by(Notice.id)) if one.read_at is None]


def test_a_notice_says_what_happened_in_the_language_that_is_asked_for_and_where_one_reads_on(ask, put):
    notice = put()
    (shown,) = ask("GET", "/notices").json["items"]
    assert shown == {
        "ref": str(notice.id), "what": "pledge_accepted", "text": "This limit has ended already.",
        "record_kind": "need", "record_ref": notice.record_ref, "url": f"{OWN}/needs/{notice.record_ref}",
        "is_new": True, "created_at": "2026-11-23T09:00:00Z", "read_at": None,
    }  # fmt: skip
    (french,) = ask("GET", "/notices", headers={"Accept-Language": "fr"}).json["items"]
    assert french["text"] != shown["text"]


def test_one_is_marked_as_read_and_then_all(ask, put, tx):
    first, second, third = put(), put(), put()
    marked = ask("POST", f"/notices/{second.id}/read")
    assert (marked.status_code, marked.json["is_new"], marked.json["read_at"]) == (200, False, "2026-11-23T09:00:00Z")
    assert unread(tx) == [first.id, third.id]
    listed = ask("GET", "/notices").json["items"]
    assert [one["ref"] for one in listed] == [str(number) for number in (third.id, first.id, second.id)]
    # What came since the program has looked stays new.
    fourth = put()
    assert ask("POST", "/notices/read", json={"latest": listed[0]["ref"]}).json == {"unread": 1}
    assert unread(tx) == [fourth.id]
    assert ask("POST", "/notices/read", json={}).json == {"unread": 0}
    assert unread(tx) == []


def test_notices_are_ones_own_alone(ask, put, program, world, tx):
    mine, others = put(), put(to=world.account(world.organisation()))
    assert [one["ref"] for one in ask("GET", "/notices").json["items"]] == [str(mine.id)]
    for number in (others.id, 0, 2**31 - 1, 2**31, "9" * 30, "x", "-1", "²"):
        assert kind_of(ask("POST", f"/notices/{number}/read")) == "not-found", number
    assert ask("POST", "/notices/read", json={}).status_code == 200
    assert unread(tx) == [others.id]
    for method, path, more in (("GET", "/notices", {}), ("POST", "/notices/read", {"json": {}}),
                               ("POST", f"/notices/{others.id}/read", {})):  # fmt: skip
        assert kind_of(program()(method, path, **more)) == "sign-in"


def test_of_a_record_that_one_may_not_see_any_more_no_notice_is_told(ask, put, tx):
    notice = put()
    need = tx.scalars(select(Need).where(Need.ref == notice.record_ref)).one()
    need.disclosure = "own"
    tx.flush()
    assert ask("GET", "/notices").json["items"] == []
    assert kind_of(ask("POST", f"/notices/{notice.id}/read")) == "not-found"
    assert ask("POST", "/notices/read", json={}).json == {"unread": 0}


def test_a_token_that_reads_alone_marks_nothing(program, account, put, tx):
    notice = put()
    reads_alone = program(account, scope="read")
    assert len(reads_alone("GET", "/notices").json["items"]) == 1
    for path in (f"/notices/{notice.id}/read", "/notices/read"):
        assert kind_of(reads_alone("POST", path, json={"no such field": 1})) == "refused"
    assert unread(tx) == [notice.id]


def test_the_list_is_that_of_the_page_page_after_page(ask, put, client, sign_in, account, now, tx):
    notices = [put() for _number in range(5)]
    for read in (notices[1], notices[4]):
        read.read_at = now
    tx.flush()
    sign_in(client, account)
    page = client.get("/notices").text
    in_order = re.findall(r'href="/needs/(N-[0-9A-Z-]+)"', page[page.index("<main") :])
    refs = [str(one.id) for ref in in_order for one in notices if one.record_ref == ref]
    assert every_ref(ask, "/notices?limit=2") == (refs, 3)
    first = ask("GET", "/notices?limit=2")
    assert ask("POST", f"/notices/{refs[0]}/read").status_code == 200
    second = ask("GET", first.json["next"].removeprefix(OWN))
    assert [one["ref"] for one in second.json["items"]] == [refs[2], refs[3]]
    for query in ("cursor=x", "limit=0", "q=port"):
        assert kind_of(ask("GET", f"/notices?{query}")) == "unknown-filter"


def test_the_same_request_with_the_same_key_is_done_once(ask, put, tx):
    put()
    key = {"Idempotency-Key": "read-1"}
    first = ask("POST", "/notices/read", json={}, headers=key)
    late = put()
    again = ask("POST", "/notices/read", json={}, headers=key)
    assert (first.json, again.json, again.headers["Idempotency-Replayed"]) == ({"unread": 0}, {"unread": 0}, "true")
    assert unread(tx) == [late.id]
    assert kind_of(ask("POST", "/notices/read", json={"latest": "1"}, headers=key)) == "key-used"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"latest": 7}, "/latest"),
        ({"latest": "x"}, "/latest"),
        ({"latest": "9" * 11}, "/latest"),
        ({"all": True}, "/all"),
    ],
)
def test_what_is_wrong_is_told_where_it_is_in_words(ask, put, tx, body, place):
    notice = put()
    answer = ask("POST", "/notices/read", json=body)
    assert (answer.status_code, kind_of(answer), answer.json["errors"][0]["pointer"]) == (422, "not-sound", place)
    french = ask("POST", "/notices/read", json=body, headers={"Accept-Language": "fr"})
    assert french.json["errors"][0]["detail"] != answer.json["errors"][0]["detail"]
    for raw in (b"{", b"[]", b"", b'{"latest": "\\u0000"}'):
        assert kind_of(ask("POST", "/notices/read", data=raw, content_type="application/json")) == "unreadable"
    assert unread(tx) == [notice.id]


@pytest.mark.one_engine
def test_the_description_says_what_notices_are(client):
    described = client.get("/api/v1/openapi.json").json
    assert described["paths"]["/notices"]["get"]["security"] == [{"token": []}]
    assert "Your notices" in client.get("/api").text
    assert "NoticeGiven" in client.get("/api/notices").text
