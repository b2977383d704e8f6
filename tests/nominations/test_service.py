"""Candidates are put forward, decided on, confirm, and make room; each decision says by which rule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.courses import service as courses
from app.courses.rules import DraftRefused as CourseRefused
from app.courses.service import SessionDraft
from app.foundation.audit import history_of
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.nominations import results, rules, service
from app.nominations.checks import seats_given
from app.nominations.forgetting import forget_due
from app.nominations.rules import Candidate
from app.nominations.seating import CEILING, FLOOR, Quota
from app.nominations.seats import intake_of
from app.nominations.service import NominationDraft
from app.notifications.models import Mail
from app.pledges.queries import coverage_of
from tests.nominations.conftest import School

WOMEN = Quota("sex", "f", FLOOR, 1)


def said(one):
    return str(one.decided_by)


def test_several_people_go_forward_together_or_nobody_and_the_centre_is_told_once(school: School):
    drafts = [NominationDraft(Candidate(f"P {n}", f"p{n}@mj.example"), "", n) for n in (1, 2, 3)]
    twice = [*drafts, NominationDraft(Candidate("P 4", "p4@mj.example"), "", 3)]
    with pytest.raises(rules.DraftRefused), school.tx.begin_nested():
        service.nominate_all(school.tx, school.state, school.state_id, school.session, twice, school.now)
    assert school.states() == []
    service.nominate_all(school.tx, school.state, school.state_id, school.session, drafts, school.now)
    assert school.states() == ["nominated"] * 3
    facts = [row.fact for row in school.tx.scalars(select(OutboxRow)) if "Nominat" in row.fact]
    assert facts == ["ManyNominated"]


def test_seats_are_given_and_the_third_waits(school: School):
    people = [school.put_forward(name) for name in ("Ana Lopes", "Bia Reis", "Cai Melo")]
    school.accept(*people)
    assert school.states() == ["approved", "approved", "waitlisted"]
    assert said(people[2]) == "Every seat is given."
    assert people[0].answer_by == school.now + timedelta(days=7)
    actions = sorted(event.action for event in history_of(school.tx, people[2].ref))
    assert actions == ["nomination.made", "nomination.waitlisted"]


def test_a_seat_that_is_freed_goes_to_the_next_by_rank(school: School):
    first, second, third, fourth = (
        school.put_forward(name, rank) for name, rank in (("Ana", 1), ("Bia", 2), ("Cai", 9), ("Dea", 3))
    )
    school.accept(first, second)
    school.accept(third)
    school.accept(fourth)
    service.withdraw(school.tx, school.state, first, "She is ill.", school.now)
    assert school.states() == ["withdrawn", "approved", "waitlisted", "approved"]
    assert "by rank" in said(fourth)
    assert first.status_reason == "She is ill."


def test_a_floor_keeps_its_seat_and_a_ceiling_stops(school: School):
    school.quotas(WOMEN, Quota("country", "SN", CEILING, 5))
    men = [school.put_forward(name, sex="m") for name in ("Abel", "Beto")]
    school.accept(*men)
    assert school.states() == ["approved", "waitlisted"]
    assert said(men[1]) == "The seats that are left are kept for a floor: at least 1 for f."
    woman = school.put_forward("Clara", sex="f")
    school.accept(woman)
    assert woman.status == "approved"
    assert said(woman) == "Counts towards a floor that is not filled: at least 1 for f."


def test_a_seat_that_nobody_confirms_goes_to_the_next(school: School):
    people = [school.put_forward(name) for name in ("Ana", "Bia", "Cai")]
    school.accept(*people)
    service.confirm(school.tx, people[0], school.now)
    later = school.now + timedelta(days=7)
    service.look_after(school.tx, school.session.id, later)
    assert school.states() == ["confirmed", "withdrawn", "approved"]
    assert said(people[1]) == "The seat was not confirmed in time."
    with pytest.raises(rules.MoveRefused):
        service.confirm(school.tx, people[1], later)


def test_the_candidate_gives_the_seat_back(school: School):
    people = [school.put_forward(name) for name in ("Ana", "Bia", "Cai")]
    school.accept(*people)
    service.confirm(school.tx, people[1], school.now)
    service.decline(school.tx, people[1], "", school.now)
    assert school.states() == ["approved", "withdrawn", "approved"]


def test_more_seats_are_given_at_once(school: School):
    people = [school.put_forward(name) for name in ("Ana", "Bia", "Cai")]
    school.accept(*people)
    draft = SessionDraft(date(2027, 3, 8), date(2027, 3, 12), 3, time_zone="Africa/Dakar", register_by=date(2027, 2, 1))
    courses.register_session_check(seats_given)
    courses.amend_session(school.tx, school.centre, school.session, draft, school.session.version, school.now)
    service.look_after(school.tx, school.session.id, school.now)
    assert school.states() == ["approved"] * 3
    few = SessionDraft(date(2027, 3, 8), date(2027, 3, 12), 1, time_zone="Africa/Dakar")
    with pytest.raises(CourseRefused) as refused:
        courses.amend_session(school.tx, school.centre, school.session, few, school.session.version, school.now)
    assert [problem.field for problem in refused.value.problems] == ["seats"]


def test_the_waiting_list_has_an_end(school: School):
    school.quotas(reserve=1)
    people = [school.put_forward(name) for name in ("Ana", "Bia", "Cai", "Dea")]
    with pytest.raises(rules.MoveRefused, match="waiting list is full"):
        school.accept(*people)


def test_registration_closes_by_itself(school: School):
    school.now = school.now.replace(year=2027, month=2, day=2)
    with pytest.raises(rules.MoveRefused, match="Registration closed"):
        school.put_forward()


def test_what_is_wrong_of_a_candidate_is_named(school: School):
    school.put_forward("Ana", 1, email="ana@mj.example")
    with pytest.raises(rules.DraftRefused) as refused:
        school.put_forward("", 1, email="ANA@mj.example")
    assert {problem.field for problem in refused.value.problems} == {"name", "email", "rank"}
    with pytest.raises(rules.DraftRefused, match="e-mail"):
        school.put_forward("Bia", 2, email="nobody")


def test_others_may_not(school: School):
    one = school.put_forward()
    other = school.world.actor(school.world.account(school.world.organisation("state"), "focal_point"))
    with pytest.raises(Refused):
        service.withdraw(school.tx, other, one, "", school.now)
    with pytest.raises(Refused):
        service.accept(school.tx, school.state, {one.id}, school.session, school.now)
    editor = school.world.actor(school.world.account(school.world.organisation("state")))
    school.state = editor
    with pytest.raises(Refused):
        school.put_forward("Bia")


def test_decided_once(school: School):
    one = school.put_forward()
    school.accept(one)
    with pytest.raises(rules.MoveRefused):
        school.accept(one)
    service.reject(school.tx, school.centre, one, "Another course fits better.", school.now)
    assert one.status == "rejected"
    with pytest.raises(rules.MoveRefused):
        service.withdraw(school.tx, school.state, one, "", school.now)


def test_whoever_passed_covers_the_need_once_both_say_so(school: School):
    state = school.world.organisation("state")
    need = school.world.need(state)
    school.state, school.state_id = school.world.actor(school.world.account(state, "focal_point")), state.id
    one = school.put_forward(need_line=need.lines[0])
    school.accept(one)
    service.confirm(school.tx, one, school.now)
    with pytest.raises(rules.MoveRefused, match="begins on"):
        results.write_result(school.tx, school.centre, one, "passed", Decimal(80), school.now)
    held = school.now.replace(year=2027, month=3, day=10)
    results.write_result(school.tx, school.centre, one, "passed", Decimal(80), held)
    counted = coverage_of(school.tx, need)[need.lines[0].id]
    assert counted.counted == 1
    results.agree(school.tx, school.state, one, held)
    assert one.agreed_at == held
    results.write_result(school.tx, school.centre, one, "failed", Decimal(30), held)
    assert coverage_of(school.tx, need)[need.lines[0].id].counted == 0
    with pytest.raises(rules.MoveRefused):
        results.agree(school.tx, school.state, one, held)


def test_a_copy_has_the_terms_of_its_model(school: School):
    school.quotas(WOMEN, reserve=3)
    draft = SessionDraft(date(2027, 9, 6), date(2027, 9, 10), 12, copied_from=school.session.ref)
    copy = courses.add_session(school.tx, school.centre, school.session.course, draft, school.now)
    assert intake_of(school.tx, copy).all_quotas == (WOMEN,)
    assert intake_of(school.tx, copy).reserve == 3


def test_personal_data_goes_after_its_term(school: School):
    school.quotas(keep_months=2)
    one = school.put_forward("Ana Lopes", sex="f")
    mail = Mail(cause=f"seat_given|nomination:{one.ref}", recipient=one.email, subject="x", body="Dear Ana",
                message_id="<1@x>", created_at=school.now)  # fmt: skip
    school.tx.add(mail)
    last = school.session.ends_on
    assert forget_due(school.tx, school.now.replace(year=last.year, month=5, day=10)) == 0
    assert forget_due(school.tx, school.now.replace(year=last.year, month=5, day=11)) == 1
    assert (one.name, one.email, one.candidate_key, one.sex) == ("", "", "", "f")
    assert school.tx.get(Mail, mail.id) is None
