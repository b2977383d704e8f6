"""One thread looks for garbage where there are several, and nobody else, in the middle of making something."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

import pytest

from app.foundation.collector import MANY, Collector, collector_resting, look

IN_THE_MIDDLE = """
import gc, sys
from app.foundation.collector import Collector

class Shared:
    pass

shared, found = None, []

def let_another_thread_go_on(phase, _info):
    # What a cursor does that is thrown away: another thread asks the same object for its dictionary, and adds to it.
    if phase == "start" and shared is not None:
        shared.__dict__[1] = "not a name"
        found.append(phase)

gc.callbacks.append(let_another_thread_go_on)
if sys.argv[1] == "apart":
    Collector().start()
for number in range(3000):
    if sys.argv[1] != "apart":
        gc.disable()
    one = Shared()
    one.first, one.second, one.third = [number], [number], 3
    filling = [{} for _ in range(200)]
    gc.set_threshold(1, 1000, 1000)
    shared = one
    if sys.argv[1] != "apart":
        gc.enable()
    made = one.__dict__
    shared = None
    others = [Shared() for _ in range(5)]
    for other in others:
        other.first, other.second, other.third = [1], 2, 3
    del one, made, filling, others
print("whole")
"""


@pytest.fixture
def by_hand():
    """No look for garbage but those that the test makes."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Ring:
    """Something that only a look for garbage throws away."""

    def __init__(self) -> None:
        self.itself = self


def in_the_middle(how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", IN_THE_MIDDLE, how], capture_output=True, text=True, timeout=120, check=False
    )


def test_a_dictionary_that_two_threads_make_is_made_once():
    """Without the thread that looks apart, Python 3.11 ends here with a segmentation fault: memory given back twice."""
    outcome = in_the_middle("apart")
    assert (outcome.returncode, outcome.stdout) == (0, "whole\n"), outcome.stderr


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="from Python 3.12 on garbage is looked for between instructions"
)
def test_the_careless_way_ends_the_process():
    assert in_the_middle("in the middle").returncode < 0


def test_what_nobody_reaches_is_thrown_away_when_much_was_made(by_hand):
    ring = weakref.ref(Ring())
    assert look() is None
    assert ring() is not None
    kept: list[list[int]] = [[] for _n in range(2 * MANY)]
    assert look() in {0, 1, 2}
    assert ring() is None
    assert len(kept) > MANY


def test_nobody_looks_while_very_many_things_are_made(by_hand):
    with collector_resting():
        kept: list[list[int]] = [[] for _n in range(2 * MANY)]
        assert look() is None
    assert look() is not None
    assert kept


def test_older_things_are_looked_through_now_and_then(by_hand):
    seen = set()
    for _n in range(150):
        kept: list[list[int]] = [[] for _n in range(2 * MANY)]
        seen.add(look())
        del kept
    assert seen == {0, 1, 2}


def test_the_thread_takes_over_and_gives_back():
    collector = Collector()
    collector.start()
    try:
        assert not gc.isenabled()
        ring = weakref.ref(Ring())
        kept: list[list[int]] = [[] for _n in range(2 * MANY)]
        for _n in range(200):
            if ring() is None:
                break
            collector.join(0.05)
        assert ring() is None
        assert kept
    finally:
        collector.end()
    assert gc.isenabled()
