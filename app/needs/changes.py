"""What changed between two versions of a need, said field by field in words that people use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from app.foundation.languages import day_text, money_text, name_of, number_text, say
from app.foundation.messages import N_
from app.foundation.money import Money
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
MOST_WORDS = 4000
"""Longer texts are shown before and after, not word by word."""


@dataclass(frozen=True)
class Change:
    """One field that differs: `label` is English and marked for translation, the texts are in the reader's language."""

    field: str
    label: str
    before: str
    after: str

    @property
    def is_list(self) -> bool:
        """Whether the text is one row for each line or indicator."""
        return self.field in ROWS

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The words, or the rows of a list, each run with "same", "gone" or "new" before it."""
        if self.is_list:
            return differences(self.before.splitlines(), self.after.splitlines(), "\n")
        return word_difference(self.before, self.after)


def changes(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> list[Change]:
    """The fields in which two snapshots differ, in the order of the form."""
    old, new = worded(before, language), worded(after, language)
    return [Change(key, label, old[key], new[key]) for key, label in LABELS.items() if old[key] != new[key]]


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


def word_difference(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts as runs of words: ("same" | "gone" | "new", words)."""
    old, new = before.split(), after.split()
    if len(old) + len(new) > MOST_WORDS:
        return [("gone", before), ("new", after)]
    return differences(old, new, " ")


def differences(old: Sequence[str], new: Sequence[str], between: str) -> list[tuple[str, str]]:
    """Two lists of texts as runs of what stays, goes and comes; the texts of a run are joined with `between`."""
    pieces: list[tuple[str, str]] = []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(("same", between.join(old[a:b])))
            continue
        runs = (("gone", old[a:b]), ("new", new[c:d]))
        pieces += [(mark, between.join(texts)) for mark, texts in runs if texts]
    return pieces
