"""The search engine of the site: two indexes, one public and one for everything else, in generations swapped whole.

Only the worker writes. A process that serves keeps the columns of each segment that it has seen, so that a commit costs
it one small segment; it opens Whoosh itself only to suggest a word.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from app.search.columns_file import ColumnsDamaged
from app.search.engine_types import EngineAnswer, EngineBroken, EngineQuery, Hit, IndexDocument, Key
from app.search.gathering import Gathering, segment_of
from app.search.opened import OpenPart
from app.search.ranking import rank
from app.search.snapshot import Snapshot
from app.search.store import Store

PARTS = ("public", "restricted")
CURRENT = "CURRENT"
LARGEST_SEGMENT = 50_000
"""A rebuild begins a new segment after so many documents, so that it never holds more of them in memory."""


class WhooshEngine:
    """A search engine in a folder: `gen-N/public`, `gen-N/restricted`, and a file that names the current N."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = RLock()
        self._open: dict[str, OpenPart] = {}

    # --- read ---

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
            return {key: version for part in PARTS for key, version in self.snapshot(part).versions()}

    def is_there(self) -> bool:
        """Whether there is an index at all, whole or not."""
        return self._current() is not None

    def suggest(self, word: str) -> str | None:
        """The nearest word of the public vocabulary, or None if the word is in it or nothing is near."""
        with broken_is_said(), self._lock:
            self.snapshot("public")
            return self._open["public"].suggest(word)

    def snapshot(self, part: str) -> Snapshot:
        """One part as it is now, read anew only as far as it has changed."""
        number = self._current()
        if number is None:
            raise EngineBroken("there is no index yet")
        known = self._open.get(part)
        folder = self._folder_of(number, part)
        if known is not None and known.store.folder == folder and known.is_fresh():
            return known.snapshot
        with self._lock:
            known = self._open.get(part)
            if known is None or known.store.folder != folder:
                # Whoever still reads the one before keeps it until done.
                before, known = known, OpenPart(Store(folder))
                known.refresh()
                self._open[part] = known
                if before is not None:
                    before.close()
            elif not known.is_fresh():
                known.refresh()
            return known.snapshot

    def close(self) -> None:
        """Let go of every file; the next question opens them again."""
        with self._lock:
            for opened in self._open.values():
                opened.close()
            self._open.clear()

    # --- write ---

    def replace(self, documents: Sequence[IndexDocument], gone: Sequence[Key]) -> None:
        """Put documents in the place of older ones.

        Raises:
            EngineBroken: the index cannot be read, and has to be rebuilt.
        """
        with self.alone(), broken_is_said():
            if self._current() is None:
                self._swap(self._build([])[0])
            newest = {document.key: document for document in documents}
            for part in PARTS:
                self._write(part, [d for d in newest.values() if d.is_public == (part == "public")], [*gone, *newest])

    def _write(self, part: str, documents: list[IndexDocument], keys: list[Key]) -> None:
        opened = self._mended(part)
        deleted = opened.snapshot.numbers_of(keys).tolist()
        if documents or deleted:
            opened.store.add(segment_of(documents), deleted)

    def rebuild(self, documents: Iterable[IndexDocument], expected: Callable[[], int] | None = None) -> int:
        """Build a new generation beside the old one and swap; how many documents it has.

        Raises:
            EngineBroken: it has not as many as are expected; the old generation stays.
        """
        with self.alone():
            before = expected() if expected else 0
            number, count = self._build(documents)
            after = expected() if expected else 0
            if expected and not min(before, after) <= count <= max(before, after):
                shutil.rmtree(self.folder / f"gen-{number}", ignore_errors=True)
                raise EngineBroken(f"built an index of {count} records where the database has {after}")
            self._swap(number)
            return count

    def tend(self) -> bool:
        """Write missing columns anew, or merge small segments; whether there was something to do.

        Raises:
            EngineBroken: the index cannot be read, and has to be rebuilt.
        """
        with broken_is_said():
            done = [self._tend(part) for part in PARTS]
            return any(done)

    def _tend(self, part: str) -> bool:
        try:
            self.snapshot(part)
        except ColumnsDamaged:
            has_work = True
        else:
            has_work = bool(self._open[part].worth_merging())
        if has_work:
            with self.alone():
                store, names = self._mended(part).store, self._open[part].worth_merging()
                if names:
                    store.merge(names)
        return has_work

    def _mended(self, part: str) -> OpenPart:
        """One part, with columns for all of its segments."""
        try:
            self.snapshot(part)
        except ColumnsDamaged:
            Store(self._folder_of(self._current() or 0, part)).mend_all()
            self.snapshot(part)
        return self._open[part]

    def _build(self, documents: Iterable[IndexDocument]) -> tuple[int, int]:
        number = (self._current() or 0) + 1
        shutil.rmtree(self.folder / f"gen-{number}", ignore_errors=True)
        building = {part: Building(Store(self._folder_of(number, part))) for part in PARTS}
        for document in documents:
            building["public" if document.is_public else "restricted"].add(document)
        return number, sum(part.finish() for part in building.values())

    def _swap(self, number: int) -> None:
        beside = self.folder / "CURRENT.new"
        beside.write_text(str(number))
        beside.replace(self.folder / CURRENT)
        # The generation before stays for processes that still read it; older ones go.
        for old in self._generations():
            if old < number - 1:
                shutil.rmtree(self.folder / f"gen-{old}", ignore_errors=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one process writes the index at a time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _current(self) -> int | None:
        try:
            return int((self.folder / CURRENT).read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _generations(self) -> list[int]:
        names = [path.name.removeprefix("gen-") for path in self.folder.glob("gen-*")]
        return [int(name) for name in names if name.isdecimal()]

    def _folder_of(self, number: int, part: str) -> Path:
        return self.folder / f"gen-{number}" / part


class Building:
    """One part of a generation that is being built, segment by segment."""

    def __init__(self, store: Store) -> None:
        self.keys: set[Key] = set()
        self._store, self._gathering = store, Gathering()
        store.create()

    def add(self, document: IndexDocument) -> None:
        """Take a document; of two with the same key the first one stays."""
        if document.key in self.keys:
            return
        self.keys.add(document.key)
        self._gathering.add(document)
        if self._gathering.size >= LARGEST_SEGMENT:
            self._commit()

    def finish(self) -> int:
        """Commit what is left; how many documents there are."""
        if self._gathering.size:
            self._commit()
        return len(self.keys)

    def _commit(self) -> None:
        gathering, self._gathering = self._gathering, Gathering()
        self._store.add(gathering.segment())


@contextmanager
def broken_is_said() -> Iterator[None]:
    """Whatever is raised over a damaged index becomes one error that the site knows how to live with."""
    try:
        yield
    except EngineBroken:
        raise
    except Exception as error:
        raise EngineBroken(str(error)) from error


__all__ = ["Hit", "WhooshEngine"]
