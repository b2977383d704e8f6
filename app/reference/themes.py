"""What assistance is about: our own themes, each with a section of the 2011 Action Plan and a DAC purpose code."""

from __future__ import annotations

from functools import cache

from app.reference.codelists import Code, codelist, options


def themes() -> dict[str, Code]:
    """Every theme by its code."""
    return codelist("themes")


def theme_name(code: str, language: str) -> str:
    """The theme's name in that language."""
    entry = themes().get(code)
    return entry.name(language) if entry else code


def theme_options(language: str) -> list[tuple[str, str]]:
    """(code, name), by name."""
    return sorted(options("themes", language), key=lambda pair: pair[1].casefold())


@cache
def siblings(code: str) -> frozenset[str]:
    """Neighbouring themes, without the theme itself."""
    entry = themes().get(code)
    if entry is None:
        return frozenset()
    group = entry.more["sibling_group"]
    return frozenset(other for other, its in themes().items() if its.more["sibling_group"] == group and other != code)


@cache
def themes_of_purpose(purpose_code: str) -> frozenset[str]:
    """Themes that have this DAC purpose code."""
    return frozenset(code for code, entry in themes().items() if entry.more["purpose_code"] == purpose_code)
