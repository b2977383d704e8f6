"""What is known of a theme: lessons that say the same become one statement, those that say the opposite stand together.

Nothing is written here that no lesson says: a statement is the instruction of the best known of its lessons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

VERDICTS = ("worked", "failed", "challenge")
"""The order in which they stand."""
OTHERS = ""
"""The group of those that name no criterion, or no stage."""


@dataclass(frozen=True)
class Told:
    """What of a validated lesson matters for the summary; `group` is its criterion or its stage."""

    number: int
    ref: str
    organisation_id: int
    verdict: str
    group: str
    points: int


@dataclass(frozen=True)
class Statement:
    """Lessons that corroborate one another, by number, the best known first, and how many organisations they are."""

    lessons: tuple[int, ...]
    verdict: str
    group: str
    sources: int
    points: int
    ref: str

    @property
    def leading(self) -> int:
        """The lesson in whose words it is said."""
        return self.lessons[0]


@dataclass(frozen=True)
class Group:
    """One criterion, or one stage, with what worked, what did not, and what to take care of."""

    code: str
    by_verdict: Mapping[str, Sequence[Statement]]

    @property
    def lessons(self) -> int:
        """How many lessons stand behind it."""
        return sum(len(one.lessons) for statements in self.by_verdict.values() for one in statements)


@dataclass(frozen=True)
class Summary:
    """What is known: groups in the order of their list, and the statements that contradict each other."""

    groups: Sequence[Group]
    differing: Sequence[tuple[Statement, Statement]]


Pairs = Iterable[tuple[int, int]]


def summarise(told: Sequence[Told], corroborating: Pairs, contradicting: Pairs, order: Sequence[str]) -> Summary:
    """Sum up lessons that have been validated; ties to others, and between different verdicts, merge nothing."""
    statements = _statements({one.number: one for one in told}, corroborating)
    of_lesson = {number: statement for statement in statements for number in statement.lessons}
    codes = [*order, OTHERS]
    by_code: dict[str, list[Statement]] = {code: [] for code in codes}
    for statement in statements:
        by_code[statement.group if statement.group in by_code else OTHERS].append(statement)
    groups = [Group(code, _by_verdict(by_code[code])) for code in codes if by_code[code]]
    return Summary(groups, _differing(of_lesson, contradicting))


def _statements(told: Mapping[int, Told], corroborating: Pairs) -> list[Statement]:
    parent = {number: number for number in told}

    def root(number: int) -> int:
        while parent[number] != number:
            number = parent[number]
        return number

    for one, other in corroborating:
        if one in told and other in told and told[one].verdict == told[other].verdict:
            parent[root(one)] = root(other)
    merged: dict[int, list[Told]] = {}
    for number in told:
        merged.setdefault(root(number), []).append(told[number])
    return sorted((_statement(lessons) for lessons in merged.values()), key=_rank)


def _statement(lessons: Sequence[Told]) -> Statement:
    ranked = sorted(lessons, key=lambda one: (-one.points, one.ref))
    best = ranked[0]
    return Statement(
        lessons=tuple(one.number for one in ranked), verdict=best.verdict, group=best.group,
        sources=len({one.organisation_id for one in ranked}), points=sum(one.points for one in ranked), ref=best.ref,
    )  # fmt: skip


def _rank(statement: Statement) -> tuple[int, int, str]:
    return -statement.sources, -statement.points, statement.ref


def _by_verdict(statements: Sequence[Statement]) -> Mapping[str, Sequence[Statement]]:
    found = {verdict: [one for one in statements if one.verdict == verdict] for verdict in VERDICTS}
    return {verdict: those for verdict, those in found.items() if those}


def _differing(of_lesson: Mapping[int, Statement], contradicting: Pairs) -> list[tuple[Statement, Statement]]:
    found: dict[frozenset[str], tuple[Statement, Statement]] = {}
    for one, other in contradicting:
        if one in of_lesson and other in of_lesson and of_lesson[one] != of_lesson[other]:
            first, second = sorted((of_lesson[one], of_lesson[other]), key=_rank)
            found[frozenset({first.ref, second.ref})] = (first, second)
    return sorted(found.values(), key=lambda pair: (_rank(pair[0]), _rank(pair[1])))
