"""A need word for word, as plain values: what a version keeps, and what two versions are compared by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect

from app.needs.models import Need

# What of a draft goes into the columns of the same name.
COLUMNS = (
    "language", "title", "summary", "problem", "causes", "effects", "purpose_code", "place", "beneficiary_unit",
    "beneficiaries", "beneficiaries_women", "beneficiaries_men", "capacity", "baseline", "objectives", "past_help",
    "requested_elsewhere", "national_plan", "own_contribution", "sustainability", "absorption", "budget_amount",
    "currency", "starts_on", "ends_on", "offers_due_on", "contact", "evaluation_body", "evaluation_on",
    "evaluation_recommendation", "disclosure",
)  # fmt: skip
# The draft's lists of codes, and the facet under which the need keeps each.
TEXT_COLUMNS = ("language", "title", "summary", "problem", "objectives")
FACETS = {"themes": "theme", "countries": "country", "instruments": "instrument", "delivery_languages": "language"}


def snapshot(need: Need) -> dict[str, Any]:
    """Every word of a need as plain values, by the names of a draft, with its lines and indicators."""
    state: dict[str, Any] = {name: plain(getattr(need, name)) for name in COLUMNS}
    state["field_disclosure"] = dict(need.field_disclosure)
    state |= {name: need.codes(facet) for name, facet in FACETS.items()}
    state["lines"] = [_row(line) for line in need.lines]
    state["indicators"] = [_row(indicator) for indicator in need.indicators]
    state["other_texts"] = _texts(need.other_texts)
    return state


def snapshot_of_draft(draft: Any) -> dict[str, Any]:
    """The same for a draft that is not posted yet, so that it can be compared with what is."""
    state: dict[str, Any] = {name: plain(getattr(draft, name)) for name in COLUMNS}
    state["field_disclosure"] = dict.fromkeys(draft.restricted_fields, "members")
    state |= {name: sorted(getattr(draft, name)) for name in FACETS}
    for rows in ("lines", "indicators"):
        state[rows] = [{name: plain(value) for name, value in vars(row).items()} for row in getattr(draft, rows)]
    state["other_texts"] = _texts(draft.other_texts)
    return state


def without(state: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    """The snapshot without the sensitive fields that a reader may not see."""
    shown = dict(state)
    for name in hidden & {"contact", "place", "baseline"}:
        shown[name] = ""
    if "baseline" in hidden:
        shown["indicators"] = [{**row, "baseline": ""} for row in state["indicators"]]
    if "budget" in hidden:
        shown |= {"budget_amount": None, "currency": ""}
        shown["lines"] = [{**row, "cost_amount": None, "currency": ""} for row in state["lines"]]
    return shown


def _texts(rows: Iterable[Any]) -> list[dict[str, str]]:
    ordered = sorted(rows, key=lambda row: row.language)
    return [{name: getattr(row, name) for name in TEXT_COLUMNS} for row in ordered]


def _row(row: Any) -> dict[str, Any]:
    columns = inspect(type(row)).column_attrs.keys()
    return {name: plain(getattr(row, name)) for name in columns if name not in {"id", "need_id"}}


def plain(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
