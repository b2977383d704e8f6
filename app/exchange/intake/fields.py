"""What an activity would change, field by field and in words: what stands there now, and what the file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.foundation.languages import day_text, money_text, name_of, say
from app.foundation.messages import Message, msg
from app.foundation.money import Money
from app.programmes.changes import PARTS
from app.programmes.restoring import DAYS

LABELS: Mapping[str, Message] = {
    "title": msg("Title"),
    "description": msg("Description"),
    "texts": msg("Texts in each language"),
    "tags": msg("Places, sectors and themes"),
    "participants": msg("Who takes part"),
    "budgets": msg("Budgets"),
    "transactions": msg("Money promised and moved"),
    "links": msg("Related activities and identifiers"),
    "planned_start": msg("Planned start"),
    "actual_start": msg("Actual start"),
    "planned_end": msg("Planned end"),
    "actual_end": msg("Actual end"),
    "hierarchy": msg("Level among related activities"),
    **{name: part.label for name, part in PARTS.items()
       if name in {"status", "conditions", "website", "purpose_code", "aid_type", "finance_type", "flow_type",
                   "language", "starts_on", "ends_on"}},
}  # fmt: skip
CODES = {"status": "activity_status", "purpose_code": "purpose", "aid_type": "aid_type", "flow_type": "flow_type",
         "finance_type": "finance_type", "language": "language"}  # fmt: skip
LISTS_OF_FACETS = {"country": "country", "theme": "theme", "grouping": "grouping"}
MOST_LINES = 40
"""So many lines of one field are shown on either side."""


@dataclass(frozen=True)
class Change:
    """One field: its name, and either side as lines in words."""

    label: Message
    old: tuple[str, ...]
    new: tuple[str, ...]


def changes_in_words(changes: Mapping[str, Any], language: str) -> list[Change]:
    """The fields that an activity would change, in the order of LABELS; lines that both sides have are left out."""
    found = []
    for name, label in LABELS.items():
        if name not in changes:
            continue
        old, new = (_lines(name, side, language) for side in changes[name])
        if isinstance(changes[name][1], list):
            kept = set(old) & set(new)
            old, new = [o for o in old if o not in kept], [n for n in new if n not in kept]
        found.append(Change(label, _shown(old), _shown(new)))
    return found


def _shown(lines: list[str]) -> tuple[str, ...]:
    return tuple(lines[:MOST_LINES]) + (("…",) if len(lines) > MOST_LINES else ())


def _lines(name: str, value: Any, language: str) -> list[str]:
    if name == "tags":
        return [_tag(tag, language) for tag in value]
    if isinstance(value, list):
        return [_row(row, language) for row in value]
    if value in {None, ""}:
        return []
    if name in DAYS:
        return [day_text(date.fromisoformat(value), language)]
    if name in CODES:
        return [name_of(CODES[name], value, language)]
    return str(value).split("\n")


def _tag(tag: list[str | None], language: str) -> str:
    facet, code, share = str(tag[0]), str(tag[1]), tag[2]
    words = name_of(LISTS_OF_FACETS[facet], code, language) if facet in LISTS_OF_FACETS else code
    return f"{words} ({share} %)" if share is not None else words


def _row(row: Mapping[str, Any], language: str) -> str:
    parts = []
    for name, value in row.items():
        if value in {None, ""} or name in {"currency", "kind", "organisation_id"}:
            continue
        if name == "amount":
            parts.append(_money(value, row.get("currency") or "", language))
        elif name in DAYS:
            parts.append(day_text(date.fromisoformat(value), language))
        elif name == "role":
            parts.append(name_of("organisation_role", value, language))
        elif name == "language":
            parts.append(name_of("language", value, language))
        else:
            parts.append(str(value))
    return "; ".join(parts)


def _money(amount: str, currency: str, language: str) -> str:
    return money_text(Money(Decimal(amount), currency), language) if currency else amount


def problem_in_words(said: Mapping[str, Any], language: str) -> str:
    """The sentence of a problem."""
    return say(Message.from_json(said), language)
