"""Bringing rates in: a file is kept whole or not at all, the same again changes nothing, an import is one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import insert, select, update

from app.foundation.audit import record_event
from app.foundation.db import Database, Tx
from app.foundation.permissions import Actor, Refused
from app.reference.rates.models import ExchangeRate
from app.reference.rates.reader import DayOfRates, Fault, Found, read_rates, shown
from app.reference.rates.report import MOST_FAULTS, Counts, FileReport, Report
from app.reference.rates.rules import PARTED_BY

BATCH = 200
"""Days that are compared with what is kept at once."""
LONGEST_SOURCE = 80

Tick = Callable[[int], None]


class RatesRefused(ValueError):
    """Nothing can be imported under this name of a source; the message says how to mend it."""


@dataclass(frozen=True)
class RatesImport:
    """Stands in the record where an event is about many rates."""

    ref: str = "-"
    record_kind: str = "rates"


class _Faulty(Exception):
    """The file has a fault after all: it was changed while it was read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


def import_rates(
    database: Database, actor: Actor, paths: Sequence[Path], source: str, now: datetime, tick: Tick = lambda _days: None
) -> Report:
    """Import files of rates that `source` published, each in one transaction; `tick` is told of days dealt with.

    Raises:
        Refused: the actor is not the operator.
        RatesRefused: the name of the source cannot be used.
    """
    if not actor.is_system:
        raise Refused("rates:import")
    name = checked_source(source)
    return Report(name, [_import_file(database, actor, path, name, now, tick) for path in paths])


def checked_source(source: str) -> str:
    """The name of a source as it is kept.

    Raises:
        RatesRefused: it is empty or too long, or holds what parts one source from the next.
    """
    name = " ".join(source.split())
    if not name or len(name) > LONGEST_SOURCE or not name.isprintable() or PARTED_BY.strip() in name:
        raise RatesRefused(
            f"The source has to be named in 1 to {LONGEST_SOURCE} characters without a semicolon, such as "
            f"“European Central Bank”, not “{shown(name)}”."
        )
    return name


def _import_file(database: Database, actor: Actor, path: Path, source: str, now: datetime, tick: Tick) -> FileReport:
    report = FileReport(path.name)
    try:
        # First to the end without a transaction: others may write meanwhile, and most faults are told at once.
        faults = (found for found in read_rates(path, now.date()) if isinstance(found, Fault))
        report.faults += islice(faults, MOST_FAULTS)
        if report.succeeded:
            with database.transaction() as tx:
                days = _days(read_rates(path, now.date()), tick)
                report.counts = keep_rates(tx, actor, days, source, path.name, now)
    except _Faulty as faulty:
        report.faults.append(faulty.fault)
    except OSError as error:
        report.faults.append(Fault(None, "", f"The file cannot be read: {error.strerror or type(error).__name__}."))
    return report


def _days(found: Iterable[Found], tick: Tick) -> Iterator[DayOfRates]:
    for each in found:
        if isinstance(each, Fault):
            raise _Faulty(each)
        tick(1)
        yield each


def keep_rates(tx: Tx, actor: Actor, days: Iterator[DayOfRates], source: str, file_name: str, now: datetime) -> Counts:
    """Keep the rates of these days; what is kept already in the same words stays as it is."""
    counts = Counts()
    while batch := list(islice(days, BATCH)):
        _keep_batch(tx, batch, source, now, counts)
    if counts.new or counts.changed:
        details = {"source": shown(file_name), "named": source, "new": counts.new, "changed": counts.changed}
        record_event(tx, actor, "rates.imported", RatesImport(), now, details)
    return counts


def _keep_batch(tx: Tx, batch: list[DayOfRates], source: str, now: datetime, counts: Counts) -> None:
    counts.days += len(batch)
    counts.left_out += sum(day.left_out for day in batch)
    columns = (ExchangeRate.id, ExchangeRate.day, ExchangeRate.currency, ExchangeRate.per_euro, ExchangeRate.source)
    query = select(*columns).where(ExchangeRate.day.in_([day.day for day in batch]))
    kept = {(row.day, row.currency): row for row in tx.execute(query)}
    new, changed = [], []
    for day in batch:
        for currency, per_euro in day.rates.items():
            row = kept.get((day.day, currency))
            values = {"per_euro": per_euro, "source": source, "imported_at": now}
            if row is None:
                new.append({"currency": currency, "day": day.day, **values})
            elif (row.per_euro, row.source) != (per_euro, source):
                changed.append({"id": row.id, **values})
            else:
                counts.unchanged += 1
    if new:
        tx.execute(insert(ExchangeRate), new)
    if changed:
        tx.execute(update(ExchangeRate), changed)
    counts.new += len(new)
    counts.changed += len(changed)
