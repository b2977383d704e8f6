"""One place commits, one place opens a session, one place knows what time it is."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.reading import Module, called, modules, none_of

# What is called, and the modules that may call it.
ONLY_THERE = {
    "commit": ("foundation.db", "search.store"),  # the index commits too, and is no truth
    "rollback": ("foundation.db",),
    "Session": ("foundation.db",),
    "sessionmaker": (),
    "create_engine": ("foundation.db", "foundation.postgres"),
}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
KNOWS_THE_TIME = ("foundation.clock",)


def offences(module: Module) -> list[str]:
    found = []
    for call in module.calls():
        name = called(call)
        if name in ONLY_THERE and module.name not in ONLY_THERE[name]:
            found.append(f"{module.name}:{call.lineno} calls {name}()")
        if _asks_the_time(call) and module.name not in KNOWS_THE_TIME:
            found.append(f"{module.name}:{call.lineno} looks up the time; it should be an argument")
    return found


def _asks_the_time(call: ast.Call) -> bool:
    function = call.func
    is_method = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return is_method and (function.value.id, function.attr) in CLOCKS


def test_one_place_commits_and_one_knows_the_time():
    none_of(offence for module in modules() for offence in offences(module))


@pytest.mark.parametrize("text", ["tx.commit()", "Session(engine)", "datetime.now(UTC)", "date.today()"])
def test_an_offence_is_found(text):
    assert offences(Module("needs.service", text))
