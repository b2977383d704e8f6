"""What several facts of one batch ask for is read once."""

from __future__ import annotations

from app.foundation.kept.once import all_read_once, remember


def test_only_what_was_not_found_yet_is_read_and_each_question_by_itself(tx):
    remember(tx)
    asked = []

    def read(wanted):
        asked.append(wanted)
        return {key: key * 10 for key in wanted if key != 4}

    assert all_read_once(tx, "tens", [1, 2], read) == {1: 10, 2: 20}
    assert all_read_once(tx, "tens", [2, 3, 4], read) == {2: 20, 3: 30}
    assert all_read_once(tx, "others", [1], read) == {1: 10}
    assert asked == [[1, 2], [3, 4], [1]]
    assert all_read_once(tx, "tens", [1, 2, 3], read) == {1: 10, 2: 20, 3: 30}
    assert asked[3:] == []


def test_where_nothing_is_remembered_everything_is_read_each_time(tx):
    asked = []

    def read(wanted):
        asked.append(wanted)
        return dict.fromkeys(wanted, "read")

    for _twice in range(2):
        assert all_read_once(tx, "asked", [1], read) == {1: "read"}
    assert asked == [[1], [1]]
