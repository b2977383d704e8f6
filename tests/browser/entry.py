"""The site as the walk needs it: with errors that have an address, and a language made of nothing but marks.

Granian starts `create_app` here in place of the site's own. TEST_CATALOGUES names a folder of catalogues that also
holds the pseudo-language; without it the site speaks its own languages only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import pseudo

if TYPE_CHECKING:
    from flask import Flask

ERRORS = {403, 409, 413, 429, 500}
PREFIX = "/errors-for-the-walk/"


def create_app() -> Flask:
    """The site, after its languages have been added to and before anything has read them."""
    from app.foundation import languages

    folder = os.environ.get("TEST_CATALOGUES")
    if folder:
        languages.LANGUAGES[pseudo.LANGUAGE] = pseudo.marked("Pseudo")
        languages.CATALOGUES = Path(folder)

    from app import create_app as build

    app = build()
    app.add_url_rule(f"{PREFIX}<int:code>", "walk_error", fail)
    return app


def fail(code: int) -> Any:
    """Fail as the site would."""
    from flask import abort

    if code == 500:
        raise RuntimeError("the walk asks for an error, to see its page")
    abort(code)
