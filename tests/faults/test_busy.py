"""The database is held by somebody else: writers wait for it; who waits too long is told so, and keeps the words."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from lxml import html

from tests.faults.conftest import Place
from tests.faults.sending import send
from tests.faults.test_disk import refused_in_words, there, try_need

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]

HOLDS = """
import sqlite3, sys, time
raw = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
raw.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
raw.execute("ROLLBACK")
"""


@contextmanager
def held(place: Place, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process writes for so long, or until it is ended."""
    file = place.database.url.removeprefix("sqlite:///")
    process = subprocess.Popen([sys.executable, "-c", HOLDS, file, str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_writers_wait_for_a_busy_database(place_on: Callable[..., Place]) -> None:
    place = place_on("sqlite", writes=40)
    writer = place.person("needs")
    writer.fields("/needs/new")
    with held(place, 10):
        began = time.monotonic()
        assert try_need(writer, "zq00x00001x00000000").status == 303
        assert time.monotonic() - began > 5, "it was not held"
    place.settle()
    place.check()


@pytest.mark.at_length
def test_who_waits_too_long_is_told_and_keeps_the_words(place_on: Callable[..., Place]) -> None:
    place = place_on("sqlite", writes=40)
    writer = place.person("needs")
    writer.fields("/needs/new")
    marker = "zq00x00001x00000000"
    with held(place, 300):
        answered = try_need(writer, marker)
        refused_in_words(answered, marker)
        # Reading goes on meanwhile.
        writer.visitor.get("/needs")
    assert there(place, marker) == (0, 0)
    # The button on that page sends the same form again.
    form = html.fromstring(answered.text).xpath("//main//form[@method='post']")[-1]
    fields = [(name, value or "") for name, value in form.form_values()]
    again = send(writer.visitor, form.get("action"), fields, {})
    assert again.status == 303
    assert there(place, marker) == (1, 0)
    place.settle()
