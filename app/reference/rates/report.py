"""What became of every rate of every file that was imported, for people and for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from app.reference.rates.reader import Fault

MOST_FAULTS = 20
"""So many faults of a file are told; with more than that it is another file altogether."""


@dataclass
class Counts:
    """How many days and rates were met, and what became of the rates; `left_out` counts cells that bring none."""

    days: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0


@dataclass
class FileReport:
    """One file: its name, what became of its rates, and what is wrong with it; with a fault nothing is kept."""

    name: str
    counts: Counts = field(default_factory=Counts)
    faults: list[Fault] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        """All of it was kept."""
        return not self.faults


@dataclass
class Report:
    """A whole run, file by file; `source` is who published the rates."""

    source: str
    files: list[FileReport] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        """Every file was kept."""
        return all(file.succeeded for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """The report as plain values; texts are in English."""
        return {
            "source": self.source,
            "succeeded": self.succeeded,
            "files": [
                {
                    "name": file.name,
                    "succeeded": file.succeeded,
                    "counts": asdict(file.counts),
                    "faults": [asdict(fault) for fault in file.faults],
                }
                for file in self.files
            ],
        }


def summary(report: Report) -> str:
    """The report as the terminal shows it: faults with their places, then a line for each file that was kept."""
    return "\n".join(line for file in report.files for line in _lines(file))


def _lines(file: FileReport) -> list[str]:
    if file.succeeded:
        counts = file.counts
        told = f"{_many(counts.new, 'rate')} new, {counts.changed} changed, {counts.unchanged} unchanged"
        left = f"{_many(counts.left_out, 'cell')} left out (no rate, or a parity that is fixed by law)"
        return [f"{file.name}: {_many(counts.days, 'day')}: {told}; {left}."]
    more = ["There may be more faults."] if len(file.faults) >= MOST_FAULTS else []
    return [*(_place(file.name, fault) for fault in file.faults), *more, f"{file.name}: nothing was kept."]


def _place(name: str, fault: Fault) -> str:
    line = f", line {fault.line}" if fault.line else ""
    column = f", column {fault.column}" if fault.column else ""
    return f"{name}{line}{column}: {fault.text}"


def _many(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
