"""How a column of the open data is declared: the files are written from that, and so is the dictionary."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.messages import Message

TEXT, CODE, NUMBER, DAY, MOMENT, LIST, ADDRESS = "text", "code", "number", "day", "moment", "list", "address"
SEPARATOR = " | "
"""Between the values of a list in one cell."""


@dataclass(frozen=True)
class Column:
    """One column: its head (English, the same for every reader), HXL tag, type, and what it means.

    `unit` is a unit, a currency or a time zone, `code_list` the list that its codes are of, where there is any.
    """

    name: str
    tag: str
    type: str
    meaning: Message
    unit: str = ""
    code_list: str = ""
