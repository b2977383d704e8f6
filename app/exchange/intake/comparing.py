"""Reading the files of an import and comparing them with what is kept, before anything of it is saved.

Nothing of a file stays in memory: what is found is written down every so many activities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import selectinload

from app.exchange.iati.activity import Activity, Party, Problem, Severity
from app.exchange.iati.importer import BATCH, Run, Tick, Waiting, kept_programmes
from app.exchange.iati.owners import Importer
from app.exchange.iati.report import FileReport, problem_of
from app.exchange.intake import rules
from app.exchange.intake.models import ImportParty, ImportProblem, ImportRow
from app.foundation.db import Database, Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import SYSTEM
from app.organisations.queries import namesakes, organisation_with_identifier
from app.organisations.rules import flat
from app.programmes.models import Programme
from app.programmes.restoring import said_by, whole_of

MOST_PROBLEMS = 50_000
"""So many problems of one import are written down; of a file that is wrong throughout nobody reads more."""


@dataclass
class NotedReport(FileReport):
    """A report whose problems are written down elsewhere: of them the last alone stays."""

    waiting: list[Problem] = field(default_factory=list)

    def note(self, problem: Problem) -> None:
        """Count it, and have it written down with the next activities."""
        super().note(problem)
        self.problems = self.problems[-1:]
        self.waiting.append(problem)


class Comparison(Run):
    """One reading of the files of an import: every activity becomes a row, every problem another one."""

    def __init__(self, database: Database, importer: Importer, import_id: int, now: datetime, tick: Tick) -> None:
        with database.reading() as tx:
            kept = kept_programmes(tx)
        super().__init__(database, importer, kept, now, tick, None)
        self._import_id = import_id
        self._rows: list[dict[str, Any]] = []
        self._problems = 0
        self._parties: set[tuple[str, str]] = set()
        self._new_parties: list[Party] = []

    def report_on(self, name: str) -> FileReport:
        """A report that keeps no more than a person could look at."""
        return NotedReport(name)

    def accepts_reporter(self, activity: Activity, report: FileReport, told: set[str]) -> bool:
        """By page an organisation imports what it reports itself; for the secretariat every reporter is noted."""
        reporting = activity.reporting
        if self.importer.is_secretariat:
            self._meet(reporting)
            return True
        if not self.importer.differs_from(reporting):
            return True
        told.add(reporting.ref)
        owner = self.importer.iati_identifier or self.importer.name
        who = {"reporter": reporting.ref or reporting.name, "owner": owner}
        report.note(problem_of("not_own", activity, report.name, "reporting-org", **who))
        self.tick(1)
        return False

    def leave_unchanged(self, activity: Activity, report: FileReport) -> None:
        """A row that says so."""
        super().leave_unchanged(activity, report)
        self._rows.append(self._row(activity, report.name, rules.UNCHANGED))
        if len(self._rows) >= BATCH:
            self._write(report)

    def save(self, waiting: list[Waiting], report: FileReport) -> None:
        """Nothing is saved: what each activity would change is written down."""
        with self.database.reading() as tx:
            kept = programmes_under(tx, [each.activity.identifier for each in waiting])
            for each in waiting:
                programme = kept.get(each.activity.identifier)
                is_new = programme is None or programme.is_withdrawn
                outcome = rules.NEW if is_new else rules.CHANGED
                changes = {} if programme is None else differences(whole_of(programme), said_by(each.programme))
                row = self._row(each.activity, report.name, outcome)
                self._rows.append(row | {"changes": changes, "title": each.programme.title,
                                         "language": each.programme.language})  # fmt: skip
                report.counts.add(outcome)
        self._write(report)
        self.tick(len(waiting))

    def finish(self, report: NotedReport) -> None:
        """Write down what was found after the last activity of a file."""
        self._write(report)

    def _meet(self, reporting: Party) -> None:
        key = (reporting.ref, flat(reporting.name))
        if reporting.name and key not in self._parties:
            self._parties.add(key)
            self._new_parties.append(reporting)

    def _row(self, activity: Activity, file: str, outcome: str) -> dict[str, Any]:
        title = next(iter(activity.titles.values()), "")
        return {
            "import_id": self._import_id, "file": file, "line": activity.line, "identifier": activity.identifier,
            "title": title, "language": activity.language or "", "outcome": outcome, "changes": {}, "saved": "",
            "before": {}, "undone": "",
        }  # fmt: skip

    def _write(self, report: FileReport) -> None:
        assert isinstance(report, NotedReport)
        problems, report.waiting = report.waiting, []
        refused = [self._refused(one) for one in problems if _refuses_activity(one)]
        told = problems[: max(0, MOST_PROBLEMS - self._problems)]
        self._problems += len(told)
        rows, self._rows = [*self._rows, *refused], []
        parties, self._new_parties = self._new_parties, []
        with self.database.transaction() as tx:
            if rows:
                tx.execute(insert(ImportRow), rows)
            if told:
                tx.execute(insert(ImportProblem), [self._problem(one) for one in told])
            for party in parties:
                tx.add(party_of(tx, self._import_id, party))

    def _refused(self, problem: Problem) -> dict[str, Any]:
        return {
            "import_id": self._import_id, "file": problem.file, "line": problem.line or 0,
            "identifier": problem.identifier or "", "title": "", "language": "", "outcome": rules.LEFT_OUT,
            "changes": {}, "saved": "", "before": {}, "undone": "",
        }  # fmt: skip

    def _problem(self, problem: Problem) -> dict[str, Any]:
        return {
            "import_id": self._import_id, "file": problem.file, "line": problem.line, "element": problem.element,
            "code": problem.code, "severity": problem.severity.value, "identifier": problem.identifier or "",
            "said": {"text": problem.text, "values": problem.values},
        }  # fmt: skip


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Old and new of every field that a source says otherwise; fields that sources do not speak of are left out."""
    facets = {facet for facet, _value, _share in after["tags"]}
    changes = {}
    for name, new in after.items():
        old = before[name]
        if name == "tags":
            spoken_of = facets | {"country", "sector", "region", "theme", "marker", "grouping"}
            old = sorted(tag for tag in old if tag[0] in spoken_of)
        elif isinstance(new, list):
            columns = new[0].keys() if new else {}
            old = [{column: row[column] for column in columns or row} for row in old]
            if _sorted(old) == _sorted(new):
                continue
        if old != new:
            changes[name] = [old, new]
    return changes


def party_of(tx: Tx, import_id: int, party: Party) -> ImportParty:
    """A reporter, with the organisation that its identifier or, for a person to confirm, its name speaks for."""
    known = organisation_with_identifier(tx, party.ref)
    alike = None if known else next(iter(namesakes(tx, party.name)), None)
    found = known or alike
    return ImportParty(
        import_id=import_id, identifier=party.ref, name=party.name, flat_name=flat(party.name),
        organisation_id=found.id if found else None, by_name=alike is not None,
    )  # fmt: skip


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _refuses_activity(problem: Problem) -> bool:
    return problem.severity is Severity.REFUSED and problem.element != "iati-activities"


def programmes_under(tx: Tx, identifiers: list[str]) -> dict[str, Programme]:
    """The programmes that are kept under these identifiers, with all of their parts."""
    query = select(Programme).where(visible_to(SYSTEM, Programme), Programme.iati_identifier.in_(identifiers))
    parts = (Programme.texts, Programme.participants, Programme.budgets, Programme.transactions, Programme.links)
    found = tx.scalars(query.options(*(selectinload(part) for part in parts)))
    return {str(programme.iati_identifier): programme for programme in found}
