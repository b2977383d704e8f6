"""Finds the forms of a page as a browser does, and fills them in as somebody would who only wants to get through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html as reader
from werkzeug.datastructures import MultiDict

from tests.factories import PASSWORD

WORDS = "Words of an honest person about courts"
# By the last part of a field's name; what is not here is a number where its name says so, and words otherwise.
TYPED = {
    "email": "somebody@ministry.example", "applicant_email": "somebody@ministry.example", "website": "https://www.example.org/a",
    "email_domain": "ministry.example", "currency": "EUR", "starts_on": "2027-03-01", "ends_on": "2027-06-30",
    "register_by": "2027-02-01", "apply_by": "2027-02-01", "offers_due_on": "2027-01-10", "expires_on": "2027-06-01",
    "measured_on": "2026-11-20", "delivered_on": "2026-11-20", "review_by": "2027-06-01", "evaluation_on": "2026-01-02",
    "due_on": "2027-06-01", "since": "2026-11-01", "until": "2026-11-30",
    "current_password": PASSWORD, "password": PASSWORD, "new_password": PASSWORD,
    "repeated_password": PASSWORD, "into": "O-2222-2222", "iati_identifier": "", "identifier": "",
    "version": None, "form_key": None,
    "beneficiaries_women": "1", "beneficiaries_men": "2",
    "next": None, "carried": None, "credential": None, "acronym": "ABC", "code": "C-1",
    "title": "Two scanners for a harbour",
}  # fmt: skip
NUMBERS = re.compile(r"(quantity|amount|beneficiaries|hours|seats|_women|_men)$")
# Names that are shown everywhere: one line, and the last two no longer than thirty characters.
NAMES = frozenset({"title", "acronym", "code"})
UNPRESSED = frozenset({"add-row", "remove-row"})
TEXTS = frozenset({"text", "email", "search", "url", "tel", "textarea", "password"})


@dataclass
class Field:
    """One field: what kind it is, and what is sent of it."""

    name: str
    kind: str
    value: str


@dataclass
class Filled:
    """A form that is ready to be sent."""

    action: str
    fields: list[Field] = field(default_factory=list)
    offered: frozenset[str] = frozenset()

    @property
    def names(self) -> set[str]:
        """The names of its fields."""
        return {one.name for one in self.fields}

    @property
    def data(self) -> MultiDict[str, Any]:
        """What a browser would send."""
        return MultiDict([(one.name, one.value) for one in self.fields])

    def with_texts(self, text: str) -> MultiDict[str, Any]:
        """The same with this text in every field that one types into."""
        return MultiDict([(f.name, text if f.kind in TEXTS - {"password"} else f.value) for f in self.fields])

    def with_words(self, text: str, name: str) -> MultiDict[str, Any]:
        """The same with this text where any words will do, and this name in titles: the form is taken all the same."""
        return MultiDict([(f.name, self._words(f, text, name) or f.value) for f in self.fields])

    @staticmethod
    def _words(one: Field, text: str, name: str) -> str:
        last = last_part(one.name)
        if one.kind not in TEXTS - {"password"} or NUMBERS.search(last):
            return ""
        return name if last in NAMES else text if last not in TYPED else ""


def forms_of(page: str, address: str) -> Iterator[Filled]:
    """Every form of a page that changes something, once for each button that has a name of its own."""
    for form in reader.fromstring(page).xpath("//form[@method='post']"):
        action = (form.get("action") or address) or address
        fields = list(_fields(form))
        offered = frozenset(form.xpath(".//*[@name]/@name"))
        buttons = [
            (b.get("name"), b.get("value") or "") for b in form.xpath(".//button[@name][not(ancestor::template)]")
        ]
        pressed = [pair for pair in buttons if pair[0] not in UNPRESSED]
        for pair in pressed or [None]:
            more = [Field(pair[0], "submit", pair[1])] if pair else []
            yield Filled(action, [*fields, *more], offered)
        if pressed and form.xpath(".//button[not(@name)]"):
            yield Filled(action, fields, offered)


def _fields(form: Any) -> Iterator[Field]:
    picked: set[str] = set()
    for box in form.xpath(
        ".//input[not(ancestor::template)]|.//select[not(ancestor::template)]|.//textarea[not(ancestor::template)]"
    ):
        name, kind = box.get("name"), _kind_of(box)
        if not name or name == "csrf_token" or kind in {"file", "submit", "button"}:
            continue
        if kind in {"radio", "checkbox"}:
            chosen = box.get("checked") is not None or not form.xpath(".//input[@name=$n][@checked]", n=name)
            if name not in picked and chosen and name not in {"restricted_fields", "named", "hidden", "unwanted_files"}:
                picked.add(name)
                yield Field(name, kind, box.get("value") or "on")
        elif kind == "select":
            yield Field(name, kind, _option_of(box))
        else:
            yield Field(name, kind, _text_of(box, name, kind))


def _kind_of(box: Any) -> str:
    return box.get("type", "text") if box.tag == "input" else str(box.tag)


def _option_of(box: Any) -> str:
    chosen = box.xpath("./option[@selected]/@value|./optgroup/option[@selected]/@value")
    return next((value for value in [*chosen, *box.xpath(".//option/@value")] if value), "")


def _text_of(box: Any, name: str, kind: str) -> str:
    there = (box.text or "").strip() if box.tag == "textarea" else box.get("value", "")
    if there or kind == "hidden":
        return str(there)
    last = last_part(name)
    typed = TYPED.get(last, "3" if NUMBERS.search(last) else WORDS)
    return typed or ""


def last_part(name: str) -> str:
    """The name of a field without the row that it stands in."""
    return re.sub(r"^.*-\d+-", "", name)
