"""The description of the interface, OpenAPI 3.1, written from the operations and their shapes alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api.answers import JSON, PROBLEM
from app.api.operations import KEY_HEADER, LONGEST_VALUE, MOST_VALUES, OPERATIONS, Operation, Parameter
from app.api.rules import BYTES, KINDS, LARGEST_PAGE, LONGEST_KEY, PAGE_SIZE, TAG
from app.api.uploads import FORM
from app.foundation.web import API

REF = "#/components/schemas/{model}"
SAFE_PROBLEMS = ("400", "401", "403", "404", "429", "500", "503")
WRITE_PROBLEMS = ("409", "412", "413", "415", "422", "428")
REFERENCE = re.compile(r"<(\w+)>")
DESCRIPTION = """What States need, what donors offer and pledge, what centres teach and what was learnt.

Without a token you read what anybody may read. A token (page /account/tokens) speaks for you: with it you read what you
may read, and, if it may write, do what you may do, by the same rules as on the pages. What you may not see does not
exist for you: it answers 404 and is in no list."""


@cache
def document(address: str, version: str = "1.0.0") -> dict[str, Any]:
    """The whole description; `address` is the site's own."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Counterpart", "version": version, "description": DESCRIPTION},
        "servers": [{"url": address + API}],
        "security": [{}, {"token": []}],
        "tags": [{"name": resource} for resource in dict.fromkeys(one.resource for one in OPERATIONS.values())],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "A token, cpt_..."}},
            "schemas": _schemas() | {"Problem": _problem()},
            "headers": _headers(),
        },
    }


def _schemas() -> dict[str, Any]:
    shapes: dict[str, type[BaseModel]] = {}
    for one in OPERATIONS.values():
        shapes |= {shape.__name__: shape for shape in (one.gives, one.takes, one.in_form) if shape}
    _names, made = models_json_schema([(shape, "validation") for shape in shapes.values()], ref_template=REF)
    return dict(made["$defs"])


def _problem() -> dict[str, Any]:
    fault = {
        "type": "object",
        "properties": {
            "pointer": {"type": "string", "description": "Where in the body (RFC 6901)."},
            "parameter": {"type": "string", "description": "Which part of the address."},
            "detail": {"type": "string"},
        },
        "required": ["detail"],
    }
    titles = ", ".join(f"{name} ({kind.status})" for name, kind in KINDS.items())
    return {
        "type": "object",
        "description": f"Problem details (RFC 9457). The type ends with one of: {titles}.",
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string"},
            "errors": {"type": "array", "items": fault},
            "current_version": {"type": "integer"},
            "same_as": {"type": "string", "description": "The reference of the same, where it is here already."},
        },
        "required": ["type", "title", "status", "instance"],
    }


def _headers() -> dict[str, Any]:
    number = {"schema": {"type": "integer"}}
    return {
        "ETag": {"description": "The version, for If-Match and If-None-Match.", "schema": {"type": "string"}},
        "Link": {"description": "The address of the next page (rel=next).", "schema": {"type": "string"}},
        "Location": {"description": "Where what was made can be read.", "schema": {"type": "string"}},
        "Retry-After": {"description": "Seconds to wait.", **number},
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for one in OPERATIONS.values():
        paths.setdefault(REFERENCE.sub(r"{\1}", one.path), {})[one.method.lower()] = _operation(one)
    return paths


def _operation(one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.resource],
        "summary": one.summary,
        "description": f"Permission: {one.permission.value}.",
        "parameters": [*_in_path(one), *_in_query(one), *_in_headers(one)],
        "responses": _responses(one),
    }
    if not one.is_public:
        described["security"] = [{"token": []}]
    if one.takes:
        described["requestBody"] = {"required": True, "content": _taken(one, one.takes)}
    return described


def _taken(one: Operation, takes: type[BaseModel]) -> dict[str, Any]:
    taken: dict[str, Any] = {FORM if one.is_form else JSON: {"schema": {"$ref": REF.format(model=takes.__name__)}}}
    if one.in_form is not None:
        part = next(iter(one.in_form.model_fields))
        taken[FORM] = {
            "schema": {"$ref": REF.format(model=one.in_form.__name__)}, "encoding": {part: {"contentType": JSON}},
        }  # fmt: skip
    return taken


def _in_path(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 40}}
        for name in REFERENCE.findall(one.path)
    ]


def _in_query(one: Operation) -> list[dict[str, Any]]:
    parameters = [_parameter(parameter) for parameter in one.query]
    if one.is_list:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        words = "The part of “next” that says where the page begins."
        parameters += [
            {"name": "limit", "in": "query", "schema": size},
            {"name": "cursor", "in": "query", "description": words, "schema": {"type": "string"}},
        ]
    return parameters


def _parameter(parameter: Parameter) -> dict[str, Any]:
    word: dict[str, Any] = {"type": "string", "maxLength": LONGEST_VALUE}
    word |= {"enum": list(parameter.codes())} if parameter.codes else {}
    word |= {"pattern": parameter.pattern} if parameter.pattern else {}
    schema = {"type": "array", "items": word, "maxItems": MOST_VALUES} if parameter.many else word
    return {"name": parameter.name, "in": "query", "description": parameter.what, "schema": schema}


def _in_headers(one: Operation) -> list[dict[str, Any]]:
    if one.method == "GET":
        return []
    words = "The same key with the same request does it once, and is given the same answer for a day."
    key = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[A-Za-z0-9._-]+$"}
    parameters = [{"name": KEY_HEADER, "in": "header", "description": words, "schema": key}]
    if one.version != "no":
        words = "The ETag that you have read: if somebody has changed it since, nothing is done (412)."
        tag: dict[str, Any] = {"type": "string", "pattern": f"^{TAG.pattern}$"}
        wanted: dict[str, Any] = {
            "name": "If-Match",
            "in": "header",
            "description": words,
            "schema": tag,
            "required": one.version == "required",
        }
        parameters.append(wanted)
    return parameters


def _responses(one: Operation) -> dict[str, Any]:
    names = ["Link"] if one.is_list else ["ETag"] if one.gives else []
    names += ["Location"] if one.status == 201 else []  # noqa: PLR2004 - as it is called everywhere
    done = {
        "description": one.summary,
        "content": _content(one),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }
    problem: Mapping[str, Any] = {"content": {PROBLEM: {"schema": {"$ref": REF.format(model="Problem")}}}}
    codes = SAFE_PROBLEMS if one.method == "GET" else SAFE_PROBLEMS + WRITE_PROBLEMS
    titles = {str(kind.status): str(kind.title) for kind in KINDS.values()}
    return {str(one.status): done} | {code: {"description": titles[code], **problem} for code in codes}


def _content(one: Operation) -> dict[str, Any]:
    # OpenAPI 3.1 has no schema for bytes as they are: the media type says it.
    return {JSON: {"schema": {"$ref": REF.format(model=one.gives.__name__)}}} if one.gives else {BYTES: {}}
