"""What the site knows of people: mapped, given out, handed over, erased, and forgotten in time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select

from app.accounts import members
from app.accounts.links import service as links
from app.accounts.models import Account, SignIn
from app.accounts.privacy import service
from app.accounts.privacy.data_map import KEEP, NUMBERS_ALONE, PLACES
from app.accounts.rules import AccountRefused
from app.foundation.audit import AuditEvent, AuditOrigin
from app.foundation.audit.verify import verify
from app.foundation.db import Base, Tx
from app.foundation.drafts import Draft, save_draft
from app.foundation.worker import work_off
from app.notifications.models import Mail, Notice
from app.wiring import REACTIONS
from tests.architecture.privacy import PAGE, page
from tests.factories import World
from tests.house import MovableClock

SignInWith = Callable[..., Any]
PERSONAL = re.compile(r"email|^recipient$|password|browser|applicant|address|account_id|_by$|contact|letter")
# Columns that only look like it: dates by which something is due.
DUE = {"verify_by", "review_by", "apply_by", "register_by", "answer_by"}
OF_ORGANISATIONS = {"recognised_by"}
"""Who recognises a certificate is a ministry or a university."""
NOT_OF_PEOPLE = {("organisations", "email_domain"), ("second_steps", "account_id")}


def test_every_column_that_may_be_about_a_person_is_on_the_map() -> None:
    mapped = {(place.table, column) for place in PLACES for column in (*place.columns, place.owner)}
    missing = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if PERSONAL.search(column.name)
        and column.name not in DUE | OF_ORGANISATIONS | NUMBERS_ALONE
        and (table.name, column.name) not in mapped | NOT_OF_PEOPLE
    ]
    assert missing == []


def test_the_map_names_what_there_is() -> None:
    for place in PLACES:
        columns = set(Base.metadata.tables[place.table].columns.keys())
        assert set(place.columns) <= columns, place.table
        assert not place.owner or place.owner in columns, place.table
        assert place.at_erasure != KEEP or place.reason, place.table


def busy(tx: Tx, world: World, app: Flask, client: FlaskClient, sign_in: SignInWith, now: Any) -> Account:
    """Somebody who has left traces everywhere."""
    account = world.account(world.organisation(), "focal_point", name="Aminata Diallo", email="aminata@org.example")
    world.account(account.memberships[0].organisation, "focal_point")
    sign_in(client, account)
    save_draft(tx, world.actor(account), "needs/new", "k1", [("title", "Aminata’s draft")], now)
    links.ask_for_reset(tx, account.email, now)
    about = {"cause": "test", "message": {}, "record_kind": "need", "record_ref": "N-TEST"}
    tx.add(Notice(account_id=account.id, created_at=now, **about))
    tx.flush()
    while work_off(app.extensions["counterpart"], REACTIONS):
        pass
    return account


def words_everywhere(tx: Tx, word: str) -> list[str]:
    """Tables in which a word stands anywhere."""
    tx.flush()
    found = []
    for table in Base.metadata.sorted_tables:
        for row in tx.execute(select(table)):
            if word in str(tuple(row)).casefold():
                found.append(table.name)
                break
    return found


def test_one_takes_along_what_is_kept_of_one_and_no_secret(
    client: FlaskClient, app: Flask, world: World, sign_in: SignInWith, tx: Tx, now: Any
) -> None:
    account = busy(tx, world, app, client, sign_in, now)
    answer = client.submit("/account/data", {})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    kept = json.loads(answer.get_data(as_text=True))
    assert kept["accounts"][0]["email"] == account.email
    assert kept["drafts"][0]["fields"] == [["title", "Aminata’s draft"]]
    assert any(event["action"] == "account.signed_in" for event in kept["audit_events"])
    assert account.password_hash not in str(kept)
    assert account.stamp not in str(kept["accounts"])
    assert tx.scalars(select(SignIn.key)).one() not in str(kept)


def test_a_closed_account_says_nothing_of_its_person_any_more_and_the_record_stands(
    client: FlaskClient, app: Flask, world: World, sign_in: SignInWith, tx: Tx, clock: MovableClock
) -> None:
    account = busy(tx, world, app, client, sign_in, clock.now())
    done = tx.scalar(select(func.count()).where(AuditEvent.account_id == account.id))
    assert client.submit("/account/close", {"sure": "y"}).status_code == 303
    assert client.get("/account").status_code == 302
    while work_off(app.extensions["counterpart"], REACTIONS):
        pass
    assert "closed" in tx.scalars(select(Mail).order_by(Mail.id.desc())).first().body  # type: ignore[union-attr]
    clock.move(days=3)
    assert service.erase_closed(tx, clock.now()) == 1
    assert words_everywhere(tx, "aminata") == []
    assert words_everywhere(tx, "aminata@org.example") == []
    assert (account.status, account.name) == ("closed", "")
    assert tx.scalars(select(AuditOrigin).join(AuditEvent).where(AuditEvent.account_id == account.id)).all() == []
    assert tx.scalar(select(func.count()).where(AuditEvent.account_id == account.id)) >= (done or 0)
    settings = app.extensions["counterpart"].settings
    assert not verify(tx, settings.audit_key, settings.data_dir).faults


def test_the_only_focal_point_hands_over_first(
    client: FlaskClient, world: World, sign_in: SignInWith, tx: Tx, now: Any
) -> None:
    organisation = world.organisation()
    leaver, colleague = world.account(organisation, "focal_point"), world.account(organisation, "editor")
    sign_in(client, leaver)
    save_draft(tx, world.actor(leaver), "needs/new", "k1", [("title", "Begun")], now)
    refused = client.submit("/account/close", {"sure": "y"})
    assert refused.status_code == 422
    assert "only focal point" in refused.get_data(as_text=True)
    answer = client.submit(f"/account/leave/{organisation.ref}", {"successor": colleague.ref})
    assert answer.status_code == 303
    tx.expire_all()
    assert colleague.memberships[0].role == "focal_point"
    assert leaver.memberships == []
    assert tx.scalars(select(Draft.account_id)).all() == [colleague.id]
    assert client.submit("/account/close", {"sure": "y"}).status_code == 303


def test_drafts_of_another_organisation_stay_with_the_person(tx: Tx, world: World, now: Any) -> None:
    one, other = world.organisation(), world.organisation()
    leaver, colleague = world.account(one, "editor"), world.account(one, "focal_point")
    world.membership(leaver, other)
    actor = world.actor(leaver)
    save_draft(tx, actor, "needs/new", "k1", [("organisation", one.ref)], now)
    save_draft(tx, actor, "needs/new", "k2", [("organisation", other.ref)], now)
    tx.flush()
    place = next(place for place in leaver.memberships if place.organisation_id == one.id)
    members.leave(tx, actor, place, colleague.memberships[0], now)
    assert dict(tx.execute(select(Draft.key, Draft.account_id)).all()) == {"k1": colleague.id, "k2": leaver.id}  # type: ignore[arg-type]


def test_nobody_hands_over_to_a_stranger(tx: Tx, world: World, now: Any) -> None:
    leaver, stranger = world.account(world.organisation()), world.account(world.organisation())
    with pytest.raises(AccountRefused):
        members.leave(tx, world.actor(leaver), leaver.memberships[0], stranger.memberships[0], now)
    assert len(leaver.memberships) == 1


def test_what_is_too_old_is_forgotten_and_nothing_else(
    client: FlaskClient, app: Flask, world: World, sign_in: SignInWith, tx: Tx, clock: MovableClock
) -> None:
    busy(tx, world, app, client, sign_in, clock.now())
    assert service.forget_old(tx, clock.now() + timedelta(days=29)) == 0
    later = clock.now() + timedelta(days=366)
    assert service.forget_old(tx, later) > 0
    for table in ("sign_ins", "confirmations", "drafts", "notices", "audit_origins"):
        assert tx.scalar(select(func.count()).select_from(Base.metadata.tables[table])) == 0, table
    assert tx.scalar(select(func.count()).select_from(Account)) == 2


def test_the_map_is_of_this_database(tx: Tx) -> None:
    assert {place.table for place in PLACES} <= set(inspect(tx.connection()).get_table_names())


def test_the_page_says_what_the_map_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make access writes docs/privacy.md anew"
