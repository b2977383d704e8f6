"""A question as an address says it: words, ticked values, dates, order and page, there and back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from app.foundation.listing import SIZES
from app.foundation.paging import PAGE_SIZE
from app.search.question import LONGEST_QUESTION, Question, days_of, parse
from app.search.values import FACETS

SORTS = ("best", "newest", "deadline")
DATES = ("from", "to")
LONGEST_DATE = 40
MOST_TICKED = 40
LONGEST_VALUE = 60


@dataclass(frozen=True)
class SearchRequest:
    """A question: what stands in the box, ticked facet values, days, order and page.

    `since` and `until` are as typed; `sort` is empty for the usual order; `only` is the one kind a page is about.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: str = "1"
    only: str = ""
    size: int = PAGE_SIZE
    since: str = ""
    until: str = ""

    @classmethod
    def from_address(cls, arguments: Any, only: str = "") -> SearchRequest:
        """Read the address (a werkzeug MultiDict); what it does not know is passed over."""
        filters = {facet: _values(arguments.getlist(facet)) for facet in FACETS}
        if only:
            filters["type"] = (only,)
        sort, size = arguments.get("sort", ""), arguments.get("size", "")
        return cls(
            text=" ".join(arguments.get("q", "")[:LONGEST_QUESTION].split()),
            filters={facet: values for facet, values in filters.items() if values},
            sort=sort if sort in SORTS else "",
            page=arguments.get("page", "1"),
            only=only,
            size=int(size) if size in map(str, SIZES) else PAGE_SIZE,
            since=arguments.get("from", "")[:LONGEST_DATE].strip(),
            until=arguments.get("to", "")[:LONGEST_DATE].strip(),
        )

    @classmethod
    def from_query(cls, query: str) -> SearchRequest:
        """Read the part of an address that follows its question mark."""
        return cls.from_address(MultiDict(parse_qsl(query.removeprefix("?")[:4000])))

    @cached_property
    def question(self) -> Question:
        """What stands in the box, taken apart."""
        return parse(self.text)

    @property
    def order(self) -> str:
        """The order in force: the best first where there are words, else the newest."""
        return self.sort or self.usual_order

    @property
    def usual_order(self) -> str:
        """The order that needs no saying."""
        return "best" if self.question.plain else "newest"

    @property
    def first_day(self) -> date | None:
        """From which day on records are wanted."""
        days = days_of(self.since)
        return days[0] if days else None

    @property
    def last_day(self) -> date | None:
        """Until which day records are wanted."""
        days = days_of(self.until)
        return days[1] if days else None

    @property
    def asks_something(self) -> bool:
        """Whether anything has been typed or ticked."""
        return bool(self.text or self.since or self.until or any(self.filters.values()))

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the address; what is usual is left out, so that the same question has the same one."""
        pairs = [("q", self.text), ("from", self.since), ("to", self.until)]
        for facet in FACETS:
            if facet != "type" or not self.only:
                pairs += [(facet, value) for value in self.filters.get(facet, ())]
        pairs.append(("sort", self.sort if self.sort != self.usual_order else ""))
        pairs.append(("size", str(self.size) if self.size != PAGE_SIZE else ""))
        pairs.append(("page", str(self.page) if str(self.page) != "1" else ""))
        return [pair for pair in pairs if pair[1]]

    def address(self, **changes: Any) -> str:
        """The query string of the same question with something changed; the page starts at one again."""
        return "?" + urlencode(replace(self, **{"page": "1", **changes}).pairs())

    def less(self, facet: str, value: str) -> SearchRequest:
        """The same question with one ticked value, or one of the two dates, taken away."""
        if facet in DATES:
            return replace(self, page="1", since="") if facet == "from" else replace(self, page="1", until="")
        kept = tuple(v for v in self.filters.get(facet, ()) if v != value)
        return replace(self, page="1", filters={**self.filters, facet: kept})

    def without(self, facet: str, value: str) -> str:
        """The query string with one ticked value, or one of the two dates, taken away."""
        return self.less(facet, value).address()


def _values(typed: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:LONGEST_VALUE] for value in typed if value))[:MOST_TICKED]
