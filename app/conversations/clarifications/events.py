"""What happens to clarifications, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class ClarificationAsked(Fact):
    """A question waits for the owner of a record."""

    clarification_id: int


@dataclass(frozen=True)
class ClarificationAnswered(Fact):
    """The owner has answered; question and answer are seen with the record from now on."""

    clarification_id: int


@dataclass(frozen=True)
class ClarificationAmended(Fact):
    """The owner has put another answer in the place of one, which is kept; `number` is that of the new one."""

    clarification_id: int
    number: int


@dataclass(frozen=True)
class ClarificationDeclined(Fact):
    """The owner does not answer, and says why."""

    clarification_id: int


@dataclass(frozen=True)
class ClarificationWithdrawn(Fact):
    """Who asked takes a question back that was not answered."""

    clarification_id: int


@dataclass(frozen=True)
class ClarificationDue(Fact):
    """A question is to be answered within a working day, or should have been by now (`is_overdue`)."""

    clarification_id: int
    is_overdue: bool
