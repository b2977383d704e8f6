"""A table that somebody sends, read by its hashtags: which column says what, and the rows as they were typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.exchange.hxl.amounts import currency_of
from app.exchange.hxl.tags import WITHIN, Tag, parsed, tag_row
from app.foundation.messages import Message, msg, pmsg
from app.foundation.spreadsheets.sent import Limits, SheetRefused, Table

MOST_ROWS = 500
LARGEST = 2 * 1024 * 1024
"""Bytes of a file."""
TOO_LARGE = msg("This file is too large. Send %(most)s rows at most, as XLSX or CSV.", most=MOST_ROWS)
TOO_MANY = msg(
    "This table has more than %(most)s rows. Divide it and send the parts one after the other.", most=MOST_ROWS
)
LIMITS = Limits(LARGEST, MOST_ROWS + WITHIN, TOO_LARGE, TOO_MANY, heads_within=WITHIN)
NO_TAGS = msg(
    "No row of HXL hashtags stands within the first %(most)s rows. Put one below the heads, as in the template.",
    most=WITHIN,
)
LACKING = msg("These columns are missing: %(tags)s. Take the template as a model.")

ORG, ORG_ID, ACTIVITY, TITLE, DESCRIPTION, KIND_OF = "org", "org_id", "activity", "title", "description", "kind_of"
THEME, COUNTRY, GROUPING, AREA, AREA_CODE = "theme", "country", "grouping", "area", "area_code"
KINDS, STATUS, START, END, VALUE, CURRENCY = "kinds", "status", "start", "end", "value", "currency"
HEAD_CURRENCY = "head_currency"
"""Beside the columns: the currency that the hashtag of the amounts names, with each row that has an amount."""
Fits = Callable[[Tag], bool]


@dataclass(frozen=True)
class Wish:
    """What a column may be tagged with to be read as this, what we like best first; and how we call and tag it."""

    name: Message
    tag: str
    fits: Sequence[Fits]
    longest: int = 200


def _tagged(name: str, *wanted: str, without: Sequence[str] = ()) -> Fits:
    return lambda tag: tag.name == name and tag.has(*wanted) and not tag.attributes.intersection(without)


def _in_iso(tag: Tag) -> bool:
    """Whether a column says of itself that its codes are those of ISO, in whatever spelling (+v_iso3166_2, +iso)."""
    return tag.name == "adm1" and any(one.removeprefix("v_").startswith("iso") for one in tag.attributes)


_P_CODES = ("pcode", "v_pcode")
"""Codes of areas that the United Nations give for humanitarian work: they are none of ISO, and no names either."""
_NO_BUDGET = ("currency", "code", "id", "type", "spent", "disbursed", "received", "pct", "percent")
"""What is said of a value that is no amount, or none of a budget."""
_NO_NAME = ("id", "code", "type", "iati", "acronym")
WISHES: Mapping[str, Wish] = {
    ORG: Wish(pmsg("3w", "Organisation"), "#org+name", (_tagged("org", "name"), _tagged("org", without=_NO_NAME))),
    ORG_ID: Wish(msg("Reference of the organisation"), "#org+id",
                 (_tagged("org", "id", without=["iati"]), _tagged("org", "id"), _tagged("org", "code"))),
    ACTIVITY: Wish(msg("Reference of the activity"), "#activity+id",
                   (_tagged("activity", "id"), _tagged("activity", "code", without=["type"]))),
    TITLE: Wish(pmsg("3w", "Activity"), "#activity+name",
                (_tagged("activity", "name"), _tagged("activity", "title"),
                 _tagged("activity", without=["id", "code", "url", "type", "kind", "description", "status"]))),
    DESCRIPTION: Wish(msg("Description"), "#description", (_tagged("description"), _tagged("activity", "description")),
                      longest=4000),
    KIND_OF: Wish(msg("Programme or pledge"), "#activity+kind", (_tagged("activity", "kind"),)),
    THEME: Wish(msg("Theme"), "#sector",
                (_tagged("sector", "v_counterpart"), _tagged("sector", "name"), _tagged("sector"))),
    COUNTRY: Wish(msg("Country"), "#country", (_tagged("country", "code"), _tagged("country"))),
    GROUPING: Wish(msg("Grouping"), "#region", (_tagged("region", "code"), _tagged("region"))),
    AREA: Wish(msg("Area"), "#adm1+name",
               (_tagged("adm1", "name"), _tagged("adm1", without=["code", "id", *_P_CODES]))),
    AREA_CODE: Wish(msg("Code of the area"), "#adm1+code",
                    (_in_iso, _tagged("adm1", "code", without=_P_CODES), _tagged("adm1", "id", without=_P_CODES))),
    KINDS: Wish(msg("Kinds of assistance"), "#activity+type",
                (_tagged("activity", "type"), _tagged("modality"), _tagged("service"))),
    STATUS: Wish(msg("Status"), "#status", (_tagged("status", "code"), _tagged("status"))),
    START: Wish(msg("Starts on"), "#date+start", (_tagged("date", "start"),)),
    END: Wish(msg("Ends on"), "#date+end", (_tagged("date", "end"),)),
    VALUE: Wish(msg("Amount"), "#value", (_tagged("value", "budget", without=_NO_BUDGET),
                                          _tagged("value", without=_NO_BUDGET))),
    CURRENCY: Wish(msg("Currency"), "#value+currency",
                   (_tagged("value", "currency"), _tagged("currency", "code"), _tagged("currency"),
                    _tagged("value", "code"))),
}  # fmt: skip
NEEDED = (TITLE, THEME)


@dataclass(frozen=True)
class Line:
    """One row as it was typed: its number in the file, and a text for each column that holds something."""

    number: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """What stands in a column, without blanks around it."""
        return self.cells.get(column, "").strip()


def is_tag(cell: str) -> bool:
    """Whether a cell holds a hashtag: by these one knows how cells are parted."""
    return parsed(cell) is not None


def lines_of(table: Table) -> tuple[list[Line], list[str]]:
    """The rows below the hashtags, and the tags of the columns that are not read.

    Raises:
        SheetRefused: no row holds the hashtags, a needed column is missing, or there are too many rows.
    """
    at = tag_row([cells for _number, cells in table])
    if at is None:
        raise SheetRefused(NO_TAGS)
    tags = [parsed(cell) for cell in table[at][1]]
    places = columns_in(tags)
    lacking = [WISHES[name].tag for name in NEEDED if name not in places]
    if lacking:
        raise SheetRefused(Message(LACKING.text, {"tags": ", ".join(lacking)}))
    rows = table[at + 1 :]
    if len(rows) > MOST_ROWS:
        raise SheetRefused(TOO_MANY)
    head = currency_of(tags[places[VALUE]] or Tag("value")) if VALUE in places else ""
    used = set(places.values())
    unread = [str(tag) for place, tag in enumerate(tags) if tag is not None and place not in used]
    return [Line(number, _cells(cells, places, head)) for number, cells in rows], unread


def columns_in(tags: Sequence[Tag | None]) -> dict[str, int]:
    """Where each thing that we read stands, in whatever order: by the tag that we like best, and the first of those."""
    found: dict[str, int] = {}
    for name, wish in WISHES.items():
        for fits in wish.fits:
            place = next((at for at, tag in enumerate(tags) if tag is not None and fits(tag)), None)
            if place is not None and place not in found.values():
                found[name] = place
                break
    return found


def _cells(cells: Sequence[str], places: Mapping[str, int], head: str) -> dict[str, str]:
    """The texts, and the currency of the head beside an amount.

    The apostrophe that keeps a spreadsheet from computing a text is none of it.
    """
    found = {}
    for name, place in places.items():
        text = cells[place].strip() if place < len(cells) else ""
        text = text[1:] if text.startswith("'") and text[1:2] in {"=", "+", "-", "@"} else text
        if text:
            found[name] = text[: WISHES[name].longest + 1]
    return found | {HEAD_CURRENCY: head} if head and VALUE in found else found
