"""Starting, stopping and ending work, and what a program that works on it writes: that it lives, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, func, or_, select, update

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.filing.files import file_name
from app.foundation.filing.store import FileStore
from app.foundation.messages import Message
from app.foundation.permissions import SYSTEM, Actor, Permission, Refused, require
from app.jobs import rules
from app.jobs.models import Job

FOLDER = "jobs"
"""Within the folder of the site's data: results have a place of their own, so that they can go in time."""


@dataclass(frozen=True)
class Work:
    """What is to be done: a kind that somebody has registered, a title for people, and what its handler has to know.

    `permissions` are those without which nobody may start it, nor have the file that comes of it.
    """

    kind: str
    title: Message
    arguments: dict[str, Any]
    permissions: tuple[Permission, ...]


def start_job(tx: Tx, actor: Actor, work: Work, now: datetime) -> Job:
    """Let the site do something in the background, from now on; it begins within seconds where nothing else runs.

    Raises:
        Refused: the actor lacks one of the permissions, or is nobody. TooManyJobs: too much of theirs waits already.
    """
    for permission in work.permissions:
        require(actor, permission, now)
    if actor.account_id is None:
        raise Refused("job:start")
    waiting = select(func.count()).where(Job.account_id == actor.account_id, Job.state.in_(rules.UNFINISHED))
    if (tx.scalar(waiting) or 0) >= rules.MOST_UNFINISHED:
        raise rules.TooManyJobs(work.kind)
    job = Job(
        account_id=actor.account_id,
        kind=work.kind,
        title=work.title.as_json(),
        arguments=work.arguments,
        language=actor.language,
        rights={"permissions": [one.value for one in work.permissions], **places_of(actor)},
        state=rules.WAITING,
        created_at=now,
    )
    tx.add(job)
    record_event(tx, actor, "job.started", job, now, {"kind": work.kind})
    return job


def places_of(actor: Actor) -> dict[str, list[int]]:
    """The numbers of the organisations that somebody belongs to, and of those among them that are verified."""
    verified = sorted({m.organisation_id for m in actor.memberships if m.is_verified})
    return {"organisations": sorted(actor.organisation_ids), "verified": verified}


def stop_job(tx: Tx, actor: Actor, job: Job, now: datetime) -> None:
    """Stop work: what waits never begins, what runs ends at its next step; what is over stays as it is."""
    if actor.account_id != job.account_id:
        raise Refused("job:stop")
    if job.state == rules.WAITING:
        end_job(tx, job, rules.STOPPED, rules.WAS_STOPPED, now, actor)
    elif job.state == rules.RUNNING:
        job.wants_stop = True


# --- what the program that works on it writes ---


def claim_job(tx: Tx, ref: str, runner: str, wall: datetime, now: datetime) -> bool:
    """Take work that waits, or whose program is taken for dead; False where somebody else has it or it is over.

    `wall` is the hour of the real clock (UTC), by which signs of life are measured; `now` is the site's.
    """
    lost = (Job.state == rules.RUNNING) & or_(Job.beat_at.is_(None), Job.beat_at < rules.lost_before(wall))
    free = or_(Job.state == rules.WAITING, lost)
    taking = update(Job).where(Job.ref == ref, free, Job.tries < rules.MOST_TRIES)
    return _changes_one(
        tx,
        taking.values(
            state=rules.RUNNING, runner=runner, tries=Job.tries + 1, beat_at=wall, done=0, total=0,
            started_at=func.coalesce(Job.started_at, now),
        ),
    )  # fmt: skip


def beat(tx: Tx, ref: str, runner: str, done: int, total: int, wall: datetime) -> bool:
    """Say that the work goes on, and how far it is; False where it is not this program's any more, or is to stop."""
    own = update(Job).where(Job.ref == ref, Job.runner == runner, Job.state == rules.RUNNING)
    if not _changes_one(tx, own.values(beat_at=wall, done=done, total=total)):
        return False
    return not tx.scalar(select(Job.wants_stop).where(Job.ref == ref))


def hand_back(tx: Tx, ref: str, runner: str, *, counts: bool) -> bool:
    """Let work wait once more, since its program ended before it; with `counts` it was one of its tries."""
    own = update(Job).where(Job.ref == ref, Job.runner == runner, Job.state == rules.RUNNING)
    tries = Job.tries if counts else Job.tries - 1
    return _changes_one(tx, own.values(state=rules.WAITING, runner="", beat_at=None, tries=tries))


def give_up(tx: Tx, job: Job, now: datetime) -> None:
    """Work that broke off too often has failed, and its person is told so."""
    words = Message(rules.GIVEN_UP.text, {"tries": job.tries, "ref": job.ref})
    end_job(tx, job, rules.FAILED, words, now)


def end_job(tx: Tx, job: Job, state: str, words: Message, now: datetime, actor: Actor = SYSTEM) -> None:
    """Work has ended, and this is what came of it.

    Raises:
        MoveRefused: it was over already.
    """
    rules.check_move(job.state, state)
    job.state, job.outcome, job.ended_at, job.runner, job.wants_stop = state, words.as_json(), now, "", False
    record_event(tx, actor, "job.ended", job, now, {"kind": job.kind, "as": state})


def forget_results(tx: Tx, store: FileStore, now: datetime, wall: datetime) -> int:
    """Remove the files whose time is up, and those whose work is no longer known; how many files are gone.

    `wall` is the hour of the real clock (UTC): a file of the last hour may belong to work that is just ending.
    """
    old = update(Job).where(Job.file_sha256 != "", Job.ended_at <= now - rules.RESULT_KEPT)
    tx.execute(old.values(file_sha256=""))
    digests = tx.scalars(select(Job.file_sha256).where(Job.file_sha256 != ""))
    return store.forget(f"{FOLDER}/files", {f"{FOLDER}/{file_name(digest)}" for digest in digests}, wall, tx)


def _changes_one(tx: Tx, change: Any) -> bool:
    result = tx.execute(change.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return bool(result.rowcount == 1)
