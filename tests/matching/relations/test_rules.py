"""What answers come to: the same whichever side begins, and nothing that a third record could change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.relations import rules
from app.matching.relations.rules import Answer, AnswerDraft, AnswerRefused

KEYS = st.tuples(st.sampled_from(["need", "programme", "course", "pledge"]), st.integers(1, 9))
ONE, OTHER = ("programme", 1), ("programme", 2)


def answers() -> Any:
    replaced = st.sampled_from([None, ONE, OTHER])
    return st.lists(
        st.builds(Answer, st.integers(1, 3), st.sampled_from([*rules.KINDS, rules.UNANSWERED]), replaced), max_size=4
    )


@given(KEYS, KEYS)
def test_a_pair_is_kept_once_whichever_record_one_begins_with(one: Any, other: Any) -> None:
    assert rules.ordered(one, other) == rules.ordered(other, one)
    assert set(rules.ordered(one, other)) == {one, other}


@given(st.sampled_from(sorted(rules.ANSWERS)))
def test_what_was_said_reads_the_other_way_round_from_the_other_record(says: str) -> None:
    kind, replaced = rules.kind_of(says), rules.replaced_by(says, ONE, OTHER)
    assert rules.said_from(kind, replaced, ONE) == says
    turned = {rules.REPLACES: rules.REPLACED, rules.REPLACED: rules.REPLACES}.get(says, says)
    assert rules.said_from(kind, replaced, OTHER) == turned


@given(answers())
def test_the_order_of_answers_makes_no_difference(given_answers: list[Answer]) -> None:
    turned = given_answers[::-1]
    assert rules.standing(given_answers, {1, 2}) == rules.standing(turned, {1, 2})
    assert rules.effective(given_answers) == rules.effective(turned)
    assert rules.counts_once(given_answers) == rules.counts_once(turned)


@given(answers())
def test_a_record_that_was_posted_without_an_answer_disputes_nothing(given_answers: list[Answer]) -> None:
    more = [*given_answers, Answer(4, rules.UNANSWERED)]
    assert rules.standing(more, {1, 2}) == rules.standing(given_answers, {1, 2})
    assert rules.counts_once(more) == rules.counts_once(given_answers)


@pytest.mark.parametrize(
    ("said", "comes_to", "counts"),
    [
        ([], "open", False),
        ([(1, "unanswered")], "open", False),
        ([(1, "same")], "declared", True),
        ([(1, "co_fund"), (2, "co_fund")], "agreed", True),
        ([(1, "co_fund"), (2, "different")], "disputed", False),
        ([(1, "same"), (2, "co_fund")], "disputed", False),
        ([(1, "complement"), (2, "complement")], "agreed", False),
        ([(1, "same"), (2, "unanswered")], "declared", True),
    ],
)
def test_what_answers_come_to(said: list[tuple[int, str]], comes_to: str, counts: bool) -> None:
    given_answers = [Answer(who, kind) for who, kind in said]
    assert rules.standing(given_answers, {1, 2}) == comes_to
    assert rules.counts_once(given_answers) is counts


def test_two_sides_that_differ_on_which_replaces_which_dispute_it() -> None:
    said = [Answer(1, rules.REPLACE, ONE), Answer(2, rules.REPLACE, OTHER)]
    assert rules.standing(said, {1, 2}) == rules.DISPUTED


def test_where_both_records_are_of_one_organisation_its_word_is_enough() -> None:
    assert rules.standing([Answer(1, rules.SAME)], {1}) == rules.AGREED


@pytest.mark.parametrize(
    ("draft", "field"), [(AnswerDraft("perhaps", "So."), "says"), (AnswerDraft("same", "  "), "sentence")]
)
def test_an_answer_that_lacks_something_says_where(draft: AnswerDraft, field: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        rules.check_answer(draft)
    assert refused.value.field == field


def test_every_kind_has_words_and_those_that_are_exported_a_code_of_the_list() -> None:
    assert {rules.kind_of(says) for says in rules.ANSWERS} == set(rules.KINDS)
    assert set(rules.STANDS) == {*rules.ANSWERS, rules.UNANSWERED}
    assert set(rules.RELATED_ACTIVITY_TYPE) == set(rules.KINDS) - {rules.DIFFERENT}
