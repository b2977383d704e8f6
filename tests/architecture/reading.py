"""Reads the source of the site as text and as syntax trees, so that the rules of the house can be kept by tests."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APP = ROOT / "app"
TEMPLATES = ROOT / "templates"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: `name` is relative to app (needs.rules), `text` is what it says."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def last(self) -> str:
        """The name of the file, without its folders."""
        return self.name.rsplit(".", 1)[-1]

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def imported(self) -> Iterator[tuple[str, int]]:
        """The modules that it imports, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module, node.lineno

    @cached_property
    def every_call(self) -> tuple[ast.Call, ...]:
        """All calls of the module, looked for once."""
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def calls(self, within: ast.AST | None = None) -> Iterable[ast.Call]:
        """Those of a part of the module, or all."""
        return self.every_call if within is None else (one for one in ast.walk(within) if isinstance(one, ast.Call))

    def lines_of(self, node: Function) -> str:
        return "\n".join(self.text.splitlines()[node.lineno - 1 : node.end_lineno])


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the site."""
    return tuple(read(path) for path in sorted(APP.rglob("*.py")))


def read(path: Path) -> Module:
    parts = path.relative_to(APP).with_suffix("").parts
    return Module(".".join(part for part in parts if part != "__init__"), path.read_text(encoding="utf-8"))


@cache
def templates() -> dict[str, str]:
    """Every template by its name."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    }


def called(call: ast.Call) -> str:
    """The last part of what is called: `select` of select(...), `get` of tx.get(...)."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def none_of(offences: Iterable[str]) -> None:
    """Fail with every offence, a line each."""
    found = list(offences)
    assert not found, "\n".join(["", *found])
