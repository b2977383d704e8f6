"""A damaged index costs speed, never an answer: pages ask the database meanwhile, and the worker builds it anew."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from app.search.engine import WhooshEngine
from app.search.verify import measure_drift
from tests.faults.conftest import Place
from tests.faults.hosts import wait_for
from tests.search.engines import document

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]

IS_WHOLE = os.environ.get("AT_LENGTH") == "1"
TRIALS = 200 if IS_WHOLE else 12
TOGETHER = 20 if IS_WHOLE else 4
"""So many damages are done before the index is waited for: the second may well fall into the building anew."""
LATENT_AFTER = 15.0
"""Seconds after which damage counts as latent: no running process reads that file, and a new worker finds it."""
DEGRADED = "The search index is being repaired"


def damage(folder: Path, source: random.Random) -> str:
    """Do one thing to one file of the index, or to all of it; what it was."""
    try:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "writer.lock")
    except FileNotFoundError:
        # The worker was faster: it took a generation away that was just being looked through.
        return "gone already"
    kind = source.choice(("deleted", "cut short", "one bit", "one bit", "empty", "rubbish", "all"))
    if not files or kind == "all":
        shutil.rmtree(folder, ignore_errors=True)
        return "all"
    file = source.choice(files)
    try:
        content = file.read_bytes()
        _spoil(file, content, kind, source)
    except FileNotFoundError:
        # The worker was faster: that file belonged to a generation that is gone.
        return "gone already"
    return kind if content or kind == "deleted" else "empty"


def _spoil(file: Path, content: bytes, kind: str, source: random.Random) -> None:
    if kind == "deleted":
        file.unlink()
        return
    place = source.randrange(max(1, len(content)))
    changed = {
        "cut short": content[:place],
        "one bit": content[:place] + bytes([content[place] ^ (1 << source.randrange(8))]) + content[place + 1 :]
        if content
        else b"",
        "empty": b"",
        "rubbish": source.randbytes(max(16, len(content))),
    }[kind]
    file.write_bytes(changed)


def test_damage_that_no_running_process_reads_is_found_too(tmp_path: Path) -> None:
    worker = WhooshEngine(tmp_path)
    worker.rebuild([document(number, "training boats") for number in range(1, 30)])
    worker.tend()
    file = next(tmp_path.glob("gen-*/public/*.columns"))
    file.write_bytes(file.read_bytes()[:-100])
    # The worker has these columns in memory; whoever opens the index now cannot read them, and nobody mends them.
    worker.tend()
    assert len(WhooshEngine(tmp_path).versions()) == 29


def heal(place: Place, folder: Path) -> bool:
    """Wait for the index; whether the worker had to be started again for it."""
    try:
        wait_for(lambda: is_whole_again(place, folder), "", LATENT_AFTER)
    except AssertionError:
        assert place.site.worker is not None
        place.site.worker.kill()
        place.site.worker.start()
        wait_for(lambda: is_whole_again(place, folder), "the index is not built anew")
        return True
    return False


def is_whole_again(place: Place, folder: Path) -> bool:
    """Whether somebody who opens the index now finds in it what the database has."""
    engine = WhooshEngine(folder)
    try:
        return measure_drift(place.database, engine).is_none
    finally:
        engine.close()


def test_search_answers_whatever_happens_to_the_index(place_on: Callable[..., Place]) -> None:
    place = place_on("sqlite", writes=60)
    folder, source = place.site.folder / "index", random.Random(1988)
    writer = place.person("needs")
    writer.one()
    (posted,) = writer.account.acknowledged()
    place.settle()
    wait_for(lambda: is_whole_again(place, folder), "the index is not built")
    done, degraded, latent, healed = Counter[str](), 0, 0, []
    for trial in range(1, TRIALS + 1):
        done[damage(folder, source)] += 1
        began = time.monotonic()
        # Visitor.get fails with anything but 200.
        page = writer.visitor.get(f"/search?q={posted.marker}")
        degraded += DEGRADED in page
        assert posted.led_to in page, f"trial {trial} ({dict(done)}): the need is not found. {DEGRADED in page}"
        if trial % TOGETHER == 0 or trial == TRIALS:
            latent += heal(place, folder)
            wait_for(lambda: DEGRADED not in writer.visitor.get("/search?q=judges"), "still said to be broken")
            healed.append(time.monotonic() - began)
    print(
        f"{TRIALS} damages {dict(done)}; {degraded} answers from the database; healed in "
        f"{sorted(healed)[len(healed) // 2]:.1f} s (median), {max(healed):.1f} s at most; {latent} by a new worker"
    )
    # A need that is posted now is found: the index is written to as before.
    writer.one()
    last = writer.account.acknowledged()[-1]
    wait_for(lambda: last.led_to in writer.visitor.get(f"/search?q={last.marker}"), "what was posted then is not found")
    assert place.site.worker is not None
    assert place.site.worker.is_alive(), "the worker has ended"
