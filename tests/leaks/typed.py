"""Forms filled in with what somebody has heard of something hidden: the guard looks at them before they are posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.leaks.hidden import Hidden
from tests.leaks.words import COUNTRIES, THEMES

GUARDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "need": (
        ("evaluation_body", ""), ("lines-0-ref", ""),
        ("starts_on", "2027-01-04"), ("ends_on", "2028-02-10"), ("purpose_code", "16063"), ("lines-0-kind", "training"),
        ("lines-0-quantity", "20"), ("lines-0-unit", "judges"), ("lines-0-description", "Course"),
    ),
    "programme": (("offers-0-kind", "training"), ("accepting", "yes")),
    "course": (("languages", "en"), ("fee_amount", "0"), ("hours", "30")),
}  # fmt: skip
"""What each form asks for besides title, text, themes and countries."""
TEXTS = {"need": "problem", "programme": "description", "course": "description"}


def typed(what: Hidden) -> Iterable[tuple[str, tuple[tuple[str, str], ...]]]:
    """The kinds of record that are guarded, each with its form as somebody fills it in who has heard of this."""
    for kind, further in GUARDED.items():
        words = (("form_key", "X-HXDD-EN22"), ("language", "en"), ("title", what.title), (TEXTS[kind], what.canary))
        themes = (("themes", code) for code in THEMES[:5])
        yield kind, (*words, *themes, *(("countries", code) for code in COUNTRIES), *further)
