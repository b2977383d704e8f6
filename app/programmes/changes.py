"""A programme word for word, as a version keeps it, and how each part of it is said when two versions are compared."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.foundation.languages import name_of, number_text
from app.foundation.messages import msg
from app.foundation.wording.versions import rows_of, snapshot_of
from app.foundation.wording.words import Part, chosen, coded, day, money, rows
from app.programmes import rules
from app.programmes.models import Programme

COLUMNS = (
    "language", "title", "description", "status", "accepting", "apply_by", "conditions", "contact", "website",
    "purpose_code", "aid_type", "finance_type", "flow_type", "starts_on", "ends_on", "budget_amount", "currency",
)  # fmt: skip
FACETS = {"theme": "themes", "country": "countries", "grouping": "groupings", "language": "languages", "adm1": "areas"}
SENSITIVE = {"contact": ("contact",), "budget": ("budget_amount", "currency")}
"""The entries of a snapshot that make up each sensitive field."""


def snapshot(programme: Programme) -> dict[str, Any]:
    """Every word of a programme as plain values, with what it gives and who takes part."""
    return snapshot_of(programme, COLUMNS, FACETS) | {
        "offers": rows_of(programme.offers, ("kind", "description", "quantity", "unit")),
        "participants": rows_of(programme.participants, ("role", "name", "identifier")),
        "links": rows_of(programme.links, ("kind", "identifier")),
    }


def _offer(row: Mapping[str, Any], language: str) -> list[str]:
    quantity = row["quantity"]
    much = f"{number_text(Decimal(quantity), language)} {name_of('unit', row['unit'], language)}" if quantity else ""
    return [name_of("kind", row["kind"], language), row["description"], much]


def _participant(row: Mapping[str, Any], language: str) -> list[str]:
    return [row["name"], name_of("organisation_role", row["role"], language), row["identifier"]]


def _areas(kept: Any, _state: Mapping[str, Any], _language: str) -> str:
    """First-level areas by their names with their codes, or by what they have of the two."""
    parts = [[*area.split(":"), "", ""][1:3] for area in kept or ()]
    return ", ".join(f"{name} ({code})" if name and code else name or code for name, code in parts)


PARTS: Mapping[str, Part] = {
    "language": Part(msg("Language"), coded("language")),
    "title": Part(msg("Title")),
    "description": Part(msg("Description")),
    "themes": Part(msg("Themes"), coded("theme")),
    "status": Part(msg("Status"), coded("activity_status")),
    "offers": Part(msg("What it gives"), rows(_offer), is_list=True),
    "countries": Part(msg("Countries"), coded("country")),
    "areas": Part(msg("Areas"), _areas),
    "groupings": Part(msg("Groupings"), coded("grouping")),
    "languages": Part(msg("Languages of assistance"), coded("language")),
    "accepting": Part(msg("Requests"), chosen(rules.ACCEPTING)),
    "apply_by": Part(msg("Ask by"), day),
    "starts_on": Part(msg("Starts on"), day),
    "ends_on": Part(msg("Ends on"), day),
    "conditions": Part(msg("Conditions")),
    "budget_amount": Part(msg("Budget"), money),
    "contact": Part(msg("Contact")),
    "website": Part(msg("Website")),
    "participants": Part(
        msg("Who takes part"),
        rows(
            lambda row, language: [row["name"], name_of("organisation_role", row["role"], language), row["identifier"]]
        ),
        is_list=True,
    ),
    "purpose_code": Part(msg("Purpose"), coded("purpose")),
    "aid_type": Part(msg("Type of aid"), coded("aid_type")),
    "finance_type": Part(msg("Type of finance"), coded("finance_type")),
    "flow_type": Part(msg("Type of flow"), coded("flow_type")),
    "links": Part(
        msg("Related activities and identifiers"), rows(lambda row, _language: [row["identifier"]]), is_list=True
    ),
    "disclosure": Part(msg("Who may see it"), chosen(rules.DISCLOSURE_NAMES)),
}
"""In the order of the form."""
