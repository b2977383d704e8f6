"""Words that no public record has, and the one near word that is searched for beside each of them.

What counts as known is asked of the public vocabulary and of the thesaurus, and of nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from app.foundation.text import fold
from app.reference.concepts import concepts
from app.search.engine_types import EngineQuery, SearchEngine, TermGroup
from app.search.language import PART, query_words, stems_of, words
from app.search.terms import groups_of

SHORTEST = 4
"""Of shorter words almost every other one is near."""
LONG = 6
MOST_RESPELT = 4


@dataclass(frozen=True)
class Respelt:
    """A word that was typed, folded, and the near one that is searched for as well, with its accents where known."""

    typed: str
    near: str


def respell(engine: SearchEngine, text: str, tokens: frozenset[str] | None) -> tuple[Respelt, ...]:
    """The near words for those of a text that neither a public record nor one that these tokens open has.

    Raises:
        EngineBroken: the index cannot be read.
    """
    found: list[Respelt] = []
    for word in query_words(text):
        near = _near(engine, word, tokens) if len(word) >= SHORTEST and not word.isdecimal() else None
        if near and len(found) < MOST_RESPELT:
            found.append(Respelt(word, accented(near)))
    return tuple(found)


def _near(engine: SearchEngine, word: str, tokens: frozenset[str] | None) -> str | None:
    if word in vocabulary():
        return None
    suggested = engine.suggest(word)
    own = TermGroup(word, stems_of(word))
    if engine.search(EngineQuery((own,), tokens=tokens, limit=1, in_files=True)).total:
        return None
    of_thesaurus = nearest_of_thesaurus(word)
    return min(filter(None, (suggested, of_thesaurus)), key=lambda near: distance(word, near), default=None)


def with_near(text: str, respelt: tuple[Respelt, ...]) -> str:
    """The text with each unknown word replaced by its near one."""
    near = {one.typed: one.near for one in respelt}
    return PART.sub(lambda match: near.get(fold(match.group()), match.group()), text)


def as_typed(text: str, respelt: tuple[Respelt, ...]) -> str:
    """The text with each unknown word in quotation marks: only what was typed is wanted."""
    typed = {one.typed for one in respelt}
    return PART.sub(lambda match: f'"{match.group()}"' if fold(match.group()) in typed else match.group(), text)


def groups_with_near(text: str, respelt: tuple[Respelt, ...], weight: float) -> tuple[TermGroup, ...]:
    """What the engine is asked of a text: an unknown word has this weight, and is found by its near one too."""
    typed_of = {fold(one.near): one.typed for one in respelt}
    return tuple(
        replace(
            group,
            stems=tuple(sorted({*group.stems, *stems_of(typed_of[group.word])})),
            weight=weight,
        )
        if group.word in typed_of
        else group
        for group in groups_of(with_near(text, respelt))
    )


@cache
def vocabulary() -> dict[str, str]:
    """The words of the thesaurus, folded, each as it is written with its accents."""
    found: dict[str, str] = {}
    for concept in concepts().values():
        for names in concept.terms.values():
            for name in names:
                found.update({fold(written): written for written in PART.findall(name) if words(written)})
    return found


def accented(word: str) -> str:
    """A folded word as the thesaurus writes it, if it knows it."""
    written = vocabulary().get(word, word)
    return written.lower() if not written.isupper() else written


@cache
def nearest_of_thesaurus(word: str) -> str | None:
    """The word of the thesaurus that is one slip away (two in a long word), the first one in the order of the file."""
    most = 1 if len(word) < LONG else 2
    best: tuple[int, str] | None = None
    for other in vocabulary():
        if other[0] == word[0] and abs(len(other) - len(word)) <= most and len(other) >= SHORTEST:
            slips = distance(word, other)
            if slips <= most and (best is None or slips < best[0]):
                best = (slips, other)
    return best[1] if best else None


def distance(one: str, other: str) -> int:
    """How many slips lie between two words: a letter more, less or another, or two changed about (Damerau)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
