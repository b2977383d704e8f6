"""Every permission, asked by everybody about everything, against a table that is written here a second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from types import SimpleNamespace

import pytest

from app.foundation import permissions
from app.foundation.permissions import ANONYMOUS, POLICIES, Actor, Membership, Permission, Refused, allowed, require

KINDS = ("state", "donor", "centre", "regional", "ngo", "secretariat")
STATUSES = ("applied", "verified", "trusted", "refused", "recorded", "suspended")
ROLES = ("member", "editor", "focal_point")
COUNTING, WRITING = ("verified", "trusted"), ("editor", "focal_point")
ASKING = ("state", "regional", "centre")
# Who may, in words of the design: of which kinds; whether the organisation has to be verified; whether the role has to
# write; and whether the record has to be one's own (in which column it says whose it is).
WRITERS: dict[str, tuple[str, ...]] = {
    "need:post": ASKING, "programme:post": ("donor", "regional", "ngo"), "course:post": ("centre",),
    "pledge:make": ("donor", "regional", "centre", "state"), "pledge:answer": ASKING,
    "need:pass": ("state", "secretariat"), "meeting:convene": ("state", "donor", "regional", "secretariat"),
    "programme:import": ("donor", "regional", "ngo"), "report:write": ("regional",),
    "limit:set": ("state",), "clarification:ask": ("state", "donor", "centre", "regional", "ngo"),
}  # fmt: skip
OF_OFFICE_FOR_ALL = {"programme:import"}
OF_OWNER = {
    "need:amend", "programme:amend", "course:amend", "lesson:record", "pledge:change", "output:record", "result:record",
    "match:judge", "meeting:change", "action:close", "relation:declare", "lesson:answer",
    "lesson:untie", "clarification:answer", "message:send", "report:make",
}  # fmt: skip
OF_COURSES = {
    "nomination:decide": (("centre",), WRITING), "nomination:make": (("state", "regional"), ("focal_point",)),
    "nomination:change": (("state", "regional"), ("focal_point",)), "report:sign": (("regional",), ("focal_point",)),
}  # fmt: skip
OF_OFFICE = {
    "organisation:verify", "lesson:assign", "account:rescue", "audit:read", "match:review", "upkeep:keep",
    "site:operate",
    # And of desks for the countries of their grouping, of which these people have none: tests/upkeep/test_clocks.py.
    "need:acknowledge",
}  # fmt: skip
OF_OFFICE_TOO = {
    # Whoever was asked to review a lesson has these for that lesson besides: tests/lessons.
    "lesson:validate": False, "lesson:comment": True, "lesson:relate": True, "lesson:affirm": True,
}  # fmt: skip
"""What the office may, and whether the owner may too."""
OF_ANYBODY = {"public:read", "organisation:apply"}
OF_SIGNED_IN = {"desk:read", "account:manage", "search:follow"}
OWN, OTHER = 1, 2


def expected(permission: str, kind: str, status: str, role: str, record: str) -> bool:  # noqa: PLR0911 - one for each group
    """The table, read for one person in one organisation and a record of one's own, of others, or none."""
    counts, writes, own = status in COUNTING, role in WRITING, record in ("none", "own")
    if permission in OF_ANYBODY | OF_SIGNED_IN:
        return True
    if permission in OF_OFFICE:
        return kind == "secretariat" and counts and writes
    if permission == "upkeep:read":
        return counts and writes and (kind == "secretariat" or (kind == "regional" and own))
    if permission in OF_OWNER | OF_OFFICE_TOO.keys():
        is_office = kind == "secretariat" and permission in OF_OFFICE_TOO
        is_owner = record == "own" and OF_OFFICE_TOO.get(permission, True)
        return counts and writes and (is_office or is_owner or record == "none")
    if permission in WRITERS:
        is_office = kind == "secretariat" and permission in OF_OFFICE_FOR_ALL
        return counts and writes and (is_office or (kind in WRITERS[permission] and own))
    if permission in OF_COURSES:
        kinds, roles = OF_COURSES[permission]
        return kind in kinds and role in roles and counts and own
    if permission == "need:draft":
        return kind in ASKING and status != "suspended" and writes and own
    assert permission == "organisation:invite", f"say here who has {permission}"
    return (role == "focal_point" and own) or (kind == "secretariat" and counts and writes)


