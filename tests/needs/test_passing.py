"""Needs that somebody looks at before they are posted: who is asked, who sees them meanwhile, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.days import after_working_days
from app.foundation.db import Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import ANONYMOUS, Actor, Refused
from app.foundation.worker import work_off
from app.needs import rules, service
from app.needs.models import Need, Passing
from app.needs.passing.service import AlreadyDecided, Verdict, decide, find_passing, post_due, waiting_for
from app.needs.queries import find_need
from app.notifications.models import Notice
from app.organisations.models import Organisation
from app.wiring import REACTIONS
from tests.factories import World
from tests.needs.drafts import DRAFT

SignIn = Callable[..., Any]
PASSED = Verdict(passed=True)


@pytest.fixture
def national(world: World) -> Organisation:
    """The national focal point of Senegal, which wants to pass every need of its agencies."""
    return world.organisation(is_national=True, passing="gate")


def post(tx: Tx, world: World, now: datetime, organisation: Organisation, **changes: Any) -> tuple[Need, Actor]:
    """Somebody posts a need for this organisation."""
    author = world.actor(world.account(organisation))
    return service.post_need(tx, author, organisation.id, replace(DRAFT, **changes), now), author


def passing_of(tx: Tx, need: Need) -> list[Passing]:
    return list(tx.scalars(select(Passing).where(Passing.need_id == need.id).order_by(Passing.id)))


def facts(tx: Tx) -> list[str]:
    return list(tx.scalars(select(OutboxRow.fact).order_by(OutboxRow.id)))


def actions(tx: Tx, need: Need) -> list[str]:
    return list(tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == need.ref).order_by(AuditEvent.id)))


# --- the law ---


@pytest.mark.parametrize(
    ("kind", "seat", "passing", "asked"),
    [
        ("state", "SN", "gate", "gate"),
        ("state", "SN", "consent", "consent"),
        ("state", "SN", "none", ""),
        ("state", "ML", "gate", "consent"),
        ("regional", None, "gate", "consent"),
        ("centre", "SN", "consent", "consent"),
    ],
)
def test_how_a_state_is_asked(kind: str, seat: str | None, passing: str, asked: str) -> None:
    assert rules.passing_kind(kind, seat, "SN", passing) == asked


def test_silence_counts_working_days_alone() -> None:
    thursday = datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert after_working_days(thursday, 5) == datetime(2026, 12, 3, 9, tzinfo=UTC)
    saturday = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert after_working_days(saturday, 5) == datetime(2026, 12, 4, 9, tzinfo=UTC)


def test_every_waiting_status_is_told_apart() -> None:
    assert rules.status_while({"consent", "gate", "review"}) == "awaiting_review"
    assert rules.status_while({"consent", "gate"}) == "awaiting_gate"
    assert rules.status_while({"consent"}) == "awaiting_consent"
    assert rules.status_while(set()) == "posted"


# --- the gate ---


def test_a_need_of_an_agency_passes_the_gate_first(tx: Tx, world: World, now: datetime, national: Organisation) -> None:
    need, author = post(tx, world, now, world.organisation())
    assert (need.status, need.is_published, need.posted_at) == ("awaiting_gate", False, None)
    assert find_need(tx, ANONYMOUS, need.ref) is None
    assert find_need(tx, world.somebody("donor"), need.ref) is None
    assert find_need(tx, author, need.ref) is need
    assert facts(tx) == ["NeedPassing"]
    looker = world.actor(world.account(national))
    assert [waiting.ref for _one, waiting in waiting_for(tx, looker)] == [need.ref]
    decide(tx, looker, passing_of(tx, need)[0], PASSED, now)
    assert (need.status, need.is_published, need.posted_at) == ("posted", True, now)
    assert find_need(tx, ANONYMOUS, need.ref) is need
    assert actions(tx, need) == ["need.submitted", "need.passed"]
    assert facts(tx)[-1] == "NeedPosted"


def test_the_focal_points_own_needs_and_those_for_its_own_eyes_go_at_once(
    tx: Tx, world: World, now: datetime, national: Organisation
) -> None:
    assert post(tx, world, now, national)[0].status == "posted"
    assert post(tx, world, now, world.organisation(), disclosure="own")[0].status == "posted"
    assert post(tx, world, now, world.organisation(country="TG"), countries=("TG",))[0].status == "posted"


def test_nobody_else_decides(tx: Tx, world: World, now: datetime, national: Organisation) -> None:
    need, author = post(tx, world, now, world.organisation())
    passing = passing_of(tx, need)[0]
    for other in (
        author,
        world.somebody("state"),
        world.somebody("secretariat"),
        world.actor(world.account(national, "member")),
    ):
        with pytest.raises(Refused):
            decide(tx, other, passing, PASSED, now)
        assert find_passing(tx, other, need.ref) is None
    assert need.status == "awaiting_gate"


def test_a_need_that_is_returned_comes_back_with_the_reason_and_can_be_sent_again(
    tx: Tx, world: World, now: datetime, national: Organisation
) -> None:
    need, author = post(tx, world, now, world.organisation())
    looker = world.actor(world.account(national))
    with pytest.raises(ValueError, match="Write what is to be changed"):
        decide(tx, looker, passing_of(tx, need)[0], Verdict(passed=False), now)
    decide(tx, looker, passing_of(tx, need)[0], Verdict(passed=False, reason="Say which port"), now)
    assert (need.status, need.status_reason, need.is_published) == ("draft", "Say which port", False)
    with pytest.raises(AlreadyDecided):
        decide(tx, looker, passing_of(tx, need)[0], PASSED, now)
    service.amend_need(tx, author, need, replace(DRAFT, title="Scanners pour le port de Dakar"), None, now)
    assert (need.status, need.status_reason) == ("awaiting_gate", "")
    decide(tx, looker, passing_of(tx, need)[1], PASSED, now)
    assert need.status == "posted"
    assert actions(tx, need) == ["need.submitted", "need.returned", "need.submitted", "need.passed"]


def test_a_need_that_is_taken_back_waits_for_nobody(
    tx: Tx, world: World, now: datetime, national: Organisation
) -> None:
    need, author = post(tx, world, now, world.organisation())
    service.end_need(tx, author, need, "withdrawn", "Financed otherwise", now)
    assert [one.decision for one in passing_of(tx, need)] == ["dropped"]
    assert waiting_for(tx, world.actor(world.account(national))) == []
    assert need.is_published is False


def test_what_was_passed_is_not_shown_wider_afterwards(
    tx: Tx, world: World, now: datetime, national: Organisation
) -> None:
    need, author = post(tx, world, now, world.organisation(), disclosure="members")
    decide(tx, world.actor(world.account(national)), passing_of(tx, need)[0], PASSED, now)
    with pytest.raises(service.Widened):
        service.amend_need(tx, author, need, replace(DRAFT, disclosure="public"), None, now)
    service.amend_need(tx, author, need, replace(DRAFT, disclosure="own"), None, now)
    assert need.disclosure == "own"


# --- consent ---


def test_silence_of_five_working_days_posts_as_wide_as_the_author_chose(tx: Tx, world: World, now: datetime) -> None:
    world.organisation(is_national=True, passing="consent")
    need, _author = post(tx, world, now, world.organisation("centre"), countries=("SN",), disclosure="members")
    assert need.status == "awaiting_consent"
    until = passing_of(tx, need)[0].until
    assert until == after_working_days(now, 5)
    assert post_due(tx, until - timedelta(seconds=1)) == 0
    assert need.status == "awaiting_consent"
    assert post_due(tx, until) == 1
    assert (need.status, need.disclosure, need.posted_at) == ("posted", "members", until)
    event = tx.scalars(select(AuditEvent).where(AuditEvent.action == "need.passed")).one()
    assert event.account_id is None


def test_several_states_are_asked_and_one_objection_is_enough(tx: Tx, world: World, now: datetime) -> None:
    first, second = (world.organisation(country=code, is_national=True, passing="consent") for code in ("SN", "ML"))
    need, _author = post(tx, world, now, world.organisation("regional"), countries=("SN", "ML"))
    one, other = passing_of(tx, need)
    by_organisation = {one.organisation_id: one, other.organisation_id: other}
    decide(tx, world.actor(world.account(first)), by_organisation[first.id], PASSED, now)
    assert need.status == "awaiting_consent"
    decide(tx, world.actor(world.account(second)), by_organisation[second.id], Verdict(passed=False, reason="No"), now)
    assert need.status == "draft"
    assert post_due(tx, now + timedelta(days=30)) == 0


# --- the secretariat's review ---


def test_what_a_merely_verified_organisation_wants_everybody_to_read_is_reviewed(
    tx: Tx, world: World, now: datetime
) -> None:
    clerk = world.somebody("secretariat")
    verified = world.organisation(status="verified")
    assert post(tx, world, now, verified, disclosure="members")[0].status == "posted"
    need, _author = post(tx, world, now, verified)
    assert need.status == "awaiting_review"
    pair = find_passing(tx, clerk, need.ref)
    assert pair is not None
    decide(tx, clerk, pair[0], PASSED, now)
    assert need.status == "posted"
    assert post(tx, world, now, world.organisation(status="trusted"))[0].status == "posted"


# --- through the site ---


def test_the_gate_through_the_site(
    client: FlaskClient,
    new_client: Callable[[], FlaskClient],
    app: Flask,
    world: World,
    sign_in: SignIn,
    tx: Tx,
    now: datetime,
    national: Organisation,
) -> None:
    need, _author = post(tx, world, now, world.organisation())
    author = tx.scalars(select(AuditEvent.account_id).where(AuditEvent.record_ref == need.ref)).one()
    looker = world.account(national)
    while work_off(app.extensions["counterpart"], REACTIONS):
        pass
    assert tx.scalars(select(Notice.account_id)).all() == [looker.id]
    sign_in(client, looker)
    assert "1 need waits for you before it is posted" in client.get("/desk").get_data(as_text=True)
    page = client.get(f"/needs/{need.ref}/passing").get_data(as_text=True)
    assert need.problem in page
    answer = client.submit(f"/needs/{need.ref}/passing", {"decision": "returned"})
    assert answer.status_code == 422
    assert (
        client.submit(f"/needs/{need.ref}/passing", {"decision": "returned", "reason": "Which port?"}).status_code
        == 303
    )
    assert client.get(f"/needs/{need.ref}/passing").status_code == 404
    while work_off(app.extensions["counterpart"], REACTIONS):
        pass
    assert author in tx.scalars(select(Notice.account_id)).all()
    other = new_client()
    sign_in(other, world.account(world.organisation("donor")))
    assert other.get(f"/needs/{need.ref}").status_code == 404
    assert other.get(f"/needs/{need.ref}/passing").status_code == 403
