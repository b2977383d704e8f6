"""How long organisations take to answer, for the secretariat, and for a grouping's desk of its members."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.filing.downloads import table_file
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import actor, current_language, gettext, now, reading, render, request, route
from app.upkeep.response import queries, rules
from app.upkeep.shared import bp

PAGE = surface("upkeep.response", "page", "pledge", "need", "nomination", "course")
FILE = surface("upkeep.response.file", "export", "pledge", "need", "nomination", "course")


@route(bp, "/upkeep/response-times", Permission.UPKEEP_READ, PAGE)
def response_times() -> Any:
    """One kind of answer at a time: bars, and the figures that they are made of."""
    kinds = queries.measured()
    wanted = request.args.get("what", "")
    chosen = next((kind for kind in kinds if kind.name == wanted), kinds[0])
    with reading() as tx:
        rows = queries.rows_of(tx, actor(), chosen, now())
        return render(
            "upkeep/response.html",
            kinds=kinds,
            chosen=chosen,
            rows=rows,
            longest=queries.longest(rows),
            least=rules.LEAST,
        )


@route(bp, "/upkeep/response-times.csv", Permission.UPKEEP_READ, FILE)
def response_times_file() -> Any:
    """All kinds of answers as one file."""
    language, cells = current_language(), list[list[Cell]]()
    with reading() as tx:
        for kind in queries.measured():
            for row in queries.rows_of(tx, actor(), kind, now()):
                cells.append([say(kind.label, language), *_cells(row)])
    head = [gettext("What"), gettext("Reference"), gettext("Organisation"), gettext("Answered"),
            gettext("Median, working days"), gettext("Nine of ten within, working days"), gettext("Waiting now"),
            gettext("Oldest, working days")]  # fmt: skip
    return table_file("response-times", head, cells)


def _cells(row: queries.Row) -> list[Cell]:
    times = row.times
    figures: list[Cell] = [times.answered, times.median, times.most, times.waiting, times.oldest]
    return [row.organisation.ref, row.organisation.name, *figures]
