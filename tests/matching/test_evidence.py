"""The words that show a verdict, each with its record and field."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.foundation.permissions import ANONYMOUS
from app.matching.evidence import asked_beside, asked_by_line, given_beside, given_for_line, sentences
from app.matching.queries import ShownMatch
from app.matching.requirements import PLACE, REQUESTS, THEME
from app.matching.side_by_side import other_rows
from tests.matching.pairs import match

TODAY = date(2026, 11, 23)


def programme(world: Any, **values: Any) -> Any:
    return world.programme(world.organisation("donor"), **values)


def test_a_line_is_quoted_from_the_need_and_answered_by_the_rows_of_its_kind(world: Any) -> None:
    lines = [{"description": "Suivi des avoirs", "beneficiary_unit": "Parquet"}]
    need = world.need(world.organisation("state"), lines=lines)
    offer = programme(world, offers=[{"description": "Five-day courses"}, {"kind": "equipment", "description": "Kits"}])
    asked = asked_by_line(need, need.lines[0], 1)
    assert [(quote.side, quote.text, str(quote.field)) for quote in asked] == [
        ("need", "Suivi des avoirs – Parquet", "Line 1")]  # fmt: skip
    given = given_for_line("programme", offer, need.lines[0], TODAY)
    assert [(quote.side, quote.text, quote.place) for quote in given] == [("offer", "Five-day courses", "offers")]


def test_where_no_row_speaks_the_sentence_that_does_is_quoted(world: Any) -> None:
    need = world.need(world.organisation("state"), lines=[{"kind": "equipment", "description": "Container scanners"}])
    text = "Training for judges. We lend container scanners to ports. Nothing else."
    given = given_for_line("programme", programme(world, description=text), need.lines[0], TODAY)
    assert [quote.text for quote in given] == ["", "We lend container scanners to ports."]
    assert str(given[0].said) == "training"


def test_one_shared_word_shows_nothing(world: Any) -> None:
    need = world.need(world.organisation("state"), lines=[{"kind": "equipment", "description": "Container scanners"}])
    offer = programme(world, description="Courses on scanners.", offers=[])
    assert given_for_line("programme", offer, need.lines[0], TODAY) == []


def test_a_course_answers_with_its_sessions(world: Any) -> None:
    need = world.need(world.organisation("state"))
    course = world.course(world.organisation("centre"), sessions=[{}])
    given = given_for_line("course", course, need.lines[0], TODAY)
    assert given[0].text == "Dakar"
    assert course.sessions[0].ref in str(given[0].field)


def test_the_sentence_that_names_the_state_is_quoted_and_not_one_that_names_another(world: Any) -> None:
    need = world.need(world.organisation("state"), countries=["NE"])
    text = "Works in Nigeria. In Niger it works with the customs."
    given = given_beside(need, "programme", programme(world, description=text), PLACE)
    assert [quote.text for quote in given] == ["", "In Niger it works with the customs."]


def test_the_sentence_that_speaks_of_the_theme_is_quoted_across_languages(world: Any) -> None:
    need = world.need(world.organisation("state"), themes=["asset_recovery"])
    text = "Judges meet every year. The course is about confiscation of the proceeds of crime."
    given = given_beside(need, "programme", programme(world, description=text), THEME)
    assert [quote.text for quote in given] == ["", "The course is about confiscation of the proceeds of crime."]


def test_conditions_are_quoted_where_requests_are_judged(world: Any) -> None:
    need, offer = world.need(world.organisation("state")), programme(world, conditions="A letter of the minister.")
    assert [quote.text for quote in given_beside(need, "programme", offer, REQUESTS)] == [
        "",
        "A letter of the minister.",
    ]


def test_an_exact_place_is_quoted_for_whoever_may_see_it(tx: Any, world: Any) -> None:
    need = world.need(world.organisation("state"), place="Kolda", field_disclosure={"place": "own"})
    offer = programme(world)
    shown = ShownMatch(match(world, need, offer), need, offer)
    official = world.actor(world.account(need.organisation))

    def places(reader: Any) -> list[str]:
        rows = {row.what.part: row for row in other_rows(tx, reader, shown, TODAY)}
        return [quote.text for quote in rows[PLACE].asked]

    assert (places(ANONYMOUS), places(official)) == ([""], ["", "Kolda"])
    assert [quote.text for quote in asked_beside(need, PLACE)] == [""]


def test_sentences_end_at_stops_and_lines() -> None:
    assert sentences("One. Two?\nThree ؟ Four") == ["One.", "Two?", "Three ؟", "Four"]
