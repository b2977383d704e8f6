"""The two links below every list, by which it is taken along as a file with the same filters."""

from __future__ import annotations

from app.foundation.permissions import Actor
from app.foundation.web import render_part, request, url_for

FILES = {
    "needs.index": "tables.needs", "programmes.index": "tables.programmes", "courses.index": "tables.courses",
    "courses.calendar": "tables.sessions", "outputs.index": "tables.outputs", "lessons.index": "lessons.table",
    "organisations.index": "tables.organisations", "pledges.portfolio": "tables.pledges",
    "matching.index": "tables.matches", "search.index": "tables.finds",
}  # fmt: skip
"""The file of each list, by the page that shows the list."""
NOT_OF_THE_LIST = ("page", "size")


def files_of_list(_reader: Actor, endpoint: str) -> str:
    """The list on this page as CSV and as XLSX; nothing on a page whose list does not go out."""
    if endpoint not in FILES:
        return ""
    asked = {name: request.args.getlist(name) for name in request.args if name not in NOT_OF_THE_LIST}
    asked = {name: values for name, values in asked.items() if name not in {"ending", "ref"} and name[:1] != "_"}
    values = {**asked, **(request.view_args or {})}
    links = {ending: url_for(FILES[endpoint], ending=ending, **values) for ending in ("csv", "xlsx")}
    return render_part("exchange/_list_files.html", links=links)