def record_of(name: str) -> SimpleNamespace | None:
    """A record whose columns point to the own organisation, or to another one; or none."""
    number = {"own": OWN, "other": OTHER}.get(name)
    if number is None:
        return None
    sides = {"need_organisation_id": number, "offer_organisation_id": number, "organisation_ids": frozenset({number})}
    return SimpleNamespace(organisation_id=number, centre_id=number, **sides)


@pytest.mark.parametrize("permission", Permission)
def test_everybody_about_everything(permission: Permission, now: datetime) -> None:
    wrong = []
    for kind, status, role, name in product(KINDS, STATUSES, ROLES, ("none", "own", "other")):
        actor = Actor(account_id=7, memberships=(Membership(OWN, "O-1", "One", kind, status, role),))
        if allowed(actor, permission, now, record_of(name)) != expected(permission.value, kind, status, role, name):
            wrong.append((kind, status, role, name))
    assert wrong == []


@pytest.mark.parametrize("permission", Permission)
def test_rights_of_two_places_do_not_mix(permission: Permission, now: datetime) -> None:
    """A focal point of an organisation that only applied, who reads in a verified one, has what each place gives."""
    weak, other = ("state", "applied", "focal_point"), ("donor", "verified", "member")
    places = (Membership(OWN, "O-1", "One", *weak), Membership(3, "O-3", "Three", *other))
    actor = Actor(account_id=7, memberships=places)
    for name in ("own", "other"):
        each = expected(permission.value, *weak, name) or expected(permission.value, *other, "other")
        assert allowed(actor, permission, now, record_of(name)) is each


def test_the_need_of_a_pledge_and_its_donor_are_told_apart(now: datetime) -> None:
    recipient = Actor(account_id=7, memberships=(Membership(OWN, "O-1", "One", "state", "verified", "editor"),))
    pledge = SimpleNamespace(organisation_id=OTHER, need_organisation_id=OWN)
    assert allowed(recipient, Permission.PLEDGE_ANSWER, now, pledge)
    assert not allowed(recipient, Permission.PLEDGE_CHANGE, now, pledge)


@pytest.mark.parametrize(("need", "offer", "may"), [(OWN, OTHER, True), (OTHER, OWN, True), (OTHER, OTHER, False)])
def test_either_side_of_a_match_may_speak_of_it(need: int, offer: int, may: bool, now: datetime) -> None:
    editor = Actor(account_id=7, memberships=(Membership(OWN, "O-1", "One", "donor", "verified", "editor"),))
    match = SimpleNamespace(need_organisation_id=need, offer_organisation_id=offer)
    assert allowed(editor, Permission.MATCH_JUDGE, now, match) is may


def test_a_question_is_asked_with_person_record_and_hour(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def ask(actor: object, record: object, when: object) -> bool:
        asked.append((actor, record, when))
        return True

    monkeypatch.setitem(POLICIES, Permission.NEED_POST, ((ask,),))
    require(ANONYMOUS, Permission.NEED_POST, now, "record")
    assert asked == [(ANONYMOUS, "record", now)]


def test_the_hour_of_the_question_decides(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(POLICIES, Permission.NEED_POST, ((lambda _actor, _record, when: when < now,),))
    require(ANONYMOUS, Permission.NEED_POST, now - timedelta(seconds=1))
    with pytest.raises(Refused, match="need:post"):
        require(ANONYMOUS, Permission.NEED_POST, now)


def test_questions_are_named_as_docs_show_them() -> None:
    assert permissions.edits_for_kind("donor", "ngo").__name__ == "edits_for_donor_or_ngo"
    assert permissions.drafts_for_kind("state").__name__ == "drafts_for_state"
    assert permissions.drafts_for_kind("state", "centre").__name__ == "drafts_for_state_or_centre"


@pytest.mark.parametrize("make", [permissions.edits_for_kind, permissions.drafts_for_kind])
def test_a_question_for_kinds_asks_kind_role_and_owner(
    make: Callable[..., permissions.Predicate], now: datetime
) -> None:
    """Asked of a question that is made here, since those of the policies are made when the module is read."""
    ask = make("donor", "ngo")
    for kind, role, name in product(KINDS, ROLES, ("none", "own", "other")):
        actor = Actor(account_id=7, memberships=(Membership(OWN, "O-1", "One", kind, "verified", role),))
        may = kind in ("donor", "ngo") and role in WRITING and name != "other"
        assert ask(actor, record_of(name), now) is may, (kind, role, name)
