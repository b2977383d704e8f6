"""What each part of a match brings: the same needs ranked again with one part at a time left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.config import Settings
from app.matching.service import Weighing, weights

PARTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "concepts": (("about", "concepts"), ("about", "title_concepts")),
    "themes": (("about", "themes"),),
    "sectors": (("about", "sectors"), ("about", "public_sector")),
    "words": (("about", "words"), ("about", "title_words")),
    "title": (("about", "title_concepts"), ("about", "title_words")),
    "place": (("match", "place"), ("match", "place_factor")),
    "time": (("match", "long_past"), ("match", "dates_fit")),
    "lines": (("match", "kind_same"),),
    "meaning": (("about", "meaning"),),
}
"""For each part the weights that are set to nothing."""


def parts_of(settings: Settings) -> Sequence[str]:
    """The parts that a match has on this site: meaning only where it is switched on."""
    return [part for part in PARTS if part != "meaning" or settings.semantic]


def without(part: str) -> Weighing:
    """The weights of the site with one part of `PARTS` left out; nothing is listed less for it."""
    changed = {section: dict(values) for section, values in weights().items()}
    for section, name in PARTS[part]:
        changed[section][name] = 0.0
    changed["strength"]["least"] = 0.0
    return changed
