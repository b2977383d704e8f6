"""The law of a workbook that comes back: of each cell there are three texts, as it went out, as it stands, as sent.

Texts are compared in one form (days as 2027-03-31, numbers without separators, codes instead of names), so that nothing
counts as changed that only looks different.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.foundation.messages import Message, msg

MOST_ROWS = 500
"""So many records a workbook takes back."""
EMPTY_ROWS = 50
"""So many rows a workbook has for new records."""
KEPT_DAYS = 7
"""So long a workbook that was sent is kept for the person who sent it."""
REMEMBERED_DAYS = 400
"""So long it is remembered what a row had become, so that the same workbook can be sent again next quarter."""
FIRST_ROW = 3
"""The heads stand in row 1, their codes, hidden, in row 2."""
AMONG = "; "

ADDED, CHANGED, SAME, CONFLICT, ERROR = "added", "changed", "same", "conflict", "error"
STATES: Mapping[str, tuple[Message, str]] = {
    ERROR: (msg("To mend"), "danger"),
    CONFLICT: (msg("Changed by somebody else too"), "warning"),
    ADDED: (msg("New"), "success"),
    CHANGED: (msg("Changed"), "info"),
    SAME: (msg("Unchanged"), "neutral"),
}
"""What a row of a workbook can be, in the order in which one has to look at it."""
MINE, THEIRS = "mine", "theirs"

TOO_MANY = msg(
    "A workbook takes %(most)s rows at most, and this one holds more. Take the rows that you did not change out of it.",
    most=MOST_ROWS,
)
TOO_LARGE = msg("This file is larger than any workbook from here. Get a new one and copy your words into it.")
NOT_OURS = msg("This is not a workbook from here. Get one on this page, fill it in and send it as XLSX.")
OTHER_KIND = msg("This workbook is about something else. Send it on the page where you got it.")
OTHER_OWNER = msg("This workbook belongs to an organisation for which you may not write. Get one of your own.")
TOUCHED = msg(
    "The hidden part of this row was changed, so that nobody can tell which record it is. Copy its words into an empty "
    "row of a new workbook."
)
TWICE = msg(
    "This row carries the hidden part of row %(row)s too: it was copied. To add something, write it into an empty row."
)
SAME_WORDS = msg("This row says the same as row %(row)s. Take one of the two out.")
APART = msg(
    "The reference of this row does not belong to its hidden part: it was written over, or the rows were sorted "
    "without the hidden columns. Take a new workbook, and sort whole rows only."
)
EMPTIED = msg(
    "Everything in this row was emptied. A record is closed or withdrawn on its page, not here: put its words back, or "
    "take the whole row out."
)
HEADS_GONE = msg(
    "The hidden row with the codes of the columns is not in this workbook any more. Get a new one on this page, and "
    "copy your words into it."
)
COLUMN_TWICE = msg("The column “%(column)s” is in this workbook twice. Take one of the two out, and send it again.")
MERGED_CELL = msg(
    "This cell is merged with others, so that only one of them holds what was written. Part them again, and fill in "
    "each."
)
GONE = msg("This record is not there any more, or it cannot be changed any more. Take the row out.")
AT_ONCE = msg("Somebody has changed this record at this very moment. Press again.")


@dataclass(frozen=True)
class Before:
    """A row as it went out: the reference of its record (none of a new one), its version, and its cells by name."""

    ref: str = ""
    version: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """A row as it came back: its number in the sheet, its hidden key, its cells by name, and how it went out.

    `problem` is set where nobody can tell what the row is about, `faults` where a cell cannot be read.
    """

    number: int
    key: str
    cells: Mapping[str, str]
    before: Before | None = None
    problem: Message | None = None
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class Difference:
    """One cell that is not as it went out, in one form: before, theirs (as it stands today), mine (as sent)."""

    name: str
    before: str
    theirs: str
    mine: str

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else has changed the same cell meanwhile, to something else."""
        return self.theirs not in {self.before, self.mine}


@dataclass(frozen=True)
class Fault:
    """What has to be mended in a row: in which column (its name; empty for the row as a whole), and how."""

    name: str
    message: Message | str


@dataclass(frozen=True)
class Judged:
    """A row with what is to be done with it. `record_ref` is what it changes, or what it has become before."""

    number: int
    key: str
    state: str
    record_ref: str = ""
    title: str = ""
    differences: Sequence[Difference] = ()
    faults: Sequence[Fault] = ()

    @property
    def is_good(self) -> bool:
        """Whether there is something to save, and nothing in the way."""
        return self.state in {ADDED, CHANGED, CONFLICT}

    @property
    def conflicts(self) -> list[Difference]:
        """The cells that somebody else has changed too."""
        return [one for one in self.differences if one.is_conflict]


def differences(before: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> list[Difference]:
    """The cells that the sender has changed and that do not stand so already, in the order of the columns."""
    found = []
    for name, sent in mine.items():
        was, stands = before.get(name, ""), theirs.get(name, "")
        if sent not in {was, stands}:
            found.append(Difference(name, was, stands, sent))
    return found


def taken(found: Iterable[Difference], choice: str) -> dict[str, str]:
    """The cells to save: all that were changed, but those in conflict only where the sender's own words are chosen."""
    return {one.name: one.mine for one in found if choice == MINE or not one.is_conflict}


def state_of(*, is_new: bool, found: Sequence[Difference], faults: Sequence[Fault]) -> str:
    """What a row is, the most pressing first."""
    if faults:
        return ERROR
    if not found:
        return SAME
    if is_new:
        return ADDED
    return CONFLICT if any(one.is_conflict for one in found) else CHANGED


def counts(rows: Iterable[Judged]) -> dict[str, int]:
    """How many rows are in each state."""
    numbers = dict.fromkeys(STATES, 0)
    for row in rows:
        numbers[row.state] += 1
    return numbers
