"""No pattern and no reader of typed words takes the square of the time over a longer text: no text stops the site."""

from __future__ import annotations

import ast
import importlib
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import product
from typing import Any

import pytest

from app.foundation.addresses import local_address
from app.foundation.days import parse_day
from app.foundation.filing.files import plain_name
from app.foundation.money import MoneyError, parse_amount
from app.foundation.references import tidy_reference
from app.foundation.spreadsheets.sheets import safe_cell
from app.foundation.text import fold, shorten, without_article
from app.search.language import words
from tests.architecture.reading import APP, Module, modules

pytestmark = pytest.mark.one_engine

SHORT, LONG = 1_500, 6_000
# A text four times as long may take four times as long, and twice that for good measure; the square would be 16.
MOST = 8
# Seconds below which a long text is read at once, whatever the ratio says: the clock is no finer.
AT_ONCE = 0.003
PATIENCE = 20.0
PUMPS = (
    "a", "A", "1", " ", "\n", "\t", "-", ".", "/", "<", ">", "@", "&", "#", ";", "'", "_", "é", "ا", "ال", "وال",
    "\u064b", "a.", "a-", "a ", "1.", "000.", "a@", " \n", "\n ", "\n\n", "A-", "a@a.", "<p ", "</p", "&a", "&#1", "1 ",
    "-1", "a_", "(a", "\\",
)  # fmt: skip
BEFORE = (
    "",
    "http://",
    "https://a",
    "a@",
    "<p",
    "&",
    "<iati-activity",
    "2020-01-01T",
    "EC-A",
    "en-",
    "N-",
    "+1.",
    "\n",
)
AFTER = ("", "!", "<", " @")
# How a pattern is tried, by how the site uses it: what looks everywhere in a text is tried as a search.
TRIED_AS = {"match": "match", "fullmatch": "fullmatch"}


class TooLongError(Exception):
    """It took longer than anybody waits."""


@contextmanager
def patience() -> Iterator[None]:
    """Give up after PATIENCE seconds, also inside the engine of patterns."""

    def give_up(*_args: Any) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def seconds(run: Callable[[Any], Any], text: Any, times: int = 1) -> float:
    """How long the processor takes at best, whatever else runs on the machine."""
    took = []
    for _ in range(times):
        began = time.thread_time()
        run(text)
        took.append(time.thread_time() - began)
    return min(took)


def is_slow(run: Callable[[Any], Any], short: Any, long: Any) -> bool:
    """Whether the long text takes more than its length explains."""
    if seconds(run, long) < AT_ONCE or seconds(run, long, 3) < AT_ONCE:
        return False
    # A machine that is busy elsewhere can look like it once, not three times.
    return all(seconds(run, long, 5) / seconds(run, short, 5) > MOST for _ in range(3))


def texts(size: int) -> Iterator[tuple[str, ...]]:
    """The texts that are tried: what comes before, one part over and over, and what comes after."""
    for before, pump, after in product(BEFORE, PUMPS, AFTER):
        yield before + pump * (size // len(pump)) + after


# --- the patterns of the site ---


def uses_re(module: Module) -> bool:
    """Whether there can be a pattern in it at all; only such modules are parsed, which takes its time."""
    return "re." in module.text


def compiled(module: Module) -> list[ast.Call]:
    """The calls that make a pattern."""
    return [call for call in module.calls() if ast.unparse(call.func) == "re.compile"] if uses_re(module) else []


def in_place(module: Module) -> Iterator[str]:
    """The patterns that are written where they are used; one that is put together there is ours to name below."""
    for call in module.calls() if uses_re(module) else ():
        if (
            isinstance(call.func, ast.Attribute)
            and ast.unparse(call.func.value) == "re"
            and call.func.attr != "compile"
        ):
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant):
                yield first.value


@cache
def called(module: Module) -> frozenset[tuple[str, str]]:
    """The methods that the module calls, each with the last name of what it is called on."""
    found = set()
    for call in module.calls():
        if isinstance(call.func, ast.Attribute):
            on = call.func.value
            name = on.id if isinstance(on, ast.Name) else on.attr if isinstance(on, ast.Attribute) else ""
            found.add((name, call.func.attr))
    return frozenset(found)


