"""The search for programs: the same question, the same records, as on the page of results."""

from __future__ import annotations

from typing import Any

from app.api.answers import Answer, absolute
from app.api.lists import asked_size, cursor, page_answer
from app.api.operations import Parameter, reads
from app.api.parts import COUNTRY, KIND, LANGUAGE, THEME, Whose, page_of, whose
from app.api.shapes import Given
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, current_language, now, request, site
from app.reference.groupings import groupings
from app.search.engine_types import KINDS
from app.search.query import search as ask
from app.search.reactions import engine_of
from app.search.records import Found
from app.search.request import SORTS, SearchRequest
from app.search.values import STATUSES, TYPES

RESULTS = surface("search.api", "api", *KINDS)
PAGES = {
    "need": "needs.page", "programme": "programmes.page", "course": "courses.page", "lesson": "lessons.page",
    "output": "outputs.page",
}  # fmt: skip


class FoundGiven(Given):
    """A record that answers the question."""

    kind: str
    ref: str
    title: str
    language: str
    organisation: Whose
    url: str


Results = page_of("Results", FoundGiven)
QUERY = (
    Parameter("q", "The question, as in the box of the page.", many=False),
    Parameter("type", "Kinds of record.", lambda: list(TYPES)),
    THEME, COUNTRY, KIND, LANGUAGE,
    Parameter("grouping", "Groupings of States.", lambda: [*groupings(), "near"]),
    Parameter("donor", "References of the organisations that offer."),
    Parameter("status", "Where they stand.", lambda: list(STATUSES)),
    Parameter("year", "Years in which they run.", pattern="^[0-9]{4}$"),
    Parameter("from", "From which day, month or year on.", many=False),
    Parameter("to", "Until which day, month or year.", many=False),
    Parameter("sort", "In which order.", lambda: SORTS, many=False),
)  # fmt: skip


@reads("/search", Permission.PUBLIC_READ, RESULTS, Results, "Search in everything", query=QUERY, is_list=True)
def search(tx: Tx) -> Answer:
    """Everything that answers a question, the best first."""
    size = asked_size()
    bookmark, before = cursor()
    number = int(bookmark or 1)
    asked = SearchRequest.from_address(request.args)
    asked = SearchRequest(
        text=asked.text, filters=asked.filters, sort=asked.sort, page=str(number), size=size, since=asked.since,
        until=asked.until,
    )  # fmt: skip
    results = ask(tx, actor(), engine_of(site()), asked, current_language(), now().date())
    is_last = results.page.number != number or number >= results.page.pages
    items = [_shown(one) for one in results.page.items] if results.page.number == number else []
    return page_answer("search", items, "" if is_last else str(number + 1), before)


def _shown(one: Found) -> dict[str, Any]:
    record = one.record
    return {
        "kind": one.kind, "ref": record.ref, "title": record.title, "language": record.language,
        "organisation": whose(record.organisation), "url": absolute(PAGES[one.kind], ref=record.ref),
    }  # fmt: skip
