"""The index on disk: the same after any history, whole after any death, and never more open files than it needs."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.search.columns import merged
from app.search.engine import WhooshEngine
from app.search.engine_types import EngineBroken, EngineQuery
from app.search.gathering import segment_of
from app.search.store import Store, read_back
from app.search.terms import groups_of
from tests.running import ROOT
from tests.search.engines import FACETS, ask, document, documents

pytestmark = pytest.mark.one_engine


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(documents, st.booleans()), min_size=1, max_size=10), st.integers(0, 10))
def test_columns_are_the_same_from_documents_from_merging_and_from_whoosh(tmp_path: Path, several, cut: int) -> None:
    folder = tmp_path / str(time.monotonic_ns())
    parts = [several[:cut], several[cut:]]
    segments = [segment_of([one for one, _stays in part]) for part in parts]
    kept = [np.array([stays for _one, stays in part], dtype=bool) for part in parts]
    whole = segment_of([one for one, stays in several if stays])
    equal(merged(segments, kept), whole)
    store = Store(folder)
    store.create()
    if whole.size:
        store.add(whole)
        reader = store.reader()
        equal(read_back(reader), whole)
        equal(store.columns(store.listed()[0].name), whole)
        reader.close()


def equal(one, other) -> None:
    left, right = one.arrays(), other.arrays()
    assert {n: (a.dtype, a.tobytes()) for n, a in left.items()} == {n: (a.dtype, a.tobytes()) for n, a in right.items()}


def columns(folder: Path) -> list[Path]:
    return sorted(folder.glob("gen-*/public/*.columns"))


@pytest.mark.parametrize("damage", ["missing", "cut short", "one bit", "empty"])
def test_damaged_columns_are_said_and_mended_from_what_whoosh_has(tmp_path: Path, damage: str) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild([document(n, "training", "boats", country="GH") for n in range(1, 30)])
    engine.replace([document(40, "judges")], [("need", 3)])
    query = EngineQuery(groups_of("training"), facets=FACETS)
    before, files = engine.search(query), columns(tmp_path)
    content = files[0].read_bytes()
    files[0].unlink()
    if damage != "missing":
        half = len(content) // 2
        flipped = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
        files[0].write_bytes({"cut short": content[:half], "one bit": flipped, "empty": b""}[damage])
    other = WhooshEngine(tmp_path)
    with pytest.raises(EngineBroken):
        other.search(query)
    assert other.tend()
    assert files[0].read_bytes() == content
    assert other.search(query) == before
    assert not other.tend()


def test_the_writer_mends_before_it_writes(tmp_path: Path) -> None:
    WhooshEngine(tmp_path).rebuild([document(1, "judges"), document(2, "boats")])
    columns(tmp_path)[0].unlink()
    engine = WhooshEngine(tmp_path)
    engine.replace([document(1, "lorries")], [])
    assert ask(engine, "judges") == []
    assert ask(engine, "lorries") == [("need", 1)]


def test_many_commits_leave_few_segments_and_no_open_files(tmp_path: Path) -> None:
    engine, reader = WhooshEngine(tmp_path), WhooshEngine(tmp_path)
    engine.rebuild([document(n, "training boats") for n in range(1, 50)])
    counted = []
    for number in range(1, 121):
        engine.replace([document(number % 60 + 1, f"judges lorries{number}")], [])
        while engine.tend():
            pass
        assert ask(reader, f"lorries{number}") == [("need", number % 60 + 1)]
        reader.suggest("judgez")
        counted.append(len([*Path("/proc/self/fd").iterdir()]))
    assert max(counted[60:]) <= max(counted[:60])
    assert len(engine.snapshot("public").segments) < 20
    assert len([*tmp_path.glob("gen-*/public/*")]) < 50
    engine.close()
    reader.close()


# One process loads everything and makes a writer for each line that it reads, which writes until it is killed.
WRITERS = """
import os, sys
from pathlib import Path
from app.search.engine import WhooshEngine
from tests.search.engines import document
for line in sys.stdin:
    number, child = int(line), os.fork()
    if child:
        os.waitpid(child, 0)
        print("dead", flush=True)
        continue
    print(os.getpid(), flush=True)
    engine = WhooshEngine(Path(sys.argv[1]))
    while True:
        number += 1
        print(number, flush=True)
        engine.replace([document(n, f"lorries{number}") for n in range(1, 6)], [])
        engine.tend()
"""
KILLS = 40


def test_a_killed_writer_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    WhooshEngine(tmp_path).rebuild([document(n, "lorries0") for n in range(1, 6)])
    source, written, held, broken = random.Random(17), [0], 0, 0
    command = [sys.executable, "-c", WRITERS, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writers:
        for _kill in range(KILLS):
            begun = killed_after(writers, written[-1], source.uniform(0.0, 0.2))
            written += begun
            # The last one that it began may be there; the one before it has to be, or what was there before.
            found = state(tmp_path, [held, *begun][-2:])
            broken += found is None
            held = held_anew(tmp_path, written[-1]) if found is None else found
        writers.stdin.close()
    assert written[-1] > KILLS // 2
    assert broken <= KILLS // 4
    engine = WhooshEngine(tmp_path)
    engine.replace([replace(document(1, "judges"), version=2)], [])
    assert ask(engine, "judges") == [("need", 1)]
    assert len([*tmp_path.glob("gen-*/public/*")]) < 60


def killed_after(writers: subprocess.Popen[str], written: int, seconds: float) -> list[int]:
    """Let a writer write for so long; the numbers that it wrote, the last of them perhaps not."""
    writers.stdin.write(f"{written}\n")
    writers.stdin.flush()
    child = int(writers.stdout.readline())
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    begun = []
    # A writer may be killed between a number and the end of its line.
    while (line := writers.stdout.readline()) and not line.endswith("dead\n"):
        begun.append(int(line))
    last = line.removesuffix("dead\n")
    return [*begun, int(last)] if last else begun


def state(folder: Path, possible: list[int]) -> int | None:
    """Which of the possible commits the index has, whole; None if it says that it is broken."""
    engine = WhooshEngine(folder)
    try:
        found = {number: len(ask(engine, f"lorries{number}")) for number in possible}
        assert len(engine.versions()) == 5
    except EngineBroken:
        return None
    finally:
        engine.close()
    assert sorted(found.values()) in ([5], [0, 5]), found
    return max(found, key=lambda number: found[number])


def held_anew(folder: Path, number: int) -> int:
    """A broken index heals: it is built anew from the truth."""
    engine = WhooshEngine(folder)
    assert engine.rebuild([document(n, f"lorries{number}") for n in range(1, 6)]) == 5
    engine.close()
    assert state(folder, [number]) == number
    return number
