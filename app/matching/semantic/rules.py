"""How near two records are in meaning: the vectors of their passages, less what all texts of a language share.

Plain numbers in, plain numbers out; where the vectors come from is the business of `encoder`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
"""One vector, or several below each other; each is as long as one."""

SENTENCE = re.compile(r"(?<=[.!?؟;])\s+|\n+")
PASSAGE, LONGEST_PASSAGE = 25, 40
"""Words: a passage is sentences until it has so many; a longer sentence is cut."""
MOST_PASSAGES = 24
STEADY = 20
"""So many texts that nothing is known of count with those of a language, so that three texts are no centre yet."""
SURPRISING = 0.97
"""Words say something that meaning does not where they find a text better than this share of those in its language."""


@dataclass(frozen=True)
class Meaning:
    """What a record means: the vector of the whole, and one for each passage."""

    language: str
    whole: Vectors
    passages: Vectors

    def less(self, centre: Vectors | None) -> Meaning:
        """The same without what all texts of its language have in common."""
        if centre is None:
            return self
        return Meaning(self.language, unit(self.whole - centre), unit(self.passages - centre))


def passages(title: str, body: str) -> list[str]:
    """A text in passages: its title, then some 25 words each, whole sentences where they are not too long."""
    found = [" ".join(title.split())]
    held: list[str] = []
    for sentence in SENTENCE.split("" if body.strip() == title.strip() else body):
        words = sentence.split()
        while words:
            if held and len(held) + min(len(words), PASSAGE) > LONGEST_PASSAGE:
                found.append(" ".join(held))
                held = []
            taken = len(words) if len(words) <= LONGEST_PASSAGE else PASSAGE
            held, words = held + words[:taken], words[taken:]
            if len(held) >= PASSAGE:
                found.append(" ".join(held))
                held = []
    return [*found, *([" ".join(held)] if held else [])][:MOST_PASSAGES]


def unit(vectors: Vectors) -> Vectors:
    """These vectors with the length of one; one that is nothing stays nothing."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length == 0, 1, length), dtype=np.float32)


def meaning_of(language: str, vectors: Vectors) -> Meaning:
    """A record from the vectors of its passages: the whole is their middle, which measured as well as the text at once.

    Working out a long text at once would double what a record costs.
    """
    return Meaning(language, unit(vectors.mean(axis=0)), vectors)


def nearness(first: Meaning, second: Meaning) -> float:
    """From 0 to 1: half the cosine of the wholes, half that of the two passages that are nearest to each other."""
    whole = float(first.whole @ second.whole)
    best = float((first.passages @ second.passages.T).max())
    return max(0.0, min(1.0, (whole + best) / 2))


def closest(first: Meaning, second: Meaning) -> tuple[int, int]:
    """Which passage of each are nearest to each other; of equals the first."""
    found = np.unravel_index(np.argmax(first.passages @ second.passages.T), (len(first.passages), len(second.passages)))
    return int(found[0]), int(found[1])


def centre(wholes: Vectors) -> Vectors:
    """What the texts of a language have in common; where there are few, hardly anything is taken for common."""
    return np.asarray(wholes.sum(axis=0) / (len(wholes) + STEADY), dtype=np.float32)


def bars(shares: Mapping[str, Sequence[float]], counts: Mapping[str, int]) -> dict[str, float]:
    """By language, how well words have to find a text to surprise; `counts` is how many texts there are.

    `shares` are those of the texts that words have found at all.
    """
    found = {}
    for language, count in counts.items():
        ranked = sorted(shares.get(language, ()), reverse=True)
        place = int((1 - SURPRISING) * count)
        found[language] = ranked[place] if place < len(ranked) else 0.0
    return found
