"""The table of who does what where as a file: a row of heads, a row of HXL hashtags, then the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.exchange.feeds.atom import LICENCE
from app.exchange.hxl.columns import HEADS, TAGS
from app.exchange.hxl.reading import WISHES
from app.exchange.hxl.rules import Row
from app.foundation.spreadsheets.sheets import Cell, csv_file, xlsx_file
from app.reference.countries import country_name
from app.reference.themes import theme_name, themes

NAMES = "en"
"""Themes and countries are named in English: the file is the same for everybody, and the codes stand beside."""


def cells_of(row: Row, licence: str) -> list[Cell]:
    """One row, in the order of the columns; a test keeps the two alike."""
    what, place, theme = row.activity, row.place, themes().get(row.theme)
    return [
        what.organisation, what.organisation_ref, what.organisation_iati, what.organisation_type,
        theme_name(row.theme, NAMES), row.theme, theme.more["purpose_code"] if theme else "",
        country_name(place.country, NAMES) if place.country else "", place.country, place.grouping,
        place.area, place.area_code,
        what.title, what.ref, what.address, what.kind, row.kinds, what.status,
        what.starts_on.isoformat() if what.starts_on else "", what.ends_on.isoformat() if what.ends_on else "",
        row.amount, what.currency if row.amount is not None else "", licence,
    ]  # fmt: skip


def table_of(rows: Iterable[Row], *, is_public: bool) -> Iterator[list[Cell]]:
    """The rows of the file after its heads. What is not for everybody stands under no licence."""
    yield list(TAGS)
    for row in rows:
        yield cells_of(row, LICENCE if is_public else "")


def file_of(rows: list[list[Cell]], ending: str) -> bytes:
    """The whole file, as CSV or XLSX."""
    return xlsx_file("3w", HEADS, rows) if ending == "xlsx" else csv_file(HEADS, rows)


EXAMPLE = {
    "activity": "CB-2027-01", "title": "Training of port control units", "theme": "port_control", "country": "SN",
    "description": "Courses and mentoring for the officers who profile and search containers.", "area": "Dakar",
    "area_code": "SN-DK", "kinds": "training | equipment", "status": "2", "start": "2027-01-01", "end": "2028-12-31",
    "value": "250000", "currency": "EUR",
}  # fmt: skip
"""The row that shows how it is done."""


def template_of(organisation: str, ending: str) -> bytes:
    """A table with all columns that are read, their hashtags, and one row as an example."""
    named = [name for name in WISHES if name not in {"org_id", "kind_of"}]
    heads = [WISHES[name].name.text for name in named]
    rows: list[list[Cell]] = [[WISHES[name].tag for name in named]]
    rows.append([organisation if name == "org" else EXAMPLE.get(name, "") for name in named])
    return xlsx_file("3w", heads, rows) if ending == "xlsx" else csv_file(heads, rows)
