"""The outlines of the world that the site carries, and where each code of ISO 3166 lies on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
SIZES = ("small", "full")
"""How fine: `small` for the picture on the front page, `full` for the map that one can enter."""
NO_CODE = "-"
MARGIN = 0.06
FLATTEST, STEEPEST = 2.3, 1.5
"""Of a crop: its width over its height lies between the two."""
CLOSEST, WIDEST = 0.2, 0.62
"""No crop is narrower than the one part of the world's width; one as wide as the other is not worth making."""


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture, in its units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def meets(self, other: Box) -> bool:
        """Whether the two have something in common."""
        beside = self.right < other.left or other.right < self.left
        return not (beside or self.bottom < other.top or other.bottom < self.top)


@dataclass(frozen=True)
class Outline:
    """One code's shape: an SVG path (empty where the map is too coarse), its box, where its mark stands, its area.

    The area is that of its largest part, in square units of the picture.
    """

    path: str
    box: Box
    at: tuple[int, int]
    area: int


@dataclass(frozen=True)
class Atlas:
    """All outlines at one fineness."""

    width: int
    height: int
    codes: Mapping[str, Outline]

    @property
    def whole(self) -> Box:
        """The whole picture."""
        return Box(0, 0, self.width, self.height)

    def around(self, codes: Iterable[str]) -> Box:
        """The part of the picture that shows these codes, of a shape that fits a page; the whole for none."""
        boxes = [self.codes[code].box for code in codes if code in self.codes]
        if not boxes:
            return self.whole
        left, right = min(box.left for box in boxes), max(box.right for box in boxes)
        top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
        return self._fitted(Box(left, top, right, bottom))

    def _fitted(self, box: Box) -> Box:
        width = max(box.width * (1 + 2 * MARGIN), self.width * CLOSEST)
        height = box.height * (1 + 2 * MARGIN)
        width = max(width, height * STEEPEST)
        height = max(height, width / FLATTEST)
        if width >= self.width * WIDEST or height >= self.height:
            return self.whole
        left = min(max(0, (box.left + box.right - width) / 2), self.width - width)
        top = min(max(0, (box.top + box.bottom - height) / 2), self.height - height)
        return Box(round(left), round(top), round(left + width), round(top + height))


@cache
def atlas(size: str) -> Atlas:
    """The outlines of one fineness, read once."""
    kept = json.loads((DATA / f"world-{size}.json").read_text(encoding="utf-8"))
    codes = {
        code: Outline(entry["path"], Box(*entry["box"]), (entry["at"][0], entry["at"][1]), entry["area"])
        for code, entry in kept["codes"].items()
    }
    return Atlas(kept["width"], kept["height"], codes)
