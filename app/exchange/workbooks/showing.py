"""A judged workbook as its page shows it: how many rows are what, and each cell in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.exchange.workbooks.columns import DAY, Column
from app.exchange.workbooks.judging import Outcome
from app.exchange.workbooks.rules import ADDED, CHANGED, CONFLICT, SAME, STATES, Fault, Judged, counts
from app.foundation.days import parse_day
from app.foundation.languages import day_text, say
from app.foundation.web import current_language

MOST_SHOWN = 100
"""So many rows of one page; a filter leads to the others."""


@dataclass(frozen=True)
class CellShown:
    """One cell that differs, in the words of the reader's lists, and days in the reader's language."""

    head: str
    before: str
    theirs: str
    mine: str
    is_conflict: bool


@dataclass(frozen=True)
class RowShown:
    """One row of the page."""

    row: Judged
    cells: Sequence[CellShown]
    faults: Sequence[tuple[str, str]]


def shown(outcome: Outcome, wanted: str, refused: Mapping[int, Fault]) -> dict[str, Any]:
    """What the page draws: the rows of one state, or all but those that are unchanged."""
    numbers = counts(outcome.judged)
    rows = [row for row in outcome.judged if row.state == wanted or (not wanted and row.state != SAME)]
    order = list(STATES)
    rows.sort(key=lambda row: (order.index(row.state), row.number))
    return {
        "rows": [_row(row, outcome.columns, refused.get(row.number)) for row in rows[:MOST_SHOWN]],
        "further": max(0, len(rows) - MOST_SHOWN),
        "counts": [(state, say(name, current_language()), numbers[state]) for state, (name, _colour) in STATES.items()],
        "good": numbers[ADDED] + numbers[CHANGED] + numbers[CONFLICT],
        "total": len(outcome.rows),
        "missing": outcome.missing,
        "unread": outcome.unread,
        "STATES": STATES,
    }


def _row(row: Judged, columns: Mapping[str, Column], refused: Fault | None) -> RowShown:
    faults = [*row.faults, *([refused] if refused else [])]
    cells = [
        CellShown(
            head=columns[one.name].head,
            before=_said(columns[one.name], one.before),
            theirs=_said(columns[one.name], one.theirs),
            mine=_said(columns[one.name], one.mine),
            is_conflict=one.is_conflict,
        )
        for one in row.differences
    ]
    return RowShown(row, cells, [(_head(one, columns), _words(one)) for one in faults])


def _said(column: Column, text: str) -> str:
    """What a cell says, for its reader; a day that nobody can read stands as it was typed."""
    day = parse_day(text) if column.shape == DAY else None
    return day_text(day, current_language()) if day else column.label(text)


def _head(fault: Fault, columns: Mapping[str, Column]) -> str:
    return columns[fault.name].head if fault.name in columns else ""


def _words(fault: Fault) -> str:
    return fault.message if isinstance(fault.message, str) else say(fault.message, current_language())
