"""All tables and files of the open data with their columns, as they are declared where the files are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.exchange.dictionary.rules import ADDRESS, CODE, DAY, LIST, MOMENT, NUMBER, TEXT, Column
from app.exchange.hxl.columns import COLUMNS
from app.exchange.hxl.reading import (
    AREA_CODE,
    COUNTRY,
    CURRENCY,
    DESCRIPTION,
    END,
    GROUPING,
    KIND_OF,
    KINDS,
    START,
    STATUS,
    THEME,
    VALUE,
    WISHES,
)
from app.foundation.messages import Message, msg

ISO_DAY, ISO_MOMENT = "ISO 8601, day", "ISO 8601, UTC"


@dataclass(frozen=True)
class Table:
    """One file or feed: a short name for addresses, its title, where it is, and its columns."""

    name: str
    title: Message
    address: str
    columns: tuple[Column, ...]


TYPES_IN: Mapping[str, tuple[str, str, str]] = {
    THEME: (LIST, "", "Counterpart themes"), COUNTRY: (LIST, "", "ISO 3166-1 alpha-2"),
    GROUPING: (LIST, "", "Counterpart groupings"), AREA_CODE: (CODE, "", "ISO 3166-2"),
    KINDS: (LIST, "", "Counterpart kinds of assistance"), STATUS: (CODE, "", "IATI ActivityStatus"),
    VALUE: (NUMBER, "units of the currency beside it", ""), CURRENCY: (CODE, "", "ISO 4217"),
    START: (DAY, ISO_DAY, ""), END: (DAY, ISO_DAY, ""), KIND_OF: (CODE, "", "programme, pledge"),
}  # fmt: skip
"""Type, unit and list of what is read from a table that is sent; everything else is text."""
MEANINGS_IN: Mapping[str, Message] = {
    DESCRIPTION: msg("What it does and for whom; a new programme needs it."),
    AREA_CODE: msg(
        "The code of the area, which begins with that of its country; the area is called what the table calls it."
    ),
    VALUE: msg("The part of the budget that is for this row; the parts of an activity are added up."),
    CURRENCY: msg(
        "The currency of the amount, by its code. The hashtag of the amount may say it instead, as in #value+usd."
    ),
    KIND_OF: msg("Rows of pledges are passed over: pledges are made on the page of a need."),
}
AS_IN_OUR_TABLE = msg("As in our own table; a code, or a name in any of the site’s languages.")


def _sent() -> Iterator[Column]:
    for name, wish in WISHES.items():
        kind, unit, code_list = TYPES_IN.get(name, (TEXT, "", ""))
        yield Column(wish.name.text, wish.tag, kind, MEANINGS_IN.get(name, AS_IN_OUR_TABLE), unit, code_list)


FEED_ELEMENTS = (
    Column("id", "", ADDRESS, msg("A name for ever (RFC 4151), made of the reference.")),
    Column("title", "", TEXT, msg("The title, in the language that the address asks for, or in its own.")),
    Column("summary", "", TEXT, msg("The beginning of the text.")),
    Column("updated", "", MOMENT, msg("When it last changed as everybody could see it."), ISO_MOMENT),
    Column("published", "", MOMENT, msg("When it was first shown."), ISO_MOMENT),
    Column("author", "", TEXT, msg("The organisation that it belongs to.")),
    Column("link", "", ADDRESS, msg("Its page.")),
    Column("category", "", CODE, msg("Its kind, themes and countries, each with its name."), "",
           "Counterpart themes, ISO 3166-1 alpha-2"),
)  # fmt: skip
IATI_MARKS = (
    Column("counterpart:added", "", TEXT, msg("The record does not say this element; the standard asks for it.")),
    Column("counterpart:vocabulary", "", CODE, msg("Whose words a sector, tag or region is."), "", "theme, grouping"),
    Column("counterpart:text", "", TEXT, msg("The element’s own words, where the standard has no place for them.")),
    Column("counterpart:oda", "", CODE, msg("Whether it may count as official development assistance."), "",
           "no, in-part"),
    *(Column(f"counterpart:{name}", "", TEXT, msg("What the standard has no room for, at the end of the activity."))
      for name in ("activity-date", "budget", "transaction")),
    Column("counterpart:…", "", TEXT, msg("What the record says instead of that attribute; empty: nothing.")),
)  # fmt: skip

TABLES = (
    Table("3w", msg("Who does what where"), "/open-data/3w.csv", COLUMNS),
    Table("3w-in", msg("A table of who does what where that is sent here"), "/open-data/3w/new", tuple(_sent())),
    Table("feeds", msg("Entries of the feeds (Atom)"), "/search.atom", FEED_ELEMENTS),
    Table("iati", msg("Our marks in the IATI files"), "/iati/activities.xml", IATI_MARKS),
)
HEADS = ("Table", "Address", "Column", "HXL hashtag", "Type", "Unit", "Code list", "Meaning")
