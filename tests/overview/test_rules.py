from app.overview.rules import Gap, longest_bar, share, widest_first


def test_the_widest_gap_comes_first_and_what_is_not_asked_is_left_out():
    many_but_offered = Gap("a", needs=3, lines=12, offers=11)
    unanswered = Gap("b", needs=1, lines=4)
    covered = Gap("c", needs=1, lines=5, covered=5)
    only_offered = Gap("d", offers=9)
    assert [gap.code for gap in widest_first([covered, only_offered, many_but_offered, unanswered])] == ["b", "a", "c"]
    assert unanswered.is_unanswered
    assert not many_but_offered.is_unanswered


def test_equal_gaps_stand_in_the_order_of_their_codes():
    assert [gap.code for gap in widest_first([Gap("z", 1, 2), Gap("y", 1, 2)])] == ["y", "z"]


def test_bars_are_to_scale_and_never_divide_by_nothing():
    assert longest_bar([]) == 1
    assert longest_bar([Gap("a", lines=3), Gap("b", lines=8)]) == 8
    assert share(2, 8) == 25.0
    assert share(9, 8) == 100.0
    assert share(3, 0) == 0.0
