"""What the list of programmes begins with: which they are, and how many by their codes. See foundation.kept.lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.foundation.db import Tx
from app.foundation.kept.lists import KeptLists, lists_of
from app.foundation.paging import PAGE_SIZE, Page
from app.foundation.permissions import Actor
from app.programmes import queries
from app.programmes.models import Programme
from app.programmes.queries import SORTS, Numbers, ProgrammeFilters

ABOUT = frozenset({"programme", "pledge", "organisation"})
"""The kinds of record whose changes may move a programme, or take it out of sight."""


def list_programmes(  # noqa: PLR0913, PLR0917 - who asks for which page, how long and in which order
    tx: Tx,
    reader: Actor,
    filters: ProgrammeFilters,
    page: str | None,
    today: date,
    sort: str = SORTS[0],
    size: int = PAGE_SIZE,
    lists: KeptLists | None = None,
) -> Page[Programme]:
    """A page of the programmes that the filters leave, from `lists` or the memory of this site."""

    def read() -> Numbers:
        return queries.numbers_of(tx, reader, filters, page, today, sort, size)

    known = lists_of(Programme, ABOUT) if lists is None else lists
    numbers = known.value(tx, reader, ("page", filters, page, today, sort, size), read, filters.words)
    return queries.page_of(tx, reader, numbers, size)


def count_facets(
    tx: Tx, reader: Actor, filters: ProgrammeFilters, today: date, lists: KeptLists | None = None
) -> Mapping[str, Mapping[str, int]]:
    """For each facet, how many programmes each of its values would leave beside the other filters; likewise."""

    def read() -> Mapping[str, Mapping[str, int]]:
        return queries.count_facets(tx, reader, filters, today)

    known = lists_of(Programme, ABOUT) if lists is None else lists
    return known.value(tx, reader, ("counts", filters, today), read, filters.words)
