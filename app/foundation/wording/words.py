"""The versions of a record side by side in words: each entry of a snapshot named, and each code and day said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.foundation.languages import day_text, money_text, name_of, number_text, say
from app.foundation.messages import Message, msg
from app.foundation.money import Money
from app.foundation.wording.changes import FieldChange, field_changes
from app.foundation.wording.versions import PastVersion

Worded = Callable[[Any, Mapping[str, Any], str], str]
"""Says a value of a snapshot (the second is the whole of it) in a language."""
YES_NO = {True: msg("Yes"), False: msg("No")}


@dataclass(frozen=True)
class Part:
    """One entry of a snapshot: what it is called, and how it is said; without `how` it is the author's own text."""

    label: Message
    how: Worded | None = None
    is_list: bool = False


@dataclass(frozen=True)
class Step:
    """One version: when it was saved (UTC), the language of its text, and what was changed; the first has it all."""

    saved_at: datetime
    language: str
    changes: list[FieldChange]
    is_first: bool


def coded(kind: str) -> Worded:
    """One code of a list, or several."""

    def how(value: Any, _state: Mapping[str, Any], language: str) -> str:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(name_of(kind, code, language) for code in codes if code)

    return how


def chosen(names: Mapping[Any, Message]) -> Worded:
    """A code of a list of our own."""
    return lambda value, _state, language: say(names[value], language) if value in names else str(value or "")


def day(value: Any, _state: Mapping[str, Any], language: str) -> str:
    """A day."""
    return day_text(date.fromisoformat(value), language) if value else ""


def number(value: Any, _state: Mapping[str, Any], language: str) -> str:
    """A number."""
    return "" if value is None else number_text(Decimal(value), language)


def money(value: Any, state: Mapping[str, Any], language: str) -> str:
    """An amount in the currency that stands beside it."""
    currency = state.get("currency")
    return money_text(Money(Decimal(value), currency), language) if value is not None and currency else ""


def rows(each: Callable[[Mapping[str, Any], str], list[str]]) -> Worded:
    """Rows, one on a line; `each` says the parts of one, of which empty ones are left out."""

    def how(value: Any, _state: Mapping[str, Any], language: str) -> str:
        return "\n".join("; ".join(part for part in each(row, language) if part) for row in value or ())

    return how


def steps(versions: Sequence[PastVersion], parts: Mapping[str, Part], language: str) -> list[Step]:
    """Versions, newest first, each with what it changed against the one before it."""
    before: list[Mapping[str, Any]] = [version.snapshot for version in versions[1:]]
    if versions:
        before.append({})
    return [
        Step(
            version.saved_at,
            version.snapshot.get("language", ""),
            _changes(parts, older, version.snapshot, language),
            is_first=not older,
        )
        for version, older in zip(versions, before, strict=True)
    ]


def _changes(
    parts: Mapping[str, Part], before: Mapping[str, Any], after: Mapping[str, Any], language: str
) -> list[FieldChange]:
    labels = {name: part.label for name, part in parts.items()}
    lists = [name for name, part in parts.items() if part.is_list]
    found = field_changes(labels, _worded(parts, before, language), _worded(parts, after, language), lists)
    # What is said by us is in the reader's language, whatever the record is written in; rows mix both.
    return [replace(change, language=language) if parts[change.field].how else change for change in found]


def _worded(parts: Mapping[str, Part], state: Mapping[str, Any], language: str) -> dict[str, str]:
    return {
        name: part.how(state.get(name), state, language) if part.how else str(state.get(name) or "")
        for name, part in parts.items()
        if state.get(name) is not None
    }
