"""What every template knows: the reader, the languages, hashed addresses of static files, and how values are worded."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf

from app.foundation import web
from app.foundation.languages import LANGUAGES, day_text, money_text, name_of, number_text, say
from app.foundation.messages import Message

STATIC = Path(__file__).resolve().parent.parent / "static"
RIGHT_TO_LEFT = frozenset({"ar"})


def init_app(app: Flask) -> None:
    """Teach the templates."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(common)
    app.jinja_env.globals.update(static=static, panel=web.panel, can=web.can, name=code_name, csrf_token=generate_csrf)
    app.jinja_env.filters.update(say=say_here, day=day_here, money=money_here, number=number_here)


def common() -> dict[str, Any]:
    """Values that every page uses."""
    language = web.current_language()
    return {
        "reader": web.actor(),
        "locale": language,
        "text_direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "languages": list(LANGUAGES.items()),
        "csp_nonce": web.nonce(),
        "demonstration": web.site().settings.demonstration,
        "today": web.now().date(),
    }


def static(path: str) -> str:
    """The address of a static file with a mark of its content, so that browsers may keep it for good."""
    return f"/static/{path}?v={_mark(path)}"


@cache
def _mark(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]


def code_name(kind: str, code: str) -> str:
    """The name of a code in the page's language."""
    return name_of(kind, code, web.current_language())


def say_here(message: Message | dict[str, Any] | str) -> str:
    """A message in the page's language."""
    if isinstance(message, dict):
        message = Message.from_json(message)
    return say(message, web.current_language())


def day_here(value: Any) -> str:
    """A day as the page's language writes it, nothing for none."""
    return day_text(value, web.current_language()) if value else ""


def money_here(value: Any) -> str:
    """An amount with its currency, nothing for none."""
    return money_text(value, web.current_language()) if value is not None else ""


def number_here(value: Any) -> str:
    """A number with the language's separators, nothing for none."""
    return number_text(value, web.current_language()) if value is not None else ""
