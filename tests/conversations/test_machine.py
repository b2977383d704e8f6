"""Whatever happens in whatever order: one state at a time, one event for each move, and nobody else sees anything."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.conversations.clarifications import queries, rules, service
from app.conversations.clarifications.service import Words
from app.foundation.audit import history_of
from app.foundation.permissions import ANONYMOUS
from tests.conversations.conftest import Square

ANY = st.integers(0, 30)
WORDS = st.sampled_from(["Yes.", "No.", "Perhaps.", "Twice."])


class Questions(RuleBasedStateMachine):
    """Two donors ask about one need; what is expected is kept apart, in plain values."""

    def __init__(self, square: Square) -> None:
        super().__init__()
        self.square = square
        self.point = square.tx.begin_nested()
        self.rows: list[Any] = []
        self.state: dict[str, str] = {}
        self.moves: dict[str, int] = {}
        self.answers: dict[str, list[str]] = {}
        self.asked = 0

    def teardown(self) -> None:
        self.point.rollback()
        self.square.tx.expire_all()

    def one(self, number: int) -> Any:
        return self.rows[number % len(self.rows)] if self.rows else None

    def attempt(self, row: Any, do: Any, becomes: str) -> None:
        allowed = {"waiting": {"answered", "declined", "withdrawn"}, "declined": {"answered"}}
        expected = becomes in allowed.get(self.state[row.ref], set())
        try:
            do()
        except rules.MoveRefused:
            assert not expected
            return
        assert expected
        self.state[row.ref] = becomes
        self.moves[row.ref] += 1

    @rule(who=st.integers(0, 1))
    def ask(self, who: int) -> None:
        self.asked += 1
        try:
            row = self.square.ask(who, text=f"Question {self.asked}?")
        except rules.AskRefused:
            waiting = [r for r in self.rows if self.state[r.ref] == "waiting"]
            mine = [r for r in waiting if r.asker_id == self.square.donors[who].id]
            asked = [r for r in self.rows if r.asker_id == self.square.donors[who].id]
            assert len(mine) >= rules.MOST_WAITING or len(asked) >= rules.MOST_A_DAY
            return
        self.rows.append(row)
        self.state[row.ref], self.moves[row.ref], self.answers[row.ref] = "waiting", 1, []

    @rule(number=ANY, text=WORDS)
    def answer(self, number: int, text: str) -> None:
        row = self.one(number)
        if row is not None:
            before = self.state[row.ref]
            self.attempt(row, lambda: self.square.answer(row, text), "answered")
            if before != self.state[row.ref]:
                self.answers[row.ref].append(text)

    @rule(number=ANY)
    def decline(self, number: int) -> None:
        row, s = self.one(number), self.square
        if row is not None:
            self.attempt(row, lambda: service.decline(s.tx, s.owner, row, "No.", s.now), "declined")

    @rule(number=ANY)
    def withdraw(self, number: int) -> None:
        row, s = self.one(number), self.square
        if row is not None:
            actor = s.askers[[one.id for one in s.donors].index(row.asker_id)]
            self.attempt(row, lambda: service.withdraw(s.tx, actor, row, s.now), "withdrawn")

    @rule(number=ANY, text=WORDS)
    def amend(self, number: int, text: str) -> None:
        row, s = self.one(number), self.square
        if row is None:
            return
        given = self.answers[row.ref]
        expected = self.state[row.ref] == "answered" and given[-1] != text
        try:
            service.amend(s.tx, s.owner, row, Words(text, "en"), None, s.now)
        except rules.MoveRefused:
            assert not expected
            return
        assert expected
        given.append(text)
        self.moves[row.ref] += 1

    @invariant()
    def each_has_one_state_and_one_event_for_each_move(self) -> None:
        for row in self.rows:
            assert row.status == self.state[row.ref]
            assert len(history_of(self.square.tx, row.ref)) == self.moves[row.ref]
            assert row.version == self.moves[row.ref]
            assert [one.text for one in row.answers] == self.answers[row.ref]

    @invariant()
    def everybody_sees_what_is_answered_and_nothing_else(self) -> None:
        s = self.square
        answered = {ref for ref, state in self.state.items() if state == "answered"}
        for reader in (ANONYMOUS, s.askers[2]):
            on = queries.on_record(s.tx, reader, s.subject(reader), size=500)
            assert {row.ref for row in on.answered.items} == answered
            assert not on.waiting


def test_any_order_of_moves(square) -> None:
    run_state_machine_as_test(
        lambda: Questions(square),
        settings=settings(max_examples=8, stateful_step_count=20, deadline=None,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
