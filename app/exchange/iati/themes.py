"""What an activity is about in our own words: themes and kinds of assistance, told from its sectors and its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from app.exchange.iati.activity import SectorShare
from app.reference.concepts import KIND_OF_CONCEPT, mentions, weights_of
from app.reference.thesaurus import Concept

DAC_5, DAC_3 = "1", "2"

THEME_OF_PURPOSE = {
    "15113": "anti_corruption",
    "15130": "judicial_process",
    "15132": "police_training",
    "15134": "judicial_process",
    "15137": "prisons",
    "15180": "victims_support",
    "15210": "security_sector_governance",
    "15240": "small_arms",
    "15250": "explosives",
    "31165": "alternative_development",
    "33120": "customs",
    "43050": "alternative_development",
}
"""OECD DAC purpose codes that mean one theme well. 16063 (narcotics control) is shared by six themes and 15160 (human
rights) is far wider than the one that bears it, so both leave the word to the texts."""

MOST_THEMES = 4
MOST_KINDS = 3
# A title says in a few words what a description says in many.
TITLE, DESCRIPTION = 3, 1
WHOLE_SECTOR = 6
# What a long text names once in passing is not what it is about.
LONG_TEXT = 400
LEAST_IN_LONG_TEXT = 4
PART_OF_STRONGEST = 0.25


@lru_cache(maxsize=2)
def _spoken_in(text: str) -> tuple[Concept, ...]:
    """What a text speaks of: themes and kinds are told from the same two texts, one after the other."""
    return tuple(mentions(text))


def themes_of(sectors: Iterable[SectorShare], title: str, description: str) -> tuple[str, ...]:
    """At most four themes, the strongest first: words weigh by how often and where they stand, sectors by share."""
    weights: Counter[str] = Counter()
    for text, weight in ((title, TITLE), (description, DESCRIPTION)):
        for theme, times in weights_of(_spoken_in(text)).items():
            weights[theme] += times * weight
    for theme, weight in _weights_of_sectors(sectors).items():
        weights[theme] += weight
    least = max(_least(description), max(weights.values(), default=0) * PART_OF_STRONGEST)
    return tuple(theme for theme, weight in weights.most_common(MOST_THEMES) if weight >= least)


def kinds_of(title: str, description: str) -> tuple[str, ...]:
    """The kinds of assistance that the texts plainly name, the most frequent first."""
    weights: Counter[str] = Counter()
    for text, weight in ((title, TITLE), (description, DESCRIPTION)):
        for concept in _spoken_in(text):
            if concept.id in KIND_OF_CONCEPT:
                weights[KIND_OF_CONCEPT[concept.id]] += weight
    least = _least(description) / 2
    return tuple(kind for kind, weight in weights.most_common(MOST_KINDS) if weight >= least)


def purpose_of(sectors: Iterable[SectorShare]) -> str:
    """The five-digit OECD DAC purpose code with the largest share, the first of equals; empty when there is none."""
    codes = [sector for sector in sectors if is_purpose(sector)]
    if not codes:
        return ""
    return max(codes, key=lambda sector: sector.percentage or Decimal(0)).code


def is_purpose(sector: SectorShare) -> bool:
    """Whether this is a code of the OECD DAC's list of five digits."""
    return sector.vocabulary == DAC_5 and sector.code.isdecimal() and len(sector.code) == len("15130")


def _weights_of_sectors(sectors: Iterable[SectorShare]) -> Counter[str]:
    codes = [sector for sector in sectors if is_purpose(sector)]
    weights: Counter[str] = Counter()
    for sector in codes:
        theme = THEME_OF_PURPOSE.get(sector.code)
        if theme:
            share = float(sector.percentage) / 100 if sector.percentage is not None else 1 / len(codes)
            weights[theme] += round(share * WHOLE_SECTOR)
    return weights


def _least(description: str) -> int:
    return LEAST_IN_LONG_TEXT if len(description) > LONG_TEXT else LEAST_IN_LONG_TEXT // 2
