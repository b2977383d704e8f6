"""The links of mails: what they open without signing in, and that they open nothing else."""

from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.notifications.links.rules import GOOD_FOR, masked
from app.notifications.links.service import addresses_for, token_for
from app.notifications.models import MailPreference
from app.notifications.pace.queries import wishes_of_one
from tests.factories import SECRET_KEY

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def person(world):
    return world.account(world.organisation("donor"), email="amina@ministry.example", name="Amina Secret")


@pytest.fixture
def token(person, now):
    return token_for(SECRET_KEY, person, ["matches"], now)


@pytest.fixture
def of_matches(tx, person):
    def read():
        tx.expire_all()
        return wishes_of_one(tx, person.id).of_group("matches")

    return read


def test_the_page_shows_what_one_gets_and_no_name(client, token, of_matches):
    page = client.get(f"/mail/{token}").text
    assert "a•••@ministry.example" in page
    assert "Amina" not in page
    assert "amina@" not in page
    assert of_matches() == "daily", "looking changes nothing"


def test_the_pace_is_changed_without_signing_in(client, token, of_matches):
    assert client.submit(f"/mail/{token}", {"group_matches": "weekly"}, form_id="wishes").status_code == 303
    assert of_matches() == "weekly"


def test_the_button_stops_and_the_page_says_so(client, token, of_matches):
    answer = client.post(f"/mail/{token}", data={"stop": "1"})
    assert answer.status_code == 303
    assert "Stopped." in client.get(f"/mail/{token}").text
    assert of_matches() == "site"


@pytest.mark.parametrize("scope", [["matches"], ["digest"]])
def test_what_is_stopped_is_not_offered_to_be_stopped_again(client, person, now, scope):
    address = f"/mail/{token_for(SECRET_KEY, person, scope, now)}"
    assert 'name="stop"' in client.get(address).text
    client.post(address, data={"stop": "1"})
    page = client.get(address).text
    assert 'name="stop"' not in page
    assert "You get no more of the mails" in page
    assert client.submit(address, {"group_matches": "daily"}, form_id="wishes").status_code == 303
    assert 'name="stop"' in client.get(address).text, "chosen anew, it can be stopped anew"


def test_the_page_itself_takes_nothing_without_its_token(client, token, of_matches):
    assert client.post(f"/mail/{token}", data={"stop": "1"}, csrf=False).status_code == 403
    assert of_matches() == "daily"


def test_one_click_stops_without_cookie_or_form_and_twice_is_once(app, tx, person, token, of_matches):
    for _ in range(2):
        # Each time a program without any cookie, and none is set.
        answer = app.test_client().post(f"/mail/{token}/stop", data=ONE_CLICK, csrf=False, check=False)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert of_matches() == "site"
    events = select(AuditEvent).where(AuditEvent.action == "account.mail_wishes_changed")
    assert len(tx.scalars(events).all()) == 1
    assert tx.scalars(select(MailPreference)).one().paces == {"matches": "site"}


def test_one_click_does_that_alone(app, token, of_matches):
    client = app.test_client()
    assert client.post(f"/mail/{token}/stop", csrf=False, check=False).status_code == 400
    other = {"List-Unsubscribe": "One-Click", "group_pledges": "site", "hour": "3"}
    assert client.get(f"/mail/{token}/stop").location == f"/mail/{token}"
    assert of_matches() == "daily"
    assert client.post(f"/mail/{token}/stop", data=other, csrf=False, check=False).status_code == 200
    assert of_matches() == "site"


def test_one_click_of_a_digest_leaves_what_waits(app, tx, person, now):
    token = token_for(SECRET_KEY, person, ["digest"], now)
    app.test_client().post(f"/mail/{token}/stop", data=ONE_CLICK, csrf=False, check=False)
    tx.expire_all()
    wishes = wishes_of_one(tx, person.id)
    assert (wishes.of_group("pledges"), wishes.of_group("matches")) == ("waiting", "site")


def forged(payload, salt="counterpart.mail", key=SECRET_KEY):
    return URLSafeSerializer(key, salt=salt).dumps(payload)


@pytest.mark.parametrize("path", ["", "/stop"])
def test_what_was_altered_is_foreign_or_old_opens_nothing(client, tx, world, person, token, now, path, of_matches):
    other = world.account(world.organisation())
    mark = URLSafeSerializer(SECRET_KEY, salt="counterpart.mail").loads(token)[3]
    wrong = [
        token[:-1], "x" + token, token.replace(".", ".."), "x.y.z", "é",
        forged([person.ref, "matches", 300, mark], key="another key"),
        forged([person.ref, "matches", 300, mark], salt="counterpart.nomination"),
        forged([other.ref, "matches", 300, mark]), forged([person.ref, "matches", 300, "é"]),
        forged([person.ref, "matches", "x", mark]), forged([person.ref, "matches", 10**12, mark]), forged("text"),
        forged([person.ref, 7, 300, mark]), forged({"a": 1}), forged([None, "matches", 300, mark]),
        token_for(SECRET_KEY, person, ["matches"], now - GOOD_FOR),
        token_for(SECRET_KEY, person, ["matches"], now + timedelta(days=3)),
    ]  # fmt: skip
    for one in wrong:
        answer = client.post(f"/mail/{one}{path}", data={**ONE_CLICK, "stop": "1"})
        assert answer.status_code == 410, one
        assert "This link is not good any more" in answer.text
        assert client.get(f"/mail/{one}").status_code == 410
    assert of_matches() == "daily"


def test_a_link_is_good_for_a_year_and_ends_with_its_address_or_account(client, clock, tx, person, token):
    clock.move(days=GOOD_FOR.days - 1)
    assert client.get(f"/mail/{token}").status_code == 200
    person.email = "other@ministry.example"
    assert client.get(f"/mail/{token}").status_code == 410
    person.email, person.status = "amina@ministry.example", "closed"
    assert client.get(f"/mail/{token}").status_code == 410


def test_a_link_signs_nobody_in(client, token):
    client.get(f"/mail/{token}")
    client.post(f"/mail/{token}", data={"stop": "1"})
    for address in ("/desk", "/notices", "/subscriptions", "/account"):
        assert client.get(address).status_code in {302, 303}


def test_the_addresses_of_a_mail_lead_to_this_site(settings, person, now):
    page, stop = addresses_for(settings, person, ["matches"], now)
    assert page.startswith(f"{settings.public_url}/mail/")
    assert stop == f"{page}/stop"
    assert person.email not in page


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("amina@ministry.example", "a•••@ministry.example"),
        ("@x", "•••"),
        ("", "•••"),
        ("a@b@c.example", "a•••@c.example"),
    ],
)
def test_an_address_is_masked(address, shown):
    assert masked(address) == shown
