"""Tables in a document, kept up to date between two marks; and where the figures are that they are made from."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app.config import ROOT

DOCS, IMAGES = ROOT / "docs", ROOT / "docs" / "images"
KEPT = Path(__file__).resolve().parent.parent / "data" / "site.json"
"""The figures that the documents of this revision were written from."""


class NoFigures(RuntimeError):
    """There is nothing to write from; the message says how to measure it."""


def figures() -> tuple[dict[str, list[dict[str, Any]]], Path]:
    """What was measured, from the folder BENCH_OUT or, without it, as it is kept beside the code.

    Raises:
        NoFigures: there is no such file.
    """
    own = Path(os.environ["BENCH_OUT"]) / "site.json" if os.environ.get("BENCH_OUT") else None
    file = own if own is not None and own.exists() else KEPT
    if not file.exists():
        raise NoFigures(f"there are no figures in {file}: measure with BENCH_OUT=<folder> make bench-site")
    return json.loads(file.read_text(encoding="utf-8")), file


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as Markdown writes it."""
    lines = [list(head), ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def put(name: str, parts: dict[str, str]) -> list[str]:
    """Write each part between its marks in a document; the parts for which there are no marks.

    A mark is a comment such as `<!-- begin demand -->`, and `<!-- end demand -->` after it.
    """
    file = DOCS / name
    text, missing = file.read_text(encoding="utf-8"), []
    for part, words in parts.items():
        begin, end = f"<!-- begin {part} -->\n", f"<!-- end {part} -->\n"
        if begin not in text or end not in text:
            missing.append(part)
            continue
        before, _mark, rest = text.partition(begin)
        text = before + begin + words.rstrip("\n") + "\n" + end + rest.partition(end)[2]
    file.write_text(text, encoding="utf-8")
    return missing


def plain(value: float | None, places: int = 1) -> str:
    """A number as people read it: no more digits than it is good for."""
    if value is None:
        return "none"
    if math.isinf(value):
        return "never"
    if value >= 1000:
        digits = 10 ** (int(math.log10(value)) - 2)
        return f"{round(value / digits) * digits:,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:,.{places}f}"
