"""The columns of a workbook are the fields of the form: what stands in a cell, read and written in one form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from app.exchange.workbooks.rules import AMONG
from app.foundation.days import parse_day
from app.foundation.money import MoneyError, parse_amount

TEXT, LONG, DAY, NUMBER, ONE, SEVERAL = "text", "long", "day", "number", "one", "several"
SHAPES = {
    "SelectField": ONE, "RadioField": ONE, "CheckboxesField": SEVERAL, "DayField": DAY, "AmountField": NUMBER,
    "CountField": NUMBER, "IntegerField": NUMBER, "TextAreaField": LONG,
}  # fmt: skip
BETWEEN = re.compile(r"[;\n]+")


@dataclass(frozen=True)
class Column:
    """One column. `name` is that of the form's field (lines-0-kind), `choices` are the labels of its codes."""

    name: str
    head: str
    shape: str = TEXT
    choices: Mapping[str, str] = field(default_factory=dict)
    is_needed: bool = False
    is_fixed: bool = False
    """Nothing is ever written into it."""

    def label(self, text: str) -> str:
        """A cell in its one form as people read it: names instead of codes."""
        if self.shape == SEVERAL:
            return AMONG.join(self.choices.get(code, code) for code in text.split(AMONG)) if text else ""
        return self.choices.get(text, text) if self.shape == ONE else text

    def read(self, text: str, labels: Mapping[str, str]) -> str:
        """A cell as it was typed in its one form; what cannot be read stays as it is, for the form to say so.

        `labels` are the codes by their labels in small letters.
        """
        plain = plain_text(text)
        if self.shape == ONE:
            return labels.get(plain.casefold(), plain)
        if self.shape == SEVERAL:
            parts = [part.strip() for part in BETWEEN.split(plain) if part.strip()]
            return AMONG.join(sorted({labels.get(part.casefold(), part) for part in parts}))
        if self.shape == DAY:
            day = parse_day(plain)
            return day.isoformat() if day else plain
        return number_text(plain) if self.shape == NUMBER else plain


def plain_text(text: str) -> str:
    """A text with one kind of line ends, and no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def number_text(text: str) -> str:
    """A number in its one form; what is none stays as it is."""
    try:
        amount = parse_amount(text) if text else None
    except MoneyError:
        return text
    return "" if amount is None else in_short(amount)


def in_short(amount: Decimal) -> str:
    """A number in its one form, without zeros that say nothing."""
    short = amount.to_integral_value() if amount == amount.to_integral_value() else amount.normalize()
    return format(short, "f")


def field_of(form: Any, name: str) -> Any:
    """A field of a form by its name, that of a repeated part (lines-0-kind) included; None where there is none."""
    if name in form:
        return form[name]
    rows, _, rest = name.partition("-")
    number, _, part = rest.partition("-")
    entries = form[rows].entries if rows in form and number.isdecimal() else []
    return entries[int(number)].form[part] if number and int(number) < len(entries) else None


def column_of(found: Any, name: str, before: str = "") -> Column:
    """The column of a field; `before` says of which row of a repeated part it is."""
    shape = SHAPES.get(found.type, TEXT)
    choices = {}
    if shape in {ONE, SEVERAL}:
        choices = {str(one.value): str(one.label) for one in found.choices if one.value != ""}
    head = f"{before}{found.label.text}"
    return Column(name, head, shape, _told_apart(choices), bool(found.flags.required), is_fixed(found))


def is_fixed(found: Any) -> bool:
    """Whether a field only shows what it holds."""
    return bool((found.render_kw or {}).get("readonly"))


def fixed_in(form: Any, names: Sequence[str]) -> frozenset[str]:
    """Which of these fields only show what they hold."""
    fields = {name: field_of(form, name) for name in names}
    return frozenset(name for name, found in fields.items() if found is not None and is_fixed(found))


def _told_apart(choices: Mapping[str, str]) -> dict[str, str]:
    labels = list(choices.values())
    # Where two codes have one name, the code stands behind it.
    return {code: label if labels.count(label) == 1 else f"{label} ({code})" for code, label in choices.items()}


def text_of(found: Any) -> str:
    """What a field of a form holds, in its one form."""
    if found is None:
        return ""
    data = found.data
    if isinstance(data, list | tuple):
        return AMONG.join(sorted(str(one) for one in data))
    if SHAPES.get(found.type) == NUMBER and data is not None:
        return in_short(Decimal(data))
    if SHAPES.get(found.type) == DAY:
        return data.isoformat() if data else ""
    return plain_text(str(data or ""))


def texts_of(form: Any, names: Sequence[str]) -> dict[str, str]:
    """What the fields of these names hold, in one form."""
    return {name: text_of(field_of(form, name)) for name in names}


def as_sent(form: Any) -> MultiDict[str, str]:
    """The form as a browser would send it, untouched: every field with what it holds."""
    sent: MultiDict[str, str] = MultiDict()
    for found in form:
        _send(sent, found)
    return sent


def _send(sent: MultiDict[str, str], found: Any) -> None:
    if found.type == "FieldList":
        for entry in found.entries:
            _send(sent, entry)
    elif found.type == "FormField":
        for part in found.form:
            _send(sent, part)
    elif found.type == "CheckboxesField":
        sent.setlist(found.name, [str(one) for one in found.data or ()])
    elif found.type not in {"MultipleFileField", "FileField", "CSRFTokenField"}:
        sent[found.name] = text_of(found)


def put(sent: MultiDict[str, str], column: Column, name: str, text: str) -> None:
    """Type something into a field of a form that is about to be sent."""
    if column.shape == SEVERAL:
        sent.setlist(name, text.split(AMONG) if text else [])
    else:
        sent[name] = text


def errors_of(form: Any, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the form has to say: (name of the column, message); `names` gives the column of a field, if it has one."""
    found: list[tuple[str, str]] = []
    for one in form:
        found += _errors(one, names, str(one.label.text))
    return found + [("", str(text)) for text in form.form_errors]


def _errors(one: Any, names: Mapping[str, str], label: str) -> list[tuple[str, str]]:
    if one.type in {"FieldList", "FormField"}:
        parts = one.entries if one.type == "FieldList" else list(one.form)
        inner = [pair for part in parts for pair in _errors(part, names, label)]
        own = [text for text in one.errors if isinstance(text, str) or not isinstance(text, dict | list | tuple)]
        if inner or not isinstance(one.errors, list | tuple):
            return inner
        return [("", f"{label}: {text}") for text in own]
    if one.name in names:
        return [(names[one.name], str(text)) for text in one.errors]
    return [("", f"{one.label.text}: {text}") for text in one.errors]
