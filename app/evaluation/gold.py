"""A gold folder: needs, questions and pairs that people wrote and judged, read line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class GoldUnreadable(ValueError):
    """A file of the folder is missing or says something that cannot be used; the message names file and line."""


@dataclass(frozen=True)
class GoldNeed:
    """A need as an official writes it; `start` and `end` are months (YYYY-MM), `theme` a label for stratifying."""

    need_id: str
    language: str
    country: str
    theme: str
    title: str
    description: str
    lines: tuple[Mapping[str, Any], ...]
    start: str
    end: str
    delivery_languages: tuple[str, ...]


@dataclass(frozen=True)
class GoldQuery:
    """A short question as somebody typed it, and as it was meant."""

    query_id: str
    language: str
    text: str
    intended: str


@dataclass(frozen=True)
class GoldRecord:
    """One side of a pair; dates are days, months or years, as they were published."""

    title: str
    description: str
    countries: tuple[str, ...]
    start: str
    end: str
    language: str
    identifier: str


@dataclass(frozen=True)
class GoldPair:
    """Two programmes: the same undertaking, or a near miss."""

    pair_id: str
    is_duplicate: bool
    first: GoldRecord
    second: GoldRecord


@dataclass(frozen=True)
class Gold:
    """Everything in the folder; judgements are grades by identifier of the activity."""

    needs: tuple[GoldNeed, ...]
    queries: tuple[GoldQuery, ...]
    pairs: tuple[GoldPair, ...]
    need_grades: Mapping[str, Mapping[str, int]]
    query_grades: Mapping[str, Mapping[str, int]]


def read_gold(folder: Path) -> Gold:
    """Read a folder with needs.jsonl, queries.jsonl, duplicates.jsonl, qrels.tsv and query_qrels.tsv.

    Raises:
        GoldUnreadable: see the message.
    """
    return Gold(
        needs=tuple(_need(line) for line in _lines(folder / "needs.jsonl")),
        queries=tuple(_query(line) for line in _lines(folder / "queries.jsonl")),
        pairs=tuple(_pair(line) for line in _lines(folder / "duplicates.jsonl")),
        need_grades=_grades(folder / "qrels.tsv"),
        query_grades=_grades(folder / "query_qrels.tsv"),
    )


class _Line(dict[str, Any]):
    """A line of a file, which says where it stands when something is missing."""

    where = ""

    def __missing__(self, key: str) -> Any:
        raise GoldUnreadable(f"{self.where}: {key!r} is missing")


def _lines(path: Path) -> Iterator[_Line]:
    for number, text in enumerate(_text(path).splitlines(), 1):
        if text.strip():
            line = _Line(_parsed(text, f"{path.name}, line {number}"))
            line.where = f"{path.name}, line {number}"
            yield line


def _parsed(text: str, where: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise GoldUnreadable(f"{where} is no JSON: {error.msg}") from error
    if not isinstance(found, dict):
        raise GoldUnreadable(f"{where} is no object")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldUnreadable(f"{path} cannot be read: {error}") from error


def _need(line: _Line) -> GoldNeed:
    return GoldNeed(
        need_id=line["need_id"],
        language=line["lang"],
        country=line["country"],
        theme=line.get("theme", ""),
        title=line["title"],
        description=line["description"],
        lines=tuple(line["line_items"]),
        start=line.get("start") or "",
        end=line.get("end") or "",
        delivery_languages=tuple(line.get("delivery_languages", ())),
    )


def _query(line: _Line) -> GoldQuery:
    return GoldQuery(line["query_id"], line["lang"], line["query"], line.get("intended") or line["query"])


def _pair(line: _Line) -> GoldPair:
    return GoldPair(line["pair_id"], line["label"] == "duplicate", _record(line["a"]), _record(line["b"]))


def _record(side: Mapping[str, Any]) -> GoldRecord:
    return GoldRecord(
        title=side.get("title") or "",
        description=side.get("description") or "",
        countries=tuple(part.strip() for part in (side.get("country") or "").split(",") if part.strip()),
        start=side.get("start") or "",
        end=side.get("end") or "",
        language=side.get("language") or "",
        identifier=side.get("id") or "",
    )


def _grades(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for number, text in enumerate(_text(path).splitlines(), 1):
        if not text.strip():
            continue
        parts = text.split("\t")
        if len(parts) != 3 or not parts[2].strip().isdecimal():  # noqa: PLR2004 - what was asked, what was found, its grade
            raise GoldUnreadable(f"{path.name}, line {number}: three columns, the last a grade, are expected")
        found.setdefault(parts[0], {})[parts[1]] = int(parts[2])
    return found
