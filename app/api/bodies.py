"""What programs send: read whole, checked, and given to the form of the page that does the same.

So a program hears the same no as a person, in the same words, at the place where something is to be mended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.datastructures import FileStorage, MultiDict

from app.api.answers import in_words
from app.api.rules import Fault, Problem
from app.api.shapes import message_of
from app.foundation.forms import FieldList, FormField, SelectField
from app.foundation.messages import Message, msg
from app.foundation.web import request

Sent = TypeVar("Sent", bound=BaseModel)
TYPES = frozenset({"application/json", "application/merge-patch+json"})
SEND_JSON = msg("Send the body as application/json.")
NO_JSON = msg("The body is no JSON object that can be read.")
UNKNOWN = msg("There is no such field here. The page /api lists them.")
WRONG = msg("This cannot be read here. The page /api says what it has to look like.")
WORDS: Mapping[str, Message] = {
    "missing": msg("This is missing."),
    "string_type": msg("Write this as text."),
    "string_too_short": msg("This is missing."),
    "string_too_long": msg("This text is too long. Shorten it."),
    "list_type": msg("Write this as a list."),
    "too_long": msg("This list is too long."),
    "int_type": msg("Write this as a whole number."),
    "int_from_float": msg("Write this as a whole number."),
    "bool_type": msg("Write this as true or false."),
    "date_parsing": msg("Write the day like 2027-03-31."),
    "date_type": msg("Write the day like 2027-03-31."),
    "date_from_datetime_parsing": msg("Write the day like 2027-03-31."),
    "decimal_parsing": msg("Write the amount as a number, or as text such as “12500.50”."),
    "decimal_type": msg("Write the amount as a number, or as text such as “12500.50”."),
    "extra_forbidden": UNKNOWN,
}
"""Our words for what the library finds; anything else is WRONG."""


def sent() -> dict[str, Any]:
    """What was sent, as plain values.

    Raises:
        Problem: it is no JSON object that can be read.
    """
    if request.mimetype not in TYPES:
        raise Problem("wrong-type", in_words(SEND_JSON))
    return plain_of(request.get_data())


def plain_of(raw: str | bytes) -> dict[str, Any]:
    """What was written as JSON, as plain values.

    Raises:
        Problem: it is no JSON object that can be read.
    """
    try:
        plain = json.loads(raw, parse_constant=_no_number)
        json.dumps(plain, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Problem("unreadable", in_words(NO_JSON)) from None
    if not isinstance(plain, dict) or _has_nul(plain):
        raise Problem("unreadable", in_words(NO_JSON))
    return plain


def shaped(shape: type[Sent], plain: dict[str, Any]) -> Sent:
    """What was sent, in the shape that it has to have.

    Raises:
        Problem: something in it is not what it has to be.
    """
    try:
        return shape.model_validate_json(json.dumps(plain), strict=True)
    except ValidationError as error:
        raise Problem("not-sound", faults=[_fault(shape, one) for one in error.errors()]) from None


def _no_number(_name: str) -> None:
    raise ValueError("not a number")


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(part) for key, part in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))


def _fault(shape: type[BaseModel], error: ErrorDetails) -> Fault:
    # The library also names which of several kinds it has tried, which is no part of what was sent.
    path = [part for part in error["loc"] if not (isinstance(part, str) and "[" in part) and part not in KINDS_TRIED]
    own = message_of(shape, path) if error["type"] in {"missing", "string_too_short", "too_short"} else None
    return Fault(str(own) if own else in_words(WORDS.get(error["type"], WRONG)), pointer(path))


KINDS_TRIED = frozenset({"str", "int", "bool", "date", "decimal", "float"})


def pointer(path: Any) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def typed(values: Mapping[str, Any], prefix: str = "") -> MultiDict[str, str]:
    """The values as if somebody had typed them into the form."""
    return MultiDict(_pairs(values, prefix))


def _pairs(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if not isinstance(value, list | tuple):
            yield from ((prefix + name, text) for text in _text(value))
            continue
        for number, part in enumerate(value):
            if isinstance(part, Mapping):
                # A row in which nothing is said keeps its place, so that faults are told of the right one.
                yield f"{prefix}{name}-{number}-_", ""
                yield from _pairs(part, f"{prefix}{name}-{number}-")
            else:
                yield from ((prefix + name, text) for text in _text(part))


def _text(value: Any) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return ["y"]
    if isinstance(value, Decimal):
        return [format(value, "f")]
    if isinstance(value, time):
        return [value.strftime("%H:%M")]
    return [value.isoformat()] if isinstance(value, date) else [str(value)]


def as_opened(form: Any) -> dict[str, Any]:
    """What stands in a form: where a change to a record begins."""
    return {name: _value(field) for name, field in form._fields.items()}


def _value(field: Any) -> Any:
    if isinstance(field, FieldList):
        return [as_opened(entry.form) if isinstance(entry, FormField) else entry.data for entry in field]
    if isinstance(field, SelectField) and field.data is None and field.choices:
        # A browser sends the first of a list if nobody has chosen another one.
        return field.choices[0].value
    return field.data


def filled(
    make: Callable[[MultiDict[str, Any] | None], Any], body: BaseModel, files: Sequence[FileStorage] = ()
) -> Any:
    """The form of the page, filled in with what was sent over what stands in it when it is opened, and found sound.

    `files` are those that were sent beside the body, for a form that takes files.

    Raises:
        Problem: the form says what is to be mended.
    """
    said = body.model_dump(exclude_unset=True)
    before = as_opened(make(None))
    values: MultiDict[str, Any] = typed({name: value for name, value in before.items() if name not in OWN} | said)
    values.setlist("files", list(files))
    form = make(values)
    if not form.validate():
        raise Problem("not-sound", faults=list(faults_of(form)))
    return form


OWN = frozenset({"form_key", "version", "csrf_token", "files", "unwanted_files"})
"""Fields of a form that are the page's own business."""


def faults_of(form: Any) -> Iterator[Fault]:
    """Everything that a form says is to be mended, each at its place."""
    yield from _faults(form.errors, [])


def _faults(errors: Any, path: list[Any]) -> Iterator[Fault]:
    if isinstance(errors, Mapping):
        for name, part in errors.items():
            yield from _faults(part, path if name is None else [*path, name])
        return
    for number, part in enumerate(errors):
        if isinstance(part, Mapping):
            yield from _faults(part, [*path, number])
        elif part:
            yield Fault(str(part), pointer(path))
