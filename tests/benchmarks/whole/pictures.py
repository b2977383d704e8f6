"""Bars and lines as SVG, written by hand: readable on light and on dark pages, and without any other program."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

WIDTH, LEFT, RIGHT, TOP = 760, 290, 80, 54
BAR, GAP, GROUP = 15, 3, 14
COLOURS = ("#2563a8", "#b45309", "#2f7d4f", "#8b3a8b", "#5b6470")
ON_DARK = ("#7fb2ec", "#f0a55b", "#7fce9c", "#d795d7", "#b6bfca")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}.quiet{fill:#5b6470}.head{font-size:15px;font-weight:600}"
    ".axis{stroke:#aab2bd;stroke-width:1}.goal{stroke:#b91c1c;stroke-width:1.5;stroke-dasharray:5 3}"
    ".line{fill:none;stroke-width:2}"
    + "".join(f".f{n}{{fill:{c}}}.s{n}{{stroke:{c}}}" for n, c in enumerate(COLOURS))
    + "@media(prefers-color-scheme:dark){text{fill:#e6e9ee}.quiet{fill:#aab2bd}"
    ".axis{stroke:#5b6470}.goal{stroke:#f87171}"
    + "".join(f".f{n}{{fill:{c}}}.s{n}{{stroke:{c}}}" for n, c in enumerate(ON_DARK))
    + "}"
)


@dataclass(frozen=True)
class Bars:
    """Groups of bars: for each name one value a series, and, where there is one, the goal that it is to keep below."""

    title: str
    series: Sequence[str]
    groups: Mapping[str, Sequence[float | None]]
    unit: str = ""
    goals: Mapping[str, float] | None = None


def bars(drawing: Bars) -> str:
    """The picture of some groups of bars."""
    most = max((v for values in drawing.groups.values() for v in values if v), default=1.0)
    most = max([most, *(drawing.goals or {}).values()])
    scale = (WIDTH - LEFT - RIGHT) / most
    parts, top = [_legend(drawing.series)], TOP + 10
    for name, values in drawing.groups.items():
        height = len(values) * (BAR + GAP)
        parts.append(_text(LEFT - 8, top + height / 2 + 3, name, "end"))
        for number, value in enumerate(values):
            parts.append(_bar(top + number * (BAR + GAP), value, scale, number, drawing.unit))
        goal = (drawing.goals or {}).get(name)
        if goal:
            at = LEFT + goal * scale
            parts.append(f'<line class="goal" x1="{at:.1f}" x2="{at:.1f}" y1="{top - 3}" y2="{top + height}"/>')
        top += height + GROUP
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{top}"/>')
    return _whole(drawing.title, parts, top + 10)


def _bar(top: float, value: float | None, scale: float, number: int, unit: str) -> str:
    if value is None:
        return _text(LEFT + 4, top + 12, "not measured", "start", "quiet")
    width = max(1.0, value * scale)
    said = f"{value:,.1f}{unit}" if value < 100 else f"{value:,.0f}{unit}"
    drawn = f'<rect class="f{number}" x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2"/>'
    return drawn + _text(LEFT + width + 5, top + 12, said, "start")


@dataclass(frozen=True)
class Lines:
    """Lines over a logarithmic ground: for each name its points (x, y), and a limit that is drawn across."""

    title: str
    across: str
    up: str
    lines: Mapping[str, Sequence[tuple[float, float]]]
    highest: float
    limit: float | None = None


def lines(drawing: Lines) -> str:
    """The picture of some lines; what goes beyond the highest value is cut off there."""
    every = [x for points in drawing.lines.values() for x, _y in points]
    low, high = math.log10(min(every)), math.log10(max(every))
    left, bottom, height, width = 60, 370, 280, WIDTH - 60 - 40

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (math.log10(x) - low) / (high - low) * width, bottom - min(
            y, drawing.highest
        ) / drawing.highest * height

    axes = f'<path class="axis" fill="none" d="M{left},{bottom - height}V{bottom}H{left + width}"/>'
    parts = [_legend(list(drawing.lines)), axes]
    parts += [
        _text(place(10**number, 0)[0], bottom + 18, f"{10**number:,}", "middle", "quiet")
        for number in range(math.ceil(low), math.floor(high) + 1)
    ]
    for step in range(5):
        value = drawing.highest * step / 4
        parts.append(_text(left - 6, place(10**low, value)[1] + 4, f"{value:g}", "end", "quiet"))
    parts += [
        _text(left + width / 2, bottom + 38, drawing.across, "middle", "quiet"),
        _text(left, bottom - height - 10, drawing.up, "start", "quiet"),
    ]
    if drawing.limit is not None:
        at = place(10**low, drawing.limit)[1]
        parts.append(f'<line class="goal" x1="{left}" x2="{left + width}" y1="{at:.1f}" y2="{at:.1f}"/>')
    for number, (_name, points) in enumerate(drawing.lines.items()):
        shown = [point for point in points if point[1] <= drawing.highest] or points[:1]
        beyond = points[len(shown) : len(shown) + 1]
        path = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in [*shown, *beyond])
        parts.append(f'<polyline class="line s{number % 5}" points="{path}"/>')
    return _whole(drawing.title, parts, bottom + 50)


def _legend(series: Sequence[str]) -> str:
    parts, left = [], 16
    for number, name in enumerate(series):
        parts.append(f'<rect class="f{number}" x="{left}" y="36" width="12" height="12" rx="2"/>')
        parts.append(_text(left + 18, 47, name, "start"))
        left += 40 + 7 * len(name)
    return "".join(parts)


def _text(left: float, top: float, said: str, anchor: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _whole(title: str, parts: Sequence[str], height: float) -> str:
    head = _text(16, 24, title, "start", "head")
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
    return f"{opening}><title>{escape(title)}</title><style>{STYLE}</style>{head}{''.join(parts)}</svg>\n"


def write(folder: Path, name: str, picture: str) -> None:
    """Keep a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_text(picture, encoding="utf-8")
