"""Second steps: setting them up, using them once, taking them away, and what a role is worth without one."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts import guard, queries
from app.accounts.models import RecoveryCode, SecondStep, SignIn
from app.accounts.proof import apps, rules, service
from app.accounts.proof.seal import Seal
from app.accounts.rules import AccountRefused
from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Permission, Refused, allowed
from app.foundation.references import ALPHABET
from app.foundation.web import GUARDS
from tests.factories import APP_SECRET, PASSWORD, SECRET_KEY, World
from tests.house import MovableClock
from tests.pages import fresh_code

SignInWith = Callable[..., Any]
SEAL = Seal(SECRET_KEY)


def told(tx: Tx) -> list[str]:
    """What owners of accounts are told of, in order."""
    rows = tx.scalars(select(OutboxRow).where(OutboxRow.fact == "AccountGuarded").order_by(OutboxRow.id))
    return [row.payload["what"] for row in rows]


def text_of(response: Any) -> str:
    return str(response.get_data(as_text=True))


def set_up(client: FlaskClient, clock: MovableClock) -> list[str]:
    """Add an app through its page, as a person with a telephone does; the recovery codes."""
    page = text_of(client.get("/account/second-step/app"))
    secret = re.search(r'<code class="key"[^>]*>([^<]*)</code>', page)
    assert secret is not None
    code = pyotp.TOTP(re.sub(r"\s", "", secret.group(1))).at(clock.wall())
    answer = client.post("/account/second-step/app", data={"name": "Phone", "code": code, "sealed": sealed_in(page)})
    assert answer.status_code == 200
    return re.findall(r"<code dir=\"ltr\">([^<]+)</code>", text_of(answer))


def sealed_in(page: str) -> str:
    """The secret as the form carries it, unreadable."""
    found = re.search(r'name="sealed"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


# --- what is kept ---


def test_a_seal_opens_with_its_own_key_alone() -> None:
    sealed = SEAL.seal("JBSWY3DP")
    assert b"JBSWY3DP" not in sealed
    assert SEAL.opened(sealed) == "JBSWY3DP"
    assert Seal("another key altogether").opened(sealed) is None
    assert SEAL.opened(sealed[:-2]) is None
    assert SEAL.digest("a") != Seal("another key altogether").digest("a")


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, SHA-1: at 1,111,111,109 seconds the eight digits 07081804, of which six are kept."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    wall = datetime.fromtimestamp(1111111109, UTC)
    assert apps.step_of(secret, "081804", wall) == 1111111109 // 30
    assert apps.step_of(secret, "081804", wall + timedelta(seconds=30)) == 1111111109 // 30
    assert apps.step_of(secret, "081804", wall + timedelta(seconds=90)) is None


def test_no_recovery_code_is_kept_as_it_is(tx: Tx, world: World, now: Any) -> None:
    account = world.account(world.organisation(), "focal_point")
    codes = service.renew_codes(tx, world.actor(account), SEAL, now)
    assert len(set(codes)) == rules.RECOVERY_CODES
    kept = tx.scalars(select(RecoveryCode.digest)).all()
    assert not {rules.tidy_code(code) for code in codes} & set(kept)


def test_a_recovery_code_is_too_long_to_be_guessed_even_from_its_digest() -> None:
    codes = rules.new_recovery_codes()
    bodies = {rules.tidy_code(code) for code in codes}
    assert {len(body) for body in bodies} == {28}
    assert 28 * math.log2(len(ALPHABET)) > 128
    assert all(rules.RECOVERY_CODE.match(body) for body in bodies)
    assert not rules.RECOVERY_CODE.match("7KQ2MX4TRB")


def test_a_stamp_has_128_random_bits() -> None:
    stamps = {guard.new_stamp() for _ in range(50)}
    assert len(stamps) == 50
    assert {len(base64.urlsafe_b64decode(stamp + "==")) for stamp in stamps} == {16}


# --- setting up ---


def test_an_app_is_set_up_with_its_first_code(
    client: FlaskClient, world: World, sign_in: SignInWith, tx: Tx, clock: MovableClock
) -> None:
    account = world.account(world.organisation())
    sign_in(client, account)
    assert len(set_up(client, clock)) == rules.RECOVERY_CODES
    assert account.second_step_since == clock.now()
    kept = tx.scalars(select(SecondStep)).one()
    assert (kept.kind, kept.name, kept.account_id) == ("app", "Phone", account.id)
    assert told(tx) == ["step_added"]
    assert "Phone" in text_of(client.get("/account/second-step"))


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_picture(
    client: FlaskClient, world: World, sign_in: SignInWith, tx: Tx
) -> None:
    sign_in(client, world.account(world.organisation()))
    first = text_of(client.get("/account/second-step/app"))
    before = re.findall(r'<code class="key".*?</code>', first)
    data = {"name": "Phone", "code": "000000", "sealed": sealed_in(first)}
    page = client.post("/account/second-step/app", data=data)
    assert page.status_code == 422
    assert re.findall(r'<code class="key".*?</code>', text_of(page)) == before
    assert 'value="Phone"' in text_of(page)
    assert tx.scalars(select(SecondStep)).all() == []


def test_a_secret_of_somebody_else_is_not_taken(
    client: FlaskClient, world: World, sign_in: SignInWith, tx: Tx, clock: MovableClock
) -> None:
    sign_in(client, world.account(world.organisation()))
    planted = SEAL.seal(f"A-2222-2222 {APP_SECRET}").decode()
    data = {"name": "Phone", "code": pyotp.TOTP(APP_SECRET).at(clock.wall()), "sealed": planted}
    assert client.post("/account/second-step/app", data=data).status_code == 422
    assert tx.scalars(select(SecondStep)).all() == []


# --- using ---


def test_the_password_alone_does_not_let_in(client: FlaskClient, world: World, tx: Tx) -> None:
    account = world.account(world.organisation(), "focal_point")
    halfway = client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    assert "Second step" in text_of(halfway)
    assert client.get("/account").status_code == 302
    assert tx.scalars(select(SignIn)).all() == []


def test_a_code_lets_in_once(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, clock: MovableClock
) -> None:
    account = world.account(world.organisation(), "focal_point")
    code = pyotp.TOTP(APP_SECRET).at(clock.wall())
    statuses = []
    for browser in (client, new_client()):
        browser.post("/sign-in", data={"email": account.email, "password": PASSWORD})
        statuses.append(browser.post("/sign-in/second-step", data={"code": code}).status_code)
    assert statuses == [303, 422]


def test_a_recovery_code_lets_in_once_and_its_owner_is_told(
    client: FlaskClient, world: World, tx: Tx, now: Any
) -> None:
    account = world.account(world.organisation(), "focal_point")
    code = service.renew_codes(tx, world.actor(account), SEAL, now)[0]
    statuses = []
    for typed in (code.lower().replace("-", " "), code):
        client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
        statuses.append(client.post("/sign-in/second-step", data={"code": typed}).status_code)
        client.post("/sign-out")
    assert statuses == [303, 422]
    assert told(tx)[:2] == ["codes_renewed", "recovery_used"]
    assert "9 codes are left" in _overview(client, account)


def _overview(client: FlaskClient, account: Any) -> str:
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    client.post("/sign-in/second-step", data={"code": fresh_code(client, account)})
    return text_of(client.get("/account/second-step"))


def test_guessing_codes_locks_although_the_password_is_right(
    client: FlaskClient, world: World, clock: MovableClock
) -> None:
    account = world.account(world.organisation(), "focal_point")
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    for number in range(5):
        assert client.post("/sign-in/second-step", data={"code": f"00000{number}"}).status_code == 422
    assert account.locked_until is not None
    assert client.post("/sign-in/second-step", data={"code": fresh_code(client, account)}).status_code == 422
    again = client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    assert again.status_code == 422
    clock.move(minutes=2)
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    assert client.post("/sign-in/second-step", data={"code": fresh_code(client, account)}).status_code == 303


def test_the_second_step_waits_ten_minutes(client: FlaskClient, world: World, clock: MovableClock) -> None:
    account = world.account(world.organisation(), "focal_point")
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    clock.move(minutes=10.1)
    answer = client.post("/sign-in/second-step", data={"code": fresh_code(client, account)})
    assert answer.headers["Location"] == "/sign-in"
    assert client.get("/account").status_code == 302


def test_what_was_typed_goes_through_the_second_step(client: FlaskClient, world: World) -> None:
    account = world.account(world.organisation(), "focal_point")
    fields = {"next": "/needs/new", "carried": '[["title", "Saisies"], ["form_key", "k1"]]'}
    page = client.post("/sign-in", data={"email": account.email, "password": PASSWORD, **fields})
    assert "Saisies" in text_of(page)
    right = client.post("/sign-in/second-step", data={"code": fresh_code(client, account), **fields})
    assert right.headers["Location"] == "/needs/new?draft=k1"


# --- what a role is worth without one ---


@pytest.mark.parametrize(
    ("kind", "role", "left"),
    [("state", "focal_point", "editor"), ("state", "member", "member"), ("secretariat", "editor", None)],
)
def test_a_role_that_asks_for_a_second_step_gives_less_without(
    world: World, kind: str, role: str, left: str | None
) -> None:
    account = world.account(world.organisation(kind), role)
    account.second_step_since = None
    actor = world.actor(account)
    assert [place.role for place in actor.memberships] == ([left] if left else [])
    assert actor.lacks_second_step is (left != role)


def test_a_focal_point_without_one_cannot_invite_and_is_told_why(
    client: FlaskClient, world: World, sign_in: SignInWith, clock: MovableClock
) -> None:
    organisation = world.organisation()
    account = world.account(organisation, "editor")
    account.memberships[0].role = "focal_point"
    sign_in(client, account)
    people = f"/organisations/{organisation.ref}/people"
    assert client.get(people).status_code == 403
    assert "Your role asks for a second step" in text_of(client.get("/account"))
    set_up(client, clock)
    assert client.get(people).status_code == 200


# --- taking away ---


def test_the_last_one_stays_where_the_role_asks_for_it(tx: Tx, world: World, now: Any) -> None:
    focal, editor = world.account(world.organisation(), "focal_point"), world.account(world.organisation())
    world.second_step(editor)
    with pytest.raises(AccountRefused):
        service.remove_step(tx, world.actor(focal), _steps(tx, focal)[0], now)
    service.remove_step(tx, world.actor(editor), _steps(tx, editor)[0], now)
    tx.flush()
    assert (editor.second_step_since, _steps(tx, editor)) == (None, [])


def _steps(tx: Tx, account: Any) -> list[SecondStep]:
    return list(tx.scalars(select(SecondStep).where(SecondStep.account_id == account.id)))


def test_nobody_removes_somebody_elses(client: FlaskClient, world: World, sign_in: SignInWith, tx: Tx) -> None:
    other = world.account(world.organisation(), "focal_point")
    sign_in(client, world.account(world.organisation()))
    answer = client.post(f"/account/second-step/{_steps(tx, other)[0].ref}/remove")
    assert answer.status_code == 404
    assert len(_steps(tx, other)) == 1


def test_the_secretariat_rescues_others_and_never_itself(tx: Tx, world: World, now: Any) -> None:
    clerk, lost = world.account(world.organisation("secretariat")), world.account(world.organisation(), "focal_point")
    stamp = lost.stamp
    service.clear_steps(tx, world.actor(clerk), lost, now)
    assert (_steps(tx, lost), lost.second_step_since) == ([], None)
    assert lost.stamp != stamp
    assert told(tx) == ["steps_cleared"]
    with pytest.raises(AccountRefused):
        service.clear_steps(tx, world.actor(clerk), clerk, now)
    with pytest.raises(Refused):
        service.clear_steps(tx, world.actor(lost), clerk, now)


def test_the_secretariat_ends_the_sign_ins_of_any_account(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignInWith, tx: Tx
) -> None:
    organisation = world.organisation()
    editor, other = world.account(organisation), new_client()
    clerk = world.account(world.organisation("secretariat"))
    sign_in(other, editor)
    sign_in(client, clerk)
    page = f"/organisations/{organisation.ref}/people"
    address = f"{page}/{editor.ref}/sign-ins/end"
    assert f'action="{address}"' in text_of(client.get(page))
    assert client.post(address).status_code == 303
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200
    assert told(tx) == ["sign_ins_ended"]
    told_of = select(AuditEvent.action).where(AuditEvent.record_ref == editor.ref).order_by(AuditEvent.id)
    assert tx.scalars(told_of).all()[-1] == "account.sign_ins_ended"


def test_nobody_else_ends_the_sign_ins_of_others(
    client: FlaskClient, world: World, sign_in: SignInWith, tx: Tx, now: Any
) -> None:
    organisation = world.organisation()
    editor, focal = world.account(organisation), world.account(organisation, "focal_point")
    sign_in(client, focal)
    assert "/sign-ins/end" not in text_of(client.get(f"/organisations/{organisation.ref}/people"))
    assert client.post(f"/organisations/{organisation.ref}/people/{editor.ref}/sign-ins/end").status_code == 403
    with pytest.raises(Refused):
        service.end_sign_ins(tx, world.actor(focal), editor, now)


@pytest.mark.parametrize("change", ["add", "renew", "remove"])
def test_a_change_of_second_steps_ends_every_other_sign_in(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignInWith, tx: Tx,
    clock: MovableClock, change: str,
) -> None:  # fmt: skip
    account, other = world.account(world.organisation()), new_client()
    if change != "add":
        world.second_step(account)
    sign_in(other, account)
    sign_in(client, account)
    if change == "add":
        set_up(client, clock)
    elif change == "renew":
        assert client.post("/account/second-step/codes").status_code == 200
    else:
        assert client.post(f"/account/second-step/{_steps(tx, account)[0].ref}/remove").status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


# --- proving it once more ---


def test_what_matters_asks_for_a_fresh_proof_and_keeps_what_was_typed(
    client: FlaskClient, world: World, sign_in: SignInWith, tx: Tx, clock: MovableClock
) -> None:
    organisation = world.organisation()
    sign_in(client, world.account(organisation, "focal_point"))
    clock.move(minutes=31)
    address = f"/organisations/{organisation.ref}/people"
    data = {"email": "new@x.example", "name": "New", "language": "en", "role": "member", "form_key": "k"}
    asked = client.post(address, data=data)
    assert asked.status_code == 403
    assert "new@x.example" in text_of(asked)
    assert tx.scalar(select(func.count()).select_from(OutboxRow)) == 0
    carried = re.search(r'name="carried"[^>]*value="([^"]*)"', text_of(asked))
    assert carried is not None
    proof = {"password": "not the password", "next": address, "carried": unescape(carried.group(1))}
    assert client.post("/sign-in/again", data=proof).status_code == 422
    again = client.post("/sign-in/again", data={**proof, "password": PASSWORD})
    assert "new@x.example" in text_of(again)
    assert client.post(address, data=data).status_code == 303


def test_every_route_that_opens_an_account_or_an_organisation_asks_for_it() -> None:
    assert {name for name, guard in GUARDS.items() if guard.proof} >= {
        "accounts.add_app",
        "accounts.add_passkey",
        "accounts.change_email",
        "accounts.change_role",
        "accounts.people",
        "accounts.remove",
        "accounts.end_sign_in",
        "accounts.end_sign_ins_of",
        "accounts.remove_step",
        "accounts.renew_codes",
        "accounts.rescue",
        "organisations.decide",
    }


# --- sign-ins ---


def test_sign_ins_are_listed_and_ended(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignInWith, tx: Tx
) -> None:
    account, other = world.account(world.organisation()), new_client()
    firefox = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    sign_in(client, account)
    other.post("/sign-in", data={"email": account.email, "password": PASSWORD}, headers=firefox)
    assert other.get("/account", headers=firefox).status_code == 200
    page = text_of(client.get("/account/sign-ins"))
    assert "Firefox, Linux" in page
    ref = re.search(r'name="sign_in" value="([^"]+)"', page)
    assert ref is not None
    assert client.post("/account/sign-ins/end", data={"sign_in": ref.group(1)}).status_code == 303
    assert other.get("/account", headers=firefox).status_code == 302
    assert client.get("/account").status_code == 200
    assert told(tx) == ["sign_in_new"]


def test_signing_out_ends_the_sign_in_itself(client: FlaskClient, world: World, sign_in: SignInWith) -> None:
    account = world.account(world.organisation())
    sign_in(client, account)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        cookie.update(copied)
    assert client.get("/account").status_code == 302


def test_nobody_ends_somebody_elses(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignInWith, tx: Tx
) -> None:
    other, account = new_client(), world.account(world.organisation())
    sign_in(client, account)
    sign_in(other, world.account(world.organisation()))
    theirs = tx.scalars(select(SignIn).where(SignIn.account_id != account.id)).one()
    assert client.post("/account/sign-ins/end", data={"sign_in": theirs.ref}).status_code == 404
    assert other.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iOS"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("<script>alert(1)</script>", "scriptalert1/script"),
        ("", "?"),
    ],
)
def test_browsers_in_words(user_agent: str, words: str) -> None:
    assert guard.browser_of(user_agent) == words


def test_the_audit_tells_by_which_way(client: FlaskClient, world: World, sign_in: SignInWith, tx: Tx) -> None:
    sign_in(client, world.account(world.organisation("secretariat")))
    entered = tx.scalars(select(AuditEvent).where(AuditEvent.action == "account.signed_in")).one()
    assert entered.details["way"] == "app"


def test_rescue_is_the_secretariats(world: World, now: Any) -> None:
    actors = {kind: world.somebody(kind, "focal_point") for kind in ("state", "donor", "secretariat")}
    assert [kind for kind, actor in actors.items() if allowed(actor, Permission.ACCOUNT_RESCUE, now)] == ["secretariat"]


def test_an_actor_follows_the_account_at_once(tx: Tx, world: World) -> None:
    account = world.account(world.organisation("secretariat"))
    actor = queries.actor_for(tx, account.ref, account.stamp)
    assert actor is not None
    assert actor.is_secretariat
    account.second_step_since = None
    tx.flush()
    without = queries.actor_for(tx, account.ref, account.stamp)
    assert without is not None
    assert not without.is_secretariat
