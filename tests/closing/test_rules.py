"""What was learned is asked once of each, and told to no more people than may see the record."""

from __future__ import annotations

import pytest

from app.closing.rules import MoveRefused, Wanted, check_open, first_of_each, offered_tiers, proposed_tier, title_from


def wanted(organisation_id=1, ref="N-1", tier="public"):
    return Wanted(organisation_id, "need", ref, "need", ref, "donor", tier)


def test_each_is_asked_once_with_the_narrowest_tier():
    found = first_of_each([wanted(), wanted(tier="own"), wanted(2), wanted(tier="members"), wanted(ref="N-2")])

    assert [(one.organisation_id, one.of_ref, one.tier) for one in found] == [
        (1, "N-1", "own"), (2, "N-1", "public"), (1, "N-2", "public"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tier", "proposed"), [("public", "public"), ("members", "members"), ("named", "own"), ("own", "own")]
)
def test_what_is_proposed_is_never_wider_than_the_record(tier, proposed):
    assert proposed_tier(tier) == proposed
    assert offered_tiers(tier, is_owner=False)[0] == proposed
    assert offered_tiers(tier, is_owner=True)[0] == "public"


def test_what_was_answered_is_not_answered_again():
    check_open("asked")
    for status in ("told", "nothing"):
        with pytest.raises(MoveRefused):
            check_open(status)


def test_a_title_is_made_from_the_instruction():
    assert title_from("Name who clears the kits. Then ship.") == "Name who clears the kits"
    assert title_from("One\n two") == "One two"
    long = title_from("word " * 60)
    assert len(long) <= 122
    assert long.endswith("word …")
