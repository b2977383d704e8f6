"""One part of one generation of an index in PostgreSQL: a row for each segment, a stamp, and public words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import ColumnElement, Table, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from app.search import postgres_tables as tables
from app.search.columns import Segment, merged
from app.search.columns_file import SMALL, ColumnsDamaged, packed, read_columns, unpacked, write_pieces
from app.search.engine_types import EngineBroken
from app.search.homes import Listed, Stamp
from app.search.spelling import distance

if TYPE_CHECKING:
    from app.search.postgres_home import PostgresHome

ALIKE = 0.14
"""So alike by their trigrams are words of four letters between which lies one slip; more alike are longer ones."""
MOST_ALIKE = 400
AT_ONCE = 5_000


class PostgresPart:
    """One part of one generation."""

    def __init__(self, home: PostgresHome, generation: int, name: str) -> None:
        self.home, self.generation, self.name = home, generation, name

    # --- read ---

    def stamp(self) -> Stamp:
        """What is another one after each commit.

        Raises:
            ColumnsDamaged: the part is there no longer.
        """
        with self.home.connected() as connection:
            stamp = connection.scalar(select(tables.PARTS.c.stamp).where(*self._own(tables.PARTS)))
        if stamp is None:
            raise ColumnsDamaged(f"there is no part {self.name} in generation {self.generation}")
        return str(self.generation), str(stamp)

    def listed(self) -> list[Listed]:
        """The segments in their order."""
        rows = self._rows()
        self.home.forget_copies(self.name, [row.name for row in rows])
        return [Listed(row.name, row.size, frozenset(row.deleted)) for row in rows]

    def columns(self, name: str) -> Segment:
        """The columns of a segment, from this host's copy if it has one. Raises ColumnsDamaged."""
        copy = self.home.copy_of(self.name, name)
        # A copy that is not whole is made again.
        with suppress(ColumnsDamaged):
            return read_columns(copy)
        with self.home.connected() as connection:
            found = connection.scalar(
                select(tables.SEGMENTS.c.columns).where(*self._own(), tables.SEGMENTS.c.name == name)
            )
        if found is None:
            raise ColumnsDamaged(f"there is no segment {name}")
        content = bytes(found)
        if len(content) > SMALL:
            # Without room for a copy the process keeps the columns by itself.
            with suppress(OSError):
                self.home.folder.mkdir(parents=True, exist_ok=True)
                write_pieces(copy, [content])
                return read_columns(copy)
        return unpacked(content)

    def check(self, name: str) -> None:
        """PostgreSQL looks after its own pages; a copy on this host is checked when it is opened."""

    def near(self, word: str, slips: int) -> list[str]:
        """The words of the vocabulary that are at most so many slips away, the likeliest first."""
        if self.name != "public":
            return []
        words = tables.WORDS.c.word
        alike = func.similarity(words, word)
        query = (
            select(words)
            .where(tables.WORDS.c.generation == self.generation, words.bool_op("%")(word))
            .where(words.startswith(word[:1], autoescape=True), func.abs(func.length(words) - len(word)) <= slips)
            .order_by(alike.desc(), words)
            .limit(MOST_ALIKE)
        )
        with self.home.together() as connection:
            connection.execute(text(f"SET LOCAL pg_trgm.similarity_threshold = {ALIKE}"))
            found = connection.scalars(query).all()
        # More alike stand first, so that of two words with as few slips the one that looks more alike is taken.
        near = [(distance(word, other), place, other) for place, other in enumerate(found)]
        return [other for far, _place, other in sorted(near) if far <= slips]

    # --- write ---

    def create(self) -> None:
        """Make an empty part."""
        with self.home.connected() as connection:
            row = {"generation": self.generation, "part": self.name, "stamp": token_hex(8)}
            connection.execute(insert(tables.PARTS).values(row))

    def add(self, segment: Segment, deleted: Sequence[int] = ()) -> None:
        """Commit one more segment, and deletions by the number of the document in the part."""
        with self.home.connected() as connection:
            self._delete(connection, deleted)
            if segment.size:
                self._put(connection, segment)
            self._step(connection)

    def merge(self, names: frozenset[str]) -> None:
        """Make one segment of several; what is deleted in them goes for good."""
        with self.home.connected() as connection:
            chosen = [row for row in self._rows() if row.name in names]
            segment = merged([self.columns(row.name) for row in chosen], [_live(row) for row in chosen])
            connection.execute(delete(tables.SEGMENTS).where(*self._own(), tables.SEGMENTS.c.name.in_(names)))
            if segment.size:
                self._put(connection, segment)
            self._step(connection)

    def mend_all(self) -> None:
        """What is not whole in PostgreSQL cannot be mended from anything but the records.

        Raises:
            EngineBroken: always; the index is built anew then.
        """
        raise EngineBroken(f"columns of part {self.name} are not whole")

    def let_go(self) -> None:
        """Nothing is open between two questions."""

    def _put(self, connection: Connection, segment: Segment) -> None:
        last = select(func.max(tables.SEGMENTS.c.place)).where(*self._own())
        row: dict[str, Any] = {
            "generation": self.generation,
            "part": self.name,
            "name": token_hex(8),
            "place": (connection.scalar(last) or 0) + 1,
            "size": segment.size,
            "deleted": [],
            "columns": b"".join(packed(segment)),
        }
        connection.execute(insert(tables.SEGMENTS).values(row))
        if self.name == "public":
            self._note_words(connection, segment)

    def _note_words(self, connection: Connection, segment: Segment) -> None:
        terms = (term.decode() for term in segment.words["words"].terms.tolist())
        for some in _in_turns(terms, AT_ONCE):
            rows = [{"generation": self.generation, "word": word} for word in some]
            connection.execute(insert(tables.WORDS).on_conflict_do_nothing(), rows)

    def _delete(self, connection: Connection, deleted: Sequence[int]) -> None:
        base, gone = 0, np.asarray(sorted(deleted), dtype=np.int64)
        for row in self._rows() if len(gone) else ():
            of_it = gone[(gone >= base) & (gone < base + row.size)] - base
            if len(of_it):
                numbers = sorted({*row.deleted, *of_it.tolist()})
                change = update(tables.SEGMENTS).where(*self._own(), tables.SEGMENTS.c.name == row.name)
                connection.execute(change.values(deleted=numbers))
            base += row.size

    def _step(self, connection: Connection) -> None:
        # By chance and not by counting: an index that was thrown away and made anew must not look like the one before.
        connection.execute(update(tables.PARTS).where(*self._own(tables.PARTS)).values(stamp=token_hex(8)))

    def _rows(self) -> Sequence[Any]:
        columns = (tables.SEGMENTS.c.name, tables.SEGMENTS.c.size, tables.SEGMENTS.c.deleted)
        with self.home.connected() as connection:
            return connection.execute(select(*columns).where(*self._own()).order_by(tables.SEGMENTS.c.place)).all()

    def _own(self, table: Table = tables.SEGMENTS) -> tuple[ColumnElement[bool], ...]:
        return table.c.generation == self.generation, table.c.part == self.name


def _in_turns(words: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(words)
    while some := list(islice(rest, size)):
        yield some


def _live(row: Any) -> Any:
    mask = np.ones(row.size, dtype=bool)
    mask[np.asarray(row.deleted, dtype=np.int64)] = False
    return mask
