"""What happened, told upwards: facts saved in the same transaction as the change, taken oldest first by the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Database, Tx, write_rows
from app.foundation.postgres import tell_workers

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = FIRST_WAIT * 2**MOST_ATTEMPTS
WOKEN = "workers are woken"


@dataclass(frozen=True)
class Fact:
    """Something that happened, in the past tense, with ids only."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = cls.__name__
        FACTS[cls.name] = cls


FACTS: dict[str, type[Fact]] = {}


class OutboxRow(Base):
    """A fact on its way to those who react; `done_at` is set when all have."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    fact: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    last_error: Mapped[str | None]

    def as_fact(self) -> Fact:
        """The fact that was told."""
        return FACTS[self.fact](**self.payload)


class Reaction(Base):
    """One reaction to one fact has been done; saved with the reaction's own writes, so that it happens once."""

    __tablename__ = "reactions"

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)


def tell(tx: Tx, fact: Fact, now: datetime) -> None:
    """Save a fact with the change that it speaks of, and wake a worker once that is committed."""
    tx.add(OutboxRow(fact=fact.name, payload=asdict(fact), created_at=now))
    _wake(tx)


def tell_all(tx: Tx, facts: Sequence[Fact], now: datetime) -> None:
    """Save very many facts, in this order and after those that were told before, as `tell` does one."""
    if facts:
        tx.flush()
        rows = [{"fact": fact.name, "payload": vars(fact), "created_at": now} for fact in facts]
        write_rows(tx, OutboxRow, rows)
        _wake(tx)


def _wake(tx: Tx) -> None:
    if not tx.info.get(WOKEN) and tx.get_bind().dialect.name == "postgresql":
        tx.info[WOKEN] = True
        tell_workers(tx.connection())


def waiting(tx: Tx, now: datetime, limit: int, *, take: bool = False) -> Sequence[OutboxRow]:
    """The oldest facts that somebody has still to react to, in the order in which they happened.

    With `take` they are this transaction's until it ends, and those that others have taken are passed over. Kinds of
    facts that only newer code tells of are left to newer code.
    """
    query = (
        select(OutboxRow)
        .where(
            OutboxRow.fact.in_(FACTS),
            OutboxRow.done_at.is_(None),
            OutboxRow.attempts < MOST_ATTEMPTS,
            # Nobody waits longer than the longest wait: what seems to was noted before the clock was put back.
            (OutboxRow.not_before.is_(None))
            | (OutboxRow.not_before <= now)
            | (OutboxRow.not_before > now + LONGEST_WAIT),
        )
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    # Not the whole row is locked: what is noted of a reaction, in a transaction of its own, points to it.
    return tx.scalars(query.with_for_update(skip_locked=True, key_share=True) if take else query).all()


@dataclass
class Taken:
    """Facts that one worker has taken, and what came of them: those whose reaction failed, and with what error."""

    rows: Sequence[OutboxRow]
    failed: dict[int, str] = field(default_factory=dict)
    is_cut_short: bool = False

    def settle(self, tx: Tx, now: datetime) -> None:
        """Note what came of them: done, or to be tried again; where it was cut short the rest waits."""
        for number, error in self.failed.items():
            mark_failed(tx, number, error, now)
        if not self.is_cut_short:
            mark_done(tx, [row.id for row in self.rows if row.id not in self.failed], now)


@contextmanager
def taking(database: Database, now: Callable[[], datetime], limit: int) -> Iterator[Taken]:
    """The oldest facts, for this worker alone; whatever is not settled when it dies is there for the next one.

    On PostgreSQL a transaction holds them meanwhile. SQLite knows one writer at a time and so has one worker.
    """
    if database.is_shared:
        with database.transaction() as tx:
            taken = Taken(waiting(tx, now(), limit, take=True))
            yield taken
            taken.settle(tx, now())
        return
    with database.reading() as tx:
        taken = Taken(list(waiting(tx, now(), limit)))
    yield taken
    if taken.rows:
        with database.transaction() as tx:
            taken.settle(tx, now())


def count_waiting(tx: Tx) -> int:
    """How many facts are not done yet, those that wait for a new attempt included."""
    query = select(func.count()).where(OutboxRow.done_at.is_(None), OutboxRow.attempts < MOST_ATTEMPTS)
    return tx.scalar(query) or 0


def count_given_up(tx: Tx) -> int:
    """How many facts failed so often that a person has to look."""
    query = select(func.count()).where(OutboxRow.done_at.is_(None), OutboxRow.attempts >= MOST_ATTEMPTS)
    return tx.scalar(query) or 0


def is_done(tx: Tx, outbox_id: int, reaction: str) -> bool:
    """Whether this reaction to this fact has been done."""
    return tx.get(Reaction, (outbox_id, reaction)) is not None


def mark_reaction(tx: Tx, outbox_id: int, reaction: str) -> None:
    """Note the reaction, in the transaction of its own writes."""
    tx.add(Reaction(outbox_id=outbox_id, name=reaction))


def mark_done(tx: Tx, outbox_ids: Sequence[int], now: datetime) -> None:
    """Every reaction to these facts has been done."""
    for row in tx.scalars(select(OutboxRow).where(OutboxRow.id.in_(outbox_ids))):
        row.done_at = now


def mark_failed(tx: Tx, outbox_id: int, error: str, now: datetime) -> None:
    """Try again later, each time after twice the wait."""
    row = tx.get_one(OutboxRow, outbox_id)
    row.attempts += 1
    row.last_error = error[:500]
    row.not_before = now + FIRST_WAIT * 2 ** (row.attempts - 1)
