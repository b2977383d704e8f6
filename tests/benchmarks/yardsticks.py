"""Two other engines that are asked the same: FTS5 of SQLite, which every Python has, and tantivy, the record for speed.

Both count facets as the site does: what is ticked in a facet does not narrow the counts of that facet.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from tests.benchmarks.corpus import Record

FACETS = ("type", "theme", "country", "donor", "kind", "language", "status", "year")
Filters = Mapping[str, str]
Answer = tuple[list[int], int, dict[str, dict[str, int]]]


def facets_of(record: Record) -> dict[str, tuple[str, ...]]:
    """The facets of a record, and its kind as one of them."""
    return {"type": (record.kind,), **{name: record.facets.get(name, ()) for name in FACETS if name != "type"}}


class Fts5:
    """SQLite's FTS5, facets in a table beside it."""

    name = "FTS5"

    def __init__(self, folder: Path, records: Iterable[Record]) -> None:
        self.database = sqlite3.connect(folder / "fts5.sqlite")
        self.database.executescript(
            "CREATE VIRTUAL TABLE text USING fts5(title, body, content='', tokenize='porter unicode61');"
            "CREATE TABLE facet (record INTEGER, name TEXT, value TEXT);"
        )
        for record in records:
            self.database.execute(
                "INSERT INTO text(rowid, title, body) VALUES (?, ?, ?)", (record.number, record.title, record.body)
            )
            rows = [(record.number, name, value) for name, values in facets_of(record).items() for value in values]
            self.database.executemany("INSERT INTO facet VALUES (?, ?, ?)", rows)
        self.database.executescript(
            "CREATE INDEX by_value ON facet(name, value, record); CREATE INDEX by_record ON facet(record, name, value);"
            "INSERT INTO text(text) VALUES ('optimize'); ANALYZE;"
        )
        self.database.commit()

    def page(self, words: Sequence[str], filters: Filters) -> Answer:
        """Twenty hits that have all the words, how many in all, and counts for each facet."""
        match = " ".join(f'"{word}"' for word in words)
        hits = self._best(match, filters)
        total = len(self._rows(self._matching(filters), match, filters))
        counts: dict[str, dict[str, int]] = {}
        self._count(counts, [name for name in FACETS if name not in filters], match, filters)
        for name in filters:
            self._count(counts, [name], match, {other: value for other, value in filters.items() if other != name})
        return hits, total, counts

    def alike(self, words: Sequence[str], filters: Filters) -> list[int]:
        """Twenty hits that have some of the words."""
        return self._best(" OR ".join(f'"{word}"' for word in words), filters)

    def _best(self, match: str, filters: Filters) -> list[int]:
        asked = self._matching(filters) + " ORDER BY bm25(text, 2.0, 1.0) LIMIT 20"
        return [row[0] for row in self._rows(asked, match, filters)]

    def _count(self, counts: dict[str, dict[str, int]], names: Sequence[str], match: str, filters: Filters) -> None:
        wanted = ", ".join("?" * len(names))
        found = f"f.record IN ({self._matching(filters)}) AND f.name IN ({wanted})"
        asked = f"SELECT f.name, f.value, count(*) FROM facet f WHERE {found} GROUP BY 1, 2"  # noqa: S608
        for name, value, count in self._rows(asked, match, filters, *names):
            counts.setdefault(name, {})[value] = count

    def _matching(self, filters: Filters) -> str:
        # The plus keeps SQLite from asking the index of words once for each record of the facet.
        has = " AND +rowid IN (SELECT record FROM facet WHERE name = ? AND value = ?)"
        return "SELECT rowid FROM text WHERE text MATCH ?" + has * len(filters)  # noqa: S608

    def _rows(self, asked: str, match: str, filters: Filters, *more: str) -> list[Any]:
        pairs = [part for pair in filters.items() for part in pair]
        return self.database.execute(asked, (match, *pairs, *more)).fetchall()

    def close(self) -> None:
        """Close the database."""
        self.database.close()


class Tantivy:
    """tantivy, facets as fast fields."""

    name = "tantivy"

    def __init__(self, folder: Path, records: Iterable[Record]) -> None:
        path = folder / "tantivy"
        path.mkdir()
        schema = tantivy.SchemaBuilder()
        for field in ("title", "body"):
            schema.add_text_field(field, tokenizer_name="en_stem", index_option="freq")
        for facet in FACETS:
            schema.add_text_field(facet, tokenizer_name="raw", fast=True, index_option="basic")
        schema.add_unsigned_field("record", stored=True, fast=True)
        self.schema = schema.build()
        self.index = tantivy.Index(self.schema, path=str(path))
        writer = self.index.writer(heap_size=100_000_000, num_threads=1)
        for record in records:
            writer.add_document(self._document(record))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def _document(self, record: Record) -> tantivy.Document:
        document = tantivy.Document()
        document.add_unsigned("record", record.number)
        document.add_text("title", record.title)
        document.add_text("body", record.body)
        for name, values in facets_of(record).items():
            for value in values:
                document.add_text(name, value)
        return document

    def page(self, words: Sequence[str], filters: Filters) -> Answer:
        """Twenty hits that have all the words, how many in all, and counts for each facet."""
        query = self._query(words, filters, every=True)
        found = self.searcher.search(query, 20, count=True)
        counts: dict[str, dict[str, int]] = {}
        self._count(counts, [name for name in FACETS if name not in filters], query)
        for name in filters:
            others = {other: value for other, value in filters.items() if other != name}
            self._count(counts, [name], self._query(words, others, every=True))
        return self._numbers(found), found.count, counts

    def alike(self, words: Sequence[str], filters: Filters) -> list[int]:
        """Twenty hits that have some of the words."""
        return self._numbers(self.searcher.search(self._query(words, filters, every=False), 20, count=False))

    def _query(self, words: Sequence[str], filters: Filters, *, every: bool) -> tantivy.Query:
        text = self.index.parse_query(
            " ".join(words), ["title", "body"], field_boosts={"title": 2.0}, conjunction_by_default=every
        )
        has = [
            tantivy.Query.const_score_query(tantivy.Query.term_query(self.schema, name, value), 0.0)
            for name, value in filters.items()
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in (text, *has)])

    def _count(self, counts: dict[str, dict[str, int]], names: Sequence[str], query: tantivy.Query) -> None:
        asked = {name: {"terms": {"field": name, "size": 10_000}} for name in names}
        for name, found in self.searcher.aggregate(query, asked).items():
            counts[name] = {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}

    def _numbers(self, found: Any) -> list[int]:
        return [self.searcher.doc(address)["record"][0] for _score, address in found.hits]

    def close(self) -> None:
        """Let go of its files."""
        del self.searcher, self.index
