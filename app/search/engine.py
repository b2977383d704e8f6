"""The index on Whoosh: two of them, one public and one for everything else, rebuilt beside and swapped, never repaired.

Whoosh keeps the words on disk; a snapshot of each generation answers from memory. Only the worker writes.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from whoosh import fields, index
from whoosh.analysis import SpaceSeparatedTokenizer

from app.search.engine_types import (
    EngineAnswer,
    EngineBroken,
    EngineQuery,
    Hit,
    IndexDocument,
    Key,
)
from app.search.ranking import rank
from app.search.snapshot import Postings, Row, Snapshot

PARTS = ("public", "restricted")
CURRENT = "CURRENT"
# Words arrive already folded and stemmed, so the index only has to part them at spaces.
WORDS = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
SCHEMA = fields.Schema(
    key=fields.ID(unique=True, stored=True),
    title=WORDS,
    body=WORDS,
    concepts=WORDS,
    words=WORDS,
    row=fields.STORED,
)
NOTHING: Postings = (np.array([], dtype=np.int64), np.array([], dtype=np.float64))


class WhooshEngine:
    """A search engine in a folder: `gen-N/public`, `gen-N/restricted`, and a file that names the current N."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._open: dict[str, tuple[Any, Snapshot, Any]] = {}

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Answer a question from both parts, as far as the query's tokens open them.

        Raises:
            EngineBroken: the index cannot be read.
        """
        with broken_is_said():
            return rank(query, self.snapshot("public"), self.snapshot("restricted"))

    def versions(self) -> dict[Key, int]:
        """Which version of which record the index has.

        Raises:
            EngineBroken: the index cannot be read.
        """
        with broken_is_said():
            return {**self.snapshot("public").version_of, **self.snapshot("restricted").version_of}

    def suggest(self, word: str) -> str | None:
        """The nearest word of the public vocabulary, or None if the word is in it or nothing is near."""
        with broken_is_said():
            self.snapshot("public")
            reader = self._open["public"][2]
            if _is_live(reader, word):
                return None
            found = reader.corrector("words").suggest(word, limit=5, maxdist=1 if len(word) < 6 else 2, prefix=1)  # noqa: PLR2004
            return next((str(other) for other in found if _is_live(reader, other)), None)

    def replace(self, documents: Sequence[IndexDocument], gone: Sequence[Key]) -> None:
        """Put documents in the place of older ones. An error leaves Whoosh's lock behind: let the process end."""
        with self.alone():
            if self._current() is None:
                self._swap(self._build([]))
            keys = [key_text(key) for key in gone] + [key_text(d.key) for d in documents]
            for part in PARTS:
                self._write(part, [d for d in documents if d.is_public == (part == "public")], keys)

    def _write(self, part: str, documents: list[IndexDocument], gone: list[str]) -> None:
        whoosh = index.open_dir(str(self._folder_of(part)))
        with whoosh.reader() as reader:
            known = [key for key in gone if ("key", key) in reader]
        if not documents and not known:
            return
        writer = whoosh.writer()
        for key in known:
            writer.delete_by_term("key", key)
        for document in documents:
            writer.add_document(**stored(document))
        writer.commit()

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Build a new generation beside the old one and swap; how many documents it has."""
        with self.alone():
            number = self._build(documents)
            self._swap(number)
            return len(self.versions())

    def _build(self, documents: Iterable[IndexDocument]) -> int:
        number = (self._current() or 0) + 1
        writers = {}
        for part in PARTS:
            folder = self.folder / f"gen-{number}" / part
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            writers[part] = index.create_in(str(folder), SCHEMA).writer(limitmb=128)
        for document in documents:
            writers["public" if document.is_public else "restricted"].add_document(**stored(document))
        for writer in writers.values():
            writer.commit(optimize=True)
        return number

    def _swap(self, number: int) -> None:
        beside = self.folder / "CURRENT.new"
        beside.write_text(str(number))
        beside.replace(self.folder / CURRENT)
        # The generation before stays for processes that still read it; older ones go.
        for old in self.folder.glob("gen-*"):
            if old.name.removeprefix("gen-").isdecimal() and int(old.name.removeprefix("gen-")) < number - 1:
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one process writes the index at a time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def snapshot(self, part: str) -> Snapshot:
        """The columns of the newest generation of one part, read anew only when it has changed."""
        number = self._current()
        if number is None:
            raise EngineBroken("there is no index yet")
        folder = self.folder / f"gen-{number}" / part
        stamp = (number, tuple(sorted(toc.name for toc in folder.glob("*.toc"))))
        known = self._open.get(part)
        if known is not None and known[0] == stamp:
            return known[1]
        with self._lock:
            # A new reader is opened before the old one goes: Whoosh's refresh leaks a file for each commit.
            reader = index.open_dir(str(folder)).reader()
            made = Snapshot(_rows(reader), reader.doc_count_all(), _postings_from(reader))
            self._open[part] = (stamp, made, reader)
            return made

    def _current(self) -> int | None:
        try:
            return int((self.folder / CURRENT).read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _folder_of(self, part: str) -> Path:
        return self.folder / f"gen-{self._current()}" / part


@contextmanager
def broken_is_said() -> Iterator[None]:
    """Whatever Whoosh raises over a damaged index becomes one error that the site knows how to live with."""
    try:
        yield
    except EngineBroken:
        raise
    except Exception as error:
        raise EngineBroken(str(error)) from error


def key_text(key: Key) -> str:
    """The key as the index keeps it: need:12."""
    return f"{key[0]}:{key[1]}"


def stored(document: IndexDocument) -> dict[str, Any]:
    """A document as Whoosh takes it."""
    row = {
        "version": document.version,
        "facets": {name: list(values) for name, values in document.facets.items() if values},
        "tokens": list(document.tokens),
        "posted": document.posted,
        "due": document.due,
        "lengths": {"title": len(document.title), "body": len(document.body)},
    }
    return {
        "key": key_text(document.key),
        "title": " ".join(document.title),
        "body": " ".join(document.body),
        "concepts": " ".join(document.concepts),
        "words": " ".join(document.words),
        "row": json.dumps(row, ensure_ascii=False),
    }


def _is_live(reader: Any, word: str) -> bool:
    """Whether a document that is there now has the word: Whoosh remembers the words of those that are gone."""
    return ("words", word) in reader and reader.postings("words", word).is_active()


def _rows(reader: Any) -> Iterator[Row]:
    for number in reader.all_doc_ids():
        kept = reader.stored_fields(number)
        kind, _colon, record = kept["key"].partition(":")
        yield Row(number=number, key=(kind, int(record)), **json.loads(kept["row"]))


def _postings_from(reader: Any) -> Any:
    def read(field: str, term: str) -> Postings:
        if (field, term) not in reader:
            return NOTHING
        matcher = reader.postings(field, term)
        numbers, weights = [], []
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return np.array(numbers, dtype=np.int64), np.array(weights, dtype=np.float64)

    return read


__all__ = ["Hit", "WhooshEngine"]