def uses(module: Module, name: str) -> set[str]:
    """How this pattern of the module is used, there or where it is imported."""
    last = name.rsplit(".", maxsplit=1)[-1]
    others = (other for other in modules() if other is module or last in other.text)
    told = {method for other in others for on, method in called(other) if on == last}
    return {TRIED_AS.get(method, "search") for method in told} or {"search", "fullmatch"}


def patterns_in(name: str, value: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """A pattern, or those that stand in a table, by name."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict | list | tuple):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from patterns_in(f"{name}.{key}", inner)


@cache
def patterns() -> dict[str, list[tuple[str, re.Pattern[Any], set[str]]]]:
    """Every pattern of the site, by the module in which it stands, with its name and how it is used."""
    found: dict[str, list[tuple[str, re.Pattern[Any], set[str]]]] = {}
    for name, text in PUT_TOGETHER.items():
        found.setdefault(name, []).append(("put together", re.compile(text), {"search"}))
    for module in modules():
        here = found.setdefault(module.name, [])
        here += [(text, re.compile(text), {"search"}) for text in in_place(module)]
        if compiled(module):
            loaded = vars(importlib.import_module(f"app.{module.name}".removesuffix(".__init__")))
            there = dict(one for name, value in loaded.items() for one in patterns_in(name, value))
            here += [(name, value, uses(module, name)) for name, value in there.items()]
    return found


# What is put together where it is used: of our own phrases, of names and of the site's address, escaped.
PUT_TOGETHER = {
    "needs.coach": r"(?<!\w)capacity\ building",
    "conversations.clarifications.rules": r"(?<!\w)Ministry\ of\ Justice(?!\w)",
    "notifications.paper": r"(http://localhost(?:/\S*)?(?![\w.:@-]))",
}


def test_every_pattern_of_the_site_is_tried():
    written = sum(len(compiled(module)) + len(list(in_place(module))) for module in modules())
    assert written >= 40, f"the patterns of {APP} are not where they were: only {written} were found"
    assert sum(len(here) for here in patterns().values()) >= written
    assert {name for name, here in patterns().items() if here} <= {
        module.name for module in modules() if uses_re(module)
    }
    put_together = {
        module.name
        for module in modules()
        for call in module.calls()
        if ast.unparse(call.func).startswith("re.") and call.args and isinstance(call.args[0], ast.JoinedStr)
        if ast.unparse(call.func) != "re.compile"
    }
    assert put_together == set(PUT_TOGETHER)


@pytest.mark.parametrize("module", [module.name for module in modules() if uses_re(module)])
def test_no_pattern_takes_the_square_of_the_time(module):
    for name, pattern, used in patterns()[module]:
        slow = []
        as_bytes = isinstance(pattern.pattern, bytes)
        with patience():
            for short, long in zip(texts(SHORT), texts(LONG), strict=True):
                one, other = (short.encode(), long.encode()) if as_bytes else (short, long)
                slow += [(how, short[:12], short[-4:]) for how in used if is_slow(getattr(pattern, how), one, other)]
        assert not slow, f"{name} {pattern.pattern!r} is slow over {slow[:5]}"


def test_the_square_would_be_noticed():
    with patience():
        assert is_slow(re.compile(r"\s+$").search, " " * SHORT + "!", " " * LONG + "!")


# --- what reads typed words ---


def amount(text: str) -> object:
    try:
        return parse_amount(text)
    except MoneyError:
        return None


READERS: dict[str, Callable[[str], object]] = {
    "amount": amount,
    "day": parse_day,
    "fold": fold,
    "article": without_article,
    "shorten": shorten,
    "reference": tidy_reference,
    "cell": safe_cell,
    "file name": plain_name,
    "address": lambda text: local_address(text, "/"),
    "words": words,
}


@pytest.mark.parametrize("name", sorted(READERS))
def test_no_reader_takes_the_square_of_the_time(name):
    slow = []
    with patience():
        for short, long in zip(texts(SHORT), texts(LONG), strict=True):
            if is_slow(READERS[name], short, long):
                slow.append((short[:12], short[-4:]))
    assert not slow, f"{name} is slow over {slow[:5]}"
