"""What the database says of how the site is: one small question for each part, and nothing of anybody's records."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from app.foundation.audit.chain import AuditEvent, AuditHead
from app.foundation.db import Tx
from app.foundation.filing.files import Attachment
from app.foundation.filing.looking.sweeping import count_unscanned
from app.foundation.outbox import MOST_ATTEMPTS, OutboxRow, Reaction
from app.jobs import rules as job_rules
from app.jobs.models import Job
from app.notifications.models import Mail
from app.notifications.rules import MOST_ATTEMPTS as MOST_TRIES
from app.operation.measures import Facts, Files, Jobs, Mails, Measured

log = structlog.get_logger()
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
WITHHELD = "withheld:%"
"""So begins what stands on a mail that was kept back on purpose: nobody has to look at it."""
FAILED = re.compile(r"^(?P<reaction>[\w ]{1,40}): (?P<error>\w{1,60})\(")


def measure(tx: Tx, now: datetime, indexed: Collection[str]) -> Measured:
    """Everything; `indexed` names the facts of which the search index has to know."""
    unsigned, signed = sealed(tx)
    return Measured(facts_of(tx, indexed), mails_of(tx, now), jobs_of(tx, now), files_of(tx), unsigned, signed)


def facts_of(tx: Tx, indexed: Collection[str] = ()) -> Facts:
    """What happened and is not done; what was given up counts for the index, which really lacks it."""
    is_given_up = OutboxRow.attempts >= MOST_ATTEMPTS
    query = select(is_given_up, func.count(), func.min(OutboxRow.created_at)).where(OutboxRow.done_at.is_(None))
    rows = {bool(given_up): (count, oldest) for given_up, count, oldest in tx.execute(query.group_by(is_given_up))}
    waiting, oldest = rows.get(False, (0, None))
    given_up, _since = rows.get(True, (0, None))
    behind = unindexed_since(tx, indexed) if waiting or given_up else None
    return Facts(waiting, given_up, oldest, behind)


def unindexed_since(tx: Tx, indexed: Collection[str]) -> datetime | None:
    """When the oldest fact happened that the index does not know of."""
    done = and_(Reaction.outbox_id == OutboxRow.id, Reaction.name == "index")
    query = select(func.min(OutboxRow.created_at)).outerjoin(Reaction, done)
    return tx.scalar(
        query.where(OutboxRow.done_at.is_(None), OutboxRow.fact.in_(indexed), Reaction.outbox_id.is_(None))
    )


def mails_of(tx: Tx, now: datetime) -> Mails:
    """Mails that are to be sent, and those that could not be."""
    is_waiting = Mail.attempts < MOST_TRIES
    is_lost = and_(Mail.attempts >= MOST_TRIES, Mail.last_error.not_like(WITHHELD))
    columns = (
        func.count(case((is_waiting, 1))),
        func.min(case((is_waiting, Mail.created_at))),
        func.count(case((is_lost, 1))),
        func.count(case((and_(is_lost, Mail.created_at > now - A_WEEK), 1))),
    )
    waiting, oldest, lost, lately = tx.execute(select(*columns).where(Mail.sent_at.is_(None))).one()
    return Mails(waiting, oldest, lost, lately)


def jobs_of(tx: Tx, now: datetime) -> Jobs:
    """Work that waits or runs, or failed within the last day."""
    failed = and_(Job.state == job_rules.FAILED, Job.ended_at > now - A_DAY)
    query = select(Job.state, func.count()).where(or_(Job.state.in_(job_rules.UNFINISHED), failed))
    count = dict(tx.execute(query.group_by(Job.state)).all())
    return Jobs(*(count.get(state, 0) for state in (job_rules.WAITING, job_rules.RUNNING, job_rules.FAILED)))


def files_of(tx: Tx) -> Files:
    """Files that wait for the scanner, and those that were there before there was one."""
    query = select(func.count(), func.min(Attachment.uploaded_at)).where(Attachment.state == "waiting")
    count, oldest = tx.execute(query).one()
    return Files(count, oldest, count_unscanned(tx))


def sealed(tx: Tx) -> tuple[datetime | None, datetime | None]:
    """When the oldest event happened that no signature covers, and when something was last signed."""
    first = and_(AuditEvent.day == AuditHead.day, AuditEvent.sequence == AuditHead.signed_sequence + 1)
    oldest = select(func.min(AuditEvent.happened_at)).join(AuditHead, first)
    return tx.scalar(oldest), tx.scalar(select(func.max(AuditHead.signed_at)))


def newest_day(tx: Tx) -> date | None:
    """The day of the newest chain of events."""
    return tx.scalar(select(func.max(AuditHead.day)))


# --- what failed ---


@dataclass(frozen=True)
class Failure:
    """Facts of one kind that failed in one way: in which reaction, by which kind of error, how many, since when."""

    fact: str
    reaction: str
    error: str
    count: int
    since: datetime


def failures(tx: Tx, most: int = 20) -> list[Failure]:
    """What was given up, the most frequent first. The words of an error may be somebody's: its kind alone is told."""
    query = select(OutboxRow).where(OutboxRow.done_at.is_(None), OutboxRow.attempts >= MOST_ATTEMPTS)
    rows: Sequence[OutboxRow] = tx.scalars(query.order_by(OutboxRow.id).limit(1000)).all()
    kinds = Counter((row.fact, *_how(row.last_error)) for row in rows)
    since = {(row.fact, *_how(row.last_error)): row.created_at for row in reversed(rows)}
    return [Failure(*kind, count, since[kind]) for kind, count in kinds.most_common(most)]


def _how(said: str | None) -> tuple[str, str]:
    found = FAILED.match(said or "")
    return (found["reaction"], found["error"]) if found else ("?", "?")


def files_kept(tx: Tx, most: int) -> tuple[int, list[tuple[str, str]]]:
    """How many files there should be, and reference and hash of these, or of evenly chosen ones if they are more."""
    there = Attachment.state != "refused"
    total = tx.scalar(select(func.count()).where(there)) or 0
    query = select(Attachment.ref, Attachment.sha256).where(there).order_by(Attachment.id)
    if total > most:
        query = query.where(Attachment.id % -(-total // most) == 0).limit(most)
    return total, [(ref, digest) for ref, digest in tx.execute(query)]


# --- asked often ---


class Kept:
    """An answer that is kept for some seconds, so that whoever asks often does not have the database asked as often."""

    def __init__(self, ask: Callable[[], Measured], seconds: float, patience: float = 5.0) -> None:
        self._ask, self._seconds, self._patience = ask, seconds, patience
        self._lock = threading.Lock()
        self._answer: Measured | None = None
        self._until = 0.0

    def __call__(self) -> Measured | None:
        """What was measured, or nothing where the database does not answer."""
        if not self._lock.acquire(timeout=self._patience):
            # Somebody else waits for it already: were all who ask to wait, no thread would be left for pages.
            return None
        try:
            moment = time.monotonic()
            if moment >= self._until:
                self._answer = self._asked()
                self._until = time.monotonic() + self._seconds
            return self._answer
        finally:
            self._lock.release()

    def _asked(self) -> Measured | None:
        try:
            return self._ask()
        except (SQLAlchemyError, OSError) as error:
            log.warning("the database cannot be measured", error=type(error).__name__)
            return None
