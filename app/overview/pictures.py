"""The map of needs: which outlines are ground, which tell something, and which States are so small as to need a dot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from app.overview.atlas import Atlas, Box, Outline, atlas
from app.overview.rules import QUIET, WHOLE, Gap, standing

SEEN_WIDTH = 1100
"""About how wide, in pixels, the map is drawn on a desk."""
LEAST_SEEN = 64
"""A State whose largest part covers fewer square pixels (a square of eight by eight) is drawn as a dot."""
DOT, TARGET = 10, 24
"""How wide a dot is, and the area around it that answers to a finger, in pixels."""


@dataclass(frozen=True)
class Mark:
    """One country that tells something: its outline, its dot if it has one, and the pixels around it that answer."""

    gap: Gap
    standing: str
    path: str
    dot: tuple[int, int] | None = None
    target: int = 0


@dataclass(frozen=True)
class Picture:
    """A map, ready to be drawn: its frame in its own units, the ground, the tiny places, and the marks upon them."""

    frame: Box
    ground: str
    specks: str
    marks: Sequence[Mark]

    @property
    def hatch(self) -> float:
        """How far the lines of a hatched country lie apart, in units of the picture."""
        return round(self.frame.width / 190, 1)

    @property
    def has_whole(self) -> bool:
        """Whether a country is drawn whose every request is covered."""
        return any(mark.standing == WHOLE for mark in self.marks)


def small_map(gaps: Mapping[str, Gap]) -> Picture:
    """The picture for the front page: the whole world, at its coarsest."""
    world = atlas("small")
    return _picture(world, world.whole, gaps)


def map_of(gaps: Mapping[str, Gap], members: Iterable[str] | None = None) -> Picture:
    """The map that one can enter: of the world, or as close to these members as they allow."""
    world = atlas("small")
    if members is None or world.around(members) == world.whole:
        return _picture(world, world.whole, gaps)
    closer = atlas("full")
    return _picture(closer, closer.around(members), gaps)


def _picture(world: Atlas, frame: Box, gaps: Mapping[str, Gap]) -> Picture:
    scale = SEEN_WIDTH / frame.width
    shown = {code: outline for code, outline in world.codes.items() if outline.box.meets(frame)}
    telling = {code for code, gap in gaps.items() if code in shown and standing(gap) != QUIET}
    dots = {code: shown[code] for code in telling if is_small(shown[code], scale)}
    targets = hit_sizes({code: outline.at for code, outline in dots.items()}, scale)
    marks = [
        Mark(gaps[code], standing(gaps[code]), shown[code].path, shown[code].at, targets[code])
        if code in dots
        else Mark(gaps[code], standing(gaps[code]), shown[code].path)
        for code in telling
    ]
    rest = {code: outline for code, outline in shown.items() if code not in telling}
    return Picture(
        frame,
        "".join(outline.path for outline in rest.values()),
        "".join(f"M{x} {y}h0" for x, y in (outline.at for outline in rest.values() if not outline.path)),
        # What is drawn last lies on top: dots upon land, and those that ask upon those that are only offered something.
        sorted(marks, key=lambda mark: (mark.dot is not None, mark.gap.needs > 0, mark.gap.code)),
    )


def is_small(outline: Outline, scale: float) -> bool:
    """Whether a State would be hard to see at so many pixels for each unit."""
    return outline.area * scale * scale < LEAST_SEEN


def hit_sizes(places: Mapping[str, tuple[int, int]], scale: float) -> dict[str, int]:
    """How wide the area may be that answers around each dot, in pixels, without reaching into a neighbour's."""
    sizes = {}
    for code, (x, y) in places.items():
        apart = [hypot(x - u, y - v) * scale for other, (u, v) in places.items() if other != code]
        sizes[code] = max(DOT, int(min([TARGET, *apart])))
    return sizes
