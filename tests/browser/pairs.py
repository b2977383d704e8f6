"""In which languages, schemes and widths each page is looked at: in all of them, or in a few that meet all pairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

LANGUAGES = ("en", "fr", "es", "pt", "ar")
SCHEMES = ("light", "dark")
WIDTHS = (320, 390, 1280)


@dataclass(frozen=True)
class Look:
    """One way to look at a page."""

    language: str
    scheme: str
    width: int

    def __str__(self) -> str:
        return f"{self.language} {self.scheme} {self.width}"


def whole() -> list[Look]:
    """Every combination; a page is opened narrow and made wider, as a window is."""
    return [Look(*values) for values in product(LANGUAGES, SCHEMES, WIDTHS)]


def pairwise(turn: int) -> list[Look]:
    """Five looks at the page whose turn it is: each language once, both schemes, all widths.

    Six pages in a row meet every pair of language, scheme and width, and each page meets every value of all three.
    """
    frames = [(SCHEMES[step % 2], WIDTHS[step % 3]) for step in range(len(SCHEMES) * len(WIDTHS))]
    return [Look(language, *frames[(turn + position) % len(frames)]) for position, language in enumerate(LANGUAGES)]


def fewer(turn: int, count: int) -> list[Look]:
    """So many of them; the languages change from one page to the next."""
    looks = pairwise(turn)
    return [looks[(turn + step) % len(looks)] for step in range(count)]


def one_in_each_scheme(turn: int, looks: list[Look]) -> set[Look]:
    """Those looks that axe takes part in, where it cannot in all: colours go by scheme, markup by language."""
    start = turn % len(looks) if looks else 0
    return set({look.scheme: look for look in looks[start:] + looks[:start]}.values())
