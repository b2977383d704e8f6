"""A sentence for people, kept apart from its values, so that rules can speak and a page or an e-mail can translate.

`msg("%(count)s seats are free", count=3)` is marked where it is written and translated where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """English text with named places (`%(name)s`) and the values that go into them.

    `context` tells apart what English says with one word and other languages with several (gettext's msgctxt).
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    context: str = ""

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text

    def as_json(self) -> dict[str, Any]:
        """The message in a form that the database can keep."""
        plain = {"text": self.text, "values": {k: _plain(v) for k, v in self.values.items()}}
        return plain | ({"context": self.context} if self.context else {})

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        """The message that `as_json` wrote."""
        values = {k: _revived(v) for k, v in data.get("values", {}).items()}
        return cls(data["text"], values, data.get("context", ""))


def msg(text: str, **values: Any) -> Message:
    """Mark an English sentence for translation and carry its values along."""
    return Message(text, values)


def pmsg(context: str, text: str, **values: Any) -> Message:
    """The same for a word that stands for several in other languages; the context says of what ("need", "ledger")."""
    return Message(text, values, context)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark an English word or sentence for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Named:
    """A code inside a message whose name depends on the reader's language.

    `kind` is a code list ("country", "theme", "kind", "unit", "language", "grouping").
    """

    kind: str
    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class Several:
    """Several codes of one list inside a message, joined as the reader's language joins them."""

    kind: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.codes)


def _plain(value: Any) -> Any:
    if isinstance(value, Named):
        return {"kind": value.kind, "code": value.code}
    if isinstance(value, Several):
        return {"kind": value.kind, "codes": list(value.codes)}
    if isinstance(value, Message):
        return value.as_json()
    return value if isinstance(value, int | str) else str(value)


def _revived(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "codes" in value:
        return Several(value["kind"], tuple(value["codes"]))
    if "code" in value:
        return Named(value["kind"], value["code"])
    return Message.from_json(value)
