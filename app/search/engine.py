"""The search engine of the site: two indexes, one public and one for everything else, in generations swapped whole.

Only the worker writes. A process that serves keeps the columns of each segment that it has seen, so that a commit costs
it one small segment. Where the segments lie is the business of a home: a folder with Whoosh in it, or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import RLock

from app.search.columns_file import ColumnsDamaged
from app.search.engine_types import EngineAnswer, EngineBroken, EngineQuery, Filters, Hit, IndexDocument, Key, Reading
from app.search.folder_home import FolderHome
from app.search.gathering import Gathering, segment_of
from app.search.homes import PARTS, Home, Look, PartStore
from app.search.opened import OpenPart
from app.search.ranking import rank_each
from app.search.snapshot import Snapshot

LARGEST_SEGMENT = 50_000
"""A rebuild begins a new segment after so many documents, so that it never holds more of them in memory."""


class ColumnEngine:
    """A search engine on columns, wherever they lie."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = RLock()
        self._open: dict[str, OpenPart] = {}

    # --- read ---

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Answer a question from both parts, as far as the query's tokens open them.

        Raises:
            EngineBroken: the index cannot be read.
        """
        return self.search_each(query, [{}])[0]

    def search_each(self, query: EngineQuery, narrower: Sequence[Filters]) -> list[EngineAnswer]:
        """Answer a question with each of these further filters by itself; it costs little more than answering it once.

        Raises:
            EngineBroken: the index cannot be read.
        """
        with broken_is_said():
            look = self._look()
            return rank_each(query, narrower, self.snapshot("public", look), self.snapshot("restricted", look))

    def versions(self) -> dict[Key, int]:
        """Which version of which record the index has.

        Raises:
            EngineBroken: the index cannot be read.
        """
        with broken_is_said():
            look = self._look()
            return {key: version for part in PARTS for key, version in self.snapshot(part, look).versions()}

    def mark(self) -> Hashable:
        """What is another one whenever the index has changed; nothing as long as it cannot be read."""
        try:
            look = self.home.look()
        except (OSError, EngineBroken):
            return None
        return None if look is None else (look.generation, *(look.stamps[part] for part in PARTS))

    def is_there(self) -> bool:
        """Whether there is an index at all, whole or not."""
        try:
            return self.home.look() is not None
        except (OSError, EngineBroken):
            return True

    def suggest(self, word: str) -> str | None:
        """The nearest word of the public vocabulary, or None if the word is in it or nothing is near."""
        with broken_is_said(), self._lock:
            self.snapshot("public")
            return self._open["public"].suggest(word)

    def snapshot(self, part: str, look: Look | None = None) -> Snapshot:
        """One part as it is now, read anew only as far as it has changed."""
        look = look or self._look()
        known = self._open.get(part)
        if known is not None and known.is_at(look.generation, look.stamps[part]):
            return known.snapshot
        with self._lock:
            known = self._open.get(part)
            if known is None or known.generation != look.generation:
                # Whoever still reads the one before keeps it until done.
                before, known = known, OpenPart(self.home.part(look.generation, part), look.generation)
                known.refresh()
                self._open[part] = known
                if before is not None:
                    before.close()
            elif not known.is_at(look.generation, look.stamps[part]):
                known.refresh()
            return known.snapshot

    def _look(self) -> Look:
        look = self.home.look()
        if look is None:
            raise EngineBroken("there is no index yet")
        return look

    def close(self) -> None:
        """Let go of every file; the next question opens them again."""
        with self._lock:
            for opened in self._open.values():
                opened.close()
            self._open.clear()
            self.home.close()

    # --- write ---

    def alone(self) -> AbstractContextManager[None]:
        """Only one process writes the index at a time."""
        return self.home.alone()

    def replace(self, documents: Sequence[IndexDocument], gone: Sequence[Key]) -> None:
        """Put documents in the place of older ones.

        Raises:
            EngineBroken: the index cannot be read, and has to be rebuilt.
        """
        self.renew(lambda: (documents, gone))

    def renew(self, read: Reading) -> None:
        """Put into the index what `read` tells of some records once nobody else writes it: the latest is never lost.

        Raises:
            EngineBroken: the index cannot be read, and has to be rebuilt.
        """
        with broken_is_said(), self.alone():
            documents, gone = read()
            if self.home.look() is None:
                self.home.swap(self._build([])[0])
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
                self.home.drop(number)
                raise EngineBroken(f"built an index of {count} records where the database has {after}")
            self.home.swap(number)
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
            self._open[part].check()
        except ColumnsDamaged:
            with self.alone():
                # Whoever has the columns in memory does not miss them; whoever opens the index now does.
                self.home.part(self._look().generation, part).mend_all()
                self._mended(part)
            return True
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
            self.home.part(self._look().generation, part).mend_all()
            self.snapshot(part)
        return self._open[part]

    def _build(self, documents: Iterable[IndexDocument]) -> tuple[int, int]:
        look = self.home.look()
        number = (look.generation if look else 0) + 1
        self.home.drop(number)
        building = {part: Building(self.home.part(number, part)) for part in PARTS}
        for document in documents:
            building["public" if document.is_public else "restricted"].add(document)
        return number, sum(part.finish() for part in building.values())


class WhooshEngine(ColumnEngine):
    """The engine of one machine: its home is a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(FolderHome(folder))
        self.folder = folder


class Building:
    """One part of a generation that is being built, segment by segment."""

    def __init__(self, store: PartStore) -> None:
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


__all__ = ["ColumnEngine", "Hit", "WhooshEngine", "broken_is_said"]
