"""Who may do what: one list of permissions, each a few named questions about the person, the record and the hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from app.foundation.actors import ANONYMOUS, ROLES_THAT_EDIT, STATUSES_THAT_COUNT, SYSTEM, Actor, Membership

__all__ = [
    "ANONYMOUS", "POLICIES", "ROLES_THAT_EDIT", "STATUSES_THAT_COUNT", "SYSTEM", "Actor", "Membership", "Permission",
    "Predicate", "Refused", "allowed", "require",
]  # fmt: skip


class Permission(StrEnum):
    """Everything that a route or a service may ask leave for."""

    PUBLIC_READ = "public:read"
    DESK_READ = "desk:read"
    ACCOUNT_MANAGE = "account:manage"
    ACCOUNT_RESCUE = "account:rescue"
    ORGANISATION_APPLY = "organisation:apply"
    ORGANISATION_INVITE = "organisation:invite"
    ORGANISATION_VERIFY = "organisation:verify"
    NEED_DRAFT = "need:draft"
    NEED_POST = "need:post"
    NEED_AMEND = "need:amend"
    NEED_PASS = "need:pass"  # noqa: S105 - a permission, no password
    LIMIT_SET = "limit:set"
    PROGRAMME_POST = "programme:post"
    PROGRAMME_IMPORT = "programme:import"
    PROGRAMME_AMEND = "programme:amend"
    COURSE_POST = "course:post"
    COURSE_AMEND = "course:amend"
    LESSON_RECORD = "lesson:record"
    LESSON_VALIDATE = "lesson:validate"
    LESSON_ASSIGN = "lesson:assign"
    LESSON_COMMENT = "lesson:comment"
    LESSON_RELATE = "lesson:relate"
    LESSON_UNTIE = "lesson:untie"
    LESSON_AFFIRM = "lesson:affirm"
    LESSON_ANSWER = "lesson:answer"
    PLEDGE_MAKE = "pledge:make"
    PLEDGE_ANSWER = "pledge:answer"
    PLEDGE_CHANGE = "pledge:change"
    OUTPUT_RECORD = "output:record"
    RESULT_RECORD = "result:record"
    AUDIT_READ = "audit:read"
    MATCH_JUDGE = "match:judge"
    MATCH_REVIEW = "match:review"
    RELATION_DECLARE = "relation:declare"
    SEARCH_FOLLOW = "search:follow"
    MEETING_CONVENE = "meeting:convene"
    MEETING_CHANGE = "meeting:change"
    ACTION_CLOSE = "action:close"
    NOMINATION_MAKE = "nomination:make"
    NOMINATION_CHANGE = "nomination:change"
    NOMINATION_DECIDE = "nomination:decide"
    NEED_ACKNOWLEDGE = "need:acknowledge"
    UPKEEP_READ = "upkeep:read"
    UPKEEP_KEEP = "upkeep:keep"
    CLARIFICATION_ASK = "clarification:ask"
    CLARIFICATION_ANSWER = "clarification:answer"
    MESSAGE_SEND = "message:send"
    REPORT_MAKE = "report:make"
    REPORT_WRITE = "report:write"
    REPORT_SIGN = "report:sign"
    SITE_OPERATE = "site:operate"


Predicate: TypeAlias = Callable[[Actor, Any, datetime], bool]


def anybody(_actor: Actor, _record: Any, _now: datetime) -> bool:
    """Everybody, signed in or not."""
    return True


def is_signed_in(actor: Actor, _record: Any, _now: datetime) -> bool:
    """A person with an account."""
    return actor.is_signed_in


def decides_for_secretariat(actor: Actor, _record: Any, _now: datetime) -> bool:
    """Works for the office that runs the site, in a role that writes: a member there reads."""
    return bool(actor.of_kind("secretariat"))


def edits_for_owner(actor: Actor, record: Any, _now: datetime) -> bool:
    """Editor or focal point of the organisation that owns the record; without a record: of any organisation."""
    if record is None:
        return any(m.role in ROLES_THAT_EDIT for m in actor.memberships)
    membership = actor.membership_in(record.organisation_id)
    return membership is not None and membership.role in ROLES_THAT_EDIT


def owner_is_verified(actor: Actor, record: Any, _now: datetime) -> bool:
    """The owning organisation is verified and not suspended; without a record: one of the actor's is."""
    if record is None:
        return actor.is_verified
    membership = actor.membership_in(record.organisation_id)
    return membership is not None and membership.is_verified


