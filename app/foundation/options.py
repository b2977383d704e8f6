"""The options of a list to choose from, drawn once: a form has hundreds, and they are the same in every form."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from wtforms.fields.choices import Choice
from wtforms.widgets import Select

MOST_KEPT = 4096


class KnownOptions(Select):  # type: ignore[misc]  # the library has no types
    """A list whose options are drawn as the library draws them; what was drawn before is not drawn again."""

    @classmethod
    def render_option(cls, choice: Choice, **kwargs: Any) -> Markup:
        """One option; one with attributes of its own is drawn each time."""
        if kwargs or choice.render_kw or not isinstance(choice.value, str):
            return Markup(super().render_option(choice, **kwargs))  # noqa: S704 - the library has escaped it
        # Escaped first: what is HTML and what is text may have the same letters, and never the same option.
        return _drawn(choice.value, escape(choice.label or choice.value), is_selected=bool(choice.selected))


@lru_cache(maxsize=MOST_KEPT)
def _drawn(value: str, label: Markup, *, is_selected: bool) -> Markup:
    return Markup(Select.render_option(Choice(value, label, is_selected, {})))  # noqa: S704
