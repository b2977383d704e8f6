"""The geometry of the map: from degrees to a flat picture of true areas, from many points to the few that matter."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
Line = Sequence[Point]

MIDDLE = 11.0
"""The meridian in the middle, in degrees: the picture is then cut in the Bering Strait and through no State."""
WEST_END = MIDDLE - 180
FULL_CIRCLE = 360
# The polynomial of the Equal Earth projection (Šavrič, Patterson and Jenny, 2018).
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = sqrt(3) / 2


def equal_earth(longitude: float, latitude: float) -> Point:
    """Where a place lies on the flat map, in radii of the globe; x grows to the east and y to the south."""
    theta = asin(M * sin(radians(latitude)))
    t2 = theta * theta
    t6 = t2**3
    slope = A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)
    x = radians(longitude - MIDDLE) * cos(theta) / (M * slope)
    return x, -theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))


def unrolled(line: Line) -> list[Point]:
    """A line of degrees without jumps at the date line, laid between the two edges of the picture as a whole."""
    turned: list[Point] = []
    before = line[0][0]
    for longitude, latitude in line:
        before += (longitude - before + FULL_CIRCLE / 2) % FULL_CIRCLE - FULL_CIRCLE / 2
        turned.append((before, latitude))
    middle = sum(longitude for longitude, _latitude in turned) / len(turned)
    shift = FULL_CIRCLE * ((middle - WEST_END) // FULL_CIRCLE)
    return [(longitude - shift, latitude) for longitude, latitude in turned]


def triangle(a: Point, b: Point, c: Point) -> float:
    """The area between three points."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplified(line: Line, least: float) -> list[Point]:
    """The line without the points that change it by less than this area (Visvalingam and Whyatt, 1993).

    Both ends stay, so that lines which met still meet.
    """
    last = len(line) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))
    weight = [0.0, *(triangle(line[i - 1], line[i], line[i + 1]) for i in range(1, last)), 0.0]
    waiting = [(weight[i], i) for i in range(1, last)]
    heapq.heapify(waiting)
    gone: set[int] = set()
    while waiting and waiting[0][0] < least:
        area, i = heapq.heappop(waiting)
        if i in gone or area != weight[i]:
            continue
        gone.add(i)
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for j in (left, right):
            if 0 < j < last:
                # A neighbour may not become lighter than what was just taken, or a long bow would vanish bit by bit.
                weight[j] = max(area, triangle(line[before[j]], line[j], line[after[j]]))
                heapq.heappush(waiting, (weight[j], j))
    return [point for i, point in enumerate(line) if i not in gone]


def rounded(line: Line) -> list[tuple[int, int]]:
    """The line on whole numbers, each point once."""
    whole = [(round(x), round(y)) for x, y in line]
    return [point for i, point in enumerate(whole) if i == 0 or point != whole[i - 1]]


def area_of(ring: Line) -> float:
    """The area inside a closed ring."""
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairwise(ring))) / 2


def middle_of(ring: Line) -> Point:
    """The centre of gravity of a closed ring, or the mean of its points where it has no area."""
    twice = sum(x * v - u * y for (x, y), (u, v) in pairwise(ring))
    if abs(twice) < 1e-9:  # noqa: PLR2004 - nothing, as floating numbers have it
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    sum_x = sum((x + u) * (x * v - u * y) for (x, y), (u, v) in pairwise(ring))
    sum_y = sum((y + v) * (x * v - u * y) for (x, y), (u, v) in pairwise(ring))
    return sum_x / (3 * twice), sum_y / (3 * twice)


def box_of(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """The smallest upright rectangle around points: left, top, right, bottom."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def path_text(rings: Iterable[Sequence[tuple[int, int]]]) -> str:
    """Closed rings of whole numbers as the shortest path that SVG reads: relative steps, no needless spaces."""
    text, at = "", (0, 0)
    for ring in rings:
        text += ("m" if text else "M") + numbers(ring[0][0] - at[0], ring[0][1] - at[1])
        steps = [(u - x, v - y) for (x, y), (u, v) in pairwise(ring[:-1])]
        text += "l" + numbers(*(part for step in steps for part in step)) + "z"
        at = ring[0]
    return text


def numbers(*parts: int) -> str:
    """Whole numbers in a row; a minus sign parts them as well as a space does."""
    return "".join(str(n) if i == 0 or n < 0 else f" {n}" for i, n in enumerate(parts))
