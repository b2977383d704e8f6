"""Finding people: who acts with which rights at this very moment, who belongs to an organisation, who is invited."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Account, Invitation, Membership
from app.accounts.rules import is_open, role_without_second_step, tidy_email
from app.foundation.db import Tx
from app.foundation.permissions import ROLES_THAT_EDIT, Actor
from app.foundation.permissions import Membership as Place
from app.foundation.security_log import note
from app.organisations.models import Organisation
from app.reference.groupings import members

MOST_ASKED = 400
"""So many numbers are asked for in one query."""
STATUSES_WITHOUT_RIGHTS = frozenset({"suspended", "refused", "merged"})


def actor_for(tx: Tx, account_ref: str, stamp: str) -> Actor | None:
    """The person behind a sign-in, with the memberships of this moment, or nobody if it has been ended since."""
    account = account_by_ref(tx, account_ref)
    if account is None or account.status != "active" or not hmac.compare_digest(account.stamp.encode(), stamp.encode()):
        return None
    return actor_of(account)


def actor_of(account: Account) -> Actor:
    """The account as one who acts; organisations that are suspended or refused give no rights at all.

    A place that asks for a second step gives what rules.role_without_second_step says until there is one.
    """
    proves = account.second_step_since is not None
    kept = [m for m in account.memberships if m.organisation.status not in STATUSES_WITHOUT_RIGHTS]
    roles = [m.role if proves else role_without_second_step(m.organisation.kind, m.role) for m in kept]
    places = tuple(_place(m, role) for m, role in zip(kept, roles, strict=True) if role is not None)
    desks = [p.grouping for p in places if p.organisation_kind == "regional" and p.is_verified and p.grouping]
    return Actor(
        account_id=account.id,
        name=account.name,
        language=account.language,
        memberships=places,
        desk_countries=frozenset().union(*(members(grouping) for grouping in desks)),
        lacks_second_step=any(role != m.role for m, role in zip(kept, roles, strict=True)),
    )


def _place(membership: Membership, role: str) -> Place:
    organisation = membership.organisation
    return Place(
        organisation_id=organisation.id,
        organisation_ref=organisation.ref,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        organisation_status=organisation.status,
        role=role,
        country=organisation.country,
        grouping=organisation.grouping,
    )


def account_by_ref(tx: Tx, ref: str) -> Account | None:
    """The account with this reference, its memberships and their organisations read along."""
    return tx.scalars(_accounts().where(Account.ref == ref)).unique().first()


def account_by_id(tx: Tx, account_id: int | None) -> Account | None:
    """The account with this number, its memberships and their organisations read along."""
    return tx.scalars(_accounts().where(Account.id == account_id)).unique().first()


def account_by_email(tx: Tx, email: str) -> Account | None:
    """The account with this e-mail address, however it was typed."""
    return tx.scalars(_accounts().where(Account.email == tidy_email(email))).unique().first()


def is_new(tx: Tx, account_id: int | None) -> bool:
    """Whether this person still wants to see the first steps."""
    query = select(Account.id).where(Account.id == account_id, Account.welcomed_at.is_(None))
    return tx.scalar(query) is not None


def _accounts() -> Select[Account]:
    return select(Account).options(joinedload(Account.memberships).joinedload(Membership.organisation))


def members_of(tx: Tx, organisation_id: int) -> list[Membership]:
    """Who belongs to an organisation, by name, with their accounts; closed accounts are left out."""
    query = (
        select(Membership)
        .join(Membership.account)
        .where(Membership.organisation_id == organisation_id, Account.status == "active")
        .options(contains_eager(Membership.account))
        .order_by(Account.name, Account.id)
    )
    return list(tx.scalars(query))


def accounts_of(tx: Tx, organisation_ids: Iterable[int], roles: Iterable[str] = ()) -> list[Account]:
    """The people of several organisations, in those roles where some are given, each once: whom to notify."""
    query = select(Membership.account_id).where(Membership.organisation_id.in_(list(organisation_ids)))
    wanted = list(roles)
    if wanted:
        query = query.where(Membership.role.in_(wanted))
    people = _accounts().where(Account.id.in_(query), Account.status == "active").order_by(Account.id)
    return list(tx.scalars(people).unique())


def people_by_id(tx: Tx, account_ids: Iterable[int]) -> list[Account]:
    """The open accounts with these numbers, their memberships and their organisations read along."""
    numbers = sorted(set(account_ids))
    found: list[Account] = []
    for begin in range(0, len(numbers), MOST_ASKED):
        query = _accounts().where(Account.id.in_(numbers[begin : begin + MOST_ASKED]), Account.status == "active")
        found += tx.scalars(query.order_by(Account.id)).unique()
    return found


def secretariat_accounts(tx: Tx) -> list[Account]:
    """The people of the office that runs the site who decide for it."""
    offices = select(Organisation.id).where(Organisation.kind == "secretariat")
    return accounts_of(tx, tx.scalars(offices).all(), ROLES_THAT_EDIT)


def membership_of(tx: Tx, organisation_id: int, account_ref: str) -> Membership | None:
    """One person's place in one organisation."""
    query = (
        select(Membership)
        .join(Membership.account)
        .where(Membership.organisation_id == organisation_id, Account.ref == account_ref)
    )
    return tx.scalar(query)


def count_focal_points(tx: Tx, organisation_id: int) -> int:
    """How many active people hold the role of focal point there."""
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Membership.account)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == "focal_point",
            Account.status == "active",
        )
    )
    return tx.scalar(query) or 0


def pending_invitations(tx: Tx, organisation_id: int, now: datetime) -> list[Invitation]:
    """Invitations of an organisation that can still be accepted, latest first."""
    query = (
        select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id.desc())
    )
    return list(tx.scalars(query))


def invitation_by_id(tx: Tx, invitation_id: int) -> Invitation | None:
    """The invitation that a fact speaks of."""
    return tx.get(Invitation, invitation_id)


def invitation_by_ref(tx: Tx, organisation_id: int, ref: str) -> Invitation | None:
    """One of an organisation's invitations."""
    query = select(Invitation).where(Invitation.organisation_id == organisation_id, Invitation.ref == ref)
    return tx.scalar(query)


def token_for(secret_key: str, invitation: Invitation) -> str:
    """The signed word in the link of an invitation's mail; nothing of it is kept."""
    return _signer(secret_key).dumps(invitation.ref)


def invitation_for(tx: Tx, secret_key: str, token: str, now: datetime) -> Invitation | None:
    """The invitation that a link speaks of, if it was signed here and can still be accepted."""
    try:
        # Its age is judged by the row, since the site's clock may be a fixed one and the signer's never is.
        ref = _signer(secret_key).loads(token)
    except BadData:
        note("link")
        return None
    query = select(Invitation).where(Invitation.ref == str(ref)).options(joinedload(Invitation.organisation))
    invitation = tx.scalar(query)
    if invitation is None or not is_open(invitation, now):
        return None
    return None if invitation.organisation.status in STATUSES_WITHOUT_RIGHTS else invitation


def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="counterpart.invitation")


def inviter_name(tx: Tx, invitation: Invitation) -> str:
    """The name of the person who invites, or nothing where the site itself does."""
    inviter = tx.get(Account, invitation.invited_by) if invitation.invited_by else None
    return inviter.name if inviter else ""
