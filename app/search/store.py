"""Where Whoosh comes in: one part of the index on disk, as a list of segments that only its one writer changes.

Whoosh keeps the words and the rows of each segment; beside it stand its columns, from which questions are answered.
What says which segments there are, and what in them is deleted, is Whoosh's table of contents, replaced whole.
"""

from __future__ import annotations

import json
import os
import time
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields, index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from app.search.columns import COUNTED, TOKENS, TYPE, WORD_FIELDS, Segment, merged
from app.search.columns_file import ColumnsDamaged, read_columns, write_columns
from app.search.engine_types import IndexDocument
from app.search.gathering import Gathering
from app.search.homes import Listed

NAME = "MAIN"
# Words arrive folded and stemmed, term by term, so the index has nothing to part or to cut.
SCHEMA = fields.Schema(row=fields.STORED, **{name: fields.ID() for name in WORD_FIELDS})
BLOCK = 128
TRIES = 10
LIKELY = 5
OLDEST_LOOK = 600.0
"""Seconds after which a file is read again though nothing shows that it has changed: disks forget in silence."""


class Store:
    """One part of one generation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reader: Any = None
        self._seen: dict[str, tuple[float, tuple[int, ...]]] = {}

    def create(self) -> None:
        """Make an empty part."""
        self.folder.mkdir(parents=True)
        index.create_in(str(self.folder), SCHEMA, indexname=NAME)

    def stamp(self) -> tuple[str, ...]:
        """What is another one after each commit, and after the whole index was thrown away and made anew."""
        with os.scandir(self.folder) as found:
            tables = [entry for entry in found if entry.name.endswith(".toc")]
            return tuple(sorted(f"{entry.name} {entry.inode()} {_changed(entry)}" for entry in tables))

    def listed(self) -> list[Listed]:
        """The segments in their order."""
        toc = _patient(lambda: index.TOC.read(FileStorage(str(self.folder)), NAME))
        return [Listed(s.segment_id(), s.doc_count_all(), frozenset(s.deleted_docs())) for s in toc.segments]

    def columns(self, name: str) -> Segment:
        """The columns of a segment. Raises ColumnsDamaged."""
        return read_columns(self._columns_of(name))

    def check(self, name: str) -> None:
        """Read a file again that is no longer the one that was seen, and every file once in ten minutes.

        Raises:
            ColumnsDamaged: whoever opens it now would find that it is not whole.
        """
        try:
            state = self._columns_of(name).stat()
        except OSError as error:
            raise ColumnsDamaged(f"{name}: {error}") from error
        mark, moment = (state.st_ino, state.st_size, state.st_mtime_ns), time.monotonic()
        seen_at, seen = self._seen.get(name, (moment, mark))
        if seen != mark or moment - seen_at > OLDEST_LOOK:
            read_columns(self._columns_of(name))
            seen_at = moment
        self._seen[name] = (seen_at, mark)

    def near(self, word: str, slips: int) -> list[str]:
        """The likeliest words of the vocabulary that are at most so many slips away, those of deleted ones too."""
        found = self.reader().corrector("words").suggest(word, limit=LIKELY, maxdist=slips, prefix=1)
        return [str(other) for other in found]

    def reader(self) -> Any:
        """Whoosh's own reader, opened at its first use."""
        if self._reader is None:
            # A new reader for each commit that is asked about: Whoosh's own refresh leaks a file each time.
            self._reader = index.open_dir(str(self.folder), indexname=NAME).reader()
        return self._reader

    def let_go(self) -> None:
        """Close what is open: something was committed, or nobody asks any more."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def add(self, segment: Segment, deleted: Sequence[int] = ()) -> None:
        """Commit one more segment, and deletions by the number of the document in the part."""
        self._commit(segment, rows_of(segment), deleted, frozenset())

    def merge(self, names: frozenset[str]) -> None:
        """Make one segment of several; what is deleted in them goes for good."""
        chosen = [one for one in self.listed() if one.name in names]
        kept = [_live(one) for one in chosen]
        segment = merged([self.columns(one.name) for one in chosen], kept)
        self._commit(segment, rows_of(segment), (), names)

    def mend_all(self) -> None:
        """Write the columns anew wherever they are missing or not whole."""
        for one in self.listed():
            try:
                self.columns(one.name)
            except ColumnsDamaged:
                self.mend(one.name)

    def mend(self, name: str) -> None:
        """Write the columns of a segment anew from what Whoosh has of it."""
        toc = index.TOC.read(FileStorage(str(self.folder)), NAME)
        segment = next(segment for segment in toc.segments if segment.segment_id() == name)
        reader = SegmentReader(FileStorage(str(self.folder)), toc.schema, _undeleted(segment))
        try:
            write_columns(self._columns_of(name), read_back(reader))
        finally:
            reader.close()

    def _commit(self, segment: Segment, rows: Iterable[str], deleted: Sequence[int], without: frozenset[str]) -> None:
        writer = ColumnWriter(index.open_dir(str(self.folder), indexname=NAME), segment, self._columns_of)
        try:
            for number in deleted:
                writer.delete_document(int(number))
            writer.add_rows(rows)
            writer.commit(mergetype=lambda _writer, old: [s for s in old if s.segment_id() not in without and _any(s)])
        except BaseException:
            # Whoosh would leave its lock behind, and every later commit would wait for it in vain.
            with suppress(Exception):
                writer.cancel()
            raise

    def _columns_of(self, name: str) -> Path:
        # By this name Whoosh takes the file away together with the segment.
        return self.folder / f"{name}.columns"


class ColumnWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, given the words of a whole segment sorted, in place of documents one by one."""

    def __init__(self, whoosh: Any, segment: Segment, columns_of: Callable[[str], Path]) -> None:
        # Length statistics are kept in the columns; to find them here Whoosh would look for a file at each posting.
        codec = W3Codec(blocklimit=BLOCK, compression=1)
        codec.length_stats = False
        super().__init__(whoosh, codec=codec)
        self._segment, self._columns_of = segment, columns_of

    def add_rows(self, rows: Iterable[str]) -> None:
        """Write what is stored of each document."""
        for row in rows:
            self.perdocwriter.start_doc(self.docnum)
            self.perdocwriter.add_field("row", self.schema["row"], row, 0)
            self.perdocwriter.finish_doc()
            self.docnum += 1
            self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        for name in WORD_FIELDS:
            self._write_words(name)
        self.fieldwriter.close()

    def _write_words(self, name: str) -> None:
        words, writer = self._segment.words[name], self.fieldwriter
        ptr = words.ptr.tolist()
        writer.start_field(name, self.schema[name])
        for place, term in enumerate(words.terms.tolist()):
            writer.start_term(term)
            for begin in range(ptr[place], ptr[place + 1], BLOCK):
                end = min(begin + BLOCK, ptr[place + 1])
                counts = words.counts[begin:end] if words.counts is not None else np.ones(end - begin)
                self._write_block(words.docs[begin:end], counts, is_last=end == ptr[place + 1])
            writer.finish_term()
        writer.finish_field()

    def _write_block(self, docs: Any, counts: Any, *, is_last: bool) -> None:
        block = self.fieldwriter._postwriter  # noqa: SLF001
        block._ids = array("I", docs.astype("<u4").tobytes())  # noqa: SLF001
        block._weights = array("f", counts.astype("<f4").tobytes())  # noqa: SLF001
        block._maxweight = float(counts.max())  # noqa: SLF001
        if not is_last:
            block._write_block()  # noqa: SLF001

    def _assemble_segment(self) -> None:
        super()._assemble_segment()
        write_columns(self._columns_of(self.newsegment.segment_id()), self._segment)
        for name in self.newsegment.list_files(self.storage):
            _to_disk(Path(self.storage.folder) / name)

    def _commit_toc(self, segments: Any) -> None:
        # As Whoosh does it, but nothing old is taken away before the new is sure to be on disk.
        toc = index.TOC(self.schema, segments, self.generation)
        toc.write(self.storage, self.indexname)
        folder = Path(self.storage.folder)
        _to_disk(folder / index.TOC._filename(self.indexname, self.generation))  # noqa: SLF001
        _to_disk(folder)
        index.clean_files(self.storage, self.indexname, self.generation, segments)


