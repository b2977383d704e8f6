"""What happened is told upwards: every fact has its line in the wiring, and every line its fact."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import fields, make_dataclass
from importlib import import_module
from pathlib import Path

import pytest

from app.foundation.outbox import FACTS, Fact
from app.wiring import REACTIONS, WAKES
from tests.architecture.reading import APP

PLAIN = {"int", "str", "bool", "int | None", "str | None"}


@pytest.fixture(scope="module")
def facts() -> set[type[Fact]]:
    """The facts of every feature's events module."""
    for path in sorted(APP.rglob("events.py")):
        import_module(".".join(Path("app", path.relative_to(APP)).with_suffix("").parts))
    return {fact for fact in FACTS.values() if fact.__module__.startswith("app.")}


def test_every_fact_is_wired_and_nothing_else(facts):
    assert {fact.__name__ for fact in facts} ^ {fact.__name__ for fact in WAKES} == set()


def test_every_fact_has_one_line():
    """Of two lines for one fact the second would count, and nobody would see that the first does not."""
    assert not twice((APP / "wiring.py").read_text(encoding="utf-8"))


def twice(code: str) -> list[str]:
    tables = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Dict)]
    keys = [Counter(ast.unparse(key) for key in table.keys if key is not None) for table in tables]
    return [name for count in keys for name, number in count.items() if number > 1]


def test_a_fact_with_two_lines_is_found():
    assert twice("WAKES = {needs.Posted: ('index',), needs.Posted: ('tell',)}") == ["needs.Posted"]


def test_every_reaction_exists_and_is_woken():
    woken = {name for names in WAKES.values() for name in names}
    assert woken == set(REACTIONS.handlers)


def test_reactions_are_woken_in_their_order():
    order = list(REACTIONS.handlers)
    for fact, names in WAKES.items():
        assert list(names) == sorted(names, key=order.index), fact.__name__


def test_facts_carry_ids_only(facts):
    for fact in facts:
        assert not not_plain(fact), f"{fact.__name__} carries {not_plain(fact)}"


def not_plain(fact: type) -> list[str]:
    return [f"{f.name}: {f.type}" for f in fields(fact) if str(getattr(f.type, "__name__", f.type)) not in PLAIN]


def test_a_fact_that_carries_a_record_is_found():
    assert not_plain(make_dataclass("NeedShouted", [("need", "Need")])) == ["need: Need"]
