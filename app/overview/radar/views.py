"""The radar: where nobody helps, where too many do, and where more is coming than a State can take in."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from app.foundation.audit.exports import note_export
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Permission
from app.foundation.web import (
    abort,
    actor,
    blueprint,
    current_language,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    site,
)
from app.overview.quarters import Quarter
from app.overview.radar import files
from app.overview.radar.memory import Memory
from app.overview.radar.queries import radar_of
from app.overview.radar.records import ENDPOINTS, behind_cell
from app.overview.radar.records import KINDS as RECORDS
from app.overview.radar.rules import EVERY, GAP, KINDS, MEANINGS
from app.overview.radar.showing import STATES, Filters, View, in_cell
from app.reference.countries import country_options
from app.reference.groupings import grouping_options
from app.reference.themes import theme_options

bp = blueprint("radar", "/overview/radar")
SHOWS = ("need", "programme", "course", "pledge", "limit")
TABLE = surface("radar.table", "count", *SHOWS)
FINDINGS = surface("radar.findings", "list", *SHOWS)
CELL = surface("radar.cell", "list", *SHOWS)
EXPORT = surface("radar.export", "export", *SHOWS)
SHOWN = 3
LIST_SIZE = 20


@route(bp, "", Permission.PUBLIC_READ, surface=TABLE)
def index() -> Any:
    """The findings, and the table of countries or themes by quarter."""
    with reading() as tx:
        view = asked_for(tx)
        shown = {kind: view.told(view.of_kind(kind)[:SHOWN]) for kind in KINDS}
        page = view.table(request.args.get("page"))
    return render("radar/index.html", view=view, page=page, shown=shown, counts=view.counts(), **_words())


@route(bp, "/findings", Permission.PUBLIC_READ, surface=FINDINGS)
def findings() -> Any:
    """Every finding of one kind."""
    kind = request.args.get("kind", GAP)
    if kind not in KINDS:
        abort(404)
    with reading() as tx:
        view = asked_for(tx)
        found = view.of_kind(kind)
        number = page_number(request.args.get("page"), len(found), LIST_SIZE)
        here = view.told(found[(number - 1) * LIST_SIZE : number * LIST_SIZE])
    page = Page(here, number, len(found), LIST_SIZE)
    return render("radar/findings.html", view=view, page=page, kind=kind, **_words())


@route(bp, "/cell", Permission.PUBLIC_READ, surface=CELL)
def cell() -> Any:
    """One country, theme and quarter: the records behind it, and why each finding is one."""
    filters, quarter = Filters.read(request.args), Quarter.read(request.args.get("quarter", ""))
    if not filters.country or quarter is None:
        abort(404)
    key = (filters.country, filters.theme or EVERY)
    with reading() as tx:
        radar = radar_of(tx, actor(), now().date(), [filters.country])
        place = radar.window.place(quarter)
        if place is None:
            abort(404)
        view = View(radar, filters, current_language())
        found = view.told(in_cell(radar, key, place))
        behind = behind_cell(tx, actor(), radar, key, place)
        here = {"cell": radar.cells(key)[place], "quarter": quarter, "place": place, "found": found, "behind": behind}
        more: dict[str, Any] = {**here, **_words(), "records": RECORDS, "endpoints": ENDPOINTS}
        return render("radar/cell.html", view=view, **more)


@route(bp, "/cells.csv", Permission.PUBLIC_READ, surface=EXPORT, methods=("POST",))
def export_cells() -> Any:
    """The cells as comma-separated values; that many were taken along is on record."""
    return _file("cells", files.CELLS, files.cells_of)


@route(bp, "/findings.csv", Permission.PUBLIC_READ, surface=EXPORT, methods=("POST",))
def export_findings() -> Any:
    """The findings as comma-separated values; that many were taken along is on record."""
    return _file("findings", files.FINDINGS, files.findings_of)


def asked_for(tx: Tx) -> View:
    """The radar, narrowed to what the address asks for."""
    memory: Memory = site().parts.setdefault("radar", Memory())
    radar = memory.radar(tx, actor(), now().date())
    return View(radar, Filters.read(request.args), current_language())


def _file(what: str, head: Any, rows_of: Any) -> Any:
    try:
        with site().database.transaction() as tx:
            rows = rows_of(asked_for(tx))
            note_export(tx, actor(), f"radar {what}", len(rows), now())
    except files.TooMany:
        message = gettext("That is more than fits into one file. Choose a grouping, a country or a theme first.")
        return see("radar.index", message, "warning")
    name = f"attachment; filename=counterpart-radar-{what}-{now().date().isoformat()}.csv"
    body = files.file_of(head, rows, current_language())
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": name})


def _words() -> dict[str, Any]:
    spoken = current_language()
    return {
        "kinds": KINDS,
        "meanings": MEANINGS,
        "states": STATES,
        "groupings": grouping_options(spoken),
        "names": dict(country_options(spoken)),
        "themes": theme_options(spoken),
        "present": Quarter.of(now().date()),
    }
