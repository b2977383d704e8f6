"""Whatever happens in whatever order, seats are never oversold and go by the published rule, reckoned a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.foundation.audit import history_of
from app.nominations import rules, service
from app.nominations.amending.rules import mark_of
from app.nominations.amending.service import AmendDraft, RankDraft, amend, rank_anew
from app.nominations.rules import Candidate
from app.nominations.seating import CEILING, FLOOR, Quota, quota_problem
from app.nominations.service import IntakeDraft, NominationDraft
from tests.factories import World
from tests.nominations.conftest import School

HOLDING = {"approved", "confirmed"}
QUOTAS = st.lists(
    st.builds(Quota, st.just("sex"), st.sampled_from("fm"), st.sampled_from([FLOOR, CEILING]), st.integers(0, 3))
    | st.builds(Quota, st.just("country"), st.sampled_from(["SN", "GH"]), st.sampled_from([FLOOR, CEILING]),
                st.integers(0, 3)), max_size=3,
)  # fmt: skip
ANY = st.integers(0, 30)


class Session(RuleBasedStateMachine):
    """Two States at one session of three seats."""

    def __init__(self, school: School, states: list[tuple[Any, Any]]) -> None:
        super().__init__()
        self.school, self.states, self.tx = school, states, school.tx
        self.point = self.tx.begin_nested()
        self.clock: datetime = school.now
        self.quotas: list[Quota] = []
        self.moves: dict[int, int] = {}

    def teardown(self) -> None:
        self.point.rollback()
        self.tx.expire_all()

    def people(self) -> list[Any]:
        return service.hold_session(self.tx, self.school.session.id, self.clock).people

    def one(self, number: int, *statuses: str) -> Any:
        found = [one for one in self.people() if one.status in statuses]
        return found[number % len(found)] if found else None

    def attempt(self, do: Any) -> None:
        try:
            do()
        except rules.MoveRefused:
            return

    @rule(which=st.integers(0, 1), sex=st.sampled_from(["f", "m", ""]))
    def put_forward(self, which: int, sex: str) -> None:
        organisation, actor = self.states[which]
        people = self.people()
        rank = max((p.rank for p in people if p.organisation_id == organisation.id), default=0) + 1
        draft = NominationDraft(Candidate(f"C{len(people)}", f"c{len(people)}@x.example", sex=sex), "", rank)
        service.nominate(self.tx, actor, organisation.id, self.school.session, draft, self.clock)

    @rule(number=ANY)
    def accept(self, number: int) -> None:
        one = self.one(number, "nominated")
        if one is not None:
            self.attempt(lambda: service.accept(self.tx, self.school.centre, {one.id}, self.school.session, self.clock))

    @rule(number=ANY)
    def confirm(self, number: int) -> None:
        one = self.one(number, "approved")
        if one is not None:
            self.attempt(lambda: service.confirm(self.tx, one, self.clock))

    @rule(number=ANY)
    def decline(self, number: int) -> None:
        one = self.one(number, "approved", "confirmed", "waitlisted")
        if one is not None:
            self.goes_by_the_rule(one, lambda: service.decline(self.tx, one, "", self.clock))

    @rule(number=ANY)
    def reject(self, number: int) -> None:
        one = self.one(number, "approved", "confirmed", "waitlisted", "nominated")
        if one is not None:
            reject = lambda: service.reject(self.tx, self.school.centre, one, "No.", self.clock)  # noqa: E731
            self.goes_by_the_rule(one, reject)

    def actor_of(self, one: Any) -> Any:
        return next(actor for organisation, actor in self.states if organisation.id == one.organisation_id)

    @rule(number=ANY, sex=st.sampled_from(["f", "m", ""]), moves_house=st.booleans())
    def amend(self, number: int, sex: str, moves_house: bool) -> None:
        one = self.one(number, "approved", "confirmed", "waitlisted", "nominated")
        if one is None:
            return
        seated = {p.id for p in self.people() if p.status in HOLDING}
        waiting = [p.id for p in self.people() if p.status == "waitlisted"]
        given_at = one.seat_given_at
        email = f"moved{one.version}.{one.id}@x.example" if moves_house else one.email
        draft = AmendDraft(replace(one.candidate, sex=sex, email=email), one.motivation)
        changes_sex = sex != one.sex
        amend(self.tx, self.actor_of(one), one, draft, one.version, self.clock)
        now_seated = {p.id for p in self.people() if p.status in HOLDING}
        assert seated <= now_seated
        assert now_seated - seated <= set(waiting if changes_sex else ())
        is_new_link = moves_house and given_at is not None
        assert (one.seat_given_at != given_at) is (is_new_link or one.id in now_seated - seated)

    @rule(which=st.integers(0, 1), data=st.data())
    def rank_anew(self, which: int, data: st.DataObject) -> None:
        organisation, actor = self.states[which]
        own = [p for p in self.people() if p.organisation_id == organisation.id and p.status in rules.TO_COME]
        ranks = data.draw(st.permutations(range(1, len(own) + 1)))
        before = {p.id: p.status for p in self.people()}
        seen = mark_of({p.ref: p.rank for p in own})
        wanted = {p.ref: rank for p, rank in zip(own, ranks, strict=True)}
        rank_anew(self.tx, actor, self.school.session.id, organisation.id, RankDraft(wanted, seen), self.clock)
        assert {p.id: p.status for p in self.people()} == before
        assert {p.ref: p.rank for p in own} == wanted

    def goes_by_the_rule(self, leaving: Any, do: Any) -> None:
        """Whoever gets a seat that becomes free is who should, by a second reckoning of the order."""
        people = self.people()
        held = [p for p in people if p.status in HOLDING and p.id != leaving.id]
        waiting = [p for p in people if p.status == "waitlisted" and p.id != leaving.id]
        seated, lucky = {p.id for p in held}, set()
        while fitting := [p for p in waiting if self.could_sit(p, held)]:
            first = min(fitting, key=lambda p: (not self.fills(p, held), p.rank, p.waiting_since, p.id))
            held, waiting = [*held, first], [p for p in waiting if p.id != first.id]
            lucky.add(first.id)
        do()
        assert {p.id for p in self.people() if p.status in HOLDING} - seated == lucky

    def fills(self, one: Any, held: list[Any]) -> bool:
        floors = [q for q in self.quotas if q.bound == FLOOR and self.bears(one, q)]
        return any(sum(self.bears(h, q) for h in held) < q.seats for q in floors)

    @rule(quotas=QUOTAS, reserve=st.integers(0, 4))
    def change_quotas(self, quotas: list[Quota], reserve: int) -> None:
        if quota_problem(quotas, self.school.session.seats) is None:
            draft = IntakeDraft(reserve=reserve, quotas=tuple(quotas))
            service.set_intake(self.tx, self.school.centre, self.school.session, draft, self.clock)
            self.quotas = quotas

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        # Registration stays open: what holds once it is closed is shown in test_seating.
        self.clock = min(self.clock + timedelta(days=days), datetime(2027, 1, 31, 9, tzinfo=self.clock.tzinfo))
        service.look_after(self.tx, self.school.session.id, self.clock)

    @invariant()
    def no_seat_is_sold_twice(self) -> None:
        assert sum(one.status in HOLDING for one in self.people()) <= self.school.session.seats

    @invariant()
    def nobody_waits_who_could_have_a_seat(self) -> None:
        people = self.people()
        held = [one for one in people if one.status in HOLDING]
        for one in people:
            if one.status == "waitlisted":
                assert not self.could_sit(one, held)

    def could_sit(self, one: Any, held: list[Any]) -> bool:
        """Reckoned a second time, from what the issue says of quotas and not from the code."""
        free = self.school.session.seats - len(held)
        count = {q: sum(self.bears(h, q) for h in held) for q in self.quotas}
        if free < 1 or any(q.bound == CEILING and self.bears(one, q) and count[q] >= q.seats for q in self.quotas):
            return False
        short = {q: q.seats - count[q] for q in self.quotas if q.bound == FLOOR and count[q] < q.seats}
        return any(self.bears(one, q) for q in short) or free > sum(short.values())

    @staticmethod
    def bears(one: Any, quota: Quota) -> bool:
        return quota.code == (one.sex if quota.dimension == "sex" else one.organisation.country)

    @invariant()
    def each_has_one_state_and_an_event_for_each_move(self) -> None:
        for one in self.people():
            assert one.status in rules.MOVES
            last = history_of(self.tx, one.ref)
            actions = [event.action for event in last]
            assert len(actions) == one.version
            assert f"nomination.{'made' if one.status == 'nominated' else one.status}" in actions


@pytest.mark.one_engine
def test_the_rule_holds_over_any_order_of_moves(school: School, world: World) -> None:
    other = world.organisation("state", country="GH")
    school.session.seats = 3
    actors = [school.world.actor(school.world.account(organisation, "focal_point"))
              for organisation in (world.organisation("state"), other)]  # fmt: skip
    organisations = [actor.memberships[0].organisation_id for actor in actors]
    from app.organisations.models import Organisation

    states = [
        (school.tx.get_one(Organisation, number), actor) for number, actor in zip(organisations, actors, strict=True)
    ]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Session(school, states),
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
