"""The files of who does what where: what anybody may see, and the same for what a signed-in reader may see."""

from __future__ import annotations

from typing import Any, BinaryIO

from werkzeug.http import generate_etag
from werkzeug.wrappers import Response

from app.exchange.hxl.queries import Asking, activities
from app.exchange.hxl.rules import ALL_YEARS, Wanted, rows_of
from app.exchange.hxl.writing import file_of, table_of
from app.exchange.iati_out.fingerprint import fingerprint
from app.exchange.iati_out.serving import SHARED, kept_file
from app.foundation.audit.exports import FEW_ROWS, note_export
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import ANONYMOUS, Actor, Permission
from app.foundation.spreadsheets.sheets import WORKBOOK_TYPE, Cell
from app.foundation.web import abort, actor, blueprint, now, reading, request, route, site, url_for
from app.reference.countries import countries
from app.reference.groupings import groupings
from app.reference.themes import themes

bp = blueprint("three_w")

PUBLIC = surface("three_w.public", "export", "programme", "pledge", "need")
OWN = surface("three_w.own", "export", "programme", "pledge", "need")
FIRST_YEAR, LAST_YEAR = 2000, 2099
FORM = "3w-1"
"""Goes up when the file is written in another way."""


@route(bp, "/open-data/3w.<any(csv, xlsx):ending>", Permission.PUBLIC_READ, PUBLIC)
def everything(ending: str) -> Any:
    """Who does what where, as anybody may see it; narrowed by what the address asks for."""
    return _public(_wanted(), ending)


@route(bp, "/countries/<iso2>/3w.<any(csv, xlsx):ending>", Permission.PUBLIC_READ, PUBLIC)
def country(iso2: str, ending: str) -> Any:
    """Who does what in one country."""
    code = iso2.upper() if iso2.upper() in countries() else abort(404)
    return _public(Wanted(country=code, theme=_wanted().theme, year=_wanted().year), ending)


@route(bp, "/overview/who/3w.<any(csv, xlsx):ending>", Permission.PUBLIC_READ, OWN)
def seen(ending: str) -> Any:
    """Who does what where, as this reader may see it; that somebody took many rows along is on record."""
    with reading() as tx:
        rows = _rows(tx, actor(), _wanted(), is_public=False)
    if len(rows) > FEW_ROWS:
        with site().database.transaction() as tx:
            note_export(tx, actor(), "3w", len(rows) - 1, now())
    return _answer(file_of(rows, ending), ending)


def _wanted() -> Wanted:
    """What the address asks for; what it does not know is passed over."""
    given = request.args
    grouping, code, theme = given.get("grouping", ""), given.get("country", "").upper(), given.get("theme", "")
    year = given.get("year", "")
    is_year = year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= LAST_YEAR
    return Wanted(
        grouping if grouping in groupings() else "",
        code if code in countries() else "",
        theme if theme in themes() else "",
        year if is_year or year == ALL_YEARS else "",
    )


def _public(wanted: Wanted, ending: str) -> Response:
    """The file for everybody; what runs today without further wishes is kept, the rest made when it is asked for."""
    if wanted.is_everything:

        def make(tx: Tx, target: BinaryIO) -> int:
            rows = _rows(tx, ANONYMOUS, wanted, is_public=True)
            target.write(file_of(rows, ending))
            return len(rows)

        with reading() as tx:
            mark = fingerprint(tx, now().date(), f"{FORM} {site().settings.public_url}")
            kept: Response = kept_file(tx, f"3w-{ending}", mark, make, _type(ending), _name(ending))
            return kept
    with reading() as tx:
        body = file_of(_rows(tx, ANONYMOUS, wanted, is_public=True), ending)
    answer = _answer(body, ending)
    answer.headers["Cache-Control"] = SHARED
    answer.set_etag(generate_etag(body))
    return answer.make_conditional(request)


def _rows(tx: Tx, reader: Actor, wanted: Wanted, *, is_public: bool) -> list[list[Cell]]:
    public_url = site().settings.public_url
    asking = Asking(reader, wanted, now().date(), lambda endpoint, ref: public_url + url_for(endpoint, ref=ref))
    rows = (row for activity in activities(tx, asking) for row in rows_of(activity, wanted))
    return list(table_of(rows, is_public=is_public))


def _answer(body: bytes, ending: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={_name(ending)}"}
    return Response(body, mimetype=_type(ending), headers=headers)


def _type(ending: str) -> str:
    return WORKBOOK_TYPE if ending == "xlsx" else "text/csv"


def _name(ending: str) -> str:
    return f"counterpart-3w.{ending}"
