"""Which words of a record are read for what it means: its own language's, of what everybody who sees it may read."""

from __future__ import annotations

from typing import Any

from app.matching.facts import text_of_need, text_of_offer, title_of
from app.matching.semantic.rules import passages
from app.search.language import query_words, stems_of


def passages_of(kind: str, row: Any) -> list[str]:
    """A record in passages, in the language in which it was written: its translations mean the same."""
    return passages(row.title, _body(kind, row))


def _body(kind: str, row: Any) -> str:
    if kind == "need":
        lines = [f"{line.description} {line.beneficiary_unit}" for line in row.lines]
        return "\n".join([row.summary, row.problem, row.objectives, *lines])
    if kind == "programme":
        return "\n".join([row.description, *(offer.description for offer in row.offers)])
    return text_of_offer(kind, row)


def shares_a_term(need: Any, kind: str, offer: Any) -> bool:
    """Whether a word of one record is one of the other's in any of the languages that they are written in."""
    asked = _stems(f"{title_of(need)} {text_of_need(need)}")
    return not asked.isdisjoint(_stems(f"{title_of(offer)} {text_of_offer(kind, offer)}"))


def _stems(text: str) -> set[str]:
    return {stem for word in query_words(text) if not word.isdecimal() for stem in stems_of(word)}
