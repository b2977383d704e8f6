import pytest

from app.foundation.messages import msg
from app.notifications.models import Notice
from app.notifications.panels import desk_notices, header_notices
from app.notifications.rules import cause_of
from app.notifications.service import NoticeDraft, put_notices


@pytest.fixture
def account(world):
    return world.account(world.organisation("donor"))


@pytest.fixture
def put(tx, world, account, now):
    """Puts a notice about a need on the account's desk."""

    def make(title="Scanner", to=None, what="need_fits", **kw):
        need = world.need(world.organisation(), **kw)
        cause = cause_of(what, ("need", need.ref))
        draft = NoticeDraft((to or account).id, cause, msg("A need fits: %(need)s", need=title), "need", need.ref)
        put_notices(tx, [draft], now)
        tx.flush()
        return tx.query(Notice).order_by(Notice.id.desc()).first()

    return make


def test_a_person_reads_own_notices_and_marks_them(tx, client, sign_in, world, account, put):
    first, second = put("First"), put("Second")
    put("Somebody else's", to=world.account(world.organisation()))
    sign_in(client, account)
    page = client.get("/notices").text
    assert "First" in page
    assert "Second" in page
    assert "Somebody" not in page
    assert client.post(f"/notices/{first.id}/read").location == "/notices"
    tx.expire_all()
    assert (first.read_at is not None, second.read_at) == (True, None)
    client.post("/notices/read")
    tx.expire_all()
    assert second.read_at is not None
    assert "Mark as read" not in client.get("/notices").text


def test_marking_leads_to_the_record_or_back_but_never_out(client, sign_in, account, put):
    notice = put()
    sign_in(client, account)
    address = f"/notices/{notice.id}/read"
    assert client.post(address, data={"open": "1"}).location == f"/needs/{notice.record_ref}"
    assert client.post(address, data={"next": "/desk"}).location == "/desk"
    assert client.post(address, data={"next": "https://evil.example/"}).location == "/notices"


def test_a_number_beyond_what_the_database_counts_is_no_notice(client, sign_in, account):
    sign_in(client, account)
    assert client.post(f"/notices/{2**31 - 1}/read").status_code == 404
    assert client.post(f"/notices/{2**31}/read").status_code == 404
    assert client.post(f"/notices/{'9' * 30}/read").status_code == 404


def test_nobody_marks_somebody_elses_notice(tx, client, sign_in, world, account, put):
    notice = put()
    sign_in(client, world.account(world.organisation()))
    assert client.post(f"/notices/{notice.id}/read").status_code == 404
    client.post("/notices/read")
    tx.expire_all()
    assert notice.read_at is None


def test_a_hidden_record_is_neither_listed_nor_counted(client, app, sign_in, world, account, put):
    put("Visible")
    put("Hidden", disclosure="own")
    sign_in(client, account)
    page = client.get("/notices").text
    assert "Visible" in page
    assert "Hidden" not in page
    with app.test_request_context():
        actor = world.actor(account)
        assert "1 notice" in header_notices(actor, "")
        assert "1 unread notice" in desk_notices(actor, "")


def test_the_desk_does_not_list_what_stands_there_anyway(tx, app, world, account, put):
    put("A need that fits")
    put("A pledge accepted", what="pledge_accepted")
    tx.flush()
    with app.test_request_context():
        drawn = desk_notices(world.actor(account), "")
    assert "A pledge accepted" in drawn
    assert "A need that fits" not in drawn
    assert "2 unread notices" in drawn


def test_many_notices_come_in_pages(client, sign_in, account, put):
    for number in range(23):
        put(f"Number {number}")
    sign_in(client, account)
    assert "1–20 of 23" in client.get("/notices").text
    assert "21–23 of 23" in client.get("/notices?page=2").text


def test_without_notices_the_page_says_what_will_come(client, sign_in, account):
    sign_in(client, account)
    assert "No notices yet" in client.get("/notices").text


def test_notices_are_for_those_who_signed_in(client, app):
    from app.foundation.permissions import ANONYMOUS

    assert client.get("/notices").status_code == 302
    with app.test_request_context():
        assert header_notices(ANONYMOUS, "") == ""
