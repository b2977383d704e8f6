"""What is known of a theme: which lessons become one statement, where it stands, and which stand against each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.lessons.library.rules import Told, summarise

ORDER = ("relevance", "efficiency", "sustainability")


def told(number: int, verdict: str = "worked", group: str = "efficiency", points: int = 2, owner: int = 0) -> Told:
    return Told(number, f"L-{number}", owner or number, verdict, group, points)


def test_lessons_that_corroborate_one_another_are_one_statement_in_the_words_of_the_best_known() -> None:
    lessons = [told(1), told(2, points=9, group="sustainability"), told(3), told(4)]
    summary = summarise(lessons, [(1, 2), (2, 3)], [], ORDER)

    assert [group.code for group in summary.groups] == ["efficiency", "sustainability"]
    (statement,) = summary.groups[1].by_verdict["worked"]
    assert (statement.leading, statement.lessons, statement.sources) == (2, (2, 1, 3), 3)


def test_one_organisation_twice_is_one_source() -> None:
    summary = summarise([told(1, owner=7), told(2, owner=7)], [(1, 2)], [], ORDER)
    (statement,) = summary.groups[0].by_verdict["worked"]
    assert statement.sources == 1


def test_what_worked_and_what_did_not_are_never_merged() -> None:
    summary = summarise([told(1), told(2, "failed")], [(1, 2)], [], ORDER)
    assert list(summary.groups[0].by_verdict) == ["worked", "failed"]


def test_what_names_no_criterion_comes_last() -> None:
    summary = summarise([told(1, group=""), told(2, group="unheard"), told(3)], [], [], ORDER)
    assert [(group.code, group.lessons) for group in summary.groups] == [("efficiency", 1), ("", 2)]


def test_contradictions_stand_beside_each_other_once() -> None:
    lessons = [told(1), told(2), told(3, "failed"), told(4, "failed")]
    summary = summarise(lessons, [(1, 2), (3, 4)], [(1, 3), (2, 4), (1, 99)], ORDER)
    assert [(one.lessons, other.lessons) for one, other in summary.differing] == [((1, 2), (3, 4))]


@given(
    st.lists(
        st.tuples(st.sampled_from(["worked", "failed", "challenge"]), st.sampled_from([*ORDER, "", "x"])), max_size=12
    ),
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=20),
)
def test_every_lesson_is_said_exactly_once_and_nothing_else(
    drawn: list[tuple[str, str]], ties: list[tuple[int, int]]
) -> None:
    lessons = [told(number, verdict, group, number % 5) for number, (verdict, group) in enumerate(drawn)]
    summary = summarise(lessons, ties, ties, ORDER)

    said = [n for g in summary.groups for them in g.by_verdict.values() for one in them for n in one.lessons]
    assert sorted(said) == list(range(len(drawn)))
    by_number = {one.number: one for one in lessons}
    for group in summary.groups:
        for verdict, statements in group.by_verdict.items():
            assert all(by_number[number].verdict == verdict for one in statements for number in one.lessons)
