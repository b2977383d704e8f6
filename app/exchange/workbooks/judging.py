"""A workbook that came back, held against what stands here: row by row what is new, changed, in conflict or to mend."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.exchange.workbooks import columns as c
from app.exchange.workbooks import rules, shape
from app.exchange.workbooks.columns import Column
from app.exchange.workbooks.kinds.kind import Kind, Place
from app.exchange.workbooks.reading import Book, sent_rows
from app.exchange.workbooks.rules import MINE, THEIRS, Before, Difference, Fault, Judged, Sent
from app.foundation.db import Tx


@dataclass(frozen=True)
class Ready:
    """A row that was judged, with what is needed to save it: the record (none of a new one) and its form."""

    row: Judged
    sent: Sent
    record: Any = None
    form: Any = None
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """A whole workbook, judged."""

    rows: Sequence[Ready]
    columns: Mapping[str, Column]
    missing: Sequence[str] = ()
    """Heads of columns that did not come back: what stands in them here stays."""
    unread: Sequence[str] = ()
    """Heads of columns of which nobody knows what they are."""

    @property
    def judged(self) -> list[Judged]:
        """The rows alone."""
        return [one.row for one in self.rows]

    @property
    def mark(self) -> str:
        """A mark of everything that the sender is shown: whoever saves, saves what was seen."""
        seen = [[one.number, one.key, [vars(cell) for cell in one.differences]] for one in self.judged]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Judge:
    """Holds the rows of one workbook against the records of its organisation.

    `choices` says for rows in conflict, by their number, whose words are taken; `asks_guard` is false where the rows
    have been looked at a moment before.
    """

    tx: Tx
    place: Place
    kind: Kind
    remembered: Mapping[str, Before]
    choices: Mapping[int, str] = field(default_factory=dict)
    asks_guard: bool = True

    def judge(self, book: Book, language: str) -> Outcome:
        """The rows of the workbook."""
        blank = self.kind.form(self.tx, self.place, None)
        names = [*book.names, *book.missing]
        found = shape.columns_of(self.kind, blank, language, shape.rows_in(self.kind, names))
        columns = {column.name: column for column in found if column.name in set(book.names)}
        records = {record.ref: record for record in self.kind.records(self.tx, self.place)}
        sent = sent_rows(book, self.kind.name, columns)
        missing = [column.head for column in found if column.name in set(book.missing)]
        rows = self._looked_at([self._row(one, columns, records) for one in sent], columns)
        return Outcome(rows, columns, missing, book.unread)

    def unheard(self, outcome: Outcome) -> list[int]:
        """The numbers of the rows for which the sender's own words were chosen, and cannot be taken."""
        chosen = [row for row in outcome.judged if self.choices.get(row.number) == MINE]
        return [row.number for row in chosen if row.state == rules.ERROR]

    def _row(self, sent: Sent, columns: Mapping[str, Column], records: Mapping[str, Any]) -> Ready:
        before = self.remembered.get(sent.key) or sent.before or Before()
        judged = Judged(sent.number, sent.key, rules.SAME, before.ref, sent.cells.get("title", ""))
        if sent.problem is not None:
            return Ready(replace(judged, state=rules.ERROR, record_ref="", faults=[Fault("", sent.problem)]), sent)
        if sent.faults:
            return Ready(replace(judged, state=rules.ERROR, faults=sent.faults), sent)
        if not any(text != before.cells.get(name, "") for name, text in sent.cells.items()):
            return Ready(judged, sent)
        record = records.get(before.ref)
        if before.ref and record is None:
            return Ready(replace(judged, state=rules.ERROR, faults=[Fault("", rules.GONE)]), sent)
        return self._compared(judged, replace(sent, before=before), record, columns)

    def _compared(self, judged: Judged, sent: Sent, record: Any, columns: Mapping[str, Column]) -> Ready:
        before = sent.before if record is not None and sent.before else Before()
        form = self.kind.form(self.tx, self.place, record)
        places = shape.places_today(self.kind, before.cells, form, shape.rows_in(self.kind, columns))
        theirs = shape.texts_today(form, columns.values(), places) if record is not None else {}
        found = rules.differences(before.cells, theirs, sent.cells)
        filled, faults = self._filled(form, record, found, columns, places, judged.number)
        title = self.kind.title_of(record) if record is not None else judged.title
        state = rules.state_of(is_new=record is None, found=found, faults=faults)
        row = replace(judged, state=state, title=title, differences=found, faults=faults)
        return Ready(row, sent, record, filled, places)

    def _filled(
        self, form: Any, record: Any, found: Sequence[Difference], columns: Mapping[str, Column],
        places: Mapping[str, str], number: int,
    ) -> tuple[Any, list[Fault]]:  # fmt: skip
        """The form with what was changed typed into it, as if it had been sent, and what it says."""
        cells = rules.taken(found, self.choices.get(number, THEIRS))
        if not cells:
            return None, []
        sent = c.as_sent(form)
        for name, text in cells.items():
            c.put(sent, columns[name], shape.name_today(name, places), text)
        filled = self.kind.form(self.tx, self.place, record, sent)
        said = () if filled.validate() else c.errors_of(filled, _names_today(columns, places))
        return filled, _faults(said)

    def _looked_at(self, rows: Sequence[Ready], columns: Iterable[str]) -> list[Ready]:
        """The rows, with what stands in the way of those whose forms are sound: all of them are looked at together."""
        sound = [one for one in rows if one.form is not None and not one.row.faults] if self.asks_guard else []
        if not sound:
            return [*rows]
        problems = self.kind.problems(self.place, [(one.record, one.form) for one in sound])
        told = {one.row.number: said for one, said in zip(sound, problems, strict=True) if said}
        return [_held(one, told[one.row.number], columns) if one.row.number in told else one for one in rows]


def _held(one: Ready, said: Sequence[tuple[str, str]], columns: Iterable[str]) -> Ready:
    names = _names_today(columns, one.places)
    faults = _faults((names.get(name, name), text) for name, text in said)
    return replace(one, row=replace(one.row, state=rules.ERROR, faults=faults))


def _names_today(columns: Iterable[str], places: Mapping[str, str]) -> dict[str, str]:
    """The columns by the names that their fields have in the form of today."""
    return {shape.name_today(name, places): name for name in columns}


def _faults(said: Iterable[tuple[str, str]]) -> list[Fault]:
    return [Fault(name, text) for name, text in dict.fromkeys(said)]
