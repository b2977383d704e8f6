"""When the site is well: what was measured, what is normal of it, and what somebody has to do where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from app.foundation.messages import Message, Named, msg
from app.operation.measures import Backup, Disk, Facts, Files, Index, Jobs, Mails, Measured

WELL, WARNING, WRONG = "well", "warning", "wrong"
STATES = (WELL, WARNING, WRONG)
"""From best to worst: nothing to do; somebody should look when there is time; somebody has to look now."""

Words: TypeAlias = Message | str
"""What is said of a part: a message where pages say it too, a plain English sentence where the terminal alone does."""

STUCK_AFTER = timedelta(minutes=5)
MAIL_LATE_AFTER = timedelta(hours=1)
UNSIGNED_AFTER = timedelta(minutes=30)
BACKUP_OLD_AFTER = timedelta(hours=48)
GIGABYTE = 10**9
LITTLE_SPACE = GIGABYTE
LITTLE_SHARE = 0.05
HARDLY_SPACE = GIGABYTE // 10


@dataclass(frozen=True)
class Finding:
    """How one part stands: its name for machines, one of STATES, what was seen, and what to do where it is not well."""

    name: str
    state: str
    seen: Words
    mend: Words = ""


def worst(findings: Iterable[Finding]) -> str:
    """The worst state of several, well where there are none."""
    return max((one.state for one in findings), key=STATES.index, default=WELL)


def age(since: datetime | None, now: datetime) -> float:
    """Seconds since then, nought for nothing and for what lies ahead."""
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0


def while_of(since: datetime | None, now: datetime) -> Named:
    """How long ago, as a value of a message; it is worded in the reader's language."""
    return Named("while", str(round(age(since, now))))


def size_of(count: int) -> Named:
    """Bytes, as a value of a message."""
    return Named("bytes", str(count))


def moment_of(at: datetime) -> Named:
    """A day and an hour in UTC, as a value of a message."""
    return Named("moment", at.isoformat())


def is_past(since: datetime | None, limit: timedelta, now: datetime) -> bool:
    """Whether something has waited for as long as that."""
    return since is not None and now - since >= limit


# --- the parts ---

NAMES: Mapping[str, Message] = {
    "facts": msg("Events on their way"),
    "given_up": msg("Events that failed"),
    "index": msg("Search index"),
    "mail": msg("Mail"),
    "jobs": msg("Work in the background"),
    "record": msg("Seal of the record"),
    "scanner": msg("Virus scanner"),
    "tables": msg("Database"),
    "disk": msg("Disk"),
    "backup": msg("Backup"),
}
"""The parts that the page shows, in its order."""

WORKER = msg(
    "The worker seems to stand still. Whoever runs the site starts it again; what waits is then done in its order, "
    "and nothing is lost."
)


def _waiting(count: int, oldest: datetime | None, now: datetime) -> Message:
    if not count:
        return msg("Nothing waits.")
    return msg("Waiting: %(count)s, the oldest for %(while)s.", count=count, **{"while": while_of(oldest, now)})


def judge_facts(facts: Facts, now: datetime) -> Finding:
    """Whether what happens is reacted to in time."""
    seen = _waiting(facts.waiting, facts.oldest, now)
    is_stuck = is_past(facts.oldest, STUCK_AFTER, now)
    return Finding("facts", WRONG if is_stuck else WELL, seen, WORKER if is_stuck else "")


def judge_given_up(facts: Facts) -> Finding:
    """Whether something failed so often that it is not tried any more."""
    if not facts.given_up:
        return Finding("given_up", WELL, msg("No event has failed for good."))
    return Finding(
        "given_up",
        WRONG,
        msg("Failed eight times and not tried any more: %(count)s.", count=facts.given_up),
        msg("Have the cause mended, which stands in the log of the worker, then let them be tried again on this page."),
    )


def judge_index(index: Index, facts: Facts, now: datetime) -> Finding:
    """Whether search can be answered from the index, and how far that is behind."""
    if not index.is_readable:
        return Finding(
            "index",
            WRONG,
            msg("It cannot be read. Searches are answered from the database, more slowly and less well."),
            msg(
                "A running worker builds it anew by itself. If this stands here for longer, whoever runs the site has "
                "it built: flask reindex."
            ),
        )
    if is_past(facts.unindexed, STUCK_AFTER, now):
        behind = {"while": while_of(facts.unindexed, now)}
        seen = msg("Records: %(count)s. It is behind by %(while)s.", count=index.records, **behind)
        mend = msg("It follows the events on their way: once those move again, so does it.")
        return Finding("index", WARNING, seen, mend)
    return Finding("index", WELL, msg("Records that can be found: %(count)s.", count=index.records))


