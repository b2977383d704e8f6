"""Who may do what: one policy for each permission, and a question that fails means no."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from app.foundation import permissions
from app.foundation.permissions import ANONYMOUS, POLICIES, SYSTEM, Actor, Membership, Permission, Refused

PUBLIC = {Permission.PUBLIC_READ, Permission.ORGANISATION_APPLY}


@dataclass
class Owned:
    organisation_id: int = 1
    need_organisation_id: int = 1


def person(kind="state", role="editor", status="verified", organisation_id=1):
    place = Membership(organisation_id, f"O-{organisation_id}", "An organisation", kind, status, role)
    return Actor(account_id=7, memberships=(place,))


def may(actor, permission, record, now):
    return permissions.allowed(actor, permission, now, record)


@pytest.mark.parametrize("permission", Permission)
def test_anonymous_may_read_what_is_public_and_apply(permission, now):
    assert may(ANONYMOUS, permission, None, now) is (permission in PUBLIC)
    assert may(ANONYMOUS, permission, Owned(), now) is (permission in PUBLIC)


@pytest.mark.parametrize("permission", Permission)
def test_the_site_itself_may_everything(permission, now):
    permissions.require(SYSTEM, permission, now, Owned())


@pytest.mark.parametrize("permission", [p for p in Permission if POLICIES[p] == (permissions.OWNER,)])
def test_only_editors_of_the_verified_owner_change_its_records(permission, now):
    assert may(person(), permission, Owned(), now)
    assert may(person(role="focal_point"), permission, Owned(), now)
    assert not may(person(role="member"), permission, Owned(), now)
    assert not may(person(status="applied"), permission, Owned(), now)
    assert not may(person(status="suspended"), permission, Owned(), now)
    assert not may(person(organisation_id=2), permission, Owned(), now)


@pytest.mark.parametrize(
    ("permission", "kinds"),
    [
        (Permission.NEED_POST, {"state", "regional", "centre"}),
        (Permission.PROGRAMME_POST, {"donor", "regional", "ngo"}),
        (Permission.COURSE_POST, {"centre"}),
        (Permission.PLEDGE_MAKE, {"donor", "regional", "centre", "state"}),
    ],
)
def test_what_each_kind_of_organisation_posts(permission, kinds, now):
    for kind in ("state", "donor", "centre", "regional", "ngo", "secretariat"):
        assert may(person(kind), permission, Owned(), now) is (kind in kinds)
        assert may(person(kind), permission, None, now) is (kind in kinds)
        assert not may(person(kind, organisation_id=2), permission, Owned(), now)
        assert not may(person(kind, status="applied"), permission, Owned(), now)


def test_an_unverified_state_may_draft_and_not_post(now):
    newcomer = person(status="applied")
    assert may(newcomer, Permission.NEED_DRAFT, Owned(), now)
    assert not may(newcomer, Permission.NEED_POST, Owned(), now)


def test_the_secretariat_verifies_only_while_it_is_verified_itself(now):
    assert may(person("secretariat"), Permission.ORGANISATION_VERIFY, Owned(2), now)
    assert not may(person("secretariat", status="suspended"), Permission.ORGANISATION_VERIFY, Owned(2), now)
    assert not may(person("donor"), Permission.ORGANISATION_VERIFY, Owned(2), now)


def test_a_question_that_fails_means_no(now):
    assert not may(person(), Permission.NEED_AMEND, object(), now)


def test_refused_names_the_permission(now):
    with pytest.raises(Refused, match="need:amend"):
        permissions.require(ANONYMOUS, Permission.NEED_AMEND, now, Owned())


def test_a_person_acts_for_the_first_of_several_organisations():
    first, second = person().memberships[0], person("donor", organisation_id=2).memberships[0]
    actor = replace(person(), memberships=(first, second))
    assert actor.main == first
    assert actor.organisation_ids == {1, 2}
    assert actor.of_kind("donor") == (second,)
    assert actor.membership_in(2) == second
    assert actor.membership_in(3) is None
