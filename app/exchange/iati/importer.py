"""Bringing activity files in: in batches, the same again changes nothing, and every activity is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.exchange.iati.activity import Activity, Problem
from app.exchange.iati.mapping import map_activity
from app.exchange.iati.owners import Importer, Owners, find_importer
from app.exchange.iati.reader import count_activities, read_activities
from app.exchange.iati.report import ROOT, FileReport, Report, problem_in, problem_of
from app.foundation.db import Database, Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import SYSTEM
from app.matching.guard.holding import note_held, published, shelf_of
from app.matching.guard.republished import Shelf
from app.programmes.imports import ImportedProgramme, find_imported, save_imported
from app.programmes.models import Programme

BATCH = 50
"""Activities in one transaction: few enough that others need not wait for the database, enough to be quick."""


@dataclass(frozen=True)
class _Kept:
    organisation_id: int
    digest: str


@dataclass(frozen=True)
class _Place:
    file: str
    line: int
    digest: str


@dataclass(frozen=True)
class _Waiting:
    activity: Activity
    programme: ImportedProgramme


Tick = Callable[[int], None]


def import_files(
    database: Database,
    organisation_ref: str,
    paths: Sequence[Path],
    now: datetime,
    tick: Tick = lambda _activities: None,
    *,
    hold: bool = True,
) -> Report:
    """Import activity files for an organisation; `tick` is told of every so many activities that were dealt with.

    With `hold` a new activity that another organisation has published word for word waits for an answer. A file that
    cannot be read, or not to its end, is reported and the others are imported nevertheless.

    Raises:
        ImportRefused: there is no such organisation, or it may not publish programmes.
    """
    with database.reading() as tx:
        importer = find_importer(tx, organisation_ref, now)
        kept = kept_programmes(tx)
        shelf = shelf_of(tx) if hold else None
    run = _Run(database, importer, kept, now, tick, shelf)
    return Report(importer.ref, [run.import_file(path, name) for path, name in _named(paths)])


def count_all(paths: Sequence[Path]) -> int:
    """About how many activities the files hold together, for a progress bar; unreadable ones hold none."""
    return sum(_count(path) for path in paths)


def kept_programmes(tx: Tx) -> dict[str, _Kept]:
    """Owner and digest of every programme that has an IATI identifier."""
    columns = (Programme.iati_identifier, Programme.organisation_id, Programme.source_digest)
    query = select(*columns).where(visible_to(SYSTEM, Programme), Programme.iati_identifier.is_not(None))
    return {str(identifier): _Kept(owner, digest) for identifier, owner, digest in tx.execute(query)}


class _Run:
    """One call of the import over several files: what is kept already, and what it has met so far."""

    def __init__(
        self,
        database: Database,
        importer: Importer,
        kept: dict[str, _Kept],
        now: datetime,
        tick: Tick,
        shelf: Shelf | None,
    ) -> None:
        self._database = database
        self._importer = importer
        self._owners = Owners(importer)
        self._kept = kept
        self._met: dict[str, _Place] = {}
        self._now = now
        self._tick = tick
        self._shelf = shelf

    def import_file(self, path: Path, name: str) -> FileReport:
        report = FileReport(name)
        reporters: set[str] = set()
        waiting: list[_Waiting] = []
        for found in _read(path, name):
            if isinstance(found, Problem):
                report.note(found)
                continue
            self._check_reporter(found, report, reporters)
            waiting += self._new_or_changed(found, report)
            if len(waiting) >= BATCH:
                self._save(waiting, report)
                waiting = []
        self._save(waiting, report)
        if not report.is_whole:
            _tell_unread(path, report)
        return report

    def _check_reporter(self, activity: Activity, report: FileReport, told: set[str]) -> None:
        reporting = activity.reporting
        if self._importer.is_secretariat or reporting.ref in told or not self._importer.differs_from(reporting):
            return
        told.add(reporting.ref)
        owner = self._importer.iati_identifier or self._importer.name
        who = {"reporter": reporting.ref or reporting.name, "owner": owner}
        report.note(problem_of("other_reporter", activity, report.name, "reporting-org", **who))

    def _new_or_changed(self, activity: Activity, report: FileReport) -> list[_Waiting]:
        """The activity, if it has to be saved; whatever else becomes of it is in the report already."""
        mapped = map_activity(activity, report.name)
        for declared, found in mapped.corrected:
            report.note(problem_of("other_language", activity, report.name, "title", declared=declared, found=found))
        digest = mapped.programme.digest
        first = self._met.setdefault(activity.identifier, _Place(report.name, activity.line, digest))
        kept = self._kept.get(activity.identifier)
        if first.digest != digest:
            report.note(_duplicate(activity, first, report.name))
        elif kept and not self._may_change(kept):
            report.note(problem_of("other_owner", activity, report.name, "iati-identifier"))
        elif (kept and kept.digest == digest) or first != _Place(report.name, activity.line, digest):
            report.counts.add("unchanged")
        else:
            return [_Waiting(activity, mapped.programme)]
        self._tick(1)
        return []

    def _may_change(self, kept: _Kept) -> bool:
        return self._importer.is_secretariat or kept.organisation_id == self._importer.organisation_id

    def _save(self, waiting: list[_Waiting], report: FileReport) -> None:
        if not waiting:
            return
        try:
            outcomes = self._save_together(waiting)
        except (SQLAlchemyError, ValueError, PermissionError):
            # One of them cannot be kept. Each gets a transaction of its own, so that only that one is lost.
            outcomes = [self._save_alone(each, report) for each in waiting]
        for outcome in filter(None, outcomes):
            report.counts.add(outcome)
        self._tick(len(waiting))

    def _save_together(self, waiting: list[_Waiting]) -> list[str]:
        try:
            with self._database.transaction() as tx:
                saved = [self._save_one(tx, each) for each in waiting]
        except BaseException:
            self._owners.forget()
            raise
        self._owners.keep()
        for each, (owner, _outcome) in zip(waiting, saved, strict=True):
            self._kept[each.programme.iati_identifier] = _Kept(owner, each.programme.digest)
        return [outcome for _owner, outcome in saved]

    def _save_one(self, tx: Tx, waiting: _Waiting) -> tuple[int, str]:
        owner = self._owners.owner_of(tx, waiting.activity, self._now)
        mine, actor = published(waiting.programme, owner), self._importer.actor
        same = self._shelf.same_as(mine) if self._shelf else ()
        outcome = save_imported(tx, actor, owner, waiting.programme, self._now, hold=bool(same))
        if outcome in {"new", "held"} and self._shelf:
            programme = find_imported(tx, waiting.programme.iati_identifier)
            self._shelf.put(programme.id, mine)
            if outcome == "held":
                note_held(tx, actor, programme, same, self._now)
        return owner, outcome

    def _save_alone(self, waiting: _Waiting, report: FileReport) -> str:
        try:
            return self._save_together([waiting])[0]
        except (SQLAlchemyError, ValueError, PermissionError) as error:
            reason = type(error).__name__
            report.note(problem_of("not_saved", waiting.activity, report.name, reason=reason))
            return ""


def _read(path: Path, name: str) -> Iterator[Activity | Problem]:
    try:
        yield from read_activities(path, name=name)
    except OSError as error:
        yield problem_in("unreadable", name, None, ROOT, reason=error.strerror or type(error).__name__)


def _duplicate(activity: Activity, first: _Place, file: str) -> Problem:
    places = {"first_file": first.file, "first_line": first.line, "this_file": file, "this_line": activity.line}
    return problem_of("duplicate", activity, file, "iati-identifier", **places)


def _tell_unread(path: Path, report: FileReport) -> None:
    unread = _count(path) - report.counts.activities
    if unread > 0:
        last = report.problems[-1].line if report.problems else None
        report.note(problem_in("unread", report.name, last, ROOT, count=unread))


def _count(path: Path) -> int:
    try:
        return count_activities(path)
    except OSError:
        return 0


def _named(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    # A file is called by its name alone, unless another one has the same.
    names = [path.name for path in paths]
    return [(path, path.name if names.count(path.name) == 1 else str(path)) for path in paths]
