"""What the showcase fills its parts with: values as features would hand them over, none of them from the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.foundation.money import Money
from app.foundation.paging import Page
from app.foundation.wording.changes import Piece, word_changes
from app.reference.rates.parities import parities
from app.reference.rates.rules import CENTRAL_BANK, Rate, RateTable

FRENCH = "Deux scanners mobiles et la formation de quarante agents au port de Dakar"
LONG = (
    "Anticonstitutionnellement, la plateforme d’échange de renseignements criminels et de renforcement des capacités "
    "institutionnelles des laboratoires de police scientifique https://exemple.example/"
    + "tres-long-chemin-sans-espace"
    * 4
)
ARABIC = "تدريب أربعين ضابطا على تفتيش الحاويات في الميناء"
PORTUGUESE = "Formação de vinte magistrados em recuperação de ativos"

FILLED: dict[str, Any] = {
    "title": FRENCH,
    "problem": FRENCH + ".\n\n" + PORTUGUESE + ".",
    "email": "adja.ndiaye@douanes.example",
    "people": 40,
    "day": date(2027, 3, 31),
    "amount": Decimal("12500.50"),
    "currency": "XOF",
    "country": "SN",
    "readers": "members",
    "languages": ["fr", "pt"],
    "themes": ["maritime_interdiction", "precursor_control"],
    "countries": ["SN", "CV", "GW"],
    "is_essential": True,
    "lines": [{"kind": "training", "quantity": 40}],
}
WRONG = {
    "title": "",
    "problem": "",
    "email": "adja.ndiaye",
    "people": "",
    "day": "31/02/2027",
    "amount": "beaucoup",
    "currency": "FCF",
    "kind": "training",
    "country": "SN",
}
OVERSIZED = {"title": LONG, "problem": LONG, "email": "a" * 40 + "@" + "b" * 30 + ".example"}
RIGHT_TO_LEFT = {"title": ARABIC, "problem": ARABIC, "day": date(2027, 3, 31), "amount": Decimal(12500)}

LEDGERS = ((20, 8, 4), (20, 0, 0), (20, 20, 0), (20, 18, 9), (1, 0, 1))
"""Needed, covered, pending: in part, not at all, in full, more than needed, pledged only."""

RATES = RateTable(
    date(2026, 11, 13),
    {**parities(), "USD": Rate(Decimal("1.0858"), date(2026, 11, 12), CENTRAL_BANK)},
)
AMOUNTS = tuple(
    Money(Decimal(amount), code) for amount, code in [(12500, "EUR"), (7871484, "XOF"), (20000, "USD"), (500, "GHS")]
)
"""The same currency as the total's, a fixed parity, a rate of the day before, and no rate."""


@dataclass(frozen=True)
class Samples:
    """Everything that is no form."""

    few: Page[int] = field(default_factory=lambda: Page([], 1, 12))
    middle: Page[int] = field(default_factory=lambda: Page([], 6, 240))
    last: Page[int] = field(default_factory=lambda: Page([], 12, 240))
    money: Money = field(default_factory=lambda: Money(Decimal("12500.50"), "EUR"))
    day: date = date(2027, 3, 31)
    rates: RateTable = RATES
    amounts: tuple[Money, ...] = AMOUNTS
    ledgers: tuple[tuple[int, int, int], ...] = LEDGERS
    french: str = FRENCH
    arabic: str = ARABIC
    portuguese: str = PORTUGUESE
    long: str = LONG

    @property
    def changed(self) -> list[Piece]:
        """A title before and after, word by word."""
        return word_changes(FRENCH, "Trois scanners mobiles et la formation de soixante agents au port de Dakar")


def facet_options(names: list[tuple[str, str]], chosen: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The boxes of a facet, with made-up counts."""
    return [
        {"value": code, "label": name, "count": 1 + len(name) % 9, "selected": code in chosen} for code, name in names
    ]
