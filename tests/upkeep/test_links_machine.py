"""The life of a link under any order of answers, confirmations, amendments, endings, departures and days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.members import end_place, set_role
from app.accounts.models import Membership
from app.needs.rules import OPEN
from app.needs.service import confirm_need, end_need
from app.upkeep.asking import rules
from app.upkeep.asking.links import Link, open_link
from app.upkeep.asking.service import answer

STEPS = ("answer true", "answer change", "answer closed", "other true", "other change", "confirm", "withdraw", "touch",
         "demote", "restore", "leave", "days")  # fmt: skip


@dataclass
class Law:
    """What the law says of two people's links, reckoned apart from the code under test."""

    now: datetime
    due: date
    asked: datetime
    verify_by: date
    is_open: bool = True
    is_here: dict[str, bool] = field(default_factory=lambda: {"me": True, "other": True})
    has_left: bool = False
    answered: set[str] = field(default_factory=set)

    def lives(self, who: str) -> bool:
        """Whether the link of this person opens anything."""
        return (
            who not in self.answered
            and self.is_open
            and self.verify_by == self.due
            and self.is_here[who]
            and self.now < self.asked + timedelta(days=60)
        )


@given(steps=st.lists(st.sampled_from(STEPS), max_size=9))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_link_lives_exactly_as_long_as_the_law_says(owner, steps):
    with owner.tx.begin_nested() as savepoint:
        _live(owner, steps)
        savepoint.rollback()
    owner.tx.expire_all()


def _live(owner, steps):
    need = owner.need()
    owner.ask()
    tokens = {"me": owner.token(), "other": owner.token(owner.focal)}
    law = Law(owner.now, need.verify_by, owner.now, need.verify_by)
    for step in steps:
        _take(owner, need, tokens, law, step)
        for who, token in tokens.items():
            opened = open_link(owner.tx, owner.settings.secret_key, token, law.now)
            assert isinstance(opened, Link) is law.lives(who), (steps, step, who, opened)
            if not isinstance(opened, Link):
                assert opened in rules.GONE
                assert opened != rules.ALTERED


def _take(owner: Any, need: Any, tokens: dict[str, str], law: Law, step: str) -> None:
    kind, _space, what = step.partition(" ")
    speaker = owner.world.actor(owner.focal)
    if kind in {"answer", "other"}:
        who = "me" if kind == "answer" else "other"
        opened = open_link(owner.tx, owner.settings.secret_key, tokens[who], law.now)
        if isinstance(opened, Link):
            answer(owner.tx, opened, what, "", law.now)
            law.answered.add(who)
            law.verify_by = need.verify_by
            if what == "true":
                assert need.verify_by == law.now.date() + timedelta(days=180)
            else:
                assert need.verify_by == law.due, "only signing in does what a word cannot"
    elif kind == "days":
        law.now += timedelta(days=23)
    elif kind == "touch":
        # A delivery or a look moves the version and not what the owner has said.
        need.changed_at = law.now
    elif need.status in OPEN and kind in {"confirm", "withdraw"}:
        _by_signing_in(owner, need, law, speaker, kind)
    elif kind in {"demote", "restore", "leave"}:
        _staff(owner, law, speaker, kind)
    owner.tx.flush()


def _by_signing_in(owner: Any, need: Any, law: Law, speaker: Any, kind: str) -> None:
    if kind == "confirm":
        confirm_need(owner.tx, speaker, need, law.now)
    else:
        end_need(owner.tx, speaker, need, "withdrawn", "Found elsewhere.", law.now)
    law.verify_by, law.is_open = need.verify_by, need.status in OPEN


def _staff(owner: Any, law: Law, speaker: Any, kind: str) -> None:
    places: list[Membership] = owner.editor.memberships
    if not places:
        return
    if kind == "leave":
        end_place(owner.tx, speaker, places[0], law.now)
    else:
        set_role(owner.tx, speaker, places[0], "editor" if kind == "restore" else "member", law.now)
    law.is_here["me"] = kind == "restore"


def test_the_machine_can_fail(owner, monkeypatch):
    """A link that is not spent by its answer is found by the machine's own assertion."""
    monkeypatch.setattr("app.upkeep.asking.links.was_answered", lambda _tx, _asking: False)
    with pytest.raises(AssertionError):
        _live(owner, ["answer change"])
