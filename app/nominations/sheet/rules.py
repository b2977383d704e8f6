"""The law of a sheet of candidates: its columns, what a row says, and what in it has to be mended first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.foundation.messages import Message, msg, pmsg
from app.foundation.spreadsheets.sent import FAILED, FAILED_FORMULA
from app.nominations.rules import MOST_RANK, Candidate, candidate_problems

MOST_ROWS = 500
"""So many candidates a sheet may hold."""
NAME, EMAIL, POST, UNIT, SEX, LANGUAGE = "name", "email", "post", "unit", "sex", "language"
PHONE, MOTIVATION, RANK, LINE = "phone", "motivation", "rank", "line"

HEADS: Mapping[str, Message] = {
    NAME: pmsg("sheet", "Name"),
    EMAIL: pmsg("sheet", "E-mail address"),
    POST: pmsg("sheet", "Post"),
    UNIT: pmsg("sheet", "Unit or office"),
    SEX: pmsg("sheet", "Sex"),
    LANGUAGE: pmsg("sheet", "Language"),
    PHONE: pmsg("sheet", "Telephone"),
    MOTIVATION: pmsg("sheet", "Why this person"),
    RANK: pmsg("sheet", "Rank"),
    LINE: pmsg("sheet", "Need that it serves"),
}
"""The columns in their order, and what stands at their head."""
NEEDED = (NAME, EMAIL)
"""Without these columns a table is no sheet of candidates."""
CHOSEN = (SEX, LANGUAGE, LINE)
"""What stands in these is one of a list."""
LONGEST: Mapping[str, int] = {
    NAME: 120, EMAIL: 254, POST: 120, UNIT: 120, SEX: 40, LANGUAGE: 40, PHONE: 40, MOTIVATION: 2000, RANK: 10,
    LINE: 300,
}  # fmt: skip
"""Characters of a cell at most."""
EXAMPLE: Mapping[str, str] = {
    NAME: "Maria Sample", EMAIL: "maria.sample@example.org", POST: "Investigating judge", UNIT: "Financial crime unit",
    SEX: "f", LANGUAGE: "en", PHONE: "+221 70 000 00 00", RANK: "1",
}  # fmt: skip
"""The row that shows how it is done; as long as it bears this address, nobody is put forward by it."""

TOO_MANY = msg(
    "A sheet holds %(most)s candidates at most, and this one holds more. Divide it into several and send them one "
    "after the other.",
    most=MOST_ROWS,
)
MERGED = msg(
    "Row %(row)s has cells that are merged with others, so that only one of them holds what was written. Part them, "
    "fill in each, and send it again."
)


@dataclass(frozen=True)
class Line:
    """One row of a sheet as it was typed: its number there, and a text for each column that holds something."""

    number: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """What stands in a column, without blanks around it."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True)
