"""Who holds which role in an organisation: roles changed and ended, never the last focal point's."""

from __future__ import annotations

from datetime import datetime

from app.accounts import guard, handing, queries, rules
from app.accounts.models import Membership
from app.accounts.rules import AccountRefused
from app.foundation import audit
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, Refused, require

CHOOSE_COLLEAGUE = msg("Choose a colleague of the same organisation.")


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


def remove_member(
    tx: Tx, actor: Actor, membership: Membership, now: datetime, successor: Membership | None = None
) -> None:
    """End a person's place in an organisation; from the next request on it gives no rights.

    A successor takes over what the person had begun for the organisation, and the focal point's role of the last one.

    Raises:
        Refused: the actor is neither focal point there nor of the secretariat.
        AccountRefused: the organisation would be left without a focal point, or the successor is not of it.
    """
    require(actor, Permission.ORGANISATION_INVITE, now, membership)
    if successor is not None:
        hand_over(tx, actor, membership, successor, now)
    _keep_one_focal_point(tx, membership)
    end_place(tx, actor, membership, now)


def leave(tx: Tx, actor: Actor, membership: Membership, successor: Membership | None, now: datetime) -> None:
    """A person gives up a place of one's own, and hands over to a colleague if one is named.

    Raises:
        Refused: nobody is signed in, or the place is somebody else's.
        AccountRefused: the organisation would be left without a focal point, or the successor is not of it.
    """
    require(actor, Permission.ACCOUNT_MANAGE, now)
    if membership.account_id != actor.account_id:
        raise Refused(Permission.ACCOUNT_MANAGE.value)
    if successor is not None:
        hand_over(tx, actor, membership, successor, now)
    _keep_one_focal_point(tx, membership)
    end_place(tx, actor, membership, now)


def hand_over(tx: Tx, actor: Actor, leaver: Membership, successor: Membership, now: datetime) -> dict[str, int]:
    """Give a colleague what somebody has begun for the organisation, and the role if it is the last focal point's.

    What goes over is what features have registered in `handing`; how much of each is given back. Both are told.

    Raises:
        AccountRefused: the successor is the same person, of another organisation, or no longer active.
    """
    is_colleague = successor.organisation_id == leaver.organisation_id and successor.account.status == "active"
    if not is_colleague or successor.account_id == leaver.account_id:
        raise AccountRefused(CHOOSE_COLLEAGUE, "successor")
    if not rules.may_leave(leaver.role, queries.count_focal_points(tx, leaver.organisation_id)):
        successor.role = leaver.role
    moved = handing.move_all(tx, leaver, successor, now)
    details = {"from": leaver.account_id, "to": successor.account_id, **moved, "role": successor.role}
    audit.record_event(tx, actor, "organisation.handed_over", leaver.organisation, now, details)
    guard.tell_owner(tx, successor.account, "handed_to", guard.news_ref(), now)
    guard.tell_owner(tx, leaver.account, "handed_from", guard.news_ref(), now)
    return moved


def end_place(tx: Tx, actor: Actor, membership: Membership, now: datetime) -> None:
    """Take the place away and tell the person; whoever calls it has seen to that it may be ended."""
    organisation, account = membership.organisation, membership.account
    details = {"member": membership.account_id}
    account.memberships.remove(membership)
    tx.delete(membership)
    audit.record_event(tx, actor, "organisation.member_removed", organisation, now, details)
    if account.id != actor.account_id:
        guard.tell_owner(tx, account, "place_ended", guard.news_ref(), now)


def _keep_one_focal_point(tx: Tx, membership: Membership) -> None:
    if not rules.may_leave(membership.role, queries.count_focal_points(tx, membership.organisation_id)):
        raise AccountRefused(msg("This is the only focal point. Give that role to somebody else first."))
