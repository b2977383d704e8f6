"""The table of docs/asvs.csv is whole, and what it calls evidence is there."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from tests.architecture.asvs import ROOT, Requirement, count, in_words, read_table
from tests.architecture.reading import none_of

# Of each chapter of ASVS 5.0, how many requirements are of level 1 and of level 2.
IN_CHAPTER = {
    "V1": (8, 19), "V2": (4, 7), "V3": (8, 11), "V4": (2, 8), "V5": (4, 5), "V6": (13, 22),
    "V7": (6, 12), "V8": (4, 3), "V9": (4, 3), "V10": (5, 24), "V11": (3, 11), "V12": (3, 6),
    "V13": (1, 12), "V14": (2, 7), "V15": (3, 10), "V16": (0, 16), "V17": (0, 7),
}  # fmt: skip
# SHA-256 over the lines `id level` of all of them, in their order: no requirement can be left out or exchanged.
DIGEST = "9af37b810927c5eedfe1d3e716a571ebac199cf378c2fb4a3ccb64aa29f2a70a"
TABLE = read_table()


def digest(table: list[Requirement]) -> str:
    return hashlib.sha256("".join(f"{one.id} {one.level}\n" for one in table).encode()).hexdigest()


@cache
def functions_in(path: str) -> frozenset[str]:
    """The names of the functions of a test file; none if there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def faults_of(one: Requirement) -> list[str]:
    """What is wrong with one row, in words."""
    faults = [f"{name} is empty" for name, cell in vars(one).items() if not cell or cell != cell.strip()]
    if one.applies not in {"yes", "no"} or one.met not in {"yes", "partly", "no"}:
        faults.append("applies or met is a word that nobody knows")
    if not one.is_asked:
        faults += ["it does not apply and is met nevertheless"] if one.met != "no" else []
    elif bool(one.missing) != (one.met != "yes"):
        faults.append("what is met is whole, and what is not says what is missing")
    if one.met != "no" and not (one.tests or one.paths):
        faults.append("there is no test and no module that shows it")
    faults += [f"there is no {path}" for path in one.paths if not (ROOT / path).is_file()]
    for node in one.tests:
        path, _, name = node.partition("::")
        if (
            not re.fullmatch(r"tests/[\w/]+\.py", path)
            or not name.startswith("test_")
            or name not in functions_in(path)
        ):
            faults.append(f"there is no test {node}")
    return faults


def test_every_requirement_of_levels_1_and_2_stands_there_once():
    counted = Counter((one.id.split(".")[0], one.level) for one in TABLE)
    assert {chapter: (counted[chapter, "1"], counted[chapter, "2"]) for chapter in IN_CHAPTER} == IN_CHAPTER
    assert len({one.id for one in TABLE}) == len(TABLE) == sum(map(sum, IN_CHAPTER.values()))
    assert digest(TABLE) == DIGEST


def test_every_row_is_whole_and_its_evidence_is_there():
    none_of(f"{one.id}: {fault}" for one in TABLE for fault in faults_of(one))


SOUND = Requirement(
    "V1.1.1", "1", "Decoding once", "yes", "yes", "A sentence.",
    "tests/architecture/test_asvs.py::test_a_sound_row_has_no_faults; code: app/config.py",
)  # fmt: skip


def test_a_sound_row_has_no_faults():
    assert faults_of(SOUND) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"how": ""},
        {"met": "mostly"},
        {"applies": "perhaps"},
        {"applies": "no"},
        {"met": "partly"},
        {"met": "no"},
        {"evidence": "missing: everything"},
        {"evidence": "code: app/nowhere.py"},
        {"evidence": "tests/architecture/test_asvs.py::test_that_nobody_wrote"},
        {"evidence": "tests/nowhere/test_asvs.py::test_a_sound_row_has_no_faults"},
        {"evidence": "it is done somewhere"},
    ],
)
def test_a_fault_is_found(changes):
    assert faults_of(replace(SOUND, **changes))


def test_a_row_that_is_left_out_or_there_twice_is_found():
    assert digest(TABLE[1:]) != DIGEST
    assert digest([TABLE[0], *TABLE]) != DIGEST


def test_rows_are_counted():
    half = replace(SOUND, met="partly", evidence="code: app/config.py; missing: the rest")
    other = replace(SOUND, applies="no", met="no", evidence="there is none")
    assert count([SOUND, half, other]) == {"applicable": 2, "met": 1, "partly": 1, "no": 0, "with a test": 1}
    assert in_words("level 1", [other]) == (
        "level 1: 1 requirements, 0 applicable, 0 met, 0 partly, 0 no, 0 with a test"
    )
