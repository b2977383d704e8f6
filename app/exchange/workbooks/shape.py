"""The columns that one workbook has: those of the kind, with as many rows of each repeated part as its records need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.exchange.workbooks.columns import Column, column_of, field_of, text_of
from app.exchange.workbooks.kinds.kind import Kind
from app.foundation.languages import say
from app.foundation.messages import Message

REF = "ref"
"""The hidden field by which a row of a repeated part keeps its identity, in forms that have one."""


def columns_of(kind: Kind, form: Any, language: str, rows: Mapping[str, int]) -> list[Column]:
    """The columns, from a form of a new record; `rows` says how many rows of each repeated part there are."""
    found = [column_of(form[name], name) for name in kind.names if name in form]
    for part, (head, names, _least) in kind.parts.items():
        while len(form[part].entries) < rows[part]:
            form[part].append_entry()
        for number in range(rows[part]):
            before = say(Message(head.text, {"number": number + 1}), language) + ": "
            entry = form[part].entries[number].form
            found += [column_of(entry[name], f"{part}-{number}-{name}", before) for name in names]
    return found


def rows_needed(kind: Kind, forms: Iterable[Any]) -> dict[str, int]:
    """How many rows of each repeated part a workbook of these forms needs: one more than the longest, and some."""
    forms = list(forms)
    return {
        part: max([least, *(len(filled(form, part, names)) + 1 for form in forms)])
        for part, (_head, names, least) in kind.parts.items()
    }


def rows_in(kind: Kind, names: Iterable[str]) -> dict[str, int]:
    """How many rows of each repeated part there are columns of."""
    known = list(names)
    return {part: max((_number(name) + 1 for name in known if _is_of(part, name)), default=0) for part in kind.parts}


def _is_of(part: str, name: str) -> bool:
    pieces = name.split("-")
    return len(pieces) == 3 and pieces[0] == part and pieces[1].isdecimal()  # noqa: PLR2004 - list, number, field


def _number(name: str) -> int:
    return int(name.split("-")[1])


def filled(form: Any, part: str, names: Sequence[str]) -> list[int]:
    """The rows of a repeated part that hold something, by their place in the form."""
    if part not in form:
        return []
    return [number for number, entry in enumerate(form[part].entries) if _holds(entry.form, names)]


def _holds(row: Any, names: Sequence[str]) -> bool:
    # A form that was sent says itself which of its rows are blank; one that is only opened cannot always.
    if any(one.raw_data for one in row):
        return not row.is_blank
    return any(text_of(row[name]) for name in names if not row[name].default)


def hidden_refs(kind: Kind, form: Any) -> dict[str, str]:
    """The references of the rows of repeated parts, under names of their own."""
    found = {}
    for part in kind.parts:
        for number, entry in enumerate(form[part].entries):
            if REF in entry.form:
                found[f"{part}-{number}-{REF}"] = text_of(entry.form[REF])
    return found


def places_today(kind: Kind, before: Mapping[str, str], form: Any, rows: Mapping[str, int]) -> dict[str, str]:
    """Where the rows of repeated parts stand in the form today: the prefix there, by the prefix in the workbook.

    A row that somebody took out stands behind all others, and so do rows that are new in the workbook.
    """
    found = {}
    for part, (_head, names, _least) in kind.parts.items():
        entries = form[part].entries
        now = {text_of(entry.form[REF]): place for place, entry in enumerate(entries) if REF in entry.form}
        now.pop("", None)
        free = len(filled(form, part, names)) if now else 0
        for number in range(rows.get(part, 0)):
            ref = before.get(f"{part}-{number}-{REF}", "")
            if not now and not ref:
                place = number
            elif ref in now:
                place = now[ref]
            else:
                place, free = max(free, len(entries) if now else free), max(free, len(entries) if now else free) + 1
            found[f"{part}-{number}-"] = f"{part}-{place}-"
    return found


def name_today(name: str, places: Mapping[str, str]) -> str:
    """The name that a column's field has in the form of today."""
    rows, _, rest = name.partition("-")
    number, _, part = rest.partition("-")
    prefix = f"{rows}-{number}-"
    return places[prefix] + part if part and prefix in places else name


def texts_today(form: Any, columns: Iterable[Column], places: Mapping[str, str]) -> dict[str, str]:
    """What the record says today, by the names of the workbook."""
    return {one.name: text_of(field_of(form, name_today(one.name, places))) for one in columns}
