"""Commands of the terminal are given the running site, as pages are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app
from flask.cli import with_appcontext


def with_site(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command the site as its first argument."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        return command(current_app.extensions["counterpart"], *args, **kwargs)

    return with_appcontext(run)
