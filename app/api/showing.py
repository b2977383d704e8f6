"""The description of the interface as its page shows it: each operation with what its address and its body may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.operations import OPERATIONS


@dataclass(frozen=True)
class Row:
    """One thing that may be said: its name, what it looks like, whether it is needed, and what it means."""

    name: str
    kind: str
    is_needed: bool
    what: str


@dataclass(frozen=True)
class ShownOperation:
    """An operation with its rows; `gives` is what it answers with."""

    id: str
    method: str
    path: str
    summary: str
    permission: str
    parameters: tuple[Row, ...]
    fields: tuple[Row, ...]
    answer: tuple[Row, ...]


def shown_operations(described: Mapping[str, Any]) -> dict[str, list[ShownOperation]]:
    """The operations of the description by what they are about, in their order."""
    found: dict[str, list[ShownOperation]] = {}
    schemas = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            one = OPERATIONS[operation["operationId"]]
            parameters = tuple(_parameter(each) for each in operation["parameters"])
            fields = tuple(_fields(schemas, one.takes.__name__)) if one.takes else ()
            shown = ShownOperation(
                one.name, method.upper(), path, one.summary, one.permission.value, parameters, fields,
                tuple(_fields(schemas, one.gives.__name__)),
            )  # fmt: skip
            found.setdefault(one.resource, []).append(shown)
    return found


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
