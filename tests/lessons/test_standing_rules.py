"""What a lesson weighs: independent sources and evidence, less what contradicts it, and never its date."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.lessons.rules import EVIDENCE
from app.lessons.standing.rules import (
    Source,
    best_known_first,
    is_best_practice,
    ordered,
    weight_of,
)

sources = st.builds(
    Source, st.integers(1, 6), st.sampled_from(list(EVIDENCE)), st.booleans(), st.booleans()
)  # fmt: skip
OWN = Source(1, "observed", is_independent=False)


def test_a_lesson_by_itself_is_known_from_one_source() -> None:
    weight = weight_of(OWN)
    assert (weight.sources, weight.best_evidence, weight.against) == (1, "observed", 0)


def test_three_organisations_are_three_sources_and_one_of_them_twice_is_one() -> None:
    others = [replace(OWN, organisation_id=2), replace(OWN, organisation_id=3, evidence="measured")]
    weight = weight_of(OWN, [*others, replace(OWN, organisation_id=3)])

    assert (weight.sources, weight.best_evidence, weight.with_best) == (3, "measured", 1)


def test_whoever_did_not_take_part_counts_more() -> None:
    assert weight_of(replace(OWN, is_independent=True)).points > weight_of(OWN).points
    assert weight_of(replace(OWN, is_independent=True)).points > weight_of(replace(OWN, evidence="measured")).points


def test_what_contradicts_takes_away_and_only_what_is_validated_counts() -> None:
    other = replace(OWN, organisation_id=2)
    waiting = replace(other, is_validated=False)

    assert weight_of(OWN, (), [other]).points < weight_of(OWN).points
    assert weight_of(OWN, [waiting], [waiting]) == weight_of(OWN)


@given(sources, st.lists(sources, max_size=6), st.lists(sources, max_size=4), sources)
def test_what_says_the_same_never_makes_it_lighter_nor_the_opposite_heavier(
    own: Source, same: list[Source], opposite: list[Source], further: Source
) -> None:
    weight = weight_of(own, same, opposite)

    assert weight_of(own, [*same, further], opposite).points >= weight.points
    assert weight_of(own, same, [*opposite, further]).points <= weight.points


@given(sources, st.lists(sources, max_size=6), st.lists(sources, max_size=4), st.randoms())
def test_the_order_in_which_they_were_told_changes_nothing(
    own: Source, same: list[Source], opposite: list[Source], chance: object
) -> None:
    shuffled = list(same)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert weight_of(own, shuffled, opposite[::-1]) == weight_of(own, same, opposite)


def test_a_best_practice_worked_was_validated_and_is_contradicted_by_nobody() -> None:
    same = [replace(OWN, organisation_id=number) for number in (2, 3)]
    weight = weight_of(OWN, same)

    assert is_best_practice("worked", is_validated=True, weight=weight)
    assert not is_best_practice("failed", is_validated=True, weight=weight)
    assert not is_best_practice("worked", is_validated=False, weight=weight)
    assert not is_best_practice("worked", is_validated=True, weight=weight_of(OWN, same[:1]))
    assert not is_best_practice(
        "worked", is_validated=True, weight=weight_of(OWN, same, [replace(OWN, organisation_id=4)])
    )


def test_validated_ones_come_first_then_the_heavier() -> None:
    light, heavy = weight_of(OWN), weight_of(replace(OWN, evidence="evaluated"))
    keys = {
        "waiting": best_known_first(heavy, "L-1", is_validated=False),
        "light": best_known_first(light, "L-2", is_validated=True),
        "heavy": best_known_first(heavy, "L-3", is_validated=True),
    }
    assert sorted(keys, key=keys.__getitem__) == ["heavy", "light", "waiting"]


def test_a_pair_is_kept_in_one_order() -> None:
    assert ordered(7, 3) == ordered(3, 7) == (3, 7)
