"""What a cell of a 3W table means: a day, or a code, by itself or by its name in any language. Plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from app.foundation.messages import Message, msg
from app.foundation.text import fold

AMBIGUOUS = msg("“%(word)s” can be read in two ways. Write the day as 2027-03-31.")
NO_DAY = msg("“%(word)s” is no day that can be read. Write it as 2027-03-31.")
UNKNOWN = msg("“%(word)s” is not on the list. Near it: %(near)s.")
ON_NO_LIST = msg("“%(word)s” is not on the list. The data dictionary has all codes.")
TOO_LONG = msg("This is too long. Write %(most)s letters at most.")
NEAREST, NEAR_ENOUGH = 3, 0.5
PARTED = re.compile(r"[|;,\n]")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
MONTHS = 12


class Unreadable(ValueError):
    """A cell that cannot be read; `reason` says how to mend it."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def day_in(text: str) -> date | None:
    """A day written as 2027-03-31 or 31/3/2027; nothing for an empty cell.

    Raises:
        Unreadable: it is no day, or 3/4/2027, which is one day here and another there.
    """
    if not text:
        return None
    iso, day_first = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    if iso:
        year, month, day = map(int, iso.groups())
    elif day_first:
        day, month, year = map(int, day_first.groups())
        if day != month and day <= MONTHS and month <= MONTHS:
            raise Unreadable(Message(AMBIGUOUS.text, {"word": text}))
    else:
        raise Unreadable(Message(NO_DAY.text, {"word": text}))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable(Message(NO_DAY.text, {"word": text})) from error


@dataclass(frozen=True)
class CodeList:
    """Codes with their names in all languages; `shown` are those in the reader's."""

    names: Mapping[str, Iterable[str]]
    shown: Mapping[str, str]

    @cached_property
    def _known(self) -> dict[str, str]:
        by_name = {fold(name): code for code, names in self.names.items() for name in names}
        return by_name | {fold(code): code for code in self.names}

    def code(self, text: str) -> str:
        """The code that a text is, or names.

        Raises:
            Unreadable: it is none; the reason names some that are near.
        """
        known = self._known.get(fold(text.strip()))
        if known is None:
            near = ", ".join(self.near(text))
            raise Unreadable(
                Message(UNKNOWN.text, {"word": text, "near": near})
                if near
                else Message(ON_NO_LIST.text, {"word": text})
            )
        return known

    def codes(self, text: str) -> Iterator[str]:
        """The codes in a cell that holds several; a whole cell that is one name is one, whatever marks are in it."""
        if fold(text.strip()) in self._known:
            yield self.code(text)
            return
        for part in PARTED.split(text):
            if part.strip():
                yield self.code(part.strip())

    def near(self, text: str) -> list[str]:
        """The names that a text is most like."""
        close = get_close_matches(fold(text), list(self._known), NEAREST * 2, NEAR_ENOUGH)
        return list(dict.fromkeys(f"{self.shown[self._known[one]]} ({self._known[one]})" for one in close))[:NEAREST]