class Setting:
    """What a sheet is held against: who and which ranks are taken already, the lines of one's own needs by reference.

    `sexes` and `languages` tell the code of every word that stands for one, in small letters; `language` is in which
    somebody is written to where the sheet does not say.
    """

    taken: frozenset[str] = frozenset()
    ranks: frozenset[int] = frozenset()
    lines: frozenset[str] = frozenset()
    sexes: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell, and how to mend it."""

    column: str
    message: Message


@dataclass(frozen=True)
class Row:
    """One row as it will be put forward; with faults it is not."""

    source: Line
    candidate: Candidate
    motivation: str
    rank: int
    line: str
    faults: tuple[Fault, ...] = ()

    @property
    def number(self) -> int:
        """Its number in the sheet."""
        return self.source.number

    @property
    def is_sound(self) -> bool:
        """Whether it can be put forward as it is."""
        return not self.faults

    def fault_of(self, column: str) -> Message | None:
        """What is wrong in a column."""
        return next((one.message for one in self.faults if one.column == column), None)


def to_read(lines: Iterable[Line]) -> list[Line]:
    """The rows that say something, without the example."""
    said = [line for line in lines if any(text.strip() for text in line.cells.values())]
    return [line for line in said if line.cell(EMAIL).casefold() != EXAMPLE[EMAIL]]


def judge(lines: Iterable[Line], setting: Setting) -> list[Row]:
    """Every row with what is wrong in it.

    A rank that is left open is the next one after the last, in the order of the rows. Of two rows that stand in each
    other's way the first is sound.
    """
    rows = [_alone(line, setting) for line in to_read(lines)]
    return _ranked(_each_once(rows, setting), setting)


def _alone(line: Line, setting: Setting) -> Row:
    faults = [Fault(column, FAILED_FORMULA) for column in HEADS if line.cell(column) in FAILED]
    faults += [Fault(column, problem) for column, problem in _too_long(line)]
    codes = {
        SEX: _chosen(line, SEX, setting.sexes, "", faults),
        LANGUAGE: _chosen(line, LANGUAGE, setting.languages, setting.language, faults),
        LINE: _line(line, setting, faults),
    }
    texts = {name: line.cell(name) for name in (NAME, EMAIL, POST, UNIT, PHONE)}
    candidate = Candidate(**texts, sex=codes[SEX], language=codes[LANGUAGE])
    faults += [Fault(one.field, one.message) for one in candidate_problems(candidate)]
    rank = _rank(line, faults)
    return Row(line, candidate, line.cell(MOTIVATION), rank, codes[LINE], _first_of_each(faults))


def _first_of_each(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    by_column: dict[str, Fault] = {}
    for fault in faults:
        by_column.setdefault(fault.column, fault)
    return tuple(by_column[column] for column in HEADS if column in by_column)


def _too_long(line: Line) -> Iterable[tuple[str, Message]]:
    for column, longest in LONGEST.items():
        if len(line.cell(column)) > longest:
            yield (
                column,
                msg("This is %(length)s characters long. Shorten it to %(longest)s.",
                    length=len(line.cell(column)), longest=longest),
            )  # fmt: skip


def _chosen(line: Line, column: str, words: Mapping[str, str], otherwise: str, faults: list[Fault]) -> str:
    typed = line.cell(column)
    if not typed:
        return otherwise
    code = words.get(typed.casefold())
    if code is None:
        text = msg("“%(typed)s” is not known here. Choose one of the list.", typed=typed[:40])
        faults.append(Fault(column, text))
    return code or otherwise


def _line(line: Line, setting: Setting, faults: list[Fault]) -> str:
    """The reference comes first in the cell; a title may follow, as the drop-down list of the template writes it."""
    typed = line.cell(LINE)
    ref = typed.split(maxsplit=1)[0].upper() if typed else ""
    if ref and ref not in setting.lines:
        text = msg("“%(typed)s” is no line of an open need of yours. Choose one of the list.", typed=typed[:40])
        faults.append(Fault(LINE, text))
        return ""
    return ref


def _rank(line: Line, faults: list[Fault]) -> int:
    typed = line.cell(RANK)
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST[RANK]
    if typed and not (is_number and 1 <= int(typed) <= MOST_RANK):
        faults.append(Fault(RANK, msg("Write the rank as a whole number: 1 is the first of yours.")))
        return 0
    return int(typed) if typed else 0


def _with(row: Row, column: str, message: Message) -> Row:
    return replace(row, faults=_first_of_each([*row.faults, Fault(column, message)]))


def _each_once(rows: Iterable[Row], setting: Setting) -> list[Row]:
    """Nobody twice: not in the sheet, and not whom one has put forward already."""
    met: dict[str, int] = {}
    done = []
    for row in rows:
        key = row.candidate.key
        before = met.setdefault(key, row.number) if key else row.number
        if key in setting.taken:
            row = _with(  # noqa: PLW2901 - the same row, with its fault
                row, EMAIL, msg("You have put this person forward for this session already. Leave this row out.")
            )
        elif before != row.number:
            row = _with(  # noqa: PLW2901 - the same
                row, EMAIL, msg("Row %(row)s has the same address. Leave one of the two out.", row=before)
            )
        done.append(row)
    return done


def _ranked(rows: Sequence[Row], setting: Setting) -> list[Row]:
    """Each a rank of their own."""
    met: dict[int, int] = {}
    typed = [row for row in rows if row.rank]
    wrong: dict[int, Message] = {}
    for row in typed:
        before = met.setdefault(row.rank, row.number)
        if row.rank in setting.ranks:
            wrong[row.number] = msg("Another candidate of yours has this rank. Give each a rank of their own.")
        elif before != row.number:
            wrong[row.number] = msg("Row %(row)s has this rank too. Give each a rank of their own.", row=before)
    last = max([0, *setting.ranks, *met])
    done = []
    for row in rows:
        if row.number in wrong:
            done.append(_with(row, RANK, wrong[row.number]))
        elif not row.rank and row.fault_of(RANK) is None:
            last += 1
            full = msg("There is no rank left after the last one. Write one that is free.")
            done.append(replace(row, rank=last) if last <= MOST_RANK else _with(row, RANK, full))
        else:
            done.append(row)
    return done
