"""Evaluations: who is asked once and when, what is shown of the answers to whom, and what is left after erasure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.foundation import migrate
from app.foundation.drafts import Draft
from app.foundation.web import Site
from app.nominations import rules as law
from app.nominations.evaluations import rules, service
from app.nominations.evaluations.links import token_for
from app.nominations.evaluations.models import Evaluation
from app.nominations.evaluations.queries import answers_of
from app.nominations.evaluations.reactions import ask_people
from app.nominations.forgetting import forget_due
from app.nominations.models import Nomination
from app.notifications.models import Mail
from tests.factories import SECRET_KEY, World
from tests.house import MovableClock
from tests.nominations.conftest import School
from tests.nominations.test_views import PERSON, Pages
from tests.pages import CheckingClient

GOOD = {"relevance": "5", "teaching": "4", "organisation": "3", "before": "2", "after": "4"}
LATER = {"used": "often", "obstacles": ["time", "means"], "advice": "yes"}


def evaluations(tx: Any, kind: str) -> list[Evaluation]:
    return list(tx.scalars(select(Evaluation).where(Evaluation.kind == kind).order_by(Evaluation.id)))


def take_part(school: School, *statuses: str) -> list[Nomination]:
    school.session.seats = 20
    people = [school.put_forward(f"Person {number}") for number in range(len(statuses))]
    for one, status in zip(people, statuses, strict=True):
        one.status = status
    school.tx.flush()
    return people


@pytest.mark.parametrize(
    ("kind", "days", "due"),
    [("end", 0, False), ("end", 1, True), ("end", 60, True), ("end", 61, False), ("use", 181, False),
     ("use", 182, True), ("use", 241, True), ("use", 242, False)],
)  # fmt: skip
def test_when_people_are_asked(kind, days, due):
    ends_on = date(2027, 3, 5)
    assert rules.is_due(kind, ends_on, ends_on + timedelta(days=days)) is due


def test_sums_are_shown_from_three_answers_on():
    assert rules.sums_of("end", [GOOD, GOOD]) == []
    first = rules.sums_of("end", [GOOD, GOOD, GOOD | {"relevance": "2"}])[0]
    assert (first.counts, first.people, first.mean) == ((2, 0, 0, 1, 0), 3, Decimal("4.0"))
    obstacles = rules.sums_of("use", [LATER, LATER, {"used": "no", "advice": "no"}])[1]
    assert (obstacles.counts[:3], obstacles.people, obstacles.mean) == ((2, 2, 0), 2, None)


def test_everybody_who_took_part_is_asked_once(school: School, settings):
    people = take_part(school, *law.STATUS_NAMES)
    ends = school.session.ends_on
    after = school.now.replace(year=ends.year, month=ends.month, day=ends.day) + timedelta(days=1)
    assert service.ask_due(school.tx, settings, after - timedelta(days=1)) == 0
    assert service.ask_due(school.tx, settings, after) == len(rules.ASKED)
    assert service.ask_due(school.tx, settings, after) == 0
    asked = {row.nomination_id for row in evaluations(school.tx, "end")}
    assert asked == {one.id for one in people if one.status in rules.ASKED}
    assert service.ask_due(school.tx, settings, after + timedelta(days=181)) == len(rules.ASKED)
    mails = list(school.tx.scalars(select(Mail)))
    assert len(mails) == 2 * len(rules.ASKED)


def test_the_mail_is_in_the_language_of_the_candidate_and_nobody_forgotten_gets_one(school: School, settings):
    first, second = take_part(school, "passed", "passed")
    first.language, second.forgotten_at = "fr", school.now
    school.tx.flush()
    ends = school.session.ends_on
    assert service.ask_due(school.tx, settings, school.now.replace(year=ends.year, month=ends.month, day=20)) == 1
    (mail,) = school.tx.scalars(select(Mail)).all()
    assert mail.recipient == first.email
    assert "cinq questions" in mail.body


def test_a_cancelled_session_asks_nobody(school: School, settings):
    take_part(school, "confirmed")
    school.session.status = "cancelled"
    school.tx.flush()
    assert service.ask_due(school.tx, settings, school.now.replace(year=2027, month=3, day=20)) == 0


def test_words_are_erased_and_figures_remain(school: School, settings):
    (one,) = take_part(school, "passed")
    held = school.now.replace(year=2027, month=3, day=20)
    service.ask_due(school.tx, settings, held)
    (row,) = evaluations(school.tx, "end")
    service.answer(school.tx, row, GOOD, {"change": "Ana should not speak so fast."}, held)
    row.shown_texts = dict(row.texts)
    school.tx.flush()
    forget_due(school.tx, held + timedelta(days=3650))
    school.tx.refresh(row)
    assert row.shown_texts == {}
    assert (row.texts, row.figures, one.name) == ({}, GOOD, "")
    with pytest.raises(law.MoveRefused):
        service.answer(school.tx, row, GOOD, {"change": "x"}, held)


def test_it_is_too_late_after_sixty_days(school: School, settings):
    take_part(school, "passed")
    held = school.now.replace(year=2027, month=3, day=20)
    service.ask_due(school.tx, settings, held)
    (row,) = evaluations(school.tx, "end")
    with pytest.raises(law.MoveRefused, match="60 days"):
        service.answer(school.tx, row, GOOD, {}, held + timedelta(days=60))
    assert row.answered_at is None


def test_the_order_of_words_does_not_tell_whose_they_are(school: School, settings):
    take_part(school, "passed", "passed", "passed")
    held = school.now.replace(year=2027, month=3, day=20)
    service.ask_due(school.tx, settings, held)
    for row, text in zip(evaluations(school.tx, "end"), ("Zebra", "More cases", "Fewer slides"), strict=True):
        service.answer(school.tx, row, GOOD, {"change": text}, held)
    (found,) = answers_of(school.tx, school.session.id, held)
    assert found.texts == {"change": ["Fewer slides", "More cases", "Zebra"]}


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(1, 5)), max_size=60))
def test_two_publications_differ_by_at_least_three_answers(answers: list[tuple[int, int]]) -> None:
    """Whoever comes and changes an answer when: what is shown changes by three people's answers, or not at all."""
    answered: dict[int, int] = {}
    shown: dict[int, int] = {}
    for person, figure in answers:
        answered[person] = figure
        after = rules.shown_from_now(shown, answered)
        moved = {one for one in {*shown, *after} if shown.get(one) != after.get(one)}
        assert not moved or len(moved) >= 3
        assert len(after) % 3 == 0
        assert len(answered) - len(after) < 3
        shown = after


