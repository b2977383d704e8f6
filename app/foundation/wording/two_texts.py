"""Two people changed the same record: what each of them wrote, field by field, named as the form names it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def differences(form: Any, theirs: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What two people wrote in the same field, as (label, mine, theirs), where it is not the same."""
    found = []
    for field in form:
        if field.name in theirs and field.type != "HiddenField":
            names = {choice.value: str(choice.label) for choice in getattr(field, "choices", None) or ()}
            mine, other = _text(field.data, names), _text(theirs[field.name], names)
            if mine != other:
                found.append((str(field.label.text), mine, other))
    return found


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return " · ".join(text for text in (_text(part, names) for part in value.values()) if text)
    if isinstance(value, list | tuple):
        return "\n".join(sorted(text for text in (_text(part, names) for part in value) if text))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else names.get(str(value), str(value))
