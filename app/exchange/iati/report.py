"""What became of every activity of every file that was brought in, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from app.exchange.iati.activity import Activity, Problem, Severity
from app.foundation.messages import N_

_REFUSED, _WARNING = Severity.REFUSED, Severity.WARNING

MESSAGES: Final[dict[str, tuple[Severity, str]]] = {
    "unreadable": (_REFUSED, N_("The file cannot be opened or read (%(reason)s).")),
    "unread": (
        _WARNING,
        N_("About %(count)s activities after this place were not read. Mend the file and import it again."),
    ),
    "duplicate": (
        _REFUSED,
        N_(
            "The same identifier stands in %(first_file)s, line %(first_line)s, with other contents, which were kept; "
            "this one is in %(this_file)s, line %(this_line)s. Keep one of the two."
        ),
    ),
    "other_owner": (
        _REFUSED,
        N_(
            "The record with this identifier belongs to another organisation. "
            "Only that one or the secretariat may change it."
        ),
    ),
    "not_saved": (
        _REFUSED,
        N_("The database did not take this activity (%(reason)s). The others were kept."),
    ),
    "other_reporter": (
        _WARNING,
        N_(
            "The file is reported by “%(reporter)s”, not by the organisation that it is imported for, %(owner)s. "
            "Its activities were imported for the latter."
        ),
    ),
    "not_own": (
        _REFUSED,
        N_(
            "The activity is reported by “%(reporter)s”, and you import for %(owner)s. Have the people of its reporter "
            "import it, or the secretariat; if it is yours, write your IATI identifier into the details of your "
            "organisation."
        ),
    ),
    "other_language": (
        _WARNING,
        N_("The text is declared as “%(declared)s” and is written in “%(found)s”; it was kept as the latter."),
    ),
}
"""For every code of a problem that the import itself finds, how much is lost and the sentence that says so."""

# Codes of problems that lie before the first activity or outside any.
OUTSIDE_ACTIVITIES: Final = frozenset({"unreadable", "doctype", "not_iati", "unknown_encoding"})
ENDS_FILE: Final = OUTSIDE_ACTIVITIES | {"not_xml", "encoding", "too_large", "too_deep"}
ROOT: Final = "iati-activities"


def problem_of(code: str, activity: Activity, file: str, element: str = "iati-activity", **values: object) -> Problem:
    """One problem that the import found with an activity."""
    return problem_in(code, file, activity.line, element, activity.identifier, **values)


def problem_in(
    code: str, file: str, line: int | None, element: str, identifier: str | None = None, **values: object
) -> Problem:
    """One problem that the import found in a file, with its sentence from :data:`MESSAGES`."""
    severity, text = MESSAGES[code]
    told = {name: str(value) for name, value in values.items()}
    return Problem(file, line, element, code, text, identifier, severity, told)


@dataclass
class Counts:
    """How many activities were met, and what became of them; the last five add up to the first."""

    activities: int = 0
    new: int = 0
    held: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    def add(self, outcome: str) -> None:
        """Count one activity by what became of it."""
        self.activities += 1
        setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass
class FileReport:
    """One file: its name, what became of its activities, what was wrong, and whether it was read to its end."""

    name: str
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True

    def note(self, problem: Problem) -> None:
        """Keep a problem of the reader's or the importer's; a refused activity is counted with it."""
        self.problems.append(problem)
        if problem.severity is not Severity.REFUSED:
            return
        self.is_whole = self.is_whole and problem.code not in ENDS_FILE
        if problem.code not in OUTSIDE_ACTIVITIES and problem.element != ROOT:
            self.counts.add("refused")

    @property
    def succeeded(self) -> bool:
        """Read to its end, and not every activity in it refused."""
        return self.is_whole and not (self.counts.activities and self.counts.refused == self.counts.activities)


@dataclass
class Report:
    """A whole run, file by file; `organisation` is the reference of the one that it was for."""

    organisation: str
    files: list[FileReport] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        """Every file was read to its end and none was refused whole."""
        return all(file.succeeded for file in self.files)

    @property
    def counts(self) -> Counts:
        """The counts of all files together."""
        total = Counts()
        for file in self.files:
            for name, number in asdict(file.counts).items():
                setattr(total, name, getattr(total, name) + number)
        return total

    def as_json(self) -> dict[str, Any]:
        """The report as plain values; texts are in English."""
        return {
            "organisation": self.organisation,
            "succeeded": self.succeeded,
            "counts": asdict(self.counts),
            "files": [_file_json(file) for file in self.files],
        }


def _file_json(file: FileReport) -> dict[str, Any]:
    return {
        "name": file.name,
        "succeeded": file.succeeded,
        "counts": asdict(file.counts),
        "problems": [_problem_json(problem) for problem in file.problems],
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "element": problem.element,
        "code": problem.code,
        "text": problem.sentence,
        "identifier": problem.identifier,
        "severity": problem.severity.value,
    }


def summary(report: Report, details: str = "--report") -> str:
    """The report as the terminal shows it: what was refused and why, then a line that accounts for all.

    `details` is where the remarks can be read.
    """
    lines = [line for file in report.files for line in _refusals(file)]
    counts = report.counts
    others = sum(1 for file in report.files for problem in file.problems if problem.severity is not Severity.REFUSED)
    lines.append(
        f"{_many(len(report.files), 'file')}, {_many(counts.activities, 'activity', 'activities')}: {counts.new} new, "
        f"{f'{counts.held} held back until somebody answers, ' if counts.held else ''}"
        f"{counts.changed} changed, {counts.unchanged} unchanged, {counts.refused} refused."
    )
    if counts.activities and counts.unchanged == counts.activities:
        lines.append("Nothing has changed.")
    if others:
        lines.append(f"{_many(others, 'remark')} on values that were left out or should be looked at: see {details}.")
    failed = [file.name for file in report.files if not file.succeeded]
    if failed:
        lines.append(f"Not imported whole: {', '.join(failed)}.")
    return "\n".join(lines)


def _refusals(file: FileReport) -> Sequence[str]:
    return [
        f"{file.name}, line {problem.line or '-'}: {problem.identifier or problem.element}: {problem.sentence}"
        for problem in file.problems
        if problem.severity is Severity.REFUSED or problem.code == "unread"
    ]


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
