"""The words that records are made of: those that public ones use, and rare ones that give a hidden one away."""

from __future__ import annotations

from random import Random

PLAIN = tuple("""
training judges prosecutors investigators seizure confiscation assets laundering laboratory forensic customs border
police prison maritime precursor chemicals witness protection legislation treatment prevention airport container
mentoring equipment curriculum manual regional cooperation evidence digital mutual assistance financial intelligence
formation magistrats saisie avoirs blanchiment laboratoire douanes enquête patrimoniale coopération judiciaire
""".split())  # fmt: skip
# Invented, but for the last three: those are a letter away from words that public records use.
CANARIES = tuple("""
zorvaquin quellibrant mipstravane oxybrenoll tuvashkeld drennafoy wexulpane khorrivast plimzocard yurbenwick
seizurf confiscatiom laboratery
""".split())  # fmt: skip
THEMES = ("asset_recovery", "money_laundering", "judicial_process", "forensic_laboratories", "customs", "prisons")
COUNTRIES = ("SN", "GH", "CI", "ML", "NG", "TG")
KINDS = ("training", "equipment", "mentoring")


def phrase(rng: Random, least: int = 3, most: int = 6) -> str:
    """A few public words, as a title has them."""
    return " ".join(rng.choice(PLAIN) for _ in range(rng.randint(least, most))).capitalize()


def text(rng: Random) -> str:
    """A few sentences of public words."""
    return ". ".join(phrase(rng, 5, 11) for _ in range(rng.randint(1, 4))) + "."


def misspelt(word: str) -> str:
    """A word with one letter wrong, as somebody types it who has heard of it."""
    middle = len(word) // 2
    return word[:middle] + ("e" if word[middle] != "e" else "a") + word[middle + 1 :]
