"""How long everything takes to be written, and how much memory, beside the same tree written with bare lxml.

`make bench-export` fills a scratch database with programmes (SIZES=1000,10000), each with texts in two languages,
budgets and transactions, writes the whole file, then reads that file once and writes its activities again with
lxml alone. Each part runs in a process of its own, so that its peak of memory is its own. Figures go to standard
output and, with BENCH_OUT, to <BENCH_OUT>/iati_out.json.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from app.exchange.iati_out.activity import Frame
from app.exchange.iati_out.elements import VERSION
from app.exchange.iati_out.writing import Scope, write_activities
from app.foundation.db import Database
from app.foundation.migrate import upgrade
from app.organisations.models import Organisation
from app.programmes.models import (
    Programme,
    ProgrammeBudget,
    ProgrammeParticipant,
    ProgrammeTag,
    ProgrammeText,
    ProgrammeTransaction,
)
from app.reference import names

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FRAME = Frame(NOW, "https://counterpart.example/open-data")
LOT = 500


def fill(database: Database, size: int) -> None:
    upgrade(database)
    with database.transaction() as tx:
        donor = Organisation(kind="donor", status="trusted", name="Northland", created_at=NOW, changed_at=NOW)
        tx.add(donor)
        tx.flush()
        owner = donor.id
    for start in range(0, size, LOT):
        with database.transaction() as tx:
            tx.add_all(programme(owner, number) for number in range(start, min(start + LOT, size)))


def programme(owner: int, number: int) -> Programme:
    text = "Courses and mentoring for investigators, prosecutors and judges. " * 12
    days = {"planned_start": date(2025, 1, 1), "planned_end": date(2027, 12, 31)}
    made = Programme(
        organisation_id=owner, iati_identifier=f"XX-1-{number}", source="iati", language="en",
        title=f"Programme {number}",
        description=text, disclosure="public", is_published=True, created_at=NOW, changed_at=NOW, posted_at=NOW, **days,
    )  # fmt: skip
    made.tags = [
        ProgrammeTag(facet="country", value="GH", share=Decimal(60)),
        ProgrammeTag(facet="country", value="SN", share=Decimal(40)),
        ProgrammeTag(facet="sector", value="1:15134", share=Decimal(100)), ProgrammeTag(facet="theme", value="prisons"),
    ]  # fmt: skip
    made.texts = [ProgrammeText(language=code, title=f"{code} {number}", description=text) for code in ("en", "fr")]
    made.participants = [ProgrammeParticipant(role=role, name=f"Partner {role}") for role in "1234"]
    made.budgets = [
        ProgrammeBudget(
            amount=Decimal(1000 + year), currency="EUR", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
        )
        for year in (2025, 2026, 2027)
    ]
    made.transactions = [
        ProgrammeTransaction(
            kind="3", happened_on=date(2025, 1 + at, 1), amount=Decimal(at + 1), currency="EUR", provider="A"
        )
        for at in range(10)
    ]
    return made


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def export(url: str, target: str) -> dict[str, Any]:
    names.register()
    before, began = peak(), time.monotonic()
    with Database(url).reading() as tx, Path(target).open("wb") as file:
        count = write_activities(tx, Scope(), file, FRAME)
    return {"activities": count, "seconds": time.monotonic() - began, "peak": peak(), "before": before}


def bare(source: str, target: str) -> dict[str, Any]:
    before, spent = peak(), 0.0
    with (
        Path(target).open("wb") as stream,
        etree.xmlfile(stream, encoding="utf-8") as file,
        file.element("iati-activities", {"version": VERSION}),
    ):
        for _event, element in etree.iterparse(source, tag="iati-activity"):
            began = time.monotonic()
            file.write(rebuilt(element))
            spent += time.monotonic() - began
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return {"seconds": spent, "peak": peak(), "before": before}


def rebuilt(element: etree._Element) -> etree._Element:
    """The same tree, made anew element by element."""
    made = etree.Element(element.tag, dict(element.attrib), nsmap=element.nsmap)
    made.text = element.text
    for child in element:
        _rebuild(made, child)
    return made


def _rebuild(parent: etree._Element, element: etree._Element) -> None:
    made = etree.SubElement(parent, element.tag, dict(element.attrib))
    made.text = element.text
    for child in element:
        _rebuild(made, child)


def alone(*words: str) -> dict[str, Any]:
    """One part in a process of its own."""
    done = subprocess.run([sys.executable, "-m", __spec__.name, *words], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> int:
    if sys.argv[1:2] == ["export"]:
        print(json.dumps(export(*sys.argv[2:])))
        return 0
    if sys.argv[1:2] == ["bare"]:
        print(json.dumps(bare(*sys.argv[2:])))
        return 0
    found = {}
    for size in map(int, (sys.argv[1] if sys.argv[1:] else "1000,10000").split(",")):
        with tempfile.TemporaryDirectory() as folder:
            url, one, two = f"sqlite:///{folder}/a.sqlite", f"{folder}/one.xml", f"{folder}/two.xml"
            fill(Database(url), size)
            ours, yardstick = alone("export", url, one), alone("bare", one, two)
            ratio = ours["seconds"] / yardstick["seconds"]
            found[size] = {"ours": ours, "bare": yardstick, "ratio": ratio, "bytes": Path(one).stat().st_size}
            print(
                f"{size} programmes, {found[size]['bytes']:,} bytes: {ours['seconds']:.1f} s, peak {ours['peak']} MB "
                f"({ours['before']} MB before); bare lxml {yardstick['seconds']:.1f} s, "
                f"{yardstick['peak']} MB; ratio {ratio:.1f}"
            )
    if out := os.environ.get("BENCH_OUT"):
        (Path(out) / "iati_out.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
