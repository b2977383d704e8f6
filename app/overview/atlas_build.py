"""Draws the two outlines of the world that the site carries from Natural Earth's 1:50m countries (public domain).

Run as `python -m app.overview.atlas_build countries-50m.json`, with the TopoJSON file of world-atlas 2. In TopoJSON a
border is one line that both neighbours name, so lines are thinned once and neighbours still fit; see
docs/decisions/0010-map.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from app.overview import geometry
from app.overview.atlas import DATA, SIZES
from app.reference.countries import countries

Ring = list[tuple[int, int]]
Arcs = list[int]

NORTH, SOUTH = 83.7, -56.0
MERGED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Siachen Glacier": "-", "Indian Ocean Ter.": "-"}
"""Shapes without a number in Natural Earth, by the code whose land they are drawn with; "-" is land without a code."""
LEFT_OUT = {"AQ"}
# Parts of one shape there that have a code of their own in ISO 3166: (owner, west, south, east, north) in degrees.
PARTS: Mapping[str, tuple[str, float, float, float, float]] = {
    "GF": ("FR", -55, 1, -51, 7), "GP": ("FR", -62, 15.7, -60.9, 16.7), "MQ": ("FR", -61.4, 14.3, -60.7, 15),
    "RE": ("FR", 55, -22, 56, -20), "YT": ("FR", 44.9, -13.2, 45.4, -12.5), "SJ": ("NO", -10, 70.5, 40, 82),
    "BQ": ("NL", -69, 11.5, -62.5, 18),
}  # fmt: skip
# What is too small for a map of this scale stands at (longitude, latitude).
PLACES: Mapping[str, tuple[float, float]] = {
    "AQ": (11, -54.5), "BQ": (-68.26, 12.2), "BV": (3.36, -54.42), "CC": (96.87, -12.17), "CX": (105.64, -10.49),
    "GI": (-5.35, 36.14), "GP": (-61.55, 16.25), "MQ": (-61.02, 14.64), "TK": (-171.85, -9.17), "TV": (179.2, -8.52),
    "UM": (166.64, 19.29), "YT": (45.17, -12.83),
}  # fmt: skip


@dataclass(frozen=True)
class Detail:
    """How fine an outline is, in units of its picture: its width, the least change of a line, and the least island."""

    width: int
    least_change: float
    least_ring: float


DETAILS = {"small": Detail(1000, 2.6, 7), "full": Detail(4000, 8, 40)}


class Topology:
    """The lines of the file in degrees, and which of them each code's shape is made of."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        (scale_x, scale_y), (left, bottom) = source["transform"]["scale"], source["transform"]["translate"]
        self.lines = [
            geometry.unrolled([(x * scale_x + left, y * scale_y + bottom) for x, y in _summed(arc)])
            for arc in source["arcs"]
        ]
        by_number = {country.m49: iso2 for iso2, country in countries().items() if country.m49}
        self.rings: dict[str, list[Arcs]] = {}
        for shape in source["objects"]["countries"]["geometries"]:
            code = by_number.get(shape.get("id")) or MERGED[shape["properties"]["name"]]
            polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            for arcs in (ring for polygon in polygons for ring in polygon):
                self.rings.setdefault(self._part(code, arcs), []).append(arcs)
        for code in set(MERGED.values()) & self.rings.keys():
            self.rings[code] = united(self.rings[code], self.lines)

    def _part(self, code: str, arcs: Arcs) -> str:
        x, y = geometry.middle_of(joined(self.lines, arcs))
        for part, (owner, west, south, east, north) in PARTS.items():
            if owner == code and west < x < east and south < y < north:
                return part
        return code