def judge_mail(mails: Mails, now: datetime) -> Finding:
    """Whether mail leaves."""
    if is_past(mails.oldest, MAIL_LATE_AFTER, now):
        mend = msg(
            "The mail server cannot be reached, or takes nothing. Whoever runs the site looks at it; mails wait and "
            "are all sent once."
        )
        seen = _waiting(mails.waiting, mails.oldest, now)
        return Finding("mail", WARNING, seen, mend)
    if mails.given_up_lately:
        seen = msg("Could not be sent within the last week: %(count)s.", count=mails.given_up_lately)
        mend = msg(
            "The mail server refuses them one by one; why stands in table mails. The news in them stands on the site "
            "in any case."
        )
        return Finding("mail", WARNING, seen, mend)
    return Finding("mail", WELL, _waiting(mails.waiting, mails.oldest, now))


def judge_jobs(jobs: Jobs) -> Finding:
    """Whether work in the background comes to its end."""
    if jobs.failed:
        seen = msg("Failed within the last day: %(count)s.", count=jobs.failed)
        return Finding(
            "jobs", WARNING, seen, msg("Whoever started it was told, with a reference that stands in the log.")
        )
    seen = msg("Running: %(running)s. Waiting: %(waiting)s.", running=jobs.running, waiting=jobs.waiting)
    return Finding("jobs", WELL, seen)


def judge_record(measured: Measured, now: datetime) -> Finding:
    """Whether the record of events is signed as it grows."""
    if is_past(measured.unsigned, UNSIGNED_AFTER, now):
        seen = msg("Events have been unsigned for %(while)s.", **{"while": while_of(measured.unsigned, now)})
        mend = msg("The worker seals it every ten minutes: whoever runs the site looks whether it is running.")
        return Finding("record", WARNING, seen, mend)
    if measured.signed is None:
        return Finding("record", WELL, msg("Nothing was to be sealed yet."))
    return Finding("record", WELL, msg("Last sealed on %(moment)s.", moment=moment_of(measured.signed)))


def judge_scanner(files: Files, now: datetime, *, is_set: bool) -> Finding:
    """Whether files that were sent are looked at."""
    if is_past(files.oldest, STUCK_AFTER, now):
        seen = _waiting(files.waiting, files.oldest, now)
        mend = msg("The scanner does not answer. Until it does, nobody but their senders sees these files.")
        return Finding("scanner", WARNING, seen, mend)
    if not is_set:
        return Finding("scanner", WELL, msg("None is set up; files are given out at once."))
    if files.unscanned:
        seen = msg("Sent before there was a scanner, and not looked at yet: %(count)s.", count=files.unscanned)
        mend = msg(
            "They can be had meanwhile. The worker has them scanned one after the other; whoever runs the site has "
            "all of them scanned at once: flask scan-files."
        )
        return Finding("scanner", WARNING, seen, mend)
    return Finding("scanner", WELL, _waiting(files.waiting, files.oldest, now))


def judge_disk(disk: Disk | None) -> Finding:
    """Whether there is room."""
    if disk is None:
        return Finding("disk", WARNING, msg("It cannot be looked at."), msg("Is the data directory there?"))
    seen = msg("%(free)s free of %(size)s.", free=size_of(disk.free), size=size_of(disk.size))
    if disk.free >= LITTLE_SPACE and disk.free >= LITTLE_SHARE * disk.size:
        return Finding("disk", WELL, seen)
    mend = msg("Make room, or give the site a larger disk: once it is full nothing can be saved any more.")
    return Finding("disk", WRONG if disk.free < HARDLY_SPACE else WARNING, seen, mend)


def judge_backup(backup: Backup, now: datetime, *, production: bool) -> Finding:
    """Whether there is a backup, and a fresh one."""
    mend = msg("Whoever runs the site makes one each day, and tries from time to time that it can be restored.")
    if not backup.is_readable:
        return Finding("backup", WARNING, msg("The note of the last one cannot be read."), mend)
    if backup.at is None:
        return Finding("backup", WARNING if production else WELL, msg("None is known of."), mend if production else "")
    seen = msg("The last one was made on %(moment)s.", moment=moment_of(backup.at))
    is_old = is_past(backup.at, BACKUP_OLD_AFTER, now)
    return Finding("backup", WARNING if is_old else WELL, seen, mend if is_old else "")


def judge_tables(engine: str, revision: str | None, newest: str | None) -> Finding:
    """Whether the tables are those of this version of the site."""
    if revision is not None and revision == newest:
        seen = msg("%(engine)s, tables of revision %(revision)s.", engine=engine, revision=revision)
        return Finding("tables", WELL, seen)
    seen = msg("%(engine)s, without tables.", engine=engine)
    if revision is not None:
        values = {"engine": engine, "revision": revision, "newest": str(newest)}
        seen = msg("%(engine)s, tables of revision %(revision)s; this version needs %(newest)s.", **values)
    return Finding("tables", WRONG, seen, msg("Whoever runs the site brings them up to date: flask migrate."))


def overall(findings: Iterable[Finding]) -> Message:
    """One sentence on all of it."""
    concerned = [one for one in findings if one.state != WELL]
    if not concerned:
        return msg("Everything is well.")
    if worst(concerned) == WARNING:
        return msg("The site works. Somebody should look at what is marked below.")
    return msg("Something is wrong. Somebody has to look at it now.")
