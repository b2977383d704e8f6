"""The description of the interface as its page shows it: each operation with what its address and its body may say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.operations import OPERATIONS
from app.api.rules import BYTES


@dataclass(frozen=True)
class Row:
    """One thing that may be said: its name, what it looks like, whether it is needed, and what it means."""

    name: str
    kind: str
    is_needed: bool
    what: str


@dataclass(frozen=True)
class ShownOperation:
    """An operation with what its address may say; `takes` and `gives` name the shapes of body (any of them) and answer.

    Of a file that is given as it is, `gives` is the media type.
    """

    id: str
    method: str
    path: str
    summary: str
    permission: str
    parameters: tuple[Row, ...]
    takes: tuple[str, ...]
    gives: str


def shown_operations(described: Mapping[str, Any]) -> dict[str, list[ShownOperation]]:
    """The operations of the description by what they are about, in their order."""
    found: dict[str, list[ShownOperation]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            one = OPERATIONS[operation["operationId"]]
            parameters = tuple(_parameter(each) for each in operation["parameters"])
            shown = ShownOperation(
                one.name, method.upper(), path, one.summary, one.permission.value, parameters,
                tuple(shape.__name__ for shape in (one.takes, one.in_form) if shape),
                one.gives.__name__ if one.gives else BYTES,
            )  # fmt: skip
            found.setdefault(one.resource, []).append(shown)
    return found


def shown_shapes(described: Mapping[str, Any], operations: Iterable[ShownOperation]) -> dict[str, list[Row]]:
    """The shapes that these operations take and give, with those that stand in them, each once."""
    schemas = described["components"]["schemas"]
    waiting = [name for one in operations for name in (*one.takes, one.gives) if name in schemas]
    found: dict[str, list[Row]] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = list(_fields(schemas, name))
            waiting += [part for row in found[name] for part in PART.findall(row.kind) if part in schemas]
    return found


PART = re.compile(r"\w+")


def _parameter(parameter: Mapping[str, Any]) -> Row:
    what = str(parameter.get("description", ""))
    return Row(parameter["name"], _kind(parameter["schema"]), bool(parameter.get("required")), what)


def _fields(schemas: Mapping[str, Any], name: str) -> Iterator[Row]:
    schema = schemas[name]
    needed = schema.get("required", [])
    for field, described in schema.get("properties", {}).items():
        yield Row(field, _kind(described), field in needed, str(described.get("description", "")))


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value looks like, in a few words of the description itself."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        kinds = [_kind(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " | ".join(dict.fromkeys(kinds))
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return str(schema.get("format") or schema.get("type", "object"))
