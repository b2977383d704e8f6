"""What may be said of a match, and what many answers say together."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.matching.feedback.rules import (
    DOWN,
    KEPT,
    NOT_FIT,
    UP,
    USEFUL,
    Answer,
    AnswerDraft,
    AnswerRefused,
    check_answer,
    decisions_on,
    figures,
    months_until,
)

TODAY = date(2026, 11, 23)


def said(says: str, reason: str = "", month: int = 11, year: int = 2026, **values: object) -> Answer:
    """An answer on a strong match between a French need and an English offer."""
    given = {"gate": "match", "strength": "strong", "themes": ("asset_recovery",), "languages": ("fr", "en"), **values}
    return Answer(says, reason, answered_at=datetime(year, month, 5, tzinfo=UTC), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (AnswerDraft("splendid"), "says"),
        (AnswerDraft(NOT_FIT), "reason"),
        (AnswerDraft(NOT_FIT, "weather"), "reason"),
        (AnswerDraft(NOT_FIT, "other", "  "), "words"),
    ],
)
def test_an_answer_that_lacks_something_is_refused_at_its_field(draft: AnswerDraft, field: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        check_answer(draft)
    assert refused.value.field == field


def test_what_is_useful_needs_no_reason_and_keeps_none() -> None:
    assert check_answer(AnswerDraft(USEFUL, "dates", "because")) == AnswerDraft(USEFUL)
    assert check_answer(AnswerDraft(NOT_FIT, "other", " too far ")) == AnswerDraft(NOT_FIT, "other", "too far")


def test_the_secretariat_agrees_with_what_was_said_or_keeps_it() -> None:
    assert decisions_on([NOT_FIT]) == [DOWN, KEPT]
    assert decisions_on([USEFUL, NOT_FIT, USEFUL]) == [DOWN, UP, KEPT]
    assert decisions_on([]) == [KEPT]


def test_twelve_months_end_with_this_one() -> None:
    months = months_until(TODAY)
    assert (len(months), months[0], months[-1]) == (12, date(2025, 12, 1), date(2026, 11, 1))
    assert months_until(date(2026, 12, 31))[0] == date(2026, 1, 1)


def test_answers_are_counted_by_what_the_match_was() -> None:
    answers = [
        said(USEFUL), said(USEFUL, month=10), said(NOT_FIT, "dates"), said(NOT_FIT, "dates", strength="weak"),
        said(NOT_FIT, "theme", themes=("asset_recovery", "judicial_process"), languages=("en", "en")),
        said(USEFUL, year=2025),
    ]  # fmt: skip
    found = figures(answers, TODAY)
    assert (found.total.useful, found.total.all, found.total.percent) == (2, 5, 40)
    assert [(s.key, s.useful, s.all) for s in found.by_strength] == [
        (("match", "strong"), 2, 4), (("match", "weak"), 0, 1)]  # fmt: skip
    assert [(s.key, s.all) for s in found.by_theme] == [(("asset_recovery",), 5), (("judicial_process",), 1)]
    assert [s.key for s in found.by_languages] == [("fr", "en"), ("en", "en")]
    assert found.reasons == [("dates", 2), ("theme", 1)]
    assert [(month.month, s.useful, s.all) for month, s in found.months[-2:]] == [(10, 1, 1), (11, 1, 4)]


def test_a_share_of_few_answers_is_not_told() -> None:
    assert figures([said(USEFUL), said(USEFUL)], TODAY).total.percent is None
