"""Asks every reader who may not see a record, with it and without it, and tells where the answers differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import unified_diff
from random import Random

from tests.hiding.cases import KINDS, Case, draw
from tests.hiding.oracle import may_see
from tests.hiding.stage import Answer, Reader, Stage
from tests.hiding.surfaces import addresses


@dataclass
class Count:
    """How much was done, and what was found."""

    cases: int = 0
    checks: int = 0
    leaks: list[str] = field(default_factory=list)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_tier: Counter[str] = field(default_factory=Counter)
    by_reader: Counter[str] = field(default_factory=Counter)
    by_surface: Counter[str] = field(default_factory=Counter)

    def add(self, case: Case, reader: Reader, paths: Iterable[str]) -> None:
        """One reader and one record."""
        self.cases += 1
        self.by_kind[case.kind] += 1
        self.by_tier[case.tier] += 1
        self.by_reader[reader.name] += 1
        for path in paths:
            self.checks += 1
            self.by_surface["/" + path.split("?")[0].split("/")[1]] += 1


@dataclass(frozen=True)
class Aim:
    """Where to look for one leak: hidden records of these kinds, at addresses of this shape."""

    kinds: tuple[str, ...] = KINDS
    where: str = ""


ANYWHERE = Aim()


def run_one(
    stage: Stage, random: Random, count: Count, each: int, aim: Aim = ANYWHERE, most: int | None = None
) -> None:
    """One hidden record; every reader who may not see it asks `each` of the addresses, drawn by chance.

    `most` is how many readers ask, if not all.
    """
    case = draw(stage, random, aim.kinds)
    blind = [reader for reader in stage.readers if not may_see(reader.places, case.hidden)]
    blind = random.sample(blind, min(most, len(blind))) if most else blind
    asked: list[tuple[Reader, str, Answer]] = []
    with stage.with_record(case.make) as hidden:
        paths = [path for path in addresses(stage, case, hidden) if re.search(aim.where, path)]
        for reader in blind:
            chosen = random.sample(paths, min(each, len(paths)))
            count.add(case, reader, chosen)
            asked += [(reader, path, reader.ask(path)) for path in chosen]
    for reader, path, with_it in asked:
        without = reader.answers.get(path)
        if without is None:
            without = reader.answers[path] = reader.ask(path)
        if with_it != without:
            count.leaks.append(
                f"{case.kind} of tier {case.tier}: {path} as {reader.name}: {_difference(with_it, without)}"
            )


def _difference(one: Answer, other: Answer) -> str:
    if one.status != other.status:
        return f"{one.status} with it, {other.status} without"
    if one.headers != other.headers:
        return f"{one.headers} with it, {other.headers} without"
    lines = (answer.body.decode(errors="replace").splitlines() for answer in (other, one))
    changed = [
        line for line in unified_diff(*lines, lineterm="", n=0) if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    return " | ".join(changed)[:600]
