import pytest

from app.overview.atlas import atlas
from app.overview.pictures import DOT, TARGET, hit_sizes, map_of, small_map
from app.overview.rules import Gap
from app.reference.countries import countries
from app.reference.groupings import members

GAPS = {code: Gap(code, needs=1, lines=4, covered=n) for n, code in enumerate(["PE", "CV", "GM", "SN"])}


def test_large_countries_are_land_and_small_ones_have_a_dot():
    marks = {mark.gap.code: mark for mark in small_map(GAPS).marks}
    assert marks["PE"].dot is None
    assert marks["PE"].path
    assert marks["CV"].dot == atlas("small").codes["CV"].at
    assert marks["GM"].dot


def test_dots_lie_upon_the_land_and_whoever_asks_upon_whoever_is_offered():
    gaps = GAPS | {"LC": Gap("LC", offers=2), "BR": Gap("BR", offers=1)}
    order = [mark.gap.code for mark in small_map(gaps).marks]
    assert order == ["BR", "PE", "SN", "LC", "CV", "GM"]


def test_a_country_without_anything_is_ground():
    picture = small_map({"PE": Gap("PE"), "CV": Gap("CV")})
    assert list(picture.marks) == []
    assert atlas("small").codes["PE"].path in picture.ground
    x, y = atlas("small").codes["TV"].at
    assert f"M{x} {y}h0" in picture.specks


def test_every_state_can_be_marked_and_found():
    gaps = {code: Gap(code, needs=1, lines=1) for code in countries()}
    for mark in small_map(gaps).marks:
        assert mark.path or mark.dot, mark.gap.code


def test_near_by_a_small_state_is_land_again():
    marks = {mark.gap.code: mark for mark in map_of(GAPS, members("ECOWAS")).marks}
    assert marks["GM"].dot is None
    assert "PE" not in marks
    assert marks["CV"].dot == atlas("full").codes["CV"].at


def test_a_grouping_around_the_world_is_shown_on_the_whole_of_it():
    assert map_of(GAPS, members("CPLP")).frame == map_of(GAPS).frame == atlas("small").whole


@pytest.mark.parametrize(("apart", "size"), [(100, TARGET), (16, 16), (2, DOT)])
def test_targets_do_not_reach_into_a_neighbours(apart, size):
    assert hit_sizes({"A": (0, 0), "B": (apart, 0)}, 1) == {"A": size, "B": size}
    assert hit_sizes({"A": (0, 0)}, 1) == {"A": TARGET}
