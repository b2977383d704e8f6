"""What arrives with a request: addresses and forms, without the characters that no text has."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import ImmutableMultiDict

NUL = "\x00"


class TypedValues(ImmutableMultiDict[str, Any]):
    """Values of an address or a form without NUL characters: nobody types one, and PostgreSQL takes none.

    A part of a form that came without a name has the empty one, so that every name is text.
    """

    def __init__(self, mapping: Any = None) -> None:
        pairs = ImmutableMultiDict(mapping).items(multi=True)
        super().__init__([(without_nul(key or ""), without_nul(value)) for key, value in pairs])


def without_nul(value: Any) -> Any:
    """The text without NUL characters; files and other things as they are."""
    return value.replace(NUL, "") if isinstance(value, str) else value