def test_answers_are_counted_three_at_a_time_and_all_once_none_is_taken(school: School, settings) -> None:
    take_part(school, *["passed"] * 5)
    held = school.now.replace(year=2027, month=3, day=20)
    service.ask_due(school.tx, settings, held)
    rows = evaluations(school.tx, "end")

    def shown(now: Any = held) -> tuple[int, list[int], list[str]]:
        school.tx.expire_all()
        (found,) = answers_of(school.tx, school.session.id, now)
        figures = list(found.sums[0].counts) if found.sums else []
        return found.shown, figures, found.texts.get("change", [])

    for row in rows[:2]:
        service.answer(school.tx, row, GOOD, {"change": "A"}, held)
    assert shown() == (0, [], [])
    service.answer(school.tx, rows[2], GOOD, {"change": "B"}, held)
    assert shown() == (3, [3, 0, 0, 0, 0], ["A", "A", "B"])
    service.answer(school.tx, rows[3], GOOD | {"relevance": "1"}, {"change": "C"}, held)
    service.answer(school.tx, rows[0], GOOD | {"relevance": "2"}, {"change": "D"}, held)
    assert shown() == (3, [3, 0, 0, 0, 0], ["A", "A", "B"])
    assert shown(held + timedelta(days=60)) == (4, [2, 0, 0, 1, 1], ["A", "B", "C", "D"])


def test_two_answers_in_all_are_never_shown(school: School, settings) -> None:
    take_part(school, *["passed"] * 3)
    held = school.now.replace(year=2027, month=3, day=20)
    service.ask_due(school.tx, settings, held)
    for row in evaluations(school.tx, "end")[:2]:
        service.answer(school.tx, row, GOOD, {"change": "A"}, held)
    (found,) = answers_of(school.tx, school.session.id, held + timedelta(days=90))
    assert (found.answered, found.shown, found.sums, found.texts) == (2, 0, [], {})


def test_what_was_shown_before_batches_stays_shown(
    engine_name: str, new_database: Callable[[str], Any], now: Any
) -> None:
    database = new_database(engine_name)
    migrate.upgrade(database)
    with database.transaction() as tx:
        world = World(tx, now)
        run = world.course(world.organisation("centre"), sessions=[{}]).sessions[0]
        state = world.organisation("state")
        for number, kind in enumerate(["end"] * 4 + ["use"] * 2):
            one = world.nomination(run, state)
            tx.add(Evaluation(nomination_id=one.id, session_id=run.id, kind=kind, asked_at=now, answered_at=now,
                              figures=GOOD, texts={"change": str(number)}))  # fmt: skip
    migrate.downgrade(database, "0018")
    migrate.upgrade(database)
    with database.reading() as tx:
        found = {
            kind: [(row.shown_figures, row.shown_texts) for row in evaluations(tx, kind)] for kind in ("end", "use")
        }
        assert found["end"] == [(GOOD, {"change": str(number)}) for number in range(4)]
        assert found["use"] == [(None, {})] * 2


@pytest.fixture
def asked(pages: Pages, clock: MovableClock, app: Any) -> list[Evaluation]:
    """Four people who took part, and were asked by the worker at the end."""
    pages.run.seats = 9
    for number in range(4):
        pages.put_forward(name=f"Person {number}", email=f"p{number}@mj.example", rank=str(number + 1))
    for one in pages.nominations():
        one.status = "passed"
    pages.tx.flush()
    clock.move(days=115)
    pages.sign_in_again()
    site: Site = app.extensions["counterpart"]
    ask_people(site)
    ask_people(site)
    found = evaluations(pages.tx, "end")
    assert len(found) == 4
    return found


