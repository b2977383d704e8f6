"""Who holds which role in an organisation: roles changed and ended, never the last focal point's."""

from __future__ import annotations

from datetime import datetime

from app.accounts import queries, rules
from app.accounts.models import Membership
from app.accounts.rules import AccountRefused
from app.foundation import audit
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, require


def set_role(tx: Tx, actor: Actor, membership: Membership, role: str, now: datetime) -> None:
    """Give a member another role.

    Raises:
        Refused: the actor is neither focal point there nor of the secretariat.
        AccountRefused: the role is unknown, or the organisation would be left without a focal point.
    """
    require(actor, Permission.ORGANISATION_INVITE, now, membership)
    if role not in rules.ROLES:
        raise AccountRefused(msg("Choose one of the roles in the list."), "role")
    if role != "focal_point":
        _keep_one_focal_point(tx, membership)
    membership.role = role
    details = {"member": membership.account_id, "role": role}
    audit.record_event(tx, actor, "organisation.role_changed", membership.organisation, now, details)


def remove_member(tx: Tx, actor: Actor, membership: Membership, now: datetime) -> None:
    """End a person's place in an organisation; from the next request on it gives no rights.

    Raises:
        Refused: the actor is neither focal point there nor of the secretariat.
        AccountRefused: the organisation would be left without a focal point.
    """
    require(actor, Permission.ORGANISATION_INVITE, now, membership)
    _keep_one_focal_point(tx, membership)
    organisation, account = membership.organisation, membership.account
    details = {"member": membership.account_id}
    account.memberships.remove(membership)
    tx.delete(membership)
    audit.record_event(tx, actor, "organisation.member_removed", organisation, now, details)


def _keep_one_focal_point(tx: Tx, membership: Membership) -> None:
    if not rules.may_leave(membership.role, queries.count_focal_points(tx, membership.organisation_id)):
        raise AccountRefused(msg("This is the only focal point. Give that role to somebody else first."))