def rows_of(segment: Segment) -> list[str]:
    """What Whoosh stores of each document, so that columns can be made again: everything but the words."""
    columns = {name: values.tolist() for name, values in segment.plain.items()}
    facets = {
        name: ([value.decode() for value in facet.values.tolist()], facet.ptr.tolist(), facet.codes.tolist())
        for name, facet in segment.facets.items()
    }
    rows = []
    for number in range(segment.size):
        row: dict[str, Any] = {name: values[number] for name, values in columns.items()}
        row["facets"] = {
            name: [values[code] for code in codes[ptr[number] : ptr[number + 1]]]
            for name, (values, ptr, codes) in facets.items()
            if ptr[number] < ptr[number + 1]
        }
        rows.append(json.dumps(row, ensure_ascii=False))
    return rows


def read_back(reader: Any) -> Segment:
    """The columns of a segment from Whoosh's own files."""
    rows = [json.loads(reader.stored_fields(number)["row"]) for number in range(reader.doc_count_all())]
    words: dict[str, list[dict[str, int]]] = {name: [{} for _row in rows] for name in WORD_FIELDS}
    for name in WORD_FIELDS:
        for term in reader.lexicon(name):
            matcher = reader.postings(name, term)
            while matcher.is_active():
                words[name][matcher.id()][term.decode()] = int(matcher.weight())
                matcher.next()
    gathering = Gathering()
    for number, row in enumerate(rows):
        counted = {name: words[name][number] for name in COUNTED}
        lengths = {f"{name}_length": row[f"{name}_length"] for name in COUNTED}
        gathering.add_row(_document(row, {name: words[name][number] for name in WORD_FIELDS}), counted, lengths)
    return gathering.segment()


def _document(row: dict[str, Any], words: Mapping[str, Iterable[str]]) -> IndexDocument:
    facets = {name: tuple(values) for name, values in row["facets"].items()}
    (kind,), tokens = facets.pop(TYPE), facets.pop(TOKENS, ())
    return IndexDocument(
        key=(kind, row["record"]), version=row["version"], title=(), body=(), concepts=tuple(words["concepts"]),
        words=tuple(words["words"]), files=tuple(words["files"]), facets=facets, is_public=not tokens, tokens=tokens,
        posted=row["posted"], due=row["due"], confirm=row.get("confirm", 0),
    )  # fmt: skip


def _changed(entry: os.DirEntry[str]) -> int:
    # The writer may take an old one away in that very moment: then the next look is another one anyhow.
    try:
        return entry.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _any(segment: Any) -> bool:
    return bool(segment.doc_count())


def _live(listed: Listed) -> Any:
    mask = np.ones(listed.size, dtype=bool)
    mask[np.fromiter(listed.deleted, dtype=np.int64)] = False
    return mask


def _undeleted(segment: Any) -> Any:
    # Columns have all documents of a segment; which of them are deleted is the business of the table of contents.
    segment._deleted = set()  # noqa: SLF001
    return segment


def _patient(read: Callable[[], Any]) -> Any:
    """Read a table of contents; the writer may take it away in that very moment, but only for a newer one."""
    for _try in range(TRIES - 1):
        with suppress(FileNotFoundError, index.EmptyIndexError):
            return read()
    return read()


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