def give(client: CheckingClient, row: Evaluation, typed: dict[str, Any]) -> Any:
    return client.submit(f"/evaluation/{token_for(SECRET_KEY, row)}", typed)


def test_an_answer_without_an_account_can_be_changed(
    pages: Pages, asked: list[Evaluation], client: CheckingClient, clock: MovableClock
) -> None:
    link = f"/evaluation/{token_for(SECRET_KEY, asked[0])}"
    assert "The course was relevant to my work" in client.get(link).text
    missing = give(client, asked[0], {"relevance": "5", "change": "More <b>cases</b>"})
    assert missing.status_code == 422
    assert "Choose one of the answers." in missing.text
    assert "More &lt;b&gt;cases" in missing.text
    assert give(client, asked[0], GOOD | {"relevance": "9"}).status_code == 422
    assert give(client, asked[0], GOOD).status_code == 303
    assert "Your answers are saved" in client.get(link).text
    assert give(client, asked[0], GOOD | {"relevance": "1"}).status_code == 303
    pages.tx.expire_all()
    assert [row.figures.get("relevance") for row in evaluations(pages.tx, "end")] == ["1", None, None, None]
    clock.move(days=61)
    late = client.get(link)
    assert late.status_code == 410
    assert "Answers were taken until" in late.text


@pytest.mark.parametrize("change", [lambda t: t[:-2], lambda t: t[1:], lambda _t: "x"])
def test_an_altered_link_asks_nothing(
    asked: list[Evaluation], client: CheckingClient, change: Callable[[str], str]
) -> None:
    link = f"/evaluation/{change(token_for(SECRET_KEY, asked[0]))}"
    assert client.get(link).status_code == 410
    assert client.post(link, data=GOOD).status_code == 410


def test_sums_for_the_centre_and_who_had_sent_somebody(
    pages: Pages, asked: list[Evaluation], client: CheckingClient, new_client: Callable[[], CheckingClient],
    sign_in: Callable[..., object], world: World,
) -> None:  # fmt: skip
    list_page = f"{pages.here}/nominations"
    for row in asked[:2]:
        give(client, row, GOOD | {"change": "Fewer <i>slides</i> =1+1"})
    page = pages.registrar.get(list_page).text
    assert "2 of 4 have answered" in page
    assert "Figures are shown once three have" in page
    assert "Fewer" not in page
    assert "Draft a lesson" not in page
    early = pages.registrar.post(f"{pages.here}/lesson", data={})
    assert "Too few have answered" in pages.registrar.get(early.location).text
    give(client, asked[2], GOOD)
    for reader in (pages.registrar, pages.focal):
        page = reader.get(list_page).text
        assert "3 of 4 have answered" in page
        assert "on average 5 of 5" in page
        assert "three at a time" not in page
        assert "Fewer &lt;i&gt;slides&lt;/i&gt; =1+1" in page
    give(client, asked[3], GOOD | {"relevance": "1"})
    page = pages.registrar.get(list_page).text
    assert "4 of 4 have answered. The figures are those of 3" in page
    assert "on average 5 of 5" in page
    assert "Draft a lesson" not in pages.focal.get(list_page).text
    assert pages.focal.post(f"{pages.here}/lesson", data={}).status_code == 403
    stranger = new_client()
    sign_in(stranger, world.account(world.organisation("state"), "focal_point"))
    assert "have answered" not in stranger.get(list_page).text
    assert stranger.submit(f"{pages.here}/nominations/new", PERSON).status_code in {303, 422}
    assert "have answered" not in stranger.get(list_page).text


def test_answers_begin_a_lesson(
    pages: Pages, asked: list[Evaluation], client: CheckingClient, clock: MovableClock, app: Any
) -> None:
    for row in asked:
        give(client, row, GOOD)
    clock.move(days=182)
    pages.sign_in_again()
    ask_people(app.extensions["counterpart"])
    for row in evaluations(pages.tx, "use"):
        assert give(client, row, LATER | {"example": "In two cases."}).status_code == 303
    assert "No equipment or money for it" in pages.registrar.get(f"{pages.here}/nominations").text
    answer = pages.registrar.post(f"{pages.here}/lesson", data={})
    assert answer.status_code == 303
    assert f"/lessons/new?course={pages.run.course.ref}&draft=" in answer.location
    form = pages.registrar.form(answer.location, "lesson-form")
    assert "relevance 5, teaching 4, organisation 3" in form["result"][0]
    assert "from 2 to 4 of 5" in form["result"][0]
    assert "3 of 3 had used it on the job" in form["result"][0]
    assert "No time beside other work (3); No equipment or money for it (3)" in form["cause"][0]
    assert form["subject_ref"] == [pages.run.course.ref]
    typed = {"instruction": "Buy the equipment first.", "verdict": "worked"}
    assert pages.registrar.submit(answer.location, typed, form_id="lesson-form", to="/lessons/new").status_code == 303
    assert pages.tx.scalars(select(Draft)).all() == []
