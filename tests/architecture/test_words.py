"""Words: sentences for people can be translated, and names are spelt as the pages spell them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.reading import Module, modules, none_of

# What marks a sentence for translation: its text has to stand there as people read it.
MARKS = {"msg", "N_"}
# What translates on the spot; it may also be given the name of a sentence that N_ marked elsewhere.
TRANSLATES = {"_", "_l", "gettext", "ngettext", "lazy_gettext"}
AMERICAN = frozenset(
    """organization organizations organizational organize organized organizer program programs center centers color
    colors catalog catalogs license licensed behavior behaviors favor favorite honor labor canceled canceling labeled
    labeling modeling traveled fulfill fulfillment enroll enrollment analyze analyzed analyzer recognize recognized
    summarize summarized summarizer categorize categorized prioritize finalize finalized finalization authorize
    authorized authorization utilize minimize maximize judgment defense offense neighbor neighbors neighboring gray
    check_mark draftsman skillful meter liter""".split()
)
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def not_literal(module: Module) -> list[str]:
    """Sentences that gettext cannot find in the source, because they are put together when the site runs."""
    found = []
    for call in module.calls():
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if not call.args or (name not in MARKS and name not in TRANSLATES):
            continue
        text = call.args[0]
        is_literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
        is_named = name in TRANSLATES and isinstance(text, ast.Name | ast.Attribute | ast.Subscript)
        if not is_literal and not is_named:
            found.append(f"{module.name}:{call.lineno} {name}() of what is no plain text")
    return found


def names_given(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The names that a module gives: to functions, classes, arguments and values. Others' names are theirs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def american(module: Module) -> list[str]:
    return [
        f"{module.name}:{line} {name}"
        for name, line in names_given(module.tree)
        if AMERICAN & {word.lower() for word in WORD.findall(name)}
    ]


def test_sentences_stand_in_the_source_as_they_are_read():
    none_of(offence for module in modules() for offence in not_literal(module))


def test_names_are_spelt_the_british_way():
    none_of(offence for module in modules() for offence in american(module))


@pytest.mark.parametrize("text", ["msg(f'{n} seats')", "_('a' + b)", "msg(text)", "gettext('%s' % x)"])
def test_a_sentence_that_cannot_be_translated_is_found(text):
    assert not_literal(Module("needs.rules", text))


@pytest.mark.parametrize("text", ["class OrganizationForm: pass", "def f(program): pass", "color_of = 1"])
def test_american_spelling_is_found(text):
    assert american(Module("needs.rules", text))


def test_programme_is_fine():
    assert not american(Module("needs.rules", "programme = programming = coloured = 1"))
