"""What the tests do cheaper than the site does, with the same result: hash passwords, and make what a new site needs.

A run makes thousands of sites and sign-ins. The site that is started as a program of its own is not touched by it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from app.accounts import passwords

AS_IN_USE = passwords.HASHER
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
COMPILE = Rule._compile_builder
compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def begin() -> None:
    """Be quick from now on, in this process."""
    passwords.HASHER = CHEAP
    Rule._compile_builder = _compile_once  # type: ignore[method-assign]


def _compile_once(rule: Rule, append_unknown: bool = True) -> Any:
    """The function that builds the addresses of a rule depends on nothing but what is asked for here."""
    defaults = repr(sorted((rule.defaults or {}).items()))
    key = (rule.rule, tuple(rule._trace), defaults, append_unknown)
    if key not in compiled:
        compiled[key] = COMPILE(rule, append_unknown)
    return compiled[key]


class CompiledTemplates(BytecodeCache):
    """Templates that are compiled once for all sites of this process; one that has changed is compiled anew."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code