def is_focal_point_of_owner(actor: Actor, record: Any, _now: datetime) -> bool:
    """Focal point of the organisation that owns the record; without a record: of any organisation."""
    places = {m.organisation_id for m in actor.memberships if m.role == "focal_point"}
    return bool(places) if record is None else record.organisation_id in places


def edits_for_kind(*kinds: str) -> Predicate:
    """Editor of a verified organisation of one of these kinds."""

    def asks_for_kind(actor: Actor, record: Any, _now: datetime) -> bool:
        places = actor.of_kind(*kinds)
        return bool(places) if record is None else any(m.organisation_id == record.organisation_id for m in places)

    asks_for_kind.__name__ = "edits_for_" + "_or_".join(kinds)
    return asks_for_kind


def drafts_for_kind(*kinds: str) -> Predicate:
    """Editor of an organisation of one of these kinds, verified or not: a draft is seen by its own people alone."""

    def asks_for_drafts(actor: Actor, record: Any, _now: datetime) -> bool:
        places = {m.organisation_id for m in actor.memberships if m.organisation_kind in kinds and m.may_draft}
        return bool(places) if record is None else record.organisation_id in places

    asks_for_drafts.__name__ = "drafts_for_" + "_or_".join(kinds)
    return asks_for_drafts


def edits_for_need(actor: Actor, record: Any, _now: datetime) -> bool:
    """Editor of the State whose need a pledge is made against; without a record: of any verified organisation."""
    places = {m.organisation_id for m in actor.of_kind("state", "regional", "centre")}
    return bool(places) if record is None else record.need_organisation_id in places


def edits_for_either_side(actor: Actor, record: Any, _now: datetime) -> bool:
    """Editor of the verified organisation of the need or of the offer of a match; without a match: of any such."""
    places = {m.organisation_id for m in actor.memberships if m.is_verified and m.role in ROLES_THAT_EDIT}
    sides = places if record is None else {record.need_organisation_id, record.offer_organisation_id}
    return bool(places & sides)


def edits_for_one_of_two(actor: Actor, record: Any, _now: datetime) -> bool:
    """Editor of the verified organisation of one of two records, or of one of two that write; without: of any such."""
    places = {m.organisation_id for m in actor.memberships if m.is_verified and m.role in ROLES_THAT_EDIT}
    return bool(places) if record is None else bool(places & record.organisation_ids)


def speaks_for_state_or_region(actor: Actor, record: Any, _now: datetime) -> bool:
    """Focal point of a verified State's or regional organisation: of the record's owner, without a record of any."""
    places = {m.organisation_id for m in actor.of_kind("state", "regional") if m.role == "focal_point"}
    return bool(places) if record is None else record.organisation_id in places


def edits_for_centre(actor: Actor, record: Any, _now: datetime) -> bool:
    """Editor of the verified centre whose session somebody is put forward for (a course's owner); or of any centre."""
    places = {m.organisation_id for m in actor.of_kind("centre")}
    return bool(places) if record is None else getattr(record, "centre_id", record.organisation_id) in places


def has_desk_for(actor: Actor, record: Any, _now: datetime) -> bool:
    """Editor of a verified regional organisation, for a need of one of its members; without a need: of any such."""
    if not actor.of_kind("regional"):
        return False
    return bool(actor.desk_countries if record is None else actor.desk_countries & set(record.codes("country")))


def reviews_lesson(actor: Actor, record: Any, _now: datetime) -> bool:
    """Was asked to review a lesson, and writes for a verified organisation that is not its author's.

    Without a lesson: writes for any verified organisation.
    """
    writes = actor.is_signed_in and any(m.is_verified and m.role in ROLES_THAT_EDIT for m in actor.memberships)
    if record is None or not writes:
        return writes
    is_asked: bool = record.reviewer_id == actor.account_id
    return is_asked and record.organisation_id not in actor.organisation_ids


OWNER: tuple[Predicate, ...] = (edits_for_owner, owner_is_verified)

