"""How long activity files take to be imported, and how much memory, beside bare lxml and bare SQL for the same rows.

`make bench-import` writes files of 10 and 100 MB (SIZES=10,100), the real activities again and again under new
identifiers, imports each into a new scratch database as the terminal does, and then reads the same file once with lxml
alone and puts the same rows of programmes and of their parts into another new database with SQLAlchemy Core, as many
in one transaction. Each part runs in a process of its own, so that its peak of memory is its own. Figures go to
standard output and, with BENCH_OUT, to <BENCH_OUT>/import.json.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from lxml import etree
from sqlalchemy import Table, insert, select

from app.config import Settings
from app.exchange.iati.importer import BATCH, import_files
from app.foundation.db import Database
from app.foundation.migrate import upgrade
from app.organisations.models import Organisation
from app.programmes.models import Programme
from app.reference import names
from app.tables import METADATA

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MEGABYTE = 1_000_000
OFFICE = "O-AAAA-AAAA"
PARTS = ("tags", "texts", "participants", "budgets", "transactions", "links")


def write_file(folder: Path, target: Path, size: int) -> int:
    """Real activities under new identifiers, with those of their relations, until the file has `size` bytes."""
    found = list(real_activities(folder))
    written = 0
    with target.open("wb") as stream:
        stream.write(b'<?xml version="1.0" encoding="utf-8"?>\n<iati-activities version="2.03">\n')
        for turn in count():
            for element in found:
                stream.write(renamed(element, turn))
                written += 1
                if stream.tell() >= size:
                    stream.write(b"</iati-activities>\n")
                    return written
    raise AssertionError


def real_activities(folder: Path) -> Iterator[etree._Element]:
    """The activities of all files, each with the version of its own; of an identifier the first."""
    met = set()
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(str(path), etree.XMLParser(huge_tree=True)).getroot()
        for element in root.iter("iati-activity"):
            identifier = (element.findtext("iati-identifier") or "").strip()
            if identifier and identifier not in met:
                met.add(identifier)
                element.set("version", str(element.get("version") or root.get("version", "2.03")))
                yield element


def renamed(element: etree._Element, turn: int) -> bytes:
    own = element.find("iati-identifier")
    assert own is not None
    kin = element.findall("related-activity")
    before = own.text, [one.get("ref", "") for one in kin]
    own.text = f"{(own.text or '').strip()}-{turn}"
    for one in kin:
        one.set("ref", f"{one.get('ref', '').strip()}-{turn}")
    text = etree.tostring(element)
    own.text = before[0]
    for one, ref in zip(kin, before[1], strict=True):
        one.set("ref", ref)
    return text


def new_database(url: str) -> Database:
    database = Database(url)
    upgrade(database)
    return database


def imported(url: str, source: str) -> dict[str, Any]:
    """The whole file imported for the reporters, without anybody being told or an index being written."""
    names.register()
    database = new_database(url)
    with database.transaction() as tx:
        tx.add(Organisation(ref=OFFICE, kind="secretariat", status="trusted", name="Office",
                            created_at=NOW, changed_at=NOW))  # fmt: skip
    before, began, busy = peak(), time.monotonic(), time.process_time()
    report = import_files(database, OFFICE, [Path(source)], NOW)
    spent = {"seconds": time.monotonic() - began, "processor": time.process_time() - busy}
    (counts,) = (one.counts for one in report.files)
    return {"counts": vars(counts), **spent, "peak": peak(), "before": before}


def bare(url: str, kept: str, source: str) -> dict[str, Any]:
    """The file read with lxml alone, and the rows that stand in the database `kept` put into another one."""
    database, before = new_database(url), peak()
    began, busy = time.monotonic(), time.process_time()
    for _event, element in etree.iterparse(source, tag="iati-activity"):
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    spent = {"seconds": time.monotonic() - began, "processor": time.process_time() - busy}
    with Database(kept).reading() as tx:
        _fill(database, [owners(tx)])
        for rows in lots(tx):
            began, busy = time.monotonic(), time.process_time()
            _fill(database, [rows])
            spent["seconds"] += time.monotonic() - began
            spent["processor"] += time.process_time() - busy
    return {**spent, "peak": peak(), "before": before}


def owners(tx: Any) -> dict[Table, list[dict[str, Any]]]:
    table = METADATA.tables["organisations"]
    return {table: [dict(row._mapping) for row in tx.execute(select(table))]}


def lots(tx: Any) -> Iterator[dict[Table, list[dict[str, Any]]]]:
    """The rows of so many programmes at a time as the importer keeps in one transaction."""
    programmes: Any = Programme.__table__
    parts = [Programme.__mapper__.relationships[name].mapper.local_table for name in PARTS]
    numbers = list(tx.scalars(select(Programme.id).order_by(Programme.id)))
    for start in range(0, len(numbers), BATCH):
        lot = numbers[start : start + BATCH]
        found = {programmes: _rows(tx, programmes, programmes.c.id, lot)}
        for part in parts:
            owner = part.c.get("programme_id", part.c.get("record_id"))
            found[part] = _rows(tx, part, owner, lot)
        yield found


def _rows(tx: Any, table: Any, owner: Any, lot: list[int]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in tx.execute(select(table).where(owner.in_(lot)))]


def _fill(database: Database, lots_of_rows: list[dict[Table, list[dict[str, Any]]]]) -> None:
    for lot in lots_of_rows:
        with database.transaction() as tx:
            for table, rows in lot.items():
                if rows:
                    tx.execute(insert(table), rows)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def alone(*words: str) -> dict[str, Any]:
    """One part in a process of its own."""
    done = subprocess.run([sys.executable, "-m", __spec__.name, *words], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(source: Path, size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file, one, two = Path(folder) / "all.xml", f"sqlite:///{folder}/a.sqlite", f"sqlite:///{folder}/b.sqlite"
        written = write_file(source, file, size * MEGABYTE)
        ours = alone("imported", one, str(file))
        yardstick = alone("bare", two, one, str(file))
    return {
        "megabytes": size, "activities": written, "ours": ours, "bare": yardstick,
        "per_second": written / ours["seconds"], "ratio": ours["seconds"] / yardstick["seconds"],
        "ratio_of_processor": ours["processor"] / yardstick["processor"],
    }  # fmt: skip


def main() -> int:
    parts: dict[str, Callable[..., dict[str, Any]]] = {"imported": imported, "bare": bare}
    if sys.argv[1:2] and sys.argv[1] in parts:
        print(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
        return 0
    source = Settings.from_environment().shared_dir / "iati"
    found = []
    for size in map(int, (sys.argv[1] if sys.argv[1:] else "10,100").split(",")):
        one = measured(source, size)
        found.append(one)
        print(
            f"{size} MB, {one['activities']:,} activities {one['ours']['counts']}: {one['ours']['seconds']:.1f} s, "
            f"{one['per_second']:.0f} a second, peak {one['ours']['peak']} MB ({one['ours']['before']} MB before); "
            f"bare {one['bare']['seconds']:.1f} s; ratio {one['ratio']:.2f}, of processor time "
            f"{one['ratio_of_processor']:.2f}",
            flush=True,
        )
    if out := os.environ.get("BENCH_OUT"):
        (Path(out) / "import.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
