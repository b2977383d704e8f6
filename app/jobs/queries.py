"""A person's own work, newest first; what waits for a program to take it; and who may have the file that came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, func, or_, select

from app.foundation.db import Tx
from app.foundation.filing.files import file_name
from app.foundation.filing.store import FileStore
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Actor, Permission, allowed
from app.jobs import rules
from app.jobs.models import Job
from app.jobs.service import FOLDER, places_of

SHOWN_AFTER_END = timedelta(days=1)
"""For so long what has ended is still shown on the desk."""
PAGE_SIZE = 20


def jobs_of(tx: Tx, reader: Actor, page: str | None) -> Page[Job]:
    """A page of a person's own work, newest first."""
    total = tx.scalar(select(func.count()).where(Job.account_id == reader.account_id)) or 0
    number = page_number(page, total, PAGE_SIZE)
    own = select(Job).where(Job.account_id == reader.account_id).order_by(Job.id.desc())
    return Page(list(tx.scalars(own.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))), number, total, PAGE_SIZE)


def find_job(tx: Tx, reader: Actor, ref: str) -> Job | None:
    """The work with this reference, for the person who started it; for everybody else there is none."""
    if reader.account_id is None:
        return None
    return tx.scalar(select(Job).where(Job.ref == ref, Job.account_id == reader.account_id))


def jobs_on_desk(tx: Tx, reader: Actor, now: datetime) -> list[Job]:
    """What waits, runs or has ended within the last day, newest first; ten at most."""
    recent = or_(Job.state.in_(rules.UNFINISHED), Job.ended_at > now - SHOWN_AFTER_END)
    own = select(Job).where(Job.account_id == reader.account_id, recent)
    return list(tx.scalars(own.order_by(Job.id.desc()).limit(10)))


def next_job(tx: Tx, wall: datetime) -> Job | None:
    """The oldest work that a program can take: it waits, or its program has given no sign for too long."""
    lost = and_(Job.state == rules.RUNNING, or_(Job.beat_at.is_(None), Job.beat_at < rules.lost_before(wall)))
    free = select(Job).where(or_(Job.state == rules.WAITING, lost))
    return tx.scalar(free.order_by(Job.id).limit(1))


def job_by_ref(tx: Tx, ref: str) -> Job | None:
    """The work with this reference, for the program that works on it."""
    return tx.scalar(select(Job).where(Job.ref == ref))


def may_have_file(reader: Actor, job: Job, now: datetime) -> bool:
    """Whether the person who started it may have its file now: with every right it was made with, and in time."""
    if not job.file_sha256 or job.ended_at is None or now >= rules.result_ends_at(job.ended_at):
        return False
    places = places_of(reader)
    still = frozenset(places["organisations"]), frozenset(places["verified"])
    asked = [Permission(name) for name in job.rights.get("permissions", ())]
    return rules.holds_rights(job.rights, *still) and all(allowed(reader, one, now) for one in asked)


def result_path(store: FileStore, job: Job) -> Path | None:
    """Where the file that came of it lies on this machine; None where it is gone."""
    return store.find(f"{FOLDER}/{file_name(job.file_sha256)}")
