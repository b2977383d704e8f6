"""How people come to act for organisations: accounts made, invitations made, accepted and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts import guard, passwords, queries, rules
from app.accounts.events import InvitationMade
from app.accounts.models import Account, Invitation, Membership
from app.accounts.rules import AccountRefused
from app.foundation import audit, drafts, outbox
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import ANONYMOUS, STATUSES_THAT_COUNT, SYSTEM, Actor, Permission, require
from app.organisations.events import OrganisationVerified
from app.organisations.models import Organisation

SETTINGS = "/account"


@dataclass(frozen=True)
class AccountDraft:
    """A person who is to have an account, and where that person belongs; `language` is an ISO 639-1 code."""

    email: str
    name: str
    password: str
    language: str = "en"
    organisation_id: int | None = None
    role: str = "member"


def create_account(tx: Tx, draft: AccountDraft, now: datetime) -> Account:
    """Make an account and, where an organisation is given, its membership.

    Asks nobody's leave: whoever calls it (an accepted invitation, the demonstration's loader) has seen to that.

    Raises:
        AccountRefused: the address has an account, or the password will not do.
    """
    email = rules.tidy_email(draft.email)
    fault = rules.password_fault(draft.password, email)
    if fault is not None:
        raise AccountRefused(fault, "password")
    if queries.account_by_email(tx, email) is not None:
        raise AccountRefused(msg("There is an account with this e-mail address: sign in with it."), "email")
    account = Account(
        email=email,
        name=draft.name.strip(),
        language=draft.language,
        password_hash=passwords.hash_password(draft.password),
        stamp=guard.new_stamp(),
        status="active",
        created_at=now,
        changed_at=now,
        memberships=[],
    )
    tx.add(account)
    tx.flush()
    audit.record_event(tx, SYSTEM, "account.created", account, now)
    if draft.organisation_id is not None:
        join(tx, account, tx.get_one(Organisation, draft.organisation_id), draft.role, now)
    return account


def join(tx: Tx, account: Account, organisation: Organisation, role: str, now: datetime) -> Membership:
    """Give a person a place in an organisation, or another role in it."""
    membership = queries.membership_of(tx, organisation.id, account.ref)
    if membership is None:
        membership = Membership(account=account, organisation=organisation, role=role, created_at=now)
        tx.add(membership)
    membership.role = role
    details = {"member": account.id, "role": role}
    audit.record_event(tx, queries.actor_of(account), "organisation.member_joined", organisation, now, details)
    return membership


@dataclass(frozen=True)
class InvitationDraft:
    """Whom to invite; `language` (ISO 639-1) is the one of the mail, `role` one of rules.ROLES."""

    email: str
    name: str = ""
    language: str = "en"
    role: str = "member"


@dataclass(frozen=True)
class AcceptanceDraft:
    """What an invited person without an account says."""

    name: str
    password: str
    language: str = "en"


def invite(
    tx: Tx, actor: Actor, organisation: Organisation, draft: InvitationDraft, now: datetime, form_key: str = ""
) -> Invitation:
    """Invite somebody to act for an organisation; an earlier invitation of the same person there is replaced.

    Raises:
        Refused: the actor is neither focal point there nor of the secretariat.
        AccountRefused: the organisation is not verified, the role is unknown, or the person belongs to it already.
    """
    require(actor, Permission.ORGANISATION_INVITE, now, organisation)
    email = rules.tidy_email(draft.email)
    _check_invitation(tx, organisation, email, draft.role)
    for earlier in queries.pending_invitations(tx, organisation.id, now):
        if earlier.email == email:
            revoke(tx, actor, earlier, now)
    invitation = Invitation(
        organisation=organisation,
        email=email,
        name=draft.name.strip(),
        language=draft.language,
        role=draft.role,
        invited_by=actor.account_id,
        created_at=now,
        expires_at=now + rules.INVITATION_LIFE,
    )
    tx.add(invitation)
    tx.flush()
    audit.record_event(tx, actor, "invitation.made", invitation, now, {"role": draft.role})
    outbox.tell(tx, InvitationMade(invitation.id), now)
    if form_key:
        drafts.note_done(tx, actor, form_key, people_address(organisation), now)
    return invitation


def _check_invitation(tx: Tx, organisation: Organisation, email: str, role: str) -> None:
    if organisation.status not in STATUSES_THAT_COUNT:
        raise AccountRefused(msg("Only a verified organisation can invite. The secretariat verifies it first."))
    if role not in rules.ROLES:
        raise AccountRefused(msg("Choose one of the roles in the list."), "role")
    account = queries.account_by_email(tx, email)
    if account is not None and queries.membership_of(tx, organisation.id, account.ref) is not None:
        raise AccountRefused(msg("This person belongs to the organisation already: see the list above."), "email")


def people_address(organisation: Organisation) -> str:
    """Where the people of an organisation are listed."""
    return f"/organisations/{organisation.ref}/people"


def invite_applicant(tx: Tx, fact: OrganisationVerified, now: datetime) -> Invitation | None:
    """Reaction to a verification: the applicant is invited as focal point, once."""
    organisation = tx.get_one(Organisation, fact.organisation_id)
    email = rules.tidy_email(organisation.applicant_email)
    if not email or organisation.status not in STATUSES_THAT_COUNT:
        return None
    earlier = select(Invitation.id).where(Invitation.organisation_id == organisation.id, Invitation.email == email)
    account = queries.account_by_email(tx, email)
    belongs = account is not None and queries.membership_of(tx, organisation.id, account.ref) is not None
    if belongs or tx.scalars(earlier).first() is not None:
        return None
    draft = InvitationDraft(email, organisation.applicant_name, organisation.language, "focal_point")
    return invite(tx, SYSTEM, organisation, draft, now)


def revoke(tx: Tx, actor: Actor, invitation: Invitation, now: datetime) -> None:
    """Take an invitation back; its link opens nothing any more.

    Raises:
        Refused: the actor is neither focal point there nor of the secretariat.
        AccountRefused: it has been accepted, taken back or has run out already.
    """
    require(actor, Permission.ORGANISATION_INVITE, now, invitation)
    if not rules.is_open(invitation, now):
        raise AccountRefused(msg("This invitation is no longer open: it was accepted, taken back, or has run out."))
    invitation.revoked_at = now
    audit.record_event(tx, actor, "invitation.revoked", invitation, now)


def accept(tx: Tx, invitation: Invitation, draft: AcceptanceDraft, now: datetime, form_key: str = "") -> Account:
    """An invited person without an account accepts: account and membership are made.

    Raises:
        AccountRefused: the invitation is used up, the password will not do, or the address has an account.
    """
    _use_up(invitation, now)
    account = create_account(
        tx,
        AccountDraft(
            invitation.email, draft.name, draft.password, draft.language, invitation.organisation_id, invitation.role
        ),
        now,
    )
    audit.record_event(tx, queries.actor_of(account), "invitation.accepted", invitation, now)
    if form_key:
        drafts.note_done(tx, ANONYMOUS, form_key, SETTINGS, now)
    return account


def accept_as(tx: Tx, actor: Actor, invitation: Invitation, now: datetime, form_key: str = "") -> Account:
    """An invited person who has an account and is signed in accepts.

    Raises:
        Refused: nobody is signed in.
        AccountRefused: the invitation is used up, or was sent to somebody else.
    """
    require(actor, Permission.ACCOUNT_MANAGE, now)
    account = queries.account_by_id(tx, actor.account_id)
    if account is None or account.email != invitation.email:
        raise AccountRefused(msg("This invitation was sent to another address. Sign out, and open the link again."))
    _use_up(invitation, now)
    join(tx, account, invitation.organisation, invitation.role, now)
    audit.record_event(tx, actor, "invitation.accepted", invitation, now)
    if form_key:
        drafts.note_done(tx, actor, form_key, SETTINGS, now)
    return account


def _use_up(invitation: Invitation, now: datetime) -> None:
    if not rules.is_open(invitation, now):
        raise AccountRefused(msg("This invitation is no longer open. Ask for a new one."))
    invitation.accepted_at = now
