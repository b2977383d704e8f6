"""Watchers on this machine ask for 127.0.0.1, though the site answers to its public name alone: here they may.

A monitor cannot send a foreign name (Prometheus refuses to), and the few addresses that it asks for repeat no name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from app.config import is_this_machine

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
FOR_WATCHERS = frozenset({"/metrics", "/health/live", "/health/ready"})
PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA")


def let_watchers_in(inner: Wsgi, host: str) -> Wsgi:
    """The same application, which takes what a watcher on this machine asks for as if it was asked for by `host`."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in FOR_WATCHERS and is_from_here(environ):
            environ["HTTP_HOST"] = host
        return inner(environ, start_response)

    return answer


def is_from_here(environ: dict[str, Any]) -> bool:
    """Whether somebody on this machine asks by oneself, and not a proxy here for somebody elsewhere."""
    return not any(name in environ for name in PASSED_ON) and is_this_machine(environ.get("REMOTE_ADDR") or "?")
