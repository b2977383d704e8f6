from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.needs.coach import CoachDraft, CoachLine, coach, vague_phrases

EMPTY = CoachDraft(
    language="en",
    problem="",
    objectives="",
    beneficiary_unit="",
    beneficiaries=None,
    baseline="",
    capacity="",
    ends_on=None,
    past_help="",
    requested_elsewhere="",
    indicators=0,
    lines=(),
)
LINE = CoachLine("training", "Search of containers, two weeks", Decimal(40), "officers", "", None)
WHOLE = replace(
    EMPTY,
    problem="In 2025 the port opened 3 000 of 600 000 containers and found cocaine in eleven. " * 3,
    beneficiary_unit="Port control unit",
    beneficiaries=40,
    baseline="0.5 % of containers",
    ends_on=date(2028, 12, 31),
    past_help="A course of five days in 2019",
    requested_elsewhere="Nowhere",
    indicators=1,
    lines=(LINE,),
)


def missing(draft):
    return {check.field for check in coach(draft).checks if not check.is_there}


def test_an_empty_form_has_no_points_and_ten_pieces_of_advice():
    coaching = coach(EMPTY)
    assert (coaching.score, coaching.best) == (0, 10)
    assert all(str(check.advice) for check in coaching.checks)
    assert "ask back" in str(coaching.summary)


def test_a_whole_need_has_every_point():
    coaching = coach(WHOLE)
    assert coaching.score == coaching.best
    assert "can act on this" in str(coaching.summary)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"problem": "The port has no scanner. " * 20}, "problem"),
        ({"problem": "In 2025 nothing."}, "problem"),
        ({"beneficiaries": None}, "beneficiaries"),
        ({"baseline": ""}, "baseline"),
        ({"ends_on": None}, "ends_on"),
        ({"past_help": ""}, "past_help"),
        ({"requested_elsewhere": ""}, "requested_elsewhere"),
        ({"indicators": 0}, "indicators"),
        ({"beneficiary_unit": ""}, "beneficiary_unit"),
        ({"lines": (replace(LINE, quantity=None),)}, "lines"),
    ],
)
def test_each_point_is_lost_alone(change, field):
    assert missing(replace(WHOLE, **change)) == {field}


def test_nobody_is_a_number_too():
    assert "beneficiaries" not in missing(replace(WHOLE, beneficiaries=0))


@pytest.mark.parametrize(
    ("language", "text", "phrase"),
    [
        ("en", "We want to Strengthen Capacities of the police.", "Strengthen Capacities"),
        ("fr", "Le projet vise le renforcement des capacités de la brigade.", "renforcement des capacités"),
        ("es", "Se pide el fortalecimiento de capacidades, y nada más.", "fortalecimiento de capacidades"),
        ("ar", "نريد بناء القدرات في المختبر.", "بناء القدرات"),
        ("pt", "Pede-se o reforço das capacidades do laboratório.", "reforço das capacidades"),
    ],
)
def test_a_vague_phrase_is_quoted_as_it_stands(language, text, phrase):
    found = vague_phrases(replace(EMPTY, language=language, problem=text))
    assert [(one.field, one.phrase) for one in found] == [("problem", phrase)]
    assert phrase in str(found[0].advice)


def test_a_vague_phrase_takes_away_the_last_word_of_praise():
    draft = replace(WHOLE, objectives="Train officers, judges, etc.")
    assert coach(draft).score == coach(draft).best
    assert "Nearly there" in str(coach(draft).summary)


@pytest.mark.parametrize("text", ["The etching of serial numbers", "sketch maps", "Forty officers search containers."])
def test_plain_words_are_left_alone(text):
    assert vague_phrases(replace(EMPTY, problem=text)) == []


def test_a_vague_line_is_found_where_it_stands_in_the_form():
    lines = (
        replace(LINE, field="lines-0-description"),
        replace(LINE, description="Various equipment", field="lines-3-description"),
    )
    assert [one.field for one in vague_phrases(replace(EMPTY, lines=lines))] == ["lines-3-description"]


def test_phrases_are_looked_for_in_the_language_of_the_text():
    assert vague_phrases(replace(EMPTY, language="fr", problem="We strengthen capacities.")) == []
