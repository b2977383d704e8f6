"""The lists of lessons and outputs: which they are and how many by their codes is kept until one changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.foundation.db import Tx
from app.foundation.kept.lists import CountedList, Counts, Wanted
from app.foundation.paging import Numbers
from app.foundation.permissions import Actor
from app.lessons.library import queries
from app.lessons.library.queries import Filters
from app.lessons.models import Lesson, Output
from app.lessons.queries import lessons_by_ids, outputs_by_ids


class _Lessons:
    """How lessons are read."""

    def numbers_of(self, tx: Tx, reader: Actor, wanted: Wanted[Filters], /) -> Numbers:
        """Which stand on a page."""
        return queries.lesson_numbers(tx, reader, wanted.filters, wanted.page, wanted.sort, wanted.size)

    def count_facets(self, tx: Tx, reader: Actor, filters: Filters, _today: date, /) -> Counts:
        """How many there are by their codes."""
        return queries.counts_of(tx, reader, Lesson, filters)


class _Outputs:
    """How outputs are read."""

    def numbers_of(self, tx: Tx, reader: Actor, wanted: Wanted[Filters], /) -> Numbers:
        """Which stand on a page."""
        return queries.output_numbers(tx, reader, wanted.filters, wanted.page, wanted.sort, wanted.size)

    def count_facets(self, tx: Tx, reader: Actor, filters: Filters, _today: date, /) -> Counts:
        """How many there are by their codes."""
        return queries.counts_of(tx, reader, Output, filters)


LISTS: Mapping[str, CountedList[Filters, Any]] = {
    "lesson": CountedList(Lesson, frozenset({"lesson", "lesson_tie", "organisation"}), _Lessons(), lessons_by_ids),
    "output": CountedList(Output, frozenset({"output", "organisation"}), _Outputs(), outputs_by_ids),
}
"""By the kind of record; each with the kinds whose changes may move one of them, or take it out of sight."""
