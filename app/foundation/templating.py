"""What every template knows: the reader, the languages, hashed addresses of static files, and how values are worded."""

from __future__ import annotations

import hashlib
import re
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_name
from babel.support import NullTranslations
from flask import Flask, g
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment
from jinja2.ext import Extension

from app.foundation import headers, web
from app.foundation.days import example_days
from app.foundation.hours import moment_text
from app.foundation.languages import LANGUAGES, catalogue, day_text, money_text, name_of, number_text, rate_text, say
from app.foundation.messages import Message
from app.foundation.money import COMMON_CURRENCIES

INDENTATION = re.compile(r"(?<=\n)[ \t]+")


class WithoutIndentation(Extension):
    """Templates are indented for whoever reads them; pages are sent without, since each byte is paid for."""

    def preprocess(self, source: str, name: str | None, _filename: str | None = None) -> str:
        """The source of a page as it is compiled; letters in plain text stay as they are."""
        return INDENTATION.sub("", source) if name is None or name.endswith((".html", ".svg")) else source


STATIC = Path(__file__).resolve().parent.parent / "static"
RIGHT_TO_LEFT = frozenset({"ar"})


def init_app(app: Flask) -> None:
    """Teach the templates."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    _translate(app.jinja_env)
    app.jinja_env.add_extension(WithoutIndentation)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(common)
    app.jinja_env.globals.update(
        static=static,
        panel=web.panel,
        can=web.can,
        name=code_name,
        reader_language=web.current_language,
        csrf_token=generate_csrf,
        fresh_key=fresh_key,
    )
    app.jinja_env.globals.update(unique=unique, ask_for=ask_for, asked_for=asked_for)
    app.jinja_env.globals.update(usual_currencies=usual_currencies, example_days=example_days_here)
    app.jinja_env.filters.update(say=say_here, day=day_here, money=money_here, number=number_here)
    app.jinja_env.filters.update(rate=rate_here, moment=moment_here)


def common() -> dict[str, Any]:
    """Values that every page uses."""
    language = web.current_language()
    return {
        "reader": web.actor(),
        "locale": language,
        "text_direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "languages": list(LANGUAGES.items()),
        "csp_nonce": headers.nonce(),
        "demonstration": web.site().settings.demonstration,
        "today": web.now().date(),
        "public_url": web.site().settings.public_url,
    }


def fresh_key() -> str:
    """A key for a small form that has no class of its own, so that sending it twice does what sending it once does."""
    return secrets.token_urlsafe(16)


def unique(prefix: str) -> str:
    """An id that no other part of this page has: term-1, term-2 and so on, the same whenever the page is drawn."""
    g.unique_ids = getattr(g, "unique_ids", 0) + 1
    return f"{prefix}-{g.unique_ids}"


def ask_for(part: str) -> str:
    """Have the frame of the page draw a part once, at its end, however often fields ask for it; says nothing."""
    g.parts_asked = {*g.get("parts_asked", ()), part}
    return ""


def asked_for(part: str) -> bool:
    """Whether a field of this page has asked for the part."""
    return part in g.get("parts_asked", ())


def usual_currencies() -> list[tuple[str, str]]:
    """The currencies that are suggested, (ISO 4217 code, name in the page's language)."""
    language = web.current_language()
    return [(code, get_currency_name(code, locale=language)) for code in COMMON_CURRENCIES]


def example_days_here() -> tuple[str, str]:
    """A day of next year as it may be typed in the page's language: written out, and in figures."""
    return example_days(web.current_language(), web.now().year + 1)


def _translate(jinja: Environment) -> None:
    """Sentences of templates from the catalogues of messages; they are asked for hundreds of times a page."""

    def here() -> NullTranslations:
        return catalogue(web.current_language())

    jinja.install_gettext_callables(  # type: ignore[attr-defined]  # the extension brings it
        lambda text: here().gettext(text),
        lambda one, many, number: here().ngettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: here().pgettext(context, text),
        npgettext=lambda context, one, many, number: here().npgettext(context, one, many, number),
    )


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


def moment_here(value: Any) -> str:
    """A day and an hour in the time of the State for which the reader works, nothing for none."""
    place = web.actor().main
    return moment_text(value, (place.country if place else None) or "", web.current_language()) if value else ""


def money_here(value: Any) -> str:
    """An amount with its currency, nothing for none."""
    return money_text(value, web.current_language()) if value is not None else ""


def number_here(value: Any) -> str:
    """A number with the language's separators, nothing for none."""
    return number_text(value, web.current_language()) if value is not None else ""


def rate_here(value: Any) -> str:
    """A rate of a currency with all of its digits."""
    return rate_text(value, web.current_language())
