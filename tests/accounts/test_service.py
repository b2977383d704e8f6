"""Accounts, invitations and roles, on real rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts import guard, members, passwords, personal, queries, service
from app.accounts.models import Account, Invitation
from app.accounts.personal import PasswordDraft, ProfileDraft
from app.accounts.rules import AccountRefused
from app.accounts.service import AcceptanceDraft, AccountDraft, InvitationDraft
from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import ANONYMOUS, SYSTEM, Refused
from app.organisations.events import OrganisationVerified
from app.reference.groupings import members as states_of
from tests.factories import PASSWORD, World

NEW = "a mango tree by the river"
KEY = "a secret that only this test knows"


def actions(tx: Tx) -> list[str]:
    return list(tx.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


# --- making accounts ---


def test_an_account_is_made_with_its_place(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation()
    draft = AccountDraft(" Kossi@CNTLT.example ", "Kossi", NEW, "fr", organisation.id, "focal_point")
    account = service.create_account(tx, draft, now)
    assert account.email == "kossi@cntlt.example"
    assert passwords.matches(account.password_hash, NEW)
    assert account.memberships[0].role == "focal_point"
    assert actions(tx) == ["account.created", "organisation.member_joined"]


def test_one_address_one_account(tx: Tx, world: World, now: datetime) -> None:
    world.account(email="kossi@cntlt.example")
    with pytest.raises(AccountRefused) as refusal:
        service.create_account(tx, AccountDraft("KOSSI@cntlt.example", "Kossi", NEW), now)
    assert refusal.value.field == "email"


def test_a_weak_password_makes_no_account(tx: Tx, now: datetime) -> None:
    with pytest.raises(AccountRefused):
        service.create_account(tx, AccountDraft("kossi@cntlt.example", "Kossi", "short"), now)
    assert queries.account_by_email(tx, "kossi@cntlt.example") is None


# --- who acts ---


def test_a_stamp_that_has_changed_is_nobody(tx: Tx, world: World) -> None:
    account = world.account(world.organisation())
    actor = queries.actor_for(tx, account.ref, account.stamp)
    assert actor is not None
    assert actor.account_id == account.id
    assert queries.actor_for(tx, account.ref, "ancien–tampon") is None
    assert queries.actor_for(tx, "A-2222-2222", account.stamp) is None
    account.status = "closed"
    assert queries.actor_for(tx, account.ref, account.stamp) is None


@pytest.mark.parametrize("status", ["suspended", "refused"])
def test_a_suspended_organisation_gives_no_rights(tx: Tx, world: World, status: str) -> None:
    account = world.account(world.organisation(status=status), "focal_point")
    world.membership(account, world.organisation("donor", name="Second"), "editor")
    actor = world.actor(account)
    assert [place.organisation_name for place in actor.memberships] == ["Second"]


def test_a_regional_desk_sees_its_states_and_others_none(tx: Tx, world: World) -> None:
    desk = world.somebody("regional", grouping="ECOWAS")
    assert desk.desk_countries == states_of("ECOWAS")
    assert world.somebody("regional", status="applied", grouping="ECOWAS").desk_countries == frozenset()
    assert world.somebody("state").desk_countries == frozenset()


def test_who_is_to_be_told_in_an_organisation(tx: Tx, world: World) -> None:
    organisation, office = world.organisation(), world.organisation("secretariat")
    editor, focal = world.account(organisation), world.account(organisation, "focal_point")
    world.account(organisation, status="closed")
    clerk = world.account(office)
    assert queries.accounts_of(tx, [organisation.id]) == [editor, focal]
    assert queries.accounts_of(tx, [organisation.id, office.id], ["focal_point"]) == [focal]
    assert queries.secretariat_accounts(tx) == [clerk]


# --- signing in ---


def fail(tx: Tx, email: str, now: datetime, times: int = 1) -> None:
    for _ in range(times):
        personal.begin_attempt(tx, email, now)


def test_five_failures_lock_for_a_minute_and_the_next_for_two(tx: Tx, world: World, now: datetime) -> None:
    account = world.account()
    fail(tx, account.email, now, 4)
    assert personal.begin_attempt(tx, account.email, now).kept == account.password_hash
    assert personal.begin_attempt(tx, account.email, now).kept == ""
    later = now + timedelta(minutes=1)
    assert personal.begin_attempt(tx, account.email, later).kept == account.password_hash
    assert account.locked_until == later + timedelta(minutes=2)


def test_tries_during_the_lock_do_not_make_it_longer(tx: Tx, world: World, now: datetime) -> None:
    account = world.account()
    fail(tx, account.email, now, 50)
    assert account.locked_until == now + timedelta(minutes=1)


def test_a_success_forgets_the_failures(tx: Tx, world: World, now: datetime) -> None:
    account = world.account()
    fail(tx, account.email, now, 4)
    attempt = personal.begin_attempt(tx, account.email.upper(), now)
    assert personal.pass_password(tx, attempt) is account
    guard.enter(tx, account, guard.Entry("", "", "password"), now)
    assert (account.failures, account.locked_until, account.signed_in_at) == (0, None, now)
    assert actions(tx)[-1] == "account.signed_in"


def test_an_unknown_address_does_the_same_work(tx: Tx, world: World, now: datetime) -> None:
    account = world.account(status="closed")
    for email in ("nobody@nowhere.example", account.email):
        attempt = personal.begin_attempt(tx, email, now)
        assert attempt.kept == ""
        assert personal.pass_password(tx, attempt) is None
    assert actions(tx) == ["account.sign_in_tried"] * 2


def test_the_audit_of_a_try_keeps_no_address(tx: Tx, world: World, now: datetime) -> None:
    fail(tx, "nobody@nowhere.example", now)
    fail(tx, world.account().email, now)
    for event in tx.scalars(select(AuditEvent)):
        assert "@" not in f"{event.record_ref} {event.details}"


def test_a_password_changed_in_the_meantime_ends_the_try(tx: Tx, world: World, now: datetime) -> None:
    account = world.account()
    attempt = personal.begin_attempt(tx, account.email, now)
    account.password_hash = passwords.hash_password(NEW)
    assert personal.pass_password(tx, attempt) is None


# --- one's own account ---


def test_details_and_password_are_ones_own_to_change(tx: Tx, world: World, now: datetime) -> None:
    account = world.account(world.organisation())
    actor, stamp = world.actor(account), account.stamp
    personal.change_profile(tx, actor, ProfileDraft("Ama", "pt"), now)
    assert (account.name, account.language, account.stamp) == ("Ama", "pt", stamp)
    personal.change_password(tx, actor, PasswordDraft(PASSWORD, NEW), now)
    assert passwords.matches(account.password_hash, NEW)
    assert account.stamp != stamp
    with pytest.raises(Refused):
        personal.change_profile(tx, ANONYMOUS, ProfileDraft("Ama", "pt"), now)


def test_a_password_is_changed_by_whoever_knows_it(tx: Tx, world: World, now: datetime) -> None:
    account = world.account(world.organisation())
    actor = world.actor(account)
    for draft, field in (
        (PasswordDraft("guess", NEW), "current_password"),
        (PasswordDraft(PASSWORD, "x"), "new_password"),
    ):
        with pytest.raises(AccountRefused) as refusal:
            personal.change_password(tx, actor, draft, now)
        assert refusal.value.field == field
    assert passwords.matches(account.password_hash, PASSWORD)


# --- invitations ---


@pytest.fixture
def invited(tx: Tx, world: World, now: datetime) -> Invitation:
    focal = world.account(world.organisation(), "focal_point")
    draft = InvitationDraft("Yaa@Org.example", "Yaa", "fr", "editor")
    return service.invite(tx, world.actor(focal), focal.memberships[0].organisation, draft, now)


def test_a_focal_point_invites_for_the_own_organisation(tx: Tx, invited: Invitation, now: datetime) -> None:
    assert (invited.email, invited.expires_at) == ("yaa@org.example", now + timedelta(days=14))
    told = tx.scalars(select(OutboxRow)).one()
    assert (told.fact, told.payload) == ("InvitationMade", {"invitation_id": invited.id})


def test_nobody_else_invites(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation()
    strangers = (ANONYMOUS, world.actor(world.account(organisation)), world.somebody("state", "focal_point"))
    for actor in strangers:
        with pytest.raises(Refused):
            service.invite(tx, actor, organisation, InvitationDraft("a@b.example"), now)


@pytest.mark.parametrize("status", ["applied", "refused", "suspended", "recorded"])
def test_only_a_verified_organisation_invites(tx: Tx, world: World, now: datetime, status: str) -> None:
    with pytest.raises(AccountRefused, match="verified"):
        office = world.somebody("secretariat")
        service.invite(tx, office, world.organisation(status=status), InvitationDraft("a@b.example"), now)


def test_who_belongs_already_is_not_invited(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation()
    email = world.account(organisation).email
    with pytest.raises(AccountRefused) as refusal:
        service.invite(tx, world.somebody("secretariat"), organisation, InvitationDraft(email), now)
    assert refusal.value.field == "email"


def test_a_second_invitation_replaces_the_first(tx: Tx, world: World, invited: Invitation, now: datetime) -> None:
    again = InvitationDraft(invited.email, role="member")
    second = service.invite(tx, world.somebody("secretariat"), invited.organisation, again, now)
    assert queries.pending_invitations(tx, invited.organisation_id, now) == [second]


def test_a_link_opens_its_own_invitation_alone(tx: Tx, invited: Invitation, now: datetime) -> None:
    token = queries.token_for(KEY, invited)
    assert queries.invitation_for(tx, KEY, token, now) is invited
    assert queries.invitation_for(tx, KEY + "x", token, now) is None
    assert queries.invitation_for(tx, KEY, token[:-2], now) is None
    assert queries.invitation_for(tx, KEY, "café", now) is None
    assert queries.invitation_for(tx, KEY, token, now + timedelta(days=14)) is None
    invited.organisation.status = "suspended"
    assert queries.invitation_for(tx, KEY, token, now) is None


def test_an_invitation_is_accepted_once(tx: Tx, invited: Invitation, now: datetime) -> None:
    token = queries.token_for(KEY, invited)
    account = service.accept(tx, invited, AcceptanceDraft("Yaa Asantewaa", NEW, "fr"), now)
    assert (account.email, account.name) == ("yaa@org.example", "Yaa Asantewaa")
    assert queries.actor_of(account).memberships[0].role == "editor"
    assert queries.invitation_for(tx, KEY, token, now) is None
    with pytest.raises(AccountRefused):
        service.accept(tx, invited, AcceptanceDraft("Yaa", NEW), now)


def test_an_invitation_that_was_taken_back_opens_nothing(
    tx: Tx, world: World, invited: Invitation, now: datetime
) -> None:
    with pytest.raises(Refused):
        service.revoke(tx, world.somebody("donor", "focal_point"), invited, now)
    service.revoke(tx, world.somebody("secretariat"), invited, now)
    with pytest.raises(AccountRefused):
        service.accept(tx, invited, AcceptanceDraft("Yaa", NEW), now)


def test_somebody_with_an_account_gets_a_second_place(tx: Tx, world: World, invited: Invitation, now: datetime) -> None:
    account = world.account(world.organisation("donor"), email="yaa@org.example")
    service.accept_as(tx, world.actor(account), invited, now)
    assert len(world.actor(account).memberships) == 2


def test_an_invitation_of_somebody_else_is_not_taken(tx: Tx, world: World, invited: Invitation, now: datetime) -> None:
    with pytest.raises(AccountRefused, match="another address"):
        service.accept_as(tx, world.somebody(), invited, now)
    assert invited.accepted_at is None


def test_the_applicant_is_invited_once_when_the_organisation_is_verified(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation(applicant_email="Kossi@cntlt.example", applicant_name="Kossi")
    fact = OrganisationVerified(organisation.id)
    invitation = service.invite_applicant(tx, fact, now)
    assert invitation is not None
    assert (invitation.email, invitation.role, invitation.invited_by) == ("kossi@cntlt.example", "focal_point", None)
    assert service.invite_applicant(tx, fact, now) is None
    assert service.invite_applicant(tx, OrganisationVerified(world.organisation().id), now) is None


# --- roles ---


def test_the_last_focal_point_stays(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation()
    focal, editor = world.account(organisation, "focal_point"), world.account(organisation)
    actor, place = world.actor(focal), focal.memberships[0]
    with pytest.raises(AccountRefused):
        members.remove_member(tx, actor, place, now)
    with pytest.raises(AccountRefused):
        members.set_role(tx, actor, place, "editor", now)
    members.set_role(tx, actor, world_place(tx, organisation.id, editor), "focal_point", now)
    members.set_role(tx, actor, place, "member", now)
    assert place.role == "member"


def world_place(tx: Tx, organisation_id: int, account: Account) -> queries.Membership:
    tx.flush()
    place = queries.membership_of(tx, organisation_id, account.ref)
    assert place is not None
    return place


def test_a_member_who_is_removed_has_no_rights_at_once(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation()
    focal, editor = world.account(organisation, "focal_point"), world.account(organisation)
    members.remove_member(tx, world.actor(focal), world_place(tx, organisation.id, editor), now)
    tx.flush()
    actor = queries.actor_for(tx, editor.ref, editor.stamp)
    assert actor is not None
    assert actor.memberships == ()


def test_roles_are_for_the_focal_point_to_give(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation()
    editor = world.account(organisation)
    place = world_place(tx, organisation.id, editor)
    for actor in (ANONYMOUS, world.actor(editor), world.somebody("donor", "focal_point")):
        with pytest.raises(Refused):
            members.set_role(tx, actor, place, "focal_point", now)
        with pytest.raises(Refused):
            members.remove_member(tx, actor, place, now)
    with pytest.raises(AccountRefused):
        members.set_role(tx, SYSTEM, place, "emperor", now)
