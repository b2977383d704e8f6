"""How much CPU the calendar feed of a thousand sessions costs, the first time and after, beside a bare page.

`make bench-calendar` fills a scratch database on SQLite with courses of four centres, then asks the real site for
`/courses/calendar.ics`: first as a process that has just begun, then again, then once one session has changed, then
with the mark of the last answer (304). Everything stays on this machine; figures go to standard output and, with
BENCH_OUT, to <BENCH_OUT>/calendar.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
from flask import Flask

from app import create_app
from app.config import Settings
from app.courses.models import CourseSession
from app.foundation.db import Database
from app.foundation.migrate import upgrade
from tests.factories import World

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FEED = "/courses/calendar.ics"
PER_COURSE, CENTRES, ROUNDS = 4, 4, 5


@contextmanager
def scratch(sessions: int) -> Iterator[tuple[Settings, Database]]:
    """A database with so many sessions, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(
            Settings.from_environment({"COUNTERPART_DATA_DIR": folder, "COUNTERPART_DEMONSTRATION": "0"}),
            fixed_now=NOW, rate_limits=False,
        )  # fmt: skip
        database = Database(settings.database_url)
        try:
            upgrade(database)
            fill(database, sessions)
            yield settings, database
        finally:
            database.engine.dispose()


def fill(database: Database, sessions: int) -> None:
    """Courses with a few sessions each, spread over the year to come."""
    with database.transaction() as tx:
        world = World(tx, NOW)
        centres = [world.organisation("centre") for _ in range(CENTRES)]
        for number in range(sessions // PER_COURSE):
            begins = [date(2026, 12, 7) + timedelta(days=(number * 7 + part * 91) % 350) for part in range(PER_COURSE)]
            runs = [
                {"starts_on": day, "ends_on": day + timedelta(days=4), "register_by": day - timedelta(days=30)}
                for day in begins
            ]
            world.course(centres[number % CENTRES], title=f"Enquête patrimoniale {number}", sessions=runs)


def cpu_ms(do: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of CPU, and what came of it."""
    began = time.thread_time()
    answer = do()
    return (time.thread_time() - began) * 1000, answer


def bare() -> float:
    """What a page that does nothing costs in this process, the median of many."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>bare</title><h1>bare</h1>")
    client = app.test_client()
    return statistics.median(cpu_ms(lambda: client.get("/"))[0] for _ in range(200))


def measure(sessions: int) -> dict[str, float]:
    """Milliseconds of CPU for each way of asking."""
    with scratch(sessions) as (settings, database):
        client = create_app(settings).test_client()
        client.get("/courses/calendar.ics?theme=prisons")  # what every process loads once
        first, answer = cpu_ms(lambda: client.get(FEED))
        whole = icalendar.Calendar.from_ical(answer.text)
        assert len(whole.walk("VEVENT")) == sessions, "every session is in the feed"
        again = statistics.median(cpu_ms(lambda: client.get(FEED))[0] for _ in range(ROUNDS))
        with database.transaction() as tx:
            tx.query(CourseSession).first().course.title = "Changed"
        changed, after = cpu_ms(lambda: client.get(FEED))
        assert after.text.count("Changed") == PER_COURSE
        mark = {"If-None-Match": after.headers["ETag"]}
        known, not_modified = cpu_ms(lambda: client.get(FEED, headers=mark))
        assert not_modified.status_code == 304
    found = {"first": first, "again": again, "changed": changed, "not_modified": known, "bare": bare()}
    return {name: round(value, 2) for name, value in found.items()}


def main() -> None:
    """Measure, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    asked = parser.parse_args()
    found = {"sessions": asked.sessions, "cpu_ms": measure(asked.sessions)}
    print(json.dumps(found, indent=2))
    if folder := os.environ.get("BENCH_OUT"):
        Path(folder, "calendar.json").write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
