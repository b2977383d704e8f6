"""Which lessons are shown: by what they are about, never by when, and one that warns if there is one."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.advice.queries import weights
from app.matching.advice.rules import (
    AnswerDraft,
    AnswerRefused,
    Likeness,
    Teaching,
    Topic,
    check_answer,
    judge,
    most_relevant,
)

MINE = Topic(
    themes=frozenset({"precursor_control"}), near_themes=frozenset({"alternative_development"}),
    kinds=frozenset({"equipment"}), countries=frozenset({"SN"}), groupings=frozenset({"ECOWAS"}),
    regions=frozenset({"western_africa"}), stages=frozenset({"design"}),
)  # fmt: skip
SAME = Topic(themes=frozenset({"precursor_control"}))
ALIKE = Likeness(words=0.8, concepts=0.6, themes=0.8)


def lesson(number=1, topic=SAME, likeness=ALIKE, **kw):
    values = {"warns": False, "is_validated": True, "strength": 0.5, "likeness": likeness} | kw
    return Teaching(number, topic, **values)


def shown(*lessons):
    return [one.number for one in most_relevant(MINE, lessons, weights())]


def relevance(topic=SAME, likeness=ALIKE):
    return judge(MINE, lesson(topic=topic, likeness=likeness), weights()).relevance


def test_the_same_theme_goes_before_a_neighbouring_one_and_that_before_none():
    near, other = (Topic(themes=frozenset({theme})) for theme in ("alternative_development", "prisons"))

    assert relevance() > relevance(near) > relevance(other)


def test_the_same_country_goes_before_the_grouping_and_that_before_the_region():
    places = (
        replace(SAME, countries=frozenset({"SN"}), groupings=frozenset({"ECOWAS"})),
        replace(SAME, countries=frozenset({"GH"}), groupings=frozenset({"ECOWAS"})),
        replace(SAME, countries=frozenset({"MR"}), regions=frozenset({"western_africa"})),
        SAME,
    )
    found = [relevance(place) for place in places]

    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("part", [{"kinds": frozenset({"equipment"})}, {"stages": frozenset({"design"})}])
def test_the_same_kind_and_stage_count(part):
    assert relevance(replace(SAME, **part)) > relevance()


@pytest.mark.parametrize("name", ["words", "title", "concepts", "themes"])
def test_the_more_alike_the_words_the_better(name):
    assert relevance(likeness=replace(ALIKE, **{name: 1.0})) > relevance(likeness=replace(ALIKE, **{name: 0.1}))


def test_what_was_validated_and_is_well_known_goes_before_what_is_not():
    assert shown(lesson(1, is_validated=False, strength=0.0), lesson(2, is_validated=False, strength=1.0), lesson(3)) \
        == [3, 2, 1]  # fmt: skip


def test_what_has_nothing_to_do_with_it_is_not_shown_even_where_nothing_else_is():
    far = lesson(topic=Topic(themes=frozenset({"prisons"}), countries=frozenset({"SN"})), likeness=Likeness(0.1))

    assert shown(far) == []
    assert shown(replace(far, warns=True)) == []


def test_ties_are_broken_by_number_alone():
    assert shown(lesson(7), lesson(3), lesson(5), lesson(1)) == [1, 3, 5]


def test_the_reasons_are_said_in_words():
    its = replace(SAME, countries=frozenset({"SN"}), kinds=frozenset({"equipment"}))
    found = judge(MINE, lesson(topic=its, likeness=replace(ALIKE, shared=("chain_of_custody",))), weights())

    assert [str(reason) for reason in found.reasons] == [
        "same theme: precursor_control", "same country: SN", "same kind of assistance: equipment",
        "also speaks of chain_of_custody",
    ]  # fmt: skip


LIKENESSES = st.builds(
    Likeness, words=st.floats(0, 1), title=st.floats(0, 1), concepts=st.floats(0, 1), themes=st.floats(0, 1)
)
TOPICS = st.sampled_from([SAME, MINE, Topic(themes=frozenset({"alternative_development"})), Topic()])
LESSONS = st.lists(
    st.builds(
        Teaching, number=st.integers(1, 40), topic=TOPICS, warns=st.booleans(), is_validated=st.booleans(),
        strength=st.sampled_from([0.0, 0.5, 1.0]), likeness=LIKENESSES,
    ),
    max_size=12, unique_by=lambda one: one.number,
)  # fmt: skip


@given(LESSONS)
def test_one_that_warns_is_shown_if_one_that_warns_is_relevant_at_all(lessons):
    found = most_relevant(MINE, lessons, weights())
    least = weights()["least_warning"]
    relevant = [one for one in lessons if one.warns and judge(MINE, one, weights()).relevance >= least]

    assert len(found) <= 3
    assert any(one.warns for one in found) or not relevant


@given(LESSONS, st.randoms())
def test_the_order_in_which_lessons_come_changes_nothing(lessons, chance):
    mixed = list(lessons)
    chance.shuffle(mixed)

    assert most_relevant(MINE, lessons, weights()) == most_relevant(MINE, mixed, weights())


@pytest.mark.one_engine
def test_no_rule_knows_a_date():
    """Newness cannot count, since nothing that is judged has a day."""
    assert not {name for kind in (Topic, Likeness, Teaching) for name in _names(kind) if name.endswith(("_at", "_on"))}
    assert not any("date" in str(field.type) for kind in (Topic, Likeness, Teaching) for field in fields(kind))


def _names(kind):
    return {field.name for field in fields(kind)}


def test_that_a_lesson_does_not_apply_needs_a_reason():
    assert check_answer(AnswerDraft("applied")) == AnswerDraft("applied", "")
    assert check_answer(AnswerDraft("not_applicable", "  We have\n no port. ")).reason == "We have no port."
    for draft, field in ((AnswerDraft("not_applicable", " "), "reason"), (AnswerDraft("", "why"), "says")):
        with pytest.raises(AnswerRefused) as refused:
            check_answer(draft)
        assert refused.value.field == field
