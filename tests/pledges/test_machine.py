"""Whatever is done with pledges in whatever order, the ledger of a need says what an oracle of its own says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.pledges import deliveries, making, rules, service
from app.pledges.covers import CoverDraft, cover_line, uncover_line
from app.pledges.deliveries import ContributionDraft
from app.pledges.making import PledgeDraft, PledgeLineDraft
from app.pledges.models import Contribution, Pledge
from app.pledges.queries import coverage_of
from app.pledges.service import PledgeRefused
from tests.factories import World

D = Decimal
ZERO = D(0)
quantities = st.integers(min_value=1, max_value=15).map(D)
LINES = st.integers(min_value=0, max_value=1)
FIGURES = st.integers(0, 6).map(D)
REASONS = st.sampled_from(["", "", "We train more of them."])


@dataclass
class Told:
    """What the oracle remembers of a pledge: no more than what was said, in plain words."""

    row: Pledge
    line: int
    promised: Decimal
    state: str = "pledged"
    is_accepted: bool = False
    parts: list[tuple[Contribution, dict[str, Decimal]]] = field(default_factory=list)
    moves: int = 1

    @property
    def arrived(self) -> Decimal:
        """What both sides confirm: the smaller of two figures, nothing of one."""
        return sum((min(said.values()) for _part, said in self.parts if len(said) == 2), ZERO)

    @property
    def counts(self) -> Decimal:
        """What the pledge takes off what is open."""
        if self.is_accepted and self.state in {"pledged", "committed", "delivering"}:
            return max(self.promised, self.arrived)
        return self.arrived


class Ledger(RuleBasedStateMachine):
    """Three donors and a State at one need of two lines."""

    def __init__(self, tx: Tx, need: Need, donors: list[Actor], recipient: Actor, now: datetime) -> None:
        super().__init__()
        self.tx, self.need, self.donors, self.recipient, self.now = tx, need, donors, recipient, now
        self.point = tx.begin_nested()
        self.told: list[Told] = []
        self.covers: dict[tuple[int, str], Decimal] = {}
        self.taken_anyway = [ZERO, ZERO]

    def teardown(self) -> None:
        self.point.rollback()
        self.tx.expire_all()

    # --- the oracle ---

    def counted(self, line: int) -> Decimal:
        besides = sum((much for (at, _ref), much in self.covers.items() if at == line), ZERO)
        return besides + sum((told.counts for told in self.told if told.line == line), ZERO)

    def donor_of(self, told: Told) -> Actor:
        return next(d for d in self.donors if d.memberships[0].organisation_id == told.row.organisation_id)

    def pick(self, data: Any, *states: str, accepted: bool | None = None) -> Told | None:
        fits = [t for t in self.told if t.state in states and accepted in {None, t.is_accepted}]
        return data.draw(st.sampled_from(fits)) if fits else None

    # --- what people do ---

    @rule(donor=st.integers(0, 2), line=LINES, quantity=quantities, is_answered=st.booleans(), reason=REASONS)
    def make(self, donor: int, line: int, quantity: Decimal, is_answered: bool, reason: str) -> None:
        who = self.donors[donor]
        draft = PledgeDraft((PledgeLineDraft(self.need.lines[line].id, quantity),))
        row = making.make_pledge(self.tx, who, who.memberships[0].organisation_id, self.need, draft, self.now)
        self.told.append(Told(row, line, quantity))
        if is_answered:
            self.answer(self.told[-1], reason)

    @precondition(lambda self: self.told)
    @rule(data=st.data(), reason=REASONS)
    def accept(self, data: Any, reason: str) -> None:
        if told := self.pick(data, "pledged", accepted=False):
            self.answer(told, reason)

    def answer(self, told: Told, reason: str) -> None:
        needed = self.need.lines[told.line].quantity
        before = self.counted(told.line)
        over = max(ZERO, min(told.promised, before + told.promised - needed))
        try:
            service.accept_pledge(self.tx, self.recipient, told.row, self.now, reason)
        except rules.ExcessRefused:
            assert over > 0
            assert not reason
            return
        assert not over or reason
        told.is_accepted, told.moves = True, told.moves + 1
        self.taken_anyway[told.line] += over

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def decline(self, data: Any) -> None:
        if told := self.pick(data, "pledged", accepted=False):
            service.decline_pledge(self.tx, self.recipient, told.row, "No.", self.now, "covered")
            told.state, told.moves = "declined", told.moves + 1

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def withdraw(self, data: Any) -> None:
        if told := self.pick(data, "pledged", "committed", "delivering"):
            service.withdraw_pledge(self.tx, self.donor_of(told), told.row, "The vote failed.", self.now)
            told.state, told.moves = "withdrawn", told.moves + 1

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def lapse(self, data: Any) -> None:
        if told := self.pick(data, "pledged", "committed"):
            told.row.expires_on = self.now.date() - timedelta(days=1)
            self.tx.flush()
            assert service.lapse_pledges(self.tx, self.now) == 1
            told.state, told.moves = "lapsed", told.moves + 1

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def commit(self, data: Any) -> None:
        if told := self.pick(data, "pledged", accepted=True):
            service.move_pledge(self.tx, self.donor_of(told), told.row, "committed", self.now)
            told.state, told.moves = "committed", told.moves + 1

    @precondition(lambda self: self.told)
    @rule(data=st.data(), much=st.integers(1, 6).map(D), by_donor=st.booleans(), other=st.none() | FIGURES)
    def deliver(self, data: Any, much: Decimal, by_donor: bool, other: Decimal | None) -> None:
        told = self.pick(data, "pledged", "committed", "delivering", accepted=True)
        if told is None:
            return
        side = "donor" if by_donor else "recipient"
        actor = self.donor_of(told) if by_donor else self.recipient
        draft = ContributionDraft(told.row.lines[0].id, self.now.date(), much)
        known = sum((min(said.values()) for _part, said in told.parts), ZERO)
        try:
            part = deliveries.record_contribution(self.tx, actor, told.row, draft, self.now)
        except PledgeRefused:
            assert known + much > told.promised
            return
        assert known + much <= told.promised
        told.moves += {"pledged": 3, "committed": 2, "delivering": 1}[told.state]
        told.parts.append((part, {side: much}))
        told.state = "delivering"
        if other is not None:
            self.reply(told, part, told.parts[-1][1], other)

    @precondition(lambda self: any(told.parts for told in self.told))
    @rule(data=st.data(), other=st.none() | FIGURES)
    def confirm(self, data: Any, other: Decimal | None) -> None:
        waiting = [(t, part, said) for t in self.told for part, said in t.parts if len(said) == 1]
        if waiting:
            self.reply(*data.draw(st.sampled_from(waiting)), other)

    def reply(self, told: Told, part: Contribution, said: dict[str, Decimal], other: Decimal | None) -> None:
        side = "recipient" if "donor" in said else "donor"
        actor = self.recipient if side == "recipient" else self.donor_of(told)
        figure = next(iter(said.values())) if other is None else other
        known = sum((min(s.values()) for p, s in told.parts if p is not part), ZERO)
        try:
            deliveries.confirm_contribution(self.tx, actor, told.row, part, self.now, other)
        except PledgeRefused:
            assert known + figure > told.promised
            return
        before, said[side] = told.counts, figure
        told.moves += 1
        self.close_if_whole(told)
        self.arrived_after_all(told, before)

    @precondition(lambda self: any(told.parts for told in self.told))
    @rule(data=st.data(), by_donor=st.booleans())
    def agree(self, data: Any, by_donor: bool) -> None:
        differ = [(t, p, said) for t in self.told for p, said in t.parts if len(set(said.values())) == 2]
        if not differ:
            return
        told, part, said = data.draw(st.sampled_from(differ))
        mine, theirs = ("donor", "recipient") if by_donor else ("recipient", "donor")
        known = sum((min(s.values()) for p, s in told.parts if p is not part), ZERO)
        actor = self.donor_of(told) if by_donor else self.recipient
        if known + said[theirs] > told.promised:
            with pytest.raises(rules.MoveRefused):
                deliveries.agree_on_contribution(self.tx, actor, told.row, part, self.now)
            return
        deliveries.agree_on_contribution(self.tx, actor, told.row, part, self.now)
        before, said[mine] = told.counts, said[theirs]
        told.moves += 1
        self.close_if_whole(told)
        self.arrived_after_all(told, before)

    def arrived_after_all(self, told: Told, before: Decimal) -> None:
        # What was delivered of a pledge before it was taken back is a fact, even if somebody has promised it meanwhile.
        if told.state == "withdrawn":
            self.taken_anyway[told.line] += told.counts - before

    def close_if_whole(self, told: Told) -> None:
        if told.state == "delivering" and told.arrived >= told.promised:
            told.state, told.moves = "delivered", told.moves + 1

    @rule(line=LINES, ref=st.sampled_from(["C-1", "C-2", "C-3"]), much=st.integers(1, 3).map(D))
    def cover(self, line: int, ref: str, much: Decimal) -> None:
        draft = CoverDraft("nomination", ref, much, self.now.date(), is_confirmed=True)
        cover_line(self.tx, self.need.lines[line], draft, self.now)
        self.covers[line, ref] = much

    @precondition(lambda self: self.covers)
    @rule(data=st.data())
    def uncover(self, data: Any) -> None:
        line, ref = data.draw(st.sampled_from(sorted(self.covers)))
        uncover_line(self.tx, self.need.lines[line], "nomination", ref, self.now)
        del self.covers[line, ref]

    # --- what always holds ---

    @invariant()
    def the_ledger_is_what_was_said(self) -> None:
        self.tx.flush()
        covers = coverage_of(self.tx, self.need)
        for at, line in enumerate(self.need.lines):
            cover = covers[line.id]
            assert cover.counted == self.counted(at)
            assert cover.open == max(ZERO, line.quantity - cover.counted)
            besides = sum((much for (on, _ref), much in self.covers.items() if on == at), ZERO)
            # What covers a line without being a pledge is a fact and is never refused.
            assert cover.counted <= line.quantity + self.taken_anyway[at] + besides

    @invariant()
    def every_move_has_one_event(self) -> None:
        for told in self.told:
            assert told.row.status == told.state
            assert len(history_of(self.tx, told.row.ref)) == told.moves


@pytest.mark.one_engine
def test_the_ledger_holds_over_any_order_of_moves(tx: Tx, world: World, now: datetime) -> None:
    recipient = world.organisation("state")
    need = world.need(recipient, lines=[{"quantity": D(20)}, {"quantity": D(6)}])
    donors = [world.somebody("donor") for _ in range(3)]
    asker = world.actor(world.account(recipient))
    run_state_machine_as_test(
        lambda: Ledger(tx, need, donors, asker, now),
        settings=settings(
            max_examples=20, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
