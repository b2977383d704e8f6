import pytest

from app.overview import geometry

COAST = [(0, 0), (10, 0.1), (20, 0), (30, 15), (40, 0), (50, 0.2), (60, 0)]
SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]


def test_the_projection_keeps_areas_true():
    """A degree at the equator and one at sixty north: the ground is half as wide there, so is its picture."""

    def cell(latitude):
        corners = [(20, latitude), (21, latitude), (21, latitude + 1), (20, latitude + 1), (20, latitude)]
        return geometry.area_of([geometry.equal_earth(*corner) for corner in corners])

    assert cell(59.5) / cell(-0.5) == pytest.approx(0.5, rel=0.002)


def test_the_middle_of_the_picture_is_its_meridian_and_north_is_up():
    assert geometry.equal_earth(geometry.MIDDLE, 0) == (0, 0)
    assert geometry.equal_earth(geometry.MIDDLE, 60)[1] < 0
    assert geometry.equal_earth(100, 0)[0] > 0


def test_a_line_over_the_date_line_does_not_jump():
    assert geometry.unrolled([(178, 65), (-179, 66), (-172, 67)]) == [(178, 65), (181, 66), (188, 67)]


@pytest.mark.parametrize(("longitude", "there"), [(-168, -168), (-171, 189), (11, 11), (190, 190)])
def test_what_lies_beyond_the_bering_strait_is_drawn_in_the_east(longitude, there):
    assert geometry.unrolled([(longitude, 0), (longitude, 1)])[0][0] == there


def test_thinning_keeps_the_ends_and_what_stands_out():
    assert geometry.simplified(COAST, 10) == [(0, 0), (20, 0), (30, 15), (40, 0), (60, 0)]
    assert geometry.simplified(COAST, 10_000) == [COAST[0], COAST[-1]]
    assert geometry.simplified(COAST, 0) == COAST


def test_a_border_is_thinned_alike_from_both_sides():
    assert geometry.simplified(COAST[::-1], 10) == geometry.simplified(COAST, 10)[::-1]


def test_areas_and_middles():
    assert geometry.area_of(SQUARE) == 16
    assert geometry.middle_of(SQUARE) == (2, 2)
    assert geometry.middle_of([(1, 1), (3, 1), (3, 1), (1, 1)]) == (2, 1)
    assert geometry.box_of(SQUARE) == (0, 0, 4, 4)


def test_paths_are_short_and_relative():
    other = [(10, 10), (12, 10), (10, 12), (10, 10)]
    assert geometry.path_text([SQUARE]) == "M0 0l4 0 0 4-4 0z"
    assert geometry.path_text([SQUARE, other]) == "M0 0l4 0 0 4-4 0zm10 10l2 0-2 2z"
    assert geometry.path_text([]) == ""


def test_points_that_fall_together_are_one():
    assert geometry.rounded([(0.1, 0.2), (0.3, 0.4), (1.6, 2.4), (0, 0)]) == [(0, 0), (2, 2), (0, 0)]
