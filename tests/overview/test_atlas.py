import re

import pytest

from app.overview.atlas import NO_CODE, SIZES, Box, atlas
from app.overview.atlas_build import DETAILS, Topology, joined, outline, united
from app.reference.countries import countries
from app.reference.groupings import groupings, members

PATH = re.compile(r"(M-?\d+[ -]\d+(l(-?\d+[ -]?)+)z(m-?\d+[ -]?\d+(l(-?\d+[ -]?)+)z)*)?")
SMALL_ISLANDS = ("CV", "MV", "ST", "KM", "SC", "MU", "AG", "BB", "DM", "GD", "KN", "LC", "VC", "TV", "TK", "NR", "TO")


@pytest.mark.parametrize("size", SIZES)
def test_every_country_has_a_place_on_the_map(size):
    world = atlas(size)
    assert set(world.codes) - {NO_CODE} == set(countries())
    for code, entry in world.codes.items():
        x, y = entry.at
        assert 0 <= x <= world.width, code
        assert 0 <= y <= world.height, code
        assert PATH.fullmatch(entry.path), code
        # What has no shape has no area, so that it is drawn as a dot.
        assert entry.path or entry.area < 64, code


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("west", "east"), [("US", "FR"), ("CV", "SN"), ("GF", "FR"), ("RE", "AU"), ("AU", "TV"), ("AU", "TO"), ("CA", "RU")]
)
def test_places_lie_where_they_are(size, west, east):
    codes = atlas(size).codes
    assert codes[west].at[0] < codes[east].at[0]


def test_small_islands_are_on_the_map():
    codes = atlas("small").codes
    assert len({codes[code].at for code in SMALL_ISLANDS}) == len(SMALL_ISLANDS)


def test_a_crop_holds_all_members_and_is_no_narrow_strip():
    for size in SIZES:
        world = atlas(size)
        for code in groupings():
            crop = world.around(members(code))
            assert 1.4 < crop.width / crop.height < 2.4, code
            for member in members(code):
                assert world.codes[member].box.meets(crop), (code, member)


def test_regions_are_seen_from_near_and_the_world_from_afar():
    world = atlas("full")
    assert world.around(members("ECOWAS")).width < world.width / 3
    assert world.around(members("CARICOM")).width < world.width / 3
    assert world.around(members("CPLP")) == world.whole
    assert world.around([]) == world.whole


def test_boxes_meet_or_do_not():
    box = Box(0, 0, 10, 10)
    assert box.meets(Box(5, 5, 20, 20))
    assert box.meets(Box(10, 0, 12, 2))
    assert not box.meets(Box(11, 0, 12, 2))
    assert not box.meets(Box(0, 11, 2, 12))


def two_neighbours(names=("Senegal", "Mali"), numbers=("686", "466")):
    """Two rectangles of ten degrees that share a border: line 0."""
    shapes = [
        {"type": "Polygon", "arcs": [[0, 1]], "id": numbers[0], "properties": {"name": names[0]}},
        {"type": "MultiPolygon", "arcs": [[[~0, 2]]], "id": numbers[1], "properties": {"name": names[1]}},
    ]
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10], [10, 0]], [[10, 0], [10, 0], [0, 10], [-10, 0]]],
        "objects": {"countries": {"geometries": shapes}},
    }


def test_neighbours_still_share_their_border():
    topology = Topology(two_neighbours())
    left, right = (joined(topology.lines, topology.rings[code][0]) for code in ("SN", "ML"))
    assert set(left) & set(right) == {(10, 0), (10, 10)}
    made = outline(topology, DETAILS["small"])
    assert made["codes"]["SN"]["box"][2] == pytest.approx(made["codes"]["ML"]["box"][0], abs=1)
    assert made["codes"]["TV"]["path"] == ""


def test_shapes_without_a_code_are_drawn_with_the_land_that_they_lie_in():
    source = two_neighbours(("Somalia", "Somaliland"), ("706", None))
    (ring,) = Topology(source).rings["SO"]
    assert sorted(ring) == [1, 2]


def test_shapes_that_only_lie_apart_stay_apart():
    lines = Topology(two_neighbours()).lines
    assert united([[0, 1]], lines) == [[0, 1]]
