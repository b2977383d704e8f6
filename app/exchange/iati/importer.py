"""Bringing activity files in: in batches, the same again changes nothing, and every activity is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.exchange.iati.activity import Activity, Problem
from app.exchange.iati.mapping import map_activity
from app.exchange.iati.owners import Importer, Owners, find_importer
from app.exchange.iati.reader import count_activities, read_activities
from app.exchange.iati.report import ROOT, FileReport, Report, problem_in, problem_of
from app.foundation.collector import collector_resting
from app.foundation.db import Database, Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import SYSTEM
from app.matching.guard.holding import note_held, published, shelf_of
from app.matching.guard.republished import Published, Shelf
from app.programmes.imports import ImportedProgramme
from app.programmes.keeping import Arrival, Saved, save_all
from app.programmes.models import Programme

BATCH = 50
"""Activities in one transaction: few enough that others need not wait for the database, enough to be quick."""

AT_ONCE = 10 * BATCH
"""Activities and problems, at most, between two looks for what can be thrown away."""

FOR_THE_SHELF = frozenset({"new", "held"})


@dataclass(frozen=True, slots=True)
class _Kept:
    organisation_id: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    line: int
    digest: bytes


@dataclass(frozen=True)
class Waiting:
    """An activity that says something new, and the programme that it makes."""

    activity: Activity
    programme: ImportedProgramme

    def published_by(self, owner: int) -> Published:
        """What is compared of it if that organisation publishes it; reckoned once."""
        if owner not in self._published:
            self._published[owner] = published(self.programme, owner)
        return self._published[owner]

    @cached_property
    def _published(self) -> dict[int, Published]:
        return {}


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
    run = Run(database, importer, kept, now, tick, shelf)
    return Report(importer.ref, [run.import_file(path, name) for path, name in named(paths)])


def count_all(paths: Sequence[Path]) -> int:
    """About how many activities the files hold together, for a progress bar; unreadable ones hold none."""
    return sum(_count(path) for path in paths)


def kept_programmes(tx: Tx) -> dict[str, _Kept]:
    """Owner and digest of every programme that has an IATI identifier."""
    columns = (Programme.iati_identifier, Programme.organisation_id, Programme.source_digest)
    query = select(*columns).where(visible_to(SYSTEM, Programme), Programme.iati_identifier.is_not(None))
    return {str(identifier): _Kept(owner, _brief(digest)) for identifier, owner, digest in tx.execute(query)}


def _brief(digest: str) -> bytes:
    """Half of a digest, which is enough to tell two apart; many are held at once."""
    return bytes.fromhex(digest)[:16]


class Run:
    """One call of the import over several files: what is kept already, and what it has met so far.

    Whoever needs to know more of each activity than the report says builds upon it (app.exchange.intake).
    """

    def __init__(
        self,
        database: Database,
        importer: Importer,
        kept: dict[str, _Kept],
        now: datetime,
        tick: Tick,
        shelf: Shelf | None,
    ) -> None:
        self.database = database
        self.importer = importer
        self.owners = Owners(importer)
        self._kept = kept
        self._met: dict[str, _Place] = {}
        self.now = now
        self.tick = tick
        self._shelf = shelf

    def import_file(self, path: Path, name: str) -> FileReport:
        """Import one file, which is called `name` in what is reported of it."""
        report = self.report_on(name)
        reporters: set[str] = set()
        found = _read(path, name)
        while some := list(islice(found, 1)):
            with collector_resting():
                self._take_in(chain(some, islice(found, AT_ONCE)), report, reporters)
        if not report.is_whole:
            _tell_unread(path, report)
        return report

    def _take_in(self, found: Iterable[Activity | Problem], report: FileReport, told: set[str]) -> None:
        """Deal with the first of these, until there is a batch to be saved."""
        waiting: list[Waiting] = []
        for each in found:
            if isinstance(each, Problem):
                report.note(each)
            elif self.accepts_reporter(each, report, told):
                waiting += self._new_or_changed(each, report)
            if len(waiting) >= BATCH:
                break
        self.save(waiting, report)

    def report_on(self, name: str) -> FileReport:
        """The report that one file gets."""
        return FileReport(name)

    def accepts_reporter(self, activity: Activity, report: FileReport, told: set[str]) -> bool:
        """Whether the activity may be imported whoever reports it; from the terminal it may, with a word of warning."""
        reporting = activity.reporting
        if self.importer.is_secretariat or reporting.ref in told or not self.importer.differs_from(reporting):
            return True
        told.add(reporting.ref)
        owner = self.importer.iati_identifier or self.importer.name
        who = {"reporter": reporting.ref or reporting.name, "owner": owner}
        report.note(problem_of("other_reporter", activity, report.name, "reporting-org", **who))
        return True

    def _new_or_changed(self, activity: Activity, report: FileReport) -> list[Waiting]:
        """The activity, if it has to be saved; whatever else becomes of it is in the report already."""
        mapped = map_activity(activity, report.name)
        for declared, found in mapped.corrected:
            report.note(problem_of("other_language", activity, report.name, "title", declared=declared, found=found))
        digest = _brief(mapped.programme.digest)
        first = self._met.setdefault(activity.identifier, _Place(report.name, activity.line, digest))
        kept = self._kept.get(activity.identifier)
        if first.digest != digest:
            report.note(_duplicate(activity, first, report.name))
        elif kept and not self._may_change(kept):
            report.note(problem_of("other_owner", activity, report.name, "iati-identifier"))
        elif (kept and kept.digest == digest) or first != _Place(report.name, activity.line, digest):
            self.leave_unchanged(activity, report)
        else:
            return [Waiting(activity, mapped.programme)]
        self.tick(1)
        return []

    def leave_unchanged(self, activity: Activity, report: FileReport) -> None:
        """The activity says nothing new."""
        del activity
        report.counts.add("unchanged")

    def _may_change(self, kept: _Kept) -> bool:
        return self.importer.is_secretariat or kept.organisation_id == self.importer.organisation_id

    def save(self, waiting: list[Waiting], report: FileReport) -> None:
        """Keep what says something new, and report what became of it."""
        if not waiting:
            return
        try:
            outcomes = self._save_together(waiting)
        except (SQLAlchemyError, ValueError, PermissionError):
            # One of them cannot be kept. Each gets a transaction of its own, so that only that one is lost.
            outcomes = [self._save_alone(each, report) for each in waiting]
        for outcome in filter(None, outcomes):
            report.counts.add(outcome)
        self.tick(len(waiting))

    def _save_together(self, waiting: list[Waiting]) -> list[str]:
        try:
            with self.database.transaction() as tx:
                owners = [self.owners.owner_of(tx, each.activity, self.now) for each in waiting]
                saved = self.save_all(tx, waiting, owners)
        except BaseException:
            self.owners.forget()
            raise
        self.owners.keep()
        for each, owner, one in zip(waiting, owners, saved, strict=True):
            self._kept[each.programme.iati_identifier] = _Kept(owner, _brief(each.programme.digest))
            if one.outcome in FOR_THE_SHELF and self._shelf:
                self._shelf.put(one.programme.id, each.published_by(owner))
        return [one.outcome for one in saved]

    def save_all(self, tx: Tx, waiting: list[Waiting], owners: list[int]) -> list[Saved]:
        """Keep activities, each for its owner: which programme each is, and whether new, held, changed or unchanged."""
        actor, same = self.importer.actor, self._same(waiting, owners)
        arrivals = [
            Arrival(owner, each.programme, bool(alike))
            for owner, each, alike in zip(owners, waiting, same, strict=True)
        ]
        saved = save_all(tx, actor, arrivals, self.now)
        for one, alike in zip(saved, same, strict=True):
            if one.outcome == "held":
                others = {number if number > 0 else saved[-number - 1].programme.id for number in alike}
                note_held(tx, actor, one.programme, others, self.now)
        return saved

    def _same(self, waiting: list[Waiting], owners: list[int]) -> list[Collection[int]]:
        """For each the programmes of others that say the same: their numbers, or -1 for the first of them."""
        if not self._shelf:
            return [() for _each in waiting]
        coming = [each.published_by(owner) for each, owner in zip(waiting, owners, strict=True)]
        found: list[Collection[int]] = []
        for place, mine in enumerate(coming, 1):
            found.append(self._shelf.same_as(mine))
            self._shelf.put(-place, mine)
        for place, mine in enumerate(coming, 1):
            self._shelf.take(-place, mine)
        return found

    def _save_alone(self, waiting: Waiting, report: FileReport) -> str:
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


def named(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Each file with what it is called in reports: its name alone, unless another one has the same."""
    names = [path.name for path in paths]
    return [(path, path.name if names.count(path.name) == 1 else str(path)) for path in paths]
