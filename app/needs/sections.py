"""The sections of the form of a need, and how far each is: complete, to do, or with something wrong in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.foundation.messages import Message, msg


@dataclass(frozen=True)
class Section:
    """One part of the form: `fields` are what stands in it, `required` those without which nothing is posted."""

    id: str
    title: Message
    fields: tuple[str, ...]
    required: tuple[str, ...] = ()


SECTIONS = (
    Section("section-what", msg("In short"),
            ("organisation", "language", "title", "summary", "themes", "countries", "place"),
            ("title", "themes", "countries")),
    Section("section-problem", msg("The problem"),
            ("problem", "causes", "effects", "capacity", "baseline", "beneficiary_unit", "beneficiaries",
             "beneficiaries_women", "beneficiaries_men"), ("problem",)),
    Section("section-lines", msg("What you ask for"),
            ("lines", "budget_amount", "currency", "starts_on", "ends_on", "offers_due_on", "delivery_languages"),
            ("lines",)),
    Section("section-knowing", msg("How one will know"), ("objectives", "indicators")),
    Section("section-languages", msg("In another language"), ("other_texts",)),
    Section("section-context", msg("What stands around it"),
            ("past_help", "requested_elsewhere", "national_plan", "own_contribution", "sustainability", "absorption",
             "evaluation_body", "evaluation_on", "evaluation_recommendation", "purpose_code", "instruments")),
    Section("section-readers", msg("Contact, files and readers"),
            ("contact", "unwanted_files", "files", "disclosure", "named", "restricted_fields")),
)  # fmt: skip

PRESET = frozenset({"organisation", "language", "disclosure", "unwanted_files"})
"""Fields that say something before anybody has touched them."""


def section_state(section: Section, filled: Collection[str], wrong: Collection[str]) -> str:
    """How far a section is, from the names of the fields that are filled and of those that are wrong.

    errors | complete | to_do | optional; optional is a section that may stay empty, and is.
    """
    if set(wrong) & set(section.fields):
        return "errors"
    if section.required:
        return "complete" if set(section.required) <= set(filled) else "to_do"
    return "complete" if (set(section.fields) - PRESET) & set(filled) else "optional"


def states_of(form: Any) -> list[tuple[str, Message, str]]:
    """Each section of a need form with its id, its title and its state."""
    filled = {field.short_name for field in form if _is_filled(field)}
    wrong = {field.short_name for field in form if field.errors}
    return [(section.id, section.title, section_state(section, filled, wrong)) for section in SECTIONS]


def _is_filled(field: Any) -> bool:
    if hasattr(field, "entries"):
        return any(not row.form.is_blank for row in field.entries)
    if isinstance(field.data, list | tuple):
        return any(getattr(item, "filename", item) for item in field.data)
    return field.data is not None and bool(str(field.data).strip())
