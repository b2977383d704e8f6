"""Candidates are amended and ranked anew by whoever nominated; seats stay, links move, and nothing personal is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.foundation.wording.versions import StaleVersion
from app.nominations import seating, service
from app.nominations.amending import rules
from app.nominations.amending.news import nomination_amended
from app.nominations.amending.service import AmendDraft, RankDraft, RanksChanged, amend, rank_anew
from app.nominations.letters import letter_to_candidate, with_link
from app.nominations.links import nomination_for, token_for
from app.nominations.models import Nomination
from app.nominations.rules import Candidate, DraftRefused, MoveRefused
from app.nominations.seating import CEILING, FLOOR, Quota
from app.nominations.seats import lost_quotas
from app.notifications.models import Mail
from app.notifications.telling import Telling
from tests.factories import SECRET_KEY
from tests.nominations.conftest import School
from tests.nominations.test_views import Pages


def put_right(
    school: School, one: Nomination, opened: int | None = None, now: Any = None, **kw: Any
) -> tuple[str, ...]:
    said = vars(one.candidate) | {"motivation": one.motivation, "need_line": one.need_line} | kw
    motivation, line = said.pop("motivation"), said.pop("need_line")
    draft = AmendDraft(Candidate(**said), motivation, line)
    return amend(school.tx, school.state, one, draft, opened, now or school.now)


def told(school: School, one: Nomination, settings: Any, *, moved: bool = True) -> Telling:
    telling = Telling(school.tx, settings)
    from app.nominations.amending.events import NominationAmended

    nomination_amended(telling, NominationAmended(one.id, one.version, moved))
    return telling


# --- the law ---


def test_only_the_names_of_what_differs_are_told() -> None:
    assert rules.changed({"name": "Ana", "post": "Judge"}, {"name": "Bia", "post": "Judge"}) == ("name",)


@pytest.mark.parametrize(
    ("press", "order"),
    [
        ("up:B", "BAC"),
        ("down:B", "ACB"),
        ("up:A", "ABC"),
        ("down:C", "ABC"),
        ("up:X", "ABC"),
        ("side:B", "ABC"),
        ("", "ABC"),
    ],
)
def test_buttons_move_one_candidate_by_one_place(press: str, order: str) -> None:
    assert "".join(rules.stepped("ABC", press)) == order


def test_rows_stand_by_what_was_typed_and_those_without_a_rank_last() -> None:
    assert rules.in_order({"A": 3, "B": None, "C": 1}, ["A", "B", "C"]) == ["C", "A", "B"]


def test_each_has_a_rank_of_its_own() -> None:
    assert rules.rank_problems({"A": 1, "B": 2}) == {}
    assert rules.rank_problems({"A": 1, "B": 1, "C": 0, "D": None, "E": 1000}) == {
        "A": rules.SAME_RANK, "B": rules.SAME_RANK, "C": rules.RANK, "D": rules.RANK, "E": rules.RANK,
    }  # fmt: skip


def test_quotas_that_do_not_hold_are_found(school: School) -> None:
    marks = frozenset({("sex", "m")})
    men = [seating.Seeker(n, marks, n, school.now) for n in (1, 2)]
    ceiling, floor = Quota("sex", "m", CEILING, 1), Quota("sex", "f", FLOOR, 2)
    assert seating.lost(seating.Room(3, (ceiling, floor)), men) == [ceiling, floor]
    assert seating.lost(seating.Room(3, (ceiling, floor), is_closed=True), men) == [ceiling]
    assert seating.lost(seating.Room(4, (floor,)), men) == []


# --- amending ---


def test_a_candidate_is_amended_and_the_trail_names_no_value(school: School) -> None:
    one = school.put_forward(post="Judge")
    assert put_right(school, one, one.version, name="Ana Lopes Reis", post="Prosecutor") == ("name", "post")
    assert (one.name, one.post, one.version) == ("Ana Lopes Reis", "Prosecutor", 2)
    (event,) = [e for e in history_of(school.tx, one.ref) if e.action == "nomination.amended"]
    assert event.details == {"fields": ["name", "post"]}
    assert put_right(school, one) == ()
    assert one.version == 2


def test_whoever_saves_second_overwrites_nothing(school: School) -> None:
    one = school.put_forward()
    opened = one.version
    put_right(school, one, opened, post="Judge")
    with pytest.raises(StaleVersion):
        put_right(school, one, opened, post="Prosecutor")
    assert one.post == "Judge"


def test_nobody_else_amends_and_nobody_once_it_has_ended_or_begun(school: School) -> None:
    one, other = school.put_forward(), school.put_forward("Bia")
    draft = AmendDraft(Candidate("X", "x@x.example"), "")
    with pytest.raises(Refused):
        amend(school.tx, school.centre, one, draft, None, school.now)
    service.reject(school.tx, school.centre, one, "No.", school.now)
    with pytest.raises(MoveRefused):
        put_right(school, one, name="X")
    with pytest.raises(MoveRefused):
        put_right(school, other, name="X", now=school.now.replace(year=2027, month=6))


def test_somebody_put_forward_already_is_not_put_in_for_another(school: School) -> None:
    one, other = school.put_forward(), school.put_forward("Bia")
    with pytest.raises(DraftRefused) as refused:
        put_right(school, other, email=one.email.upper())
    assert [problem.field for problem in refused.value.problems] == ["email"]


def test_another_sex_gives_the_seats_that_are_free_by_the_rule_and_takes_none(school: School) -> None:
    school.quotas(Quota("sex", "m", CEILING, 1))
    first, second = school.put_forward("Rui", sex="m"), school.put_forward("Ivo", sex="m")
    school.accept(first, second)
    assert school.states() == ["approved", "waitlisted"]
    put_right(school, first, sex="f")
    assert school.states() == ["approved", "approved"]
    put_right(school, first, sex="m")
    assert school.states() == ["approved", "approved"]
    assert [quota.seats for quota in lost_quotas(school.tx, school.session, school.now)] == [1]


def test_at_another_address_the_old_link_dies_and_one_mail_goes_out(school: School, settings: Any) -> None:
    one = school.put_forward()
    school.accept(one)
    old, until = token_for(SECRET_KEY, one), one.answer_by
    draft = letter_to_candidate(one, f"seat_given|nomination:{one.ref}|seat:1", service.Message("Hi"), has_link=True)
    waits = Mail(cause=draft.cause, recipient=one.email, subject="", body="", message_id="<1@x>", created_at=school.now)
    school.tx.add(waits)
    put_right(school, one, email="new@mj.example")
    assert nomination_for(school.tx, SECRET_KEY, old) is None
    assert nomination_for(school.tx, SECRET_KEY, token_for(SECRET_KEY, one)) is one
    assert one.answer_by == until
    assert school.tx.scalars(select(Mail)).all() == []
    (mail,) = told(school, one, settings).mails
    assert mail.recipient == "new@mj.example"
    kept = Mail(cause=mail.cause, recipient=mail.recipient, subject="", body=mail.body)
    assert "/seat/" in (with_link(school.tx, settings, kept, school.now) or "")
    facts = [row.fact for row in school.tx.scalars(select(OutboxRow))]
    assert facts.count("NominationAmended") == 1


def test_who_told_of_the_seat_late_is_told_once(school: School, settings: Any) -> None:
    from app.nominations.events import NominationDecided
    from app.nominations.news import nomination_decided

    one = school.put_forward()
    school.accept(one)
    turn = one.version
    put_right(school, one, email="new@mj.example")
    telling = told(school, one, settings)
    nomination_decided(telling, NominationDecided(one.id, "approved", turn))
    to_candidate = [mail for mail in telling.mails if mail.recipient == "new@mj.example"]
    assert len({(mail.recipient, mail.cause) for mail in to_candidate}) == 1


@pytest.mark.parametrize(("status", "what"), [("confirmed", "seat_kept"), ("waitlisted", "seat_waiting")])
def test_what_another_state_means_at_a_new_address(school: School, settings: Any, status: str, what: str) -> None:
    people = [school.put_forward(name) for name in ("Ana", "Bia", "Cai")]
    school.accept(*people)
    service.confirm(school.tx, people[0], school.now)
    one = people[0] if status == "confirmed" else people[2]
    put_right(school, one, email="new@mj.example")
    assert one.status == status
    (mail,) = told(school, one, settings).mails
    assert mail.cause.startswith(f"{what}|")


def test_the_centre_is_told_without_a_mail(school: School, settings: Any) -> None:
    one = school.put_forward()
    put_right(school, one, post="Judge")
    telling = told(school, one, settings, moved=False)
    assert [notice.message.text for notice in telling.notices] == [
        "What was said of a candidate for “%(course)s” was put right"
    ]
    assert telling.mails == []


# --- ranking ---


def ranked(school: School, ranks: dict[Nomination, int], seen: str = "", now: Any = None) -> int:
    seen = seen or rules.mark_of({one.ref: one.rank for one in ranks})
    wanted = {one.ref: rank for one, rank in ranks.items()}
    return rank_anew(
        school.tx, school.state, school.session.id, school.state_id, RankDraft(wanted, seen), now or school.now
    )


def test_who_comes_first_by_the_new_ranks_gets_the_next_seat(school: School) -> None:
    people = [school.put_forward(name) for name in ("Ana", "Bia", "Cai", "Dea")]
    school.accept(*people)
    assert school.states() == ["approved", "approved", "waitlisted", "waitlisted"]
    assert ranked(school, dict(zip(people, (4, 3, 2, 1), strict=True))) == 4
    assert school.states() == ["approved", "approved", "waitlisted", "waitlisted"]
    service.withdraw(school.tx, school.state, people[0], "", school.now)
    assert [one.status for one in people] == ["withdrawn", "approved", "waitlisted", "approved"]
    actions = [event.action for event in history_of(school.tx, people[3].ref)]
    assert actions.count("nomination.ranked") == 1


def test_ranks_are_refused_that_are_not_unique_or_were_never_seen(school: School) -> None:
    first, second = school.put_forward("Ana"), school.put_forward("Bia")
    with pytest.raises(DraftRefused):
        ranked(school, {first: 1, second: 1})
    seen = rules.mark_of({first.ref: 1, second.ref: 2})
    assert ranked(school, {first: 2, second: 1}) == 2
    with pytest.raises(RanksChanged):
        ranked(school, {first: 1, second: 2}, seen)
    third = school.put_forward("Cai")
    with pytest.raises(RanksChanged):
        ranked(school, {first: 1, second: 2})
    with pytest.raises(MoveRefused):
        ranked(school, {first: 1, second: 2, third: 3}, now=school.now.replace(year=2027, month=6))
    with pytest.raises(Refused):
        mark = rules.mark_of({one.ref: one.rank for one in (first, second, third)})
        wanted = {first.ref: 1, second.ref: 2, third.ref: 9}
        rank_anew(school.tx, school.centre, school.session.id, school.state_id, RankDraft(wanted, mark), school.now)


# --- the pages ---


def test_a_focal_point_amends_and_is_shown_what_stands(pages: Pages) -> None:
    pages.put_forward()
    one = pages.nominations()[0]
    assert pages.registrar.get(f"/nominations/{one.ref}/amend").status_code == 403
    page = pages.focal.get(f"/nominations/{one.ref}/amend").text
    assert 'value="Ana Lopes"' in page
    assert 'name="rank"' not in page
    sent = pages.focal.submit(f"/nominations/{one.ref}/amend", {"post": "Judge", "email": "x"})
    assert sent.status_code == 422
    assert "Judge" in sent.text
    sent = pages.focal.submit(f"/nominations/{one.ref}/amend", {"post": "Judge"})
    assert sent.status_code == 303
    assert pages.nominations()[0].post == "Judge"
    assert "Amended" in pages.focal.get(f"/nominations/{one.ref}").text


def test_two_who_amend_at_once_see_both_texts(pages: Pages) -> None:
    pages.put_forward()
    one = pages.nominations()[0]
    stale = {"version": str(one.version), "post": "Judge"}
    pages.focal.submit(f"/nominations/{one.ref}/amend", {"post": "Prosecutor"})
    sent = pages.focal.submit(f"/nominations/{one.ref}/amend", stale)
    assert sent.status_code == 409
    assert "Prosecutor" in sent.text
    assert "Judge" in sent.text
    assert pages.nominations()[0].post == "Prosecutor"


def test_the_page_of_one_who_has_begun_leads_back_and_says_why(pages: Pages, clock: Any) -> None:
    pages.put_forward()
    one = pages.nominations()[0]
    clock.move(days=200)
    pages.sign_in_again()
    assert pages.focal.get(f"/nominations/{one.ref}/amend").status_code == 303
    page = pages.focal.get(f"/nominations/{one.ref}").text
    assert "The session has begun" in page
    assert "/amend" not in page


def rows(page: str) -> list[str]:
    return re.findall(r'name="rows-\d+-ref"[^>]*value="([^"]+)"', page)


def test_buttons_move_rows_and_save_nothing_until_it_is_sent(pages: Pages) -> None:
    for number, name in enumerate(("Ana", "Bia", "Cai"), start=1):
        pages.put_forward(name=name, rank=str(number), email=f"c{number}@mj.example")
    here = f"{pages.here}/nominations/rank"
    refs = [one.ref for one in pages.nominations()]
    assert rows(pages.focal.get(here).text) == refs
    moved = pages.focal.submit(here, {"step": f"up:{refs[2]}"})
    assert moved.status_code == 200
    assert rows(moved.text) == [refs[0], refs[2], refs[1]]
    assert "not saved yet" in moved.text
    assert [one.rank for one in pages.nominations()] == [1, 2, 3]
    wrong = pages.focal.submit(here, {"rows-0-rank": "2"})
    assert wrong.status_code == 422
    assert "Give each a rank of their own." in wrong.text
    sent = pages.focal.submit(here, {"rows-0-rank": "3", "rows-2-rank": "1"})
    assert sent.status_code == 303
    assert [one.rank for one in pages.nominations()] == [3, 2, 1]


def test_an_order_that_was_never_seen_is_not_overwritten(pages: Pages) -> None:
    for number, name in enumerate(("Ana", "Bia"), start=1):
        pages.put_forward(name=name, rank=str(number), email=f"c{number}@mj.example")
    here = f"{pages.here}/nominations/rank"
    sent = pages.focal.submit(here, {"rows-0-rank": "2", "rows-1-rank": "1", "seen": "another"})
    assert sent.status_code == 409
    assert "have changed meanwhile" in sent.text
    assert "today: 1" in sent.text
    assert [one.rank for one in pages.nominations()] == [1, 2]


def test_who_has_nobody_to_rank_is_told_so(pages: Pages) -> None:
    assert "You have nobody to rank here." in pages.focal.get(f"{pages.here}/nominations/rank").text
    assert pages.registrar.get(f"{pages.here}/nominations/rank").status_code == 403


def test_a_mail_to_the_candidate_is_forgotten_at_whichever_address(school: School) -> None:
    from app.nominations.forgetting import forget_due

    one = school.put_forward()
    keys = {"subject": "x", "body": "Dear Ana", "created_at": school.now}
    school.tx.add(
        Mail(cause=f"seat_waiting|nomination:{one.ref}", recipient="old@x.example", message_id="<2@x>", **keys)
    )
    school.tx.add(
        Mail(cause=f"nomination_made|nomination:{one.ref}", recipient="c@x.example", message_id="<3@x>", **keys)
    )
    school.tx.flush()
    assert forget_due(school.tx, school.now + timedelta(days=900)) == 1
    assert [mail.recipient for mail in school.tx.scalars(select(Mail))] == ["c@x.example"]
