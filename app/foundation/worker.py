"""The worker takes what happened, oldest first, and lets each reaction do its part, exactly once.

A reaction first reads and computes, then writes; its writes and the note that it is done are one transaction. Killed
anywhere in between, the worker does that reaction again after the restart, and nothing is there twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import select

from app.foundation import outbox
from app.foundation.db import Tx
from app.foundation.outbox import Fact, OutboxRow
from app.foundation.web import Site

log = structlog.get_logger()
BATCH = 200
PAUSE = 0.05
BETWEEN_LOOKS = 0.5
SHORT, LONG = 0.5, 2.0
"""All in seconds."""
FIRST_PART = 20
"""So many facts one reaction takes at first; then more or fewer, as it takes a SHORT or a LONG time."""

Writer = Callable[[Tx], None]
Handler = Callable[[Site, Sequence[Fact]], Writer]


@dataclass(frozen=True)
class Reactions:
    """Which reactions each fact wakes, by name and in order, and what each reaction does."""

    wakes: Mapping[type[Fact], tuple[str, ...]]
    handlers: Mapping[str, Handler]
    idle: tuple[Callable[[Site], None], ...] = ()


def always() -> bool:
    """Nobody has told the worker to stop."""
    return True


def work_off(site: Site, reactions: Reactions, batch: int = BATCH, goes_on: Callable[[], bool] = always) -> int:
    """React to the oldest waiting facts; how many there were.

    Told to stop, it ends after the part of a reaction that it is at: what is done stays noted, and the rest waits.
    """
    with site.database.reading() as tx:
        rows = list(outbox.waiting(tx, site.clock.now(), batch))
    if not rows:
        return 0
    failed: set[int] = set()
    for name in reactions.handlers:
        concerned = [row for row in rows if row.id not in failed and name in reactions.wakes[type(row.as_fact())]]
        failed |= _react_in_parts(site, name, reactions.handlers[name], concerned, goes_on)
    done = [row.id for row in rows if row.id not in failed]
    if done and goes_on():
        with site.database.transaction() as tx:
            outbox.mark_done(tx, done, site.clock.now())
    return len(rows)


def _react_in_parts(
    site: Site, name: str, handler: Handler, rows: list[OutboxRow], goes_on: Callable[[], bool]
) -> set[int]:
    """Let one reaction take the facts in parts, each as large as it can be done in a second or two."""
    failed: set[int] = set()
    size = FIRST_PART
    while rows and goes_on():
        began = time.monotonic()
        failed |= _react(site, name, handler, rows[:size])
        rows, took = rows[size:], time.monotonic() - began
        size = size * 4 if took < SHORT else max(1, size // 2) if took > LONG else size
    return failed


def _react(site: Site, name: str, handler: Handler, rows: list[OutboxRow]) -> set[int]:
    """Let one reaction take the facts together, or one by one if that fails; the numbers of those that failed."""
    todo = _not_done(site, name, rows)
    if not todo:
        return set()
    try:
        _run(site, name, handler, todo)
    except Exception as error:
        if len(todo) == 1:
            log.exception("reaction failed", reaction=name, fact=todo[0].fact, outbox=todo[0].id)
            with site.database.transaction() as tx:
                outbox.mark_failed(tx, todo[0].id, f"{name}: {error!r}", site.clock.now())
            return {todo[0].id}
        return set().union(*(_react(site, name, handler, [row]) for row in todo))
    return set()


def _not_done(site: Site, name: str, rows: list[OutboxRow]) -> list[OutboxRow]:
    with site.database.reading() as tx:
        query = select(outbox.Reaction.outbox_id).where(
            outbox.Reaction.name == name, outbox.Reaction.outbox_id.in_([row.id for row in rows])
        )
        done = set(tx.scalars(query))
    return [row for row in rows if row.id not in done]


def _run(site: Site, name: str, handler: Handler, rows: list[OutboxRow]) -> None:
    write = handler(site, [row.as_fact() for row in rows])
    with site.database.transaction() as tx:
        write(tx)
        for row in rows:
            outbox.mark_reaction(tx, row.id, name)


def run(site: Site, reactions: Reactions, goes_on: Callable[[], bool]) -> None:
    """Work until told to stop, pausing a twentieth of a second when there is nothing to do.

    What is to be done besides (mails, digests, seals) is looked at after each piece of work, and else twice a second:
    looking costs more than asking whether something waits.
    """
    looked_at = 0.0
    while goes_on():
        count = work_off(site, reactions, goes_on=goes_on)
        moment = time.monotonic()
        if count or moment - looked_at >= BETWEEN_LOOKS:
            looked_at = moment
            for task in reactions.idle:
                if goes_on():
                    task(site)
        if not count:
            time.sleep(PAUSE)
