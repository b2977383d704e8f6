"""The index in PostgreSQL: the same answers as on disk, whole after any death, and made anew when it is thrown away."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.foundation.db import make_engine
from app.search.engine import ColumnEngine, WhooshEngine
from app.search.engine_types import EngineBroken, EngineQuery, IndexDocument
from app.search.postgres_home import PostgresHome
from app.search.terms import groups_of, telling_groups
from tests.benchmarks.corpus import document_of, records
from tests.running import ROOT
from tests.search.engines import FACETS, ask, document
from tests.servers import new_database

pytestmark = [pytest.mark.one_engine, pytest.mark.needs_postgresql]
QUESTIONS = (
    "training",
    "training for judges",
    "precursor chemicals",
    "prison health programme",
    "zeppelin training",
    "",
)


@pytest.fixture
def server(request, with_server, worker_name: str):
    """A database of its own, and what connects with it."""
    with_server("postgresql")
    address = new_database(os.environ["COUNTERPART_TEST_SERVER"], f"counterpart_index_{worker_name}")
    engine = make_engine(address)
    yield engine
    engine.dispose()


@pytest.fixture
def opened(server: Engine, tmp_path: Path) -> Callable[[], ColumnEngine]:
    """Opens the index as one more host does, with a folder of its own."""
    hosts = iter(range(100))
    return lambda: ColumnEngine(PostgresHome(server, tmp_path / f"host{next(hosts)}"))


def some_documents(count: int) -> list[IndexDocument]:
    """Documents of real texts, every fifth of them for few people only."""
    found = [document_of(record) for record in records(count)]
    return [
        replace(d, is_public=False, tokens=(f"o{n % 3}",), words=()) if n % 5 == 0 else d for n, d in enumerate(found)
    ]


def test_both_homes_give_the_same_answers_to_the_last_digit(opened, tmp_path: Path) -> None:
    whoosh, engine, source = WhooshEngine(tmp_path / "whoosh"), opened(), random.Random(5)
    everything = some_documents(600)
    for one in (whoosh, engine):
        one.rebuild(everything[:500])
    for _turn in range(12):
        changed = [replace(d, version=2) for d in source.sample(everything, 9)]
        gone = [d.key for d in source.sample(everything, 3)]
        for one in (whoosh, engine):
            one.replace(changed, gone)
            one.tend()
    assert engine.versions() == whoosh.versions()
    for tokens in (frozenset(), frozenset({"o1"}), None):
        for words in QUESTIONS:
            for sort in ("best", "newest", "deadline"):
                query = EngineQuery(groups_of(words), tokens=tokens, sort=sort, limit=40, facets=FACETS)
                assert engine.search(query) == whoosh.search(query)
        alike = EngineQuery(telling_groups(" ".join(everything[3].title)), tokens=tokens, all_words_first=False)
        assert engine.search(alike) == whoosh.search(alike)


def test_a_near_word_is_the_one_with_fewest_slips(opened) -> None:
    engine = opened()
    engine.rebuild([document(1, "training of judges"), document(2, "boats and straining ropes"), document(3, "bots")])
    found = {word: engine.suggest(word) for word in ("trainig", "judgse", "boasts", "bpats", "zzzz", "xraining", "%_'")}
    assert found == {"trainig": "training", "judgse": "judges", "boasts": "boats", "bpats": "boats", "zzzz": None,
                     "xraining": None, "%_'": None}  # fmt: skip


def test_an_index_that_is_thrown_away_is_said_to_be_broken_and_made_anew(opened, server: Engine) -> None:
    engine, reader = opened(), opened()
    assert not engine.is_there()
    engine.rebuild([document(1, "judges")])
    assert ask(reader, "judges") == [("need", 1)]
    with server.begin() as connection:
        connection.execute(text("DROP SCHEMA counterpart_search CASCADE"))
    for one in (engine, reader):
        assert not one.is_there()
        with pytest.raises(EngineBroken):
            one.search(EngineQuery())
    assert engine.rebuild([document(2, "boats")]) == 1
    assert ask(reader, "judges") == []
    assert ask(reader, "boats") == [("need", 2)]
    with server.begin() as connection:
        connection.execute(text("DROP SCHEMA counterpart_search CASCADE"))
    engine.replace([document(3, "ports")], [])
    assert reader.versions() == {("need", 3): 1}


def test_columns_that_are_not_whole_are_said_to_be_and_the_index_is_made_anew(opened, server: Engine) -> None:
    engine = opened()
    engine.rebuild([document(1, "judges"), document(2, "boats")])
    with server.begin() as connection:
        connection.execute(
            text("UPDATE counterpart_search.segments SET columns = overlay(columns PLACING '\\x00' FROM 99)")
        )
    other = opened()
    for act in (lambda: other.search(EngineQuery()), other.tend, lambda: other.replace([document(3, "x")], [])):
        with pytest.raises(EngineBroken):
            act()
    assert other.rebuild([document(1, "judges")]) == 1
    assert ask(engine, "judges") == [("need", 1)]


def test_a_host_keeps_copies_of_large_segments_and_gets_them_anew(opened, tmp_path: Path) -> None:
    opened().rebuild(some_documents(1_500))
    reader = opened()
    query = EngineQuery(groups_of("training"), facets=FACETS)
    before = reader.search(query)
    (copy,) = reader.home.folder.glob("*-public-*.columns")
    content = copy.read_bytes()
    copy.write_bytes(content[:-100])
    again = ColumnEngine(PostgresHome(reader.home._writing, reader.home.folder))
    assert again.search(query) == before
    assert copy.read_bytes() == content
    opened().rebuild(some_documents(10))
    again.search(query)
    assert not [*reader.home.folder.glob("*-public-*.columns")]


def test_a_folder_that_cannot_be_written_costs_memory_and_no_answer(opened, tmp_path: Path) -> None:
    opened().rebuild(some_documents(1_500))
    (tmp_path / "file").write_text("no folder")
    reader = opened()
    reader.home.folder = tmp_path / "file" / "below"
    assert reader.search(EngineQuery(groups_of("training"))).total


def test_what_is_written_is_seen_by_others_at_the_end_or_never(opened) -> None:
    engine, reader = opened(), opened()
    engine.rebuild([document(1, "judges")])

    def breaks_off():
        yield document(2, "boats")
        assert ask(reader, "judges") == [("need", 1)]
        raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        engine.rebuild(breaks_off())
    for one in (engine, reader):
        assert (ask(one, "judges"), ask(one, "boats")) == ([("need", 1)], [])


def test_writers_at_the_same_time_lose_nothing(opened) -> None:
    opened().replace([], [])

    def write(number: int) -> None:
        engine = opened()
        for turn in range(5):
            engine.replace([document(number * 10 + turn, f"lorries{number}")], [])
            engine.tend()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, number) for number in range(1, 5)]:
            done.result()
    assert len(opened().versions()) == 20


WRITER = """
import sys
from pathlib import Path
from app.foundation.db import make_engine
from app.search.engine import ColumnEngine
from app.search.postgres_home import PostgresHome
from tests.search.engines import document
engine = ColumnEngine(PostgresHome(make_engine(sys.argv[1]), Path(sys.argv[2])))
number = int(sys.argv[3])
while True:
    number += 1
    print(number, flush=True)
    engine.replace([document(n, f"lorries{number}") for n in range(1, 6)], [])
    engine.tend()
"""


def test_a_killed_writer_leaves_the_old_state_or_the_new_one(opened, server: Engine, tmp_path: Path) -> None:
    engine = opened()
    engine.rebuild([document(n, "lorries0") for n in range(1, 6)])
    source, last = random.Random(17), 0
    address = server.url.render_as_string(hide_password=False)
    for _kill in range(4):
        command = [sys.executable, "-c", WRITER, address, str(tmp_path / "writer"), str(last)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            begun = [last, int(writer.stdout.readline())]
            time.sleep(source.uniform(0.0, 0.4))
            writer.kill()
            begun += [int(line) for line in writer.stdout.read().splitlines()]
        found = {number: len(ask(engine, f"lorries{number}")) for number in begun}
        # The last one that it began may be there, or the one before it; each of them whole and alone.
        assert sorted(found.values()) == [0] * (len(found) - 1) + [5], found
        last = max(found, key=lambda number: found[number])
        assert last in begun[-2:]
    engine.replace([document(1, "judges")], [])
    assert ask(engine, "judges") == [("need", 1)]
