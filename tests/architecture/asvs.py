"""How far the site meets OWASP ASVS 5.0, levels 1 and 2, as docs/asvs.csv says requirement by requirement.

`python -m tests.architecture.asvs` prints a line for each level and one for both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "asvs.csv"
CODE, DOCUMENT, MISSING = "code: ", "doc: ", "missing: "
COUNTED = ("applicable", "met", "partly", "no", "with a test")


@dataclass(frozen=True)
class Requirement:
    """One requirement; `met` is yes, partly or no, and no wherever it does not apply.

    `evidence` is parted by semicolons: the node id of a test, `code: ` or `doc: ` with a path, or `missing: ` with
    words; where the requirement does not apply it is the reason why.
    """

    id: str
    level: str
    subject: str
    applies: str
    met: str
    how: str
    evidence: str

    @property
    def is_asked(self) -> bool:
        """Whether the site has anything that the requirement speaks of."""
        return self.applies == "yes"

    @property
    def pieces(self) -> tuple[str, ...]:
        """The evidence piece by piece; none where the requirement does not apply."""
        return tuple(self.evidence.split("; ")) if self.is_asked else ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What would still have to be done."""
        return tuple(piece for piece in self.pieces if piece.startswith(MISSING))

    @property
    def paths(self) -> tuple[str, ...]:
        """The modules and documents that are named as evidence."""
        return tuple(piece.split(": ", 1)[1] for piece in self.pieces if piece.startswith((CODE, DOCUMENT)))

    @property
    def tests(self) -> tuple[str, ...]:
        """The node ids of the tests that are named as evidence."""
        return tuple(piece for piece in self.pieces if not piece.startswith((CODE, DOCUMENT, MISSING)))


def read_table() -> list[Requirement]:
    """Every row of docs/asvs.csv, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [Requirement(**row) for row in csv.DictReader(lines, strict=True)]


def count(requirements: Iterable[Requirement]) -> dict[str, int]:
    """How many of the requirements apply, are met, are met in part or not, and have a test, in the order of COUNTED."""
    asked = [one for one in requirements if one.is_asked]
    met = [one.met for one in asked]
    with_test = sum(bool(one.tests) for one in asked)
    numbers = (len(asked), met.count("yes"), met.count("partly"), met.count("no"), with_test)
    return dict(zip(COUNTED, numbers, strict=True))


def in_words(name: str, requirements: list[Requirement]) -> str:
    """One line: the name, how many requirements there are, and each number with what it counts."""
    counts = ", ".join(f"{number} {what}" for what, number in count(requirements).items())
    return f"{name}: {len(requirements)} requirements, {counts}"


def main() -> None:
    """Print the lines."""
    table = read_table()
    for level in ("1", "2"):
        print(in_words(f"level {level}", [one for one in table if one.level == level]))
    print(in_words("levels 1 and 2", table))


if __name__ == "__main__":
    main()
