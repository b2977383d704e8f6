"""Sentences of forms: written where the form is, translated where they are shown, and text whatever stands in them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape


class Sentence(LazyString):  # type: ignore[misc]  # the library has no types
    """A sentence that is translated where it is shown; with what was typed in it, it is text and no HTML.

    The library's own says of itself that it is safe HTML, and a template then writes what somebody typed as it is.
    """

    def __html__(self) -> Markup:
        return escape(str(self))


def _l(text: str, **values: Any) -> Sentence:
    """An English sentence, translated where it is shown, with values in its named places (`%(name)s`)."""
    return Sentence(gettext, text, **values)
