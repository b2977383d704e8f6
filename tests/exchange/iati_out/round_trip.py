"""All real files in, out, in again and out again: the two exports are alike, and what is not kept is counted.

`make iati-roundtrip` prints how it went and the account of every element of the sources, as docs/iati.md has it; it
ends with 1 where the two exports differ, a file is not valid, or a rule of the standard does not hold.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from app.exchange.iati.importer import import_files
from app.exchange.iati_out.activity import Frame
from app.exchange.iati_out.writing import GENERATED, Scope, write_activities
from app.foundation.db import Database
from app.foundation.migrate import upgrade
from app.organisations.models import Organisation
from app.reference import names
from tests.exchange.iati_out.account import account_of, table
from tests.exchange.iati_out.standard import SHARED, findings, schema_errors

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LISTS = "https://counterpart.example/open-data"
FRAME = Frame(NOW, LISTS)


@dataclass
class Trip:
    """The two exports, and what the importer said."""

    first: bytes
    second: bytes
    problems: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def is_alike(self) -> bool:
        """Whether they say the same."""
        return without_moment(self.first) == without_moment(self.second)


def files_of(folder: Path = SHARED / "iati") -> list[Path]:
    """Every real file."""
    return sorted(folder.glob("*.xml"))


def empty(database: Database) -> str:
    """Make the tables and the office; its reference."""
    upgrade(database)
    with database.transaction() as tx:
        office = Organisation(
            kind="secretariat",
            status="trusted",
            name="Secretariat",
            created_at=NOW,
            changed_at=NOW,
            email_domain="x.example",
            # Activities without a reporter go to the office, which has to go by the same name on both sites.
            iati_identifier="XI-COUNTERPART-OFFICE",
        )
        tx.add(office)
        tx.flush()
        return office.ref


def through(database: Database, paths: Sequence[Path], counted: Counter[str] | None = None) -> bytes:
    """Files in, everything out."""
    report = import_files(database, empty(database), paths, NOW, hold=False)
    if counted is not None:
        counted.update(problem.code for file in report.files for problem in file.problems)
    return export(database)


def export(database: Database) -> bytes:
    target = io.BytesIO()
    with database.reading() as tx:
        write_activities(tx, Scope(), target, FRAME)
    return target.getvalue()


def travel(first: Database, second: Database, paths: Sequence[Path], folder: Path) -> Trip:
    """In, out, in again, out again."""
    problems: Counter[str] = Counter()
    begin = time.monotonic()
    one = through(first, paths, problems)
    between = folder / "export.xml"
    between.write_bytes(one)
    middle = time.monotonic()
    two = through(second, [between])
    return Trip(one, two, problems, {"first": middle - begin, "second": time.monotonic() - middle})


def without_moment(file: bytes) -> bytes:
    """A file but for when it was written."""
    tree = etree.fromstring(file)
    tree.attrib.pop(GENERATED, None)
    return etree.tostring(tree)


def difference(trip: Trip) -> list[str]:
    """Which activities differ, for whoever looks for the reason."""
    one, two = (by_identifier(etree.fromstring(file)) for file in (trip.first, trip.second))
    return sorted(key for key in one.keys() | two.keys() if one.get(key) != two.get(key))


def by_identifier(tree: etree._Element) -> dict[str, bytes]:
    return {each.findtext("iati-identifier"): etree.tostring(each) for each in tree.iter("iati-activity")}


def scratch(folder: Path, name: str) -> Database:
    return Database(f"sqlite:///{folder}/{name}.sqlite")


def main(words: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=0, help="Only the first so many files.")
    chosen = parser.parse_args(words if words is None else list(words))
    names.register()
    paths = files_of()[: chosen.files or None]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trip = travel(scratch(folder, "one"), scratch(folder, "two"), paths, folder)
    tree = etree.fromstring(trip.first)
    broken, invalid = findings(tree, NOW.date()), schema_errors(tree)
    wrong = [each for each in broken if each.severity == "error"]
    print(f"{len(paths)} files, {sum(path.stat().st_size for path in paths):,} bytes in")
    print(f"{len(tree)} activities, {len(trip.first):,} bytes out; in and out {trip.seconds['first']:.0f} s,", end=" ")
    print(f"again {trip.seconds['second']:.0f} s; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    print(f"exports alike: {trip.is_alike} {difference(trip)[:20]}")
    print(f"schema errors: {len(invalid)} {invalid[:5]}")
    print(f"rules broken: {len(wrong)} {sorted(Counter(each.rule for each in wrong).items())} {wrong[:3]}")
    print(f"warnings: {sorted(Counter(each.rule for each in broken if each.severity != 'error').items())}")
    print()
    print(table(account_of(paths, tree)))
    return 0 if trip.is_alike and not invalid and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
