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
from sqlalchemy.exc import SQLAlchemyError

from app.foundation import outbox
from app.foundation.db import Tx
from app.foundation.outbox import Fact, OutboxRow
from app.foundation.passing_faults import code_of, is_passing
from app.foundation.postgres import Waker
from app.foundation.web import Site

log = structlog.get_logger()
BATCH = 200
SHARED_BATCH = 50
"""Facts that are taken at a time: all that wait, or fewer where other workers may take some."""
PAUSE = 0.05
BETWEEN_LOOKS = LISTENS = 0.5
SHORT, LONG, TOO_LONG = 0.5, 2.0, 30.0
SHORTEST_REST, LONGEST_REST = 0.1, 5.0
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
    """React to the oldest waiting facts that no other worker has taken; how many there were.

    Told to stop, it ends after the part of a reaction that it is at: what is done stays noted, and the rest waits.
    """
    with outbox.taking(site.database, site.clock.now, batch) as taken:
        for name in reactions.handlers if taken.rows else ():
            concerned = [
                row for row in taken.rows if row.id not in taken.failed and name in reactions.wakes[type(row.as_fact())]
            ]
            taken.failed |= _react_in_parts(site, name, reactions.handlers[name], concerned, goes_on)
        taken.is_cut_short = not goes_on()
    return len(taken.rows)


def _react_in_parts(
    site: Site, name: str, handler: Handler, rows: list[OutboxRow], goes_on: Callable[[], bool]
) -> dict[int, str]:
    """Let one reaction take the facts in parts, each as large as it can be done in a second or two."""
    failed: dict[int, str] = {}
    size = FIRST_PART
    while rows and goes_on():
        began = time.monotonic()
        failed |= _react(site, name, handler, rows[:size])
        took = time.monotonic() - began
        if took > TOO_LONG:
            log.warning("a reaction takes long", reaction=name, facts=min(size, len(rows)), seconds=round(took, 1))
        rows = rows[size:]
        size = size * 4 if took < SHORT else max(1, size // 2) if took > LONG else size
    return failed


def _react(site: Site, name: str, handler: Handler, rows: list[OutboxRow]) -> dict[int, str]:
    """Let one reaction take the facts together, or one by one if that fails; those that failed, and with what."""
    todo = _not_done(site, name, rows)
    if not todo:
        return {}
    try:
        _run(site, name, handler, todo)
    except Exception as error:
        if len(todo) == 1:
            log.exception("reaction failed", reaction=name, fact=todo[0].fact, outbox=todo[0].id)
            return {todo[0].id: f"{name}: {error!r}"}
        failed: dict[int, str] = {}
        log.info("a reaction goes on fact by fact", reaction=name, facts=len(todo), code=code_of(error))
        for row in todo:
            failed |= _react(site, name, handler, [row])
        return failed
    return {}


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
    """Work until told to stop; when there is nothing to do, wait until a fact is told, or look again soon.

    What is to be done besides (mails, digests, seals) is looked at after each piece of work, and else twice a second,
    by one worker at a time: looking costs more than asking whether something waits.
    """
    waker = Waker(site.database.url) if site.database.is_shared else None
    looked_at, failures = 0.0, 0
    while goes_on():
        try:
            count = work_off(site, reactions, SHARED_BATCH if waker else BATCH, goes_on)
            moment = time.monotonic()
            if count or moment - looked_at >= BETWEEN_LOOKS:
                looked_at = moment
                _do_besides(site, reactions, goes_on)
        except (SQLAlchemyError, OSError) as error:
            count, failures = 0, failures + 1
            _wait_for_better_times(error, failures)
            continue
        failures = 0
        if not count and waker:
            waker.wait(LISTENS)
        elif not count:
            time.sleep(PAUSE)
    if waker:
        waker.close()


def _wait_for_better_times(error: Exception, failures: int) -> None:
    """A database that is gone and a disk that is full come back: what was begun is undone, and is done again then.

    Raises:
        Exception: the error, where it will not pass by itself; whoever looks after the worker starts it again.
    """
    if not is_passing(error):
        raise error
    log.warning("the worker waits for the database or the disk", code=code_of(error), times=failures)
    time.sleep(min(LONGEST_REST, SHORTEST_REST * 2.0 ** min(failures, 10)))


def _do_besides(site: Site, reactions: Reactions, goes_on: Callable[[], bool]) -> None:
    with site.database.working_alone() as is_alone:
        for task in reactions.idle if is_alone else ():
            if goes_on():
                began = time.monotonic()
                task(site)
                if (took := time.monotonic() - began) > TOO_LONG:
                    name = f"{task.__module__}.{getattr(task, '__qualname__', '')}"
                    log.warning("a side task takes long", task=name, seconds=round(took, 1))
