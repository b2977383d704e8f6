"""What changed between two versions of a need, said field by field in words that people use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.foundation.languages import day_text, money_text, name_of, number_text, say
from app.foundation.messages import N_, Message, Named, msg
from app.foundation.money import Money
from app.foundation.wording.changes import FieldChange, field_changes
from app.needs.rules import DISCLOSURE_NAMES, SENSITIVE_NAMES

# In the order of the form.
LABELS: Mapping[str, str] = {
    "language": N_("Language"),
    "title": N_("Title"),
    "summary": N_("Public summary"),
    "themes": N_("Themes"),
    "countries": N_("Countries"),
    "place": N_("Place"),
    "purpose_code": N_("Purpose code"),
    "instruments": N_("Instruments"),
    "problem": N_("Problem"),
    "causes": N_("Causes"),
    "effects": N_("Effects"),
    "beneficiary_unit": N_("Unit that benefits"),
    "beneficiaries": N_("People who benefit"),
    "beneficiaries_women": N_("Women"),
    "beneficiaries_men": N_("Men"),
    "capacity": N_("Present capacity"),
    "baseline": N_("Starting point"),
    "lines": N_("What is asked for"),
    "budget": N_("Budget"),
    "starts_on": N_("Wanted from"),
    "ends_on": N_("Wanted by"),
    "offers_due_on": N_("Offers until"),
    "delivery_languages": N_("Languages of delivery"),
    "objectives": N_("Objectives"),
    "indicators": N_("Indicators"),
    "past_help": N_("Help so far"),
    "requested_elsewhere": N_("Asked elsewhere"),
    "national_plan": N_("National plan"),
    "own_contribution": N_("Own contribution"),
    "sustainability": N_("What stays afterwards"),
    "absorption": N_("Limits"),
    "evaluation_body": N_("Evaluation by"),
    "evaluation_on": N_("Day of the evaluation"),
    "evaluation_recommendation": N_("Recommendation"),
    "contact": N_("Contact"),
    "disclosure": N_("Who may see it"),
    "field_disclosure": N_("For members only"),
}
CODES = {
    "language": "language", "purpose_code": "purpose", "evaluation_body": "evaluation_body", "themes": "theme",
    "countries": "country", "instruments": "instrument", "delivery_languages": "language",
}  # fmt: skip
ROWS = frozenset({"lines", "indicators"})
DAYS = frozenset({"starts_on", "ends_on", "offers_due_on", "evaluation_on"})
# The words of a need that its author may give in several languages.
OTHER_TEXTS = ("title", "summary", "problem", "objectives")
IN_LANGUAGE = msg("%(part)s (%(language)s)")


def changes(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> list[FieldChange]:
    """The fields in which two snapshots differ, in the order of the form; then their words in other languages."""
    own = field_changes(LABELS, worded(before, language), worded(after, language), ROWS)
    return own + _text_changes(other_texts(before), other_texts(after))


def other_texts(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The words of a snapshot in further languages, by language; older snapshots have none."""
    return {row["language"]: row for row in state.get("other_texts", ())}


def _text_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    found = []
    for code in sorted({*before, *after}):
        old, new = (
            {part: row.get(part) or "" for part in OTHER_TEXTS} for row in (before.get(code, {}), after.get(code, {}))
        )
        labels = {
            part: Message(IN_LANGUAGE.text, {"part": Message(LABELS[part]), "language": Named("language", code)})
            for part in OTHER_TEXTS
        }
        found += [
            replace(change, field=f"{change.field}-{code}", language=code) for change in field_changes(labels, old, new)
        ]
    return found


def worded(state: Mapping[str, Any], language: str) -> dict[str, str]:
    """A snapshot as texts in one language, by the keys of LABELS."""
    texts = {key: _words(key, state.get(key), language) for key in LABELS}
    texts["budget"] = _money(state.get("budget_amount"), state.get("currency"), language)
    texts["lines"] = "\n".join(line_words(line, language) for line in state.get("lines", ()))
    texts["indicators"] = "\n".join(_indicator_words(row, language) for row in state.get("indicators", ()))
    return texts


def _words(key: str, value: Any, language: str) -> str:
    if value is None or key in ROWS:
        return ""
    if key == "disclosure":
        return say(DISCLOSURE_NAMES[value], language)
    if key == "field_disclosure":
        return ", ".join(say(SENSITIVE_NAMES[name], language) for name in sorted(value) if name in SENSITIVE_NAMES)
    if key in CODES:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(name_of(CODES[key], code, language) for code in codes if code)
    if key in DAYS:
        return _day(value, language)
    return number_text(value, language) if isinstance(value, int) else str(value)


def line_words(line: Mapping[str, Any], language: str) -> str:
    """One line of a need as a sentence, from the plain values of a snapshot."""
    amount = f"{number_text(Decimal(line['quantity']), language)} {name_of('unit', line['unit'], language)}"
    parts = [
        f"{name_of('kind', line['kind'], language)}: {amount}",
        line.get("description"),
        say(N_("essential") if line.get("is_essential", True) else N_("desirable"), language),
        line.get("beneficiary_unit"),
        "–".join(filter(None, (_day(line.get("starts_on"), language), _day(line.get("ends_on"), language)))),
        _money(line.get("cost_amount"), line.get("currency"), language),
    ]
    return "; ".join(part for part in parts if part)


def _indicator_words(row: Mapping[str, Any], language: str) -> str:
    name = f"{row['name']} ({row['unit']})" if row.get("unit") else row["name"]
    steps = " → ".join(step for step in (row.get("baseline"), row.get("target")) if step)
    return "; ".join(part for part in (name, steps, _day(row.get("due_on"), language)) if part)


def _day(value: str | None, language: str) -> str:
    return day_text(date.fromisoformat(value), language) if value else ""


def _money(amount: str | None, currency: str | None, language: str) -> str:
    return money_text(Money(Decimal(amount), currency), language) if amount and currency else ""
