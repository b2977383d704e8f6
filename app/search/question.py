"""What a person typed into the box, taken apart: prefixes such as country:SN, phrases in quotation marks, words.

Nothing is looked up here and nothing is refused: what is no prefix of ours stays a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.foundation.days import month_numbers, parse_day
from app.foundation.text import fold

LONGEST_QUESTION = 300
FIRST_YEAR, LAST_YEAR = 1990, 2100
DECEMBER = 12
AFTER, BEFORE = "after", "before"

# Beside the English names those of the other languages of the site, as people write them without looking them up.
NAMES = {
    "country": "country pays pais بلد",
    "theme": "theme tema موضوع",
    "donor": "donor donateur bailleur donante doador مانح",
    "kind": "kind assistance asistencia assistencia مساعدة",
    "type": "type tipo نوع",
    "grouping": "grouping groupement agrupacion agrupamento تجمع",
    "language": "language langue idioma lingua لغة",
    "status": "status statut estado حالة",
    "year": "year annee ano سنة",
    AFTER: "after apres despues depois بعد",
    BEFORE: "before avant antes قبل",
}
PREFIXES = {fold(name): facet for facet, names in NAMES.items() for name in names.split()}

# Every piece is bounded by the length of the question, and none begins where another could have ended.
QUOTED = r'"[^"]*"|«[^»]*»|“[^”]*”'
PIECE = re.compile(
    rf'(?:(?P<name>[^\W\d_]{{2,12}})\s?:\s?)?(?P<quoted>{QUOTED})'
    r'|(?P<prefix>[^\W\d_]{2,12})\s?:(?P<gap>\s?)(?P<value>[^\s"«“]+)'
    r'|(?P<word>[^\s"«“]+|["«“])'
)  # fmt: skip
QUOTES = ' "«»“”\u00a0\u202f'
YEAR = re.compile(r"\d{4}")
MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})")
NAMED_MONTH = re.compile(r"([^\W\d_]+)\.? (?:de |do )?(\d{4})")


@dataclass(frozen=True)
class Part:
    """One piece of what was typed: a word, a phrase, or a clause that asks a facet (`after`, `before`) for a value.

    A clause is loose if a space follows the colon: it may as well be part of a sentence.
    """

    kind: str
    value: str
    written: str
    facet: str = ""
    is_loose: bool = False


@dataclass(frozen=True)
class Question:
    """What was typed, piece by piece, in order."""

    parts: tuple[Part, ...] = ()

    @property
    def words(self) -> str:
        """The words that stand by themselves."""
        return " ".join(part.value for part in self.parts if part.kind == "word")

    @property
    def phrases(self) -> tuple[str, ...]:
        """What stands in quotation marks, each once."""
        return tuple(dict.fromkeys(part.value for part in self.parts if part.kind == "phrase"))

    @property
    def plain(self) -> str:
        """Words and phrases without their marks, in order."""
        return " ".join(part.value for part in self.parts if part.kind != "clause")

    @property
    def clauses(self) -> tuple[Part, ...]:
        """The prefixes with their values."""
        return tuple(part for part in self.parts if part.kind == "clause")

    def without(self, gone: Iterable[Part]) -> str:
        """What was typed without some of its pieces, to stand in the box again."""
        left = set(gone)
        return " ".join(part.written for part in self.parts if part not in left)

    def loosened(self, clauses: Iterable[Part]) -> str:
        """What was typed with some clauses turned into the words that they are made of, the name of the prefix too."""
        loose = set(clauses)
        parts = [part.written.replace(":", " ", 1) if part in loose else part.written for part in self.parts]
        return " ".join(" ".join(parts).split())

    def with_words_for(self, clause: Part) -> str:
        """What was typed with a clause turned into the plain words of its value."""
        return " ".join(part.value if part == clause else part.written for part in self.parts)


def parse(text: str) -> Question:
    """Take a question apart; whatever was typed, it can be."""
    parts: list[Part] = []
    for match in PIECE.finditer(text[:LONGEST_QUESTION]):
        parts += _parts_of(match)
    return Question(tuple(part for part in parts if part.value))


def _parts_of(match: re.Match[str]) -> list[Part]:
    name = match["name"] or match["prefix"] or ""
    facet = PREFIXES.get(fold(name), "")
    quoted = (match["quoted"] or "").strip(QUOTES)
    if facet:
        value, gap = quoted or (match["value"] or ""), " " if match["gap"] else ""
        written = f'{name}:"{quoted}"' if quoted else f"{name}:{gap}{value}"
        return [Part("clause", value, written, facet, bool(gap))]
    if match["quoted"]:
        before = [Part("word", f"{name}:", f"{name}:")] if name else []
        return [*before, Part("phrase", quoted, f'"{quoted}"')]
    word = match.group().strip(QUOTES)
    return [Part("word", word, word)]


def days_of(text: str) -> tuple[date, date] | None:
    """The first and last day of a year, a month or a day as people type them; None if it cannot be read."""
    plain = " ".join(fold(text[:40]).split())
    if YEAR.fullmatch(plain):
        return _months(int(plain), 1, DECEMBER)
    if match := MONTH.fullmatch(plain):
        year, month = (match[1], match[2]) if match[1] else (match[4], match[3])
        return _months(int(year), int(month), int(month))
    if (match := NAMED_MONTH.fullmatch(plain)) and match[1] in month_numbers():
        return _months(int(match[2]), month_numbers()[match[1]], month_numbers()[match[1]])
    day = parse_day(plain)
    return (day, day) if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _months(year: int, first: int, last: int) -> tuple[date, date] | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= first <= last <= DECEMBER):
        return None
    end = date(year + last // DECEMBER, last % DECEMBER + 1, 1)
    return date(year, first, 1), end - timedelta(days=1)