def _summed(arc: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """TopoJSON keeps each point as the step from the one before."""
    return list(accumulate(arc, lambda at, step: (at[0] + step[0], at[1] + step[1])))


def joined(lines: list[Any], arcs: Arcs) -> list[Any]:
    """A ring out of its lines; ~n is line n backwards, as TopoJSON has it."""
    ring: list[Any] = []
    for arc in arcs:
        line = lines[arc] if arc >= 0 else lines[~arc][::-1]
        ring += line[1:] if ring else line
    return ring


def united(rings: list[Arcs], lines: list[Any]) -> list[Arcs]:
    """The rings of several shapes that are drawn as one: borders between them, which both name, fall away."""
    arcs = {arc for ring in rings for arc in ring}
    outer = {arc for arc in arcs if ~arc not in arcs}
    if outer == arcs:
        return rings
    begins = {(lines[arc][0] if arc >= 0 else lines[~arc][-1]): arc for arc in outer}
    made: list[Arcs] = []
    while begins:
        ring = [begins.pop(next(iter(begins)))]
        while (end := lines[ring[-1]][-1] if ring[-1] >= 0 else lines[~ring[-1]][0]) in begins:
            ring.append(begins.pop(end))
        made.append(ring)
    return made


def outline(topology: Topology, detail: Detail) -> dict[str, Any]:
    """All codes at one detail: path, box, and for each where its mark stands and how large its largest part is."""
    place, height = picture(detail.width)
    fine = [[place(*point) for point in line] for line in topology.lines]
    thin = [geometry.rounded(geometry.simplified(line, detail.least_change)) for line in fine]
    codes: dict[str, Any] = {}
    for code in sorted({*topology.rings, *countries()} - LEFT_OUT):
        arcs = topology.rings.get(code, [])
        codes[code] = shape([(joined(fine, ring), joined(thin, ring)) for ring in arcs], detail.least_ring)
    for code, degrees in PLACES.items():
        if not codes.get(code, {}).get("area"):
            x, y = map(round, place(*geometry.unrolled([degrees])[0]))
            codes[code] = {"path": "", "box": [x, y, x, y], "at": [x, y], "area": 0}
    return {"width": detail.width, "height": height, "codes": codes}


def shape(rings: list[tuple[list[Any], Ring]], least: float) -> dict[str, Any]:
    """One code's outline; parts smaller than the least are left out, and a State of such parts alone becomes a dot."""
    if not rings:
        return {}
    sized = sorted(((geometry.area_of(fine), fine, thin) for fine, thin in rings), key=lambda ring: -ring[0])
    area, largest = sized[0][0], sized[0][1]
    kept = [thin for size, _fine, thin in sized if size >= least and len(thin) > 3]  # noqa: PLR2004 - a triangle, closed
    # A crop around a State does not reach out to its far islands.
    near = [point for size, fine, _thin in sized if size >= area / 10 for point in fine]
    middle = geometry.middle_of(largest)
    return {
        "path": geometry.path_text(kept),
        "box": [round(side) for side in geometry.box_of(near)],
        "at": [round(side) for side in middle],
        "area": round(area),
    }


def picture(width: int) -> tuple[Callable[[float, float], geometry.Point], int]:
    """From degrees to units of a picture of this width, and its height; what lies beyond its edge is moved onto it."""
    west, east = geometry.equal_earth(geometry.WEST_END, 0)[0], geometry.equal_earth(geometry.WEST_END + 360, 0)[0]
    top, bottom = geometry.equal_earth(geometry.MIDDLE, NORTH)[1], geometry.equal_earth(geometry.MIDDLE, SOUTH)[1]
    scale = width / (east - west)

    def place(longitude: float, latitude: float) -> geometry.Point:
        x, y = geometry.equal_earth(longitude, max(SOUTH, min(NORTH, latitude)))
        return (x - west) * scale, (y - top) * scale

    return place, round((bottom - top) * scale)


def main() -> None:
    """Read the file named on the command line and write the outlines into app/overview/data."""
    topology = Topology(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    DATA.mkdir(exist_ok=True)
    for size in SIZES:
        text = json.dumps(outline(topology, DETAILS[size]), separators=(",", ":"))
        # A line for each code, so that a difference can be read.
        (DATA / f"world-{size}.json").write_text(text.replace("},", "},\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
