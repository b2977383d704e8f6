"""Small parts: what fits on a screen can be read by somebody in a hurry."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.architecture.reading import ROOT, Function, Module, modules, none_of, templates

LONGEST_FUNCTION = 40
LONGEST_VIEW = 25
LONGEST_MODULE = 300
LONGEST_TEMPLATE = 120


def length(function: Function) -> int:
    """Lines of a function, from its name to its end, without its docstring."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return whole
    return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)


def is_view(function: Function) -> bool:
    """Whether it is published with @route."""
    return any(
        isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "route"
        for decorator in function.decorator_list
    )


def too_long(module: Module) -> list[str]:
    return [
        f"{module.name}:{function.lineno} {function.name}() has {length(function)} lines"
        for function in module.functions()
        if length(function) > LONGEST_FUNCTION
    ]


def test_functions_are_short():
    none_of(offence for module in modules() for offence in too_long(module))


def test_views_are_shorter():
    lengths = sorted(length(f) for module in modules() for f in module.functions() if is_view(f))
    if lengths:
        assert lengths[int(len(lengths) * 0.95) - 1] <= LONGEST_VIEW


def test_modules_are_short():
    lengths = {module.name: len(module.text.splitlines()) for module in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_templates_are_short():
    lengths = {name: len(text.splitlines()) for name, text in templates().items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_TEMPLATE} == {}


def test_every_module_says_what_it_is_about():
    silent = [module.name for module in modules() if not ast.get_docstring(module.tree)]
    none_of(silent)


def test_nothing_is_tangled():
    """Complexity of at most 8, as pyproject says and ruff counts."""
    command = [sys.executable, "-m", "ruff", "check", "--select", "C901", "--output-format", "concise", "app"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("lines", "is_offence"), [(39, False), (41, True)])
def test_a_long_function_is_found(lines, is_offence):
    text = 'def f():\n    """One."""\n' + "    x = 1\n" * (lines - 1)
    assert bool(too_long(Module("needs.rules", text))) is is_offence


def test_a_view_is_told_by_its_route():
    module = Module("needs.views", '@route(bp, "/")\ndef f():\n    pass\n\ndef g():\n    pass\n')
    assert [is_view(f) for f in module.functions()] == [True, False]
