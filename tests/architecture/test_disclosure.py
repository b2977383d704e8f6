"""There is no other way to get a row that belongs to somebody: every query of such rows passes disclosure.

Where a query reads for no reader (the ledger's sums, the worker), a comment in the function says why:
`# disclosure: the ledger counts what its readers may not open`.
"""

from __future__ import annotations

import ast
import re
from importlib import import_module

import pytest

from app.foundation.disclosure import Owned
from tests.architecture.reading import Function, Module, called, modules, none_of

PASSES = {"visible_to", "readable"}
READS = {"select", "get", "get_one", "query", "aliased"}
REASON = re.compile(r"# disclosure: \w+ \w+")
# The rule itself, the tables, and the tests' and terminal's own ways in.
NOT_ASKED = ("foundation.disclosure", "foundation.audit", "tables")


@pytest.fixture(scope="module")
def owned() -> set[str]:
    """The names of the models whose rows belong to an organisation."""
    import_module("app.tables")
    return {model.__name__ for model in Owned.__subclasses__()}


def offences(module: Module, owned: set[str]) -> list[str]:
    """Functions that read rows of owned models without asking who reads."""
    if module.name in NOT_ASKED or module.last == "models":
        return []
    return [
        f"{module.name}:{function.lineno} {function.name}() reads {', '.join(sorted(read))}"
        for function in module.functions()
        if (read := _models_read(module, function, owned))
        and not _passes(module, function)
        and not REASON.search(module.lines_of(function))
    ]


def _models_read(module: Module, function: Function, owned: set[str]) -> set[str]:
    read: set[str] = set()
    for call in module.calls(function):
        if called(call) in READS and call.args:
            for node in [part for argument in call.args for part in ast.walk(argument)]:
                if isinstance(node, ast.Name) and node.id in owned:
                    read.add(node.id)
    return read


def _passes(module: Module, function: Function) -> bool:
    return any(called(call) in PASSES for call in module.calls(function))


def test_every_query_of_owned_rows_passes_disclosure(owned):
    assert owned >= {"Need", "Programme", "Course", "Lesson", "Output", "Pledge", "Limit"}
    none_of(offence for module in modules() for offence in offences(module, owned))


@pytest.mark.parametrize(
    ("text", "is_offence"),
    [
        ("def f(tx):\n    return tx.scalars(select(Need))", True),
        ("def f(tx):\n    return tx.scalar(select(func.count(Need.id)))", True),
        ("def f(tx):\n    return tx.get(Need, 1)", True),
        ("def f(tx, reader):\n    return tx.scalars(readable(reader, Need))", False),
        ("def f(tx, reader):\n    return tx.scalars(select(Need.id).where(visible_to(reader, Need)))", False),
        ("def f(tx):\n    # disclosure: sums are public\n    return tx.scalars(select(Need))", False),
        ("def f(tx):\n    return tx.scalars(select(Organisation))", False),
    ],
)
def test_an_open_query_is_found(text, is_offence):
    assert bool(offences(Module("needs.queries", text), {"Need"})) is is_offence
