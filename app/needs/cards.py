"""What higher features draw on the cards of needs: for a whole page at a time, so that a list stays quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from app.foundation.permissions import Actor
from app.needs.models import Need

CardPart = Callable[[Actor, Sequence[Need]], Mapping[int, str]]
"""Draws something on the cards of several needs: HTML made by an autoescaping template, by the number of the need."""

CARD_PARTS: list[CardPart] = []


def register_card_part(part: CardPart) -> None:
    """Let a higher feature draw its part on the cards of needs."""
    if part not in CARD_PARTS:
        CARD_PARTS.append(part)


def card_parts(reader: Actor, needs: Sequence[Need]) -> dict[int, Markup]:
    """All parts of each card, by the number of the need."""
    drawn: dict[int, Markup] = {}
    for part in CARD_PARTS if needs else ():
        for number, html in part(reader, needs).items():
            drawn[number] = drawn.get(number, Markup("")) + Markup(html)  # noqa: S704 - the templates have escaped it
    return drawn
