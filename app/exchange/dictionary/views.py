"""The data dictionary as a page and as a file."""

from __future__ import annotations

from typing import Any

from werkzeug.http import generate_etag
from werkzeug.wrappers import Response

from app.exchange.dictionary.rules import ADDRESS, CODE, DAY, LIST, MOMENT, NUMBER, TEXT, Column
from app.exchange.dictionary.tables import HEADS, TABLES
from app.exchange.feeds.atom import LICENCE
from app.exchange.iati_out.serving import SHARED
from app.foundation.languages import say
from app.foundation.messages import msg, pmsg
from app.foundation.permissions import Permission
from app.foundation.spreadsheets.sheets import csv_file
from app.foundation.web import NOTHING, blueprint, current_language, render, request, route

bp = blueprint("dictionary")

TYPES = {
    TEXT: pmsg("type of a column", "text"),
    CODE: msg("code"),
    NUMBER: msg("number"),
    DAY: pmsg("type of a column", "day"),
    MOMENT: msg("moment"),
    LIST: msg("several values, parted by |"),
    ADDRESS: msg("web address"),
}
"""What the types are called."""


@route(bp, "/open-data/dictionary", Permission.PUBLIC_READ, NOTHING)
def index() -> Any:
    """Every table of the open data with its columns."""
    return render("open_data/dictionary.html", tables=TABLES, types=TYPES, licence=LICENCE)


@route(bp, "/open-data/dictionary.csv", Permission.PUBLIC_READ, NOTHING)
def file() -> Any:
    """The same as a file; the meanings are in the language of the reader."""
    language = current_language()
    rows = [
        [say(table.title, language), table.address, *_cells(one, language)] for table in TABLES for one in table.columns
    ]
    body = csv_file(HEADS, rows)
    headers = {"Content-Disposition": "attachment; filename=counterpart-dictionary.csv", "Cache-Control": SHARED}
    answer = Response(body, mimetype="text/csv", headers=headers)
    answer.headers["Link"] = f'<{LICENCE}>; rel="license"'
    answer.headers["Vary"] = "Accept-Language, Cookie"
    answer.set_etag(generate_etag(body))
    return answer.make_conditional(request)


def _cells(column: Column, language: str) -> list[str]:
    return [column.name, column.tag, say(TYPES[column.type], language), column.unit, column.code_list,
            say(column.meaning, language)]  # fmt: skip
