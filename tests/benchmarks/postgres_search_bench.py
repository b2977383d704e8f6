"""The index in PostgreSQL beside the same index on disk and beside PostgreSQL's own full text, in one run.

The questions are those of search_bench. Time on the wall counts the server's part; this process's own time is told
beside it, since pages are answered by many hosts and the server is one. It stays on this machine and ends.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from app.foundation.db import make_engine
from app.search.engine import ColumnEngine, WhooshEngine
from app.search.engine_types import EngineQuery
from app.search.postgres_home import PostgresHome
from app.search.terms import groups_of
from tests.benchmarks.corpus import Record, document_of, records
from tests.benchmarks.search_bench import (
    COMMITS,
    QUESTIONS,
    ask_page,
    changed,
    matching_query,
    needs,
    open_programmes,
    page_questions,
    spread,
    timed,
)
from tests.benchmarks.yardsticks import FACETS, facets_of
from tests.servers import new_database, start_postgresql


class FullText:
    """PostgreSQL's own full text: a tsvector with a GIN index, facets in a table beside it, ts_rank."""

    name = "tsvector"

    def __init__(self, conninfo: str, source: Iterable[Record]) -> None:
        self.connection = psycopg.connect(conninfo, autocommit=True)
        self.connection.execute("CREATE TABLE found (record int PRIMARY KEY, words tsvector)")
        self.connection.execute("CREATE TABLE facet (record int, name text, value text)")
        with self.connection.cursor() as cursor, cursor.copy("COPY facet FROM STDIN") as copy:
            for record in source:
                for name, values in facets_of(record).items():
                    for value in values:
                        copy.write_row((record.number, name, value))
        self._add_texts(source)
        for index in ("found USING gin (words)", "facet (name, value, record)", "facet (record, name, value)"):
            self.connection.execute(f"CREATE INDEX ON {index}".encode())
        self.connection.execute("VACUUM ANALYZE")

    def _add_texts(self, source: Iterable[Record]) -> None:
        put = "INSERT INTO found VALUES (%s, setweight(to_tsvector('english', %s), 'A') || to_tsvector('english', %s))"
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.executemany(put, ((record.number, record.title, record.body) for record in source))

    def page(self, words: Sequence[str], filters: Mapping[str, str]) -> tuple[list[int], int, dict[str, Any]]:
        """Twenty hits that have all the words, how many in all, and counts for each facet."""
        match = " & ".join(words)
        total = self._rows(f"SELECT count(*) FROM ({self._matching(filters)}) f", match, filters)[0][0]  # noqa: S608
        counts: dict[str, Any] = {}
        for names, kept in [(tuple(n for n in FACETS if n not in filters), filters)] + [
            ((name,), {other: value for other, value in filters.items() if other != name}) for name in filters
        ]:
            asked = f"SELECT name, value, count(*) FROM facet JOIN ({self._matching(kept)}) f USING (record)"  # noqa: S608
            rows = self._rows(f"{asked} WHERE name = ANY(%s) GROUP BY 1, 2", match, kept, [*names])
            for name, value, count in rows:
                counts.setdefault(name, {})[value] = count
        return self._best(match, filters), total, counts

    def alike(self, words: Sequence[str], filters: Mapping[str, str]) -> list[int]:
        """Twenty hits that have some of the words."""
        return self._best(" | ".join(words), filters)

    def _best(self, match: str, filters: Mapping[str, str]) -> list[int]:
        ranked = "ORDER BY ts_rank('{1,1,1,1}', words, to_tsquery('english', %s), 1) DESC LIMIT 20"
        return [row[0] for row in self._rows(f"{self._matching(filters)} {ranked}", match, filters, match)]

    def _matching(self, filters: Mapping[str, str]) -> str:
        has = " AND record IN (SELECT record FROM facet WHERE name = %s AND value = %s)"
        return "SELECT record, words FROM found WHERE words @@ to_tsquery('english', %s)" + has * len(filters)  # noqa: S608

    def _rows(self, asked: str, match: str, filters: Mapping[str, str], *more: Any) -> list[Any]:
        pairs = [part for pair in filters.items() for part in pair]
        return self.connection.execute(asked.encode(), (match, *pairs, *more)).fetchall()