POLICIES: dict[Permission, tuple[tuple[Predicate, ...], ...]] = {
    Permission.PUBLIC_READ: ((anybody,),),
    Permission.DESK_READ: ((is_signed_in,),),
    Permission.ACCOUNT_MANAGE: ((is_signed_in,),),
    Permission.ACCOUNT_RESCUE: ((decides_for_secretariat,),),
    Permission.ORGANISATION_APPLY: ((anybody,),),
    Permission.ORGANISATION_INVITE: ((is_focal_point_of_owner,), (decides_for_secretariat,)),
    Permission.ORGANISATION_VERIFY: ((decides_for_secretariat,),),
    Permission.NEED_DRAFT: ((drafts_for_kind("state", "regional", "centre"),),),
    Permission.NEED_POST: ((edits_for_kind("state", "regional", "centre"),),),
    Permission.NEED_AMEND: (OWNER,),
    Permission.NEED_PASS: ((edits_for_kind("state", "secretariat"),),),
    Permission.LIMIT_SET: ((edits_for_kind("state"),),),
    Permission.PROGRAMME_POST: ((edits_for_kind("donor", "regional", "ngo"),),),
    Permission.PROGRAMME_IMPORT: ((edits_for_kind("donor", "regional", "ngo"),), (decides_for_secretariat,)),
    Permission.PROGRAMME_AMEND: (OWNER,),
    Permission.COURSE_POST: ((edits_for_kind("centre"),),),
    Permission.COURSE_AMEND: (OWNER,),
    Permission.LESSON_RECORD: (OWNER,),
    Permission.LESSON_VALIDATE: ((decides_for_secretariat,), (reviews_lesson,)),
    Permission.LESSON_ASSIGN: ((decides_for_secretariat,),),
    Permission.LESSON_COMMENT: (OWNER, (decides_for_secretariat,), (reviews_lesson,)),
    Permission.LESSON_RELATE: ((edits_for_one_of_two,), (decides_for_secretariat,), (reviews_lesson,)),
    Permission.LESSON_UNTIE: (OWNER,),
    Permission.LESSON_AFFIRM: (OWNER, (decides_for_secretariat,)),
    Permission.LESSON_ANSWER: (OWNER,),
    Permission.PLEDGE_MAKE: ((edits_for_kind("donor", "regional", "centre", "state"),),),
    Permission.PLEDGE_ANSWER: ((edits_for_need,),),
    Permission.PLEDGE_CHANGE: (OWNER,),
    Permission.OUTPUT_RECORD: (OWNER,),
    Permission.RESULT_RECORD: (OWNER,),
    Permission.AUDIT_READ: ((decides_for_secretariat,),),
    Permission.MATCH_JUDGE: ((edits_for_either_side,),),
    Permission.MATCH_REVIEW: ((decides_for_secretariat,),),
    Permission.RELATION_DECLARE: ((edits_for_one_of_two,),),
    Permission.SEARCH_FOLLOW: ((is_signed_in,),),
    Permission.MEETING_CONVENE: ((edits_for_kind("state", "donor", "regional", "secretariat"),),),
    Permission.MEETING_CHANGE: (OWNER,),
    Permission.ACTION_CLOSE: (OWNER,),
    Permission.NOMINATION_MAKE: ((speaks_for_state_or_region,),),
    Permission.NOMINATION_CHANGE: ((speaks_for_state_or_region,),),
    Permission.NOMINATION_DECIDE: ((edits_for_centre,),),
    Permission.NEED_ACKNOWLEDGE: ((decides_for_secretariat,), (has_desk_for,)),
    Permission.UPKEEP_READ: ((decides_for_secretariat,), (edits_for_kind("regional"),)),
    Permission.UPKEEP_KEEP: ((decides_for_secretariat,),),
    Permission.CLARIFICATION_ASK: ((edits_for_kind("state", "donor", "centre", "regional", "ngo"),),),
    Permission.CLARIFICATION_ANSWER: (OWNER,),
    Permission.MESSAGE_SEND: ((edits_for_one_of_two,),),
    Permission.REPORT_MAKE: (OWNER,),
    Permission.REPORT_WRITE: ((edits_for_kind("regional"),),),
    Permission.REPORT_SIGN: ((edits_for_kind("regional"), is_focal_point_of_owner),),
    Permission.SITE_OPERATE: ((decides_for_secretariat,),),
}


class Refused(PermissionError):
    """The person may not do this (and may know that it exists)."""


def allowed(actor: Actor, permission: Permission, now: datetime, record: Any = None) -> bool:
    """Whether one of the policy's alternatives holds whole. A question that fails to answer means no."""
    return any(all(_holds(ask, actor, record, now) for ask in way) for way in POLICIES[permission])


def require(actor: Actor, permission: Permission, now: datetime, record: Any = None) -> None:
    """Go on only if allowed.

    Raises:
        Refused: the policy says no.
    """
    if not (actor.is_system or allowed(actor, permission, now, record)):
        raise Refused(permission.value)


def _holds(ask: Predicate, actor: Actor, record: Any, now: datetime) -> bool:
    try:
        return ask(actor, record, now)
    except Exception:  # noqa: BLE001 - whatever goes wrong in a policy, the answer is no
        return False
