"""Who does what in a country, as far as a reader may see it."""

from __future__ import annotations

from datetime import date

from app.foundation.permissions import ANONYMOUS
from app.overview.presence import SHOWN, who_is_active


def test_the_organisations_with_most_programmes_come_first_with_their_themes(tx, world):
    donor, other = world.organisation("donor"), world.organisation("donor")
    world.programme(donor, countries=["SN"], themes=["prisons"], ends_on=date(2027, 1, 1))
    world.programme(donor, countries=["SN"], themes=["prisons", "customs"], ends_on=date(2028, 1, 1))
    world.programme(other, countries=["SN", "GH"], themes=["customs"], ends_on=None)
    found = who_is_active(tx, ANONYMOUS, "SN")
    assert [(one.organisation, one.programmes, one.until) for one in found] == [
        (donor, 2, date(2028, 1, 1)),
        (other, 1, None),
    ]
    assert [found[0].themes, found[1].themes] == [["prisons", "customs"], ["customs"]]
    assert found[0].kinds == ["training"]


def test_what_is_over_elsewhere_or_hidden_is_not_counted(tx, world):
    donor = world.organisation("donor")
    world.programme(donor, countries=["SN"], status="4")
    world.programme(donor, countries=["GH"])
    world.programme(donor, countries=["SN"], disclosure="own")
    assert who_is_active(tx, ANONYMOUS, "SN") == []
    assert who_is_active(tx, world.actor(world.account(donor)), "SN")[0].programmes == 1


def test_only_the_first_few_are_shown(tx, world):
    for _number in range(SHOWN + 2):
        world.programme(world.organisation("donor"), countries=["SN"])
    assert len(who_is_active(tx, ANONYMOUS, "SN")) == SHOWN