def searches(engines: Mapping[str, ColumnEngine], full_text: FullText) -> dict[str, Any]:
    """Both questions to each of them, in turns."""
    pages, wanting = page_questions(QUESTIONS), needs(QUESTIONS)
    asked = [matching_query(need) for need in wanting]
    pairs = [
        ([g.word for g in query.groups if g.stems], open_programmes(need))
        for query, need in zip(asked, wanting, strict=True)
    ]
    figures: dict[str, Any] = {"page": {}, "matching": {}}
    for name, engine in engines.items():
        figures["page"][name] = timed([lambda one=one, e=engine: ask_page(e, one) for one in pages])
        figures["matching"][name] = timed([lambda query=query, e=engine: e.search(query) for query in asked])
    acts = [lambda one=one: full_text.page(one.text.split(), one.filters) for one in pages]
    figures["page"][full_text.name] = timed(acts)
    figures["matching"][full_text.name] = timed([lambda w=w, f=f: full_text.alike(w, f) for w, f in pairs])
    return figures


def visible(writer: ColumnEngine, reader: ColumnEngine, size: int) -> dict[str, Any]:
    """From the call that commits one record to the first search of another host that finds it."""
    wall = []
    for number, record in enumerate(changed(size, COMMITS)):
        document = replace(document_of(record, version=2), title=(f"q{number}z",))
        start = time.perf_counter()
        writer.tend()
        writer.replace([document], [])
        found = reader.search(EngineQuery(groups_of(f"q{number}z")))
        wall.append(time.perf_counter() - start)
        assert [hit.key for hit in found.hits] == [document.key], f"commit {number} is not seen"
    return {"n": COMMITS, **spread(wall)}


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server of its own."""
    started = start_postgresql()
    try:
        yield started.conninfo
    finally:
        started.stop()


def measure(size: int, conninfo: str, folder: Path) -> dict[str, Any]:
    """Everything at one size."""
    address = new_database(conninfo, "bench")
    connected = make_engine(address)
    hosts = [ColumnEngine(PostgresHome(connected, folder / f"host{number}")) for number in range(2)]
    whoosh, build = WhooshEngine(folder / "whoosh"), {}
    for name, engine in (("whoosh", whoosh), ("postgresql", hosts[0])):
        start = time.perf_counter()
        engine.rebuild(document_of(record) for record in records(size))
        build[name] = round(time.perf_counter() - start, 1)
    start = time.perf_counter()
    source = list(records(size))
    full_text = FullText(address.replace("+psycopg", ""), source)
    build["tsvector"] = round(time.perf_counter() - start, 1)
    figures = {"records": size, "build_wall_s": build}
    figures |= searches({"whoosh": whoosh, "postgresql": hosts[0]}, full_text)
    figures["visible"] = {"postgresql": visible(hosts[0], hosts[1], size)}
    full_text.connection.close()
    connected.dispose()
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="how many records, e.g. 1000,10000")
    results = []
    with server() as conninfo:
        for size in parser.parse_args().sizes.split(","):
            with tempfile.TemporaryDirectory() as folder:
                results.append(measure(min(int(size), 200_000), conninfo, Path(folder)))
            print(json.dumps(results[-1], indent=1), flush=True)
    if os.environ.get("BENCH_OUT"):
        out = Path(os.environ["BENCH_OUT"])
        out.mkdir(parents=True, exist_ok=True)
        told = {"bench": "search in PostgreSQL", "at": datetime.now(UTC).isoformat(timespec="seconds")}
        (out / "search-postgresql.json").write_text(json.dumps({**told, "sizes": results}, indent=1))


if __name__ == "__main__":
    main()
