"""What each list holds for its reader: read by the list's own question, so that it shows no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.courses import listing as course_listing
from app.courses.calendar import asking
from app.courses.calendar import queries as calendar
from app.courses.calendar.rules import Month, fits
from app.courses.queries import list_courses
from app.exchange.lists import of_finds, of_needs, of_offers, of_pledges
from app.exchange.lists.columns import Seen, Table
from app.exchange.lists.queries import parts_of, seen, with_money
from app.foundation.db import Tx
from app.foundation.kept.lists import Wanted
from app.foundation.permissions import Actor
from app.lessons import listing as library
from app.lessons.library.queries import list_outputs
from app.lessons.models import Output
from app.matching.queries import matches_of_need
from app.needs.listing import Asked
from app.needs.models import Need
from app.needs.queries import list_needs
from app.organisations.listing import chosen
from app.organisations.queries import list_organisations
from app.pledges.portfolio import queries as portfolio
from app.pledges.portfolio.rules import FILTERS
from app.pledges.queries import places_of
from app.programmes import listing as programme_listing
from app.programmes.queries import list_programmes
from app.search.engine_types import SearchEngine
from app.search.query import search
from app.search.records import Found
from app.search.request import SearchRequest

MOST = 50_000
"""Rows of one file; a workbook holds a million, a reader's program rather fewer."""
MOST_FOUND = 10_000
FOUND_AT_ONCE = 500


def needs(tx: Tx, reader: Actor, arguments: Any, now: datetime) -> Table:
    """The needs that the filters leave."""
    asked = Asked.from_address(arguments)
    page = list_needs(tx, reader, Wanted(asked.filters, "1", now.date(), asked.sort, MOST))
    places: dict[int, Any] = {}
    for part in parts_of(page.items):
        places.update(places_of(tx, reader, part))
    rows = [replace(row, beside=places[row.record.id]) for row in seen(tx, reader, page.items)]
    return Table(rows, of_needs.NEEDS)


def programmes(tx: Tx, reader: Actor, arguments: Any, now: datetime) -> Table:
    """The programmes that the filters leave, with the money of all years."""
    asked = programme_listing.read(arguments)
    filters = programme_listing.filters_of(asked)
    page = list_programmes(tx, reader, Wanted(filters, "1", now.date(), asked.sort, MOST))
    rows = seen(tx, reader, with_money(tx, reader, page.items))
    return Table(rows, of_offers.programme_columns(rows))


def courses(tx: Tx, reader: Actor, arguments: Any, now: datetime) -> Table:
    """The courses that the filters leave."""
    asked = course_listing.read(arguments)
    filters = course_listing.filters_of(asked)
    page = list_courses(tx, reader, Wanted(filters, "1", now.date(), asked.sort, MOST))
    return Table(seen(tx, reader, page.items), of_offers.COURSES)


def sessions(tx: Tx, reader: Actor, arguments: Any, now: datetime) -> Table:
    """The sessions to come, or those from the month on that is shown, as the filters leave them."""
    asked = asking.read(arguments)
    month = Month.read(asked.month)
    runs = calendar.runs_from(tx, reader, month.first if month else now.date(), now)
    ids = [run.id for run in runs if fits(run, asked.chosen)]
    found = [session for part in parts_of(ids) for session in calendar.sessions(tx, reader, part)]
    return Table(of_offers.sessions_of(found), of_offers.SESSIONS)


def outputs(tx: Tx, reader: Actor) -> Table:
    """The outputs that the filters of the address leave."""
    asked = library.read(Output)
    page = list_outputs(tx, reader, library.filters_of(asked), "1", asked.sort, MOST)
    return Table(seen(tx, reader, page.items), of_offers.OUTPUTS)


def organisations(tx: Tx, _reader: Actor) -> Table:
    """The organisations that the filters of the address leave; all of them are listed for everybody."""
    page = list_organisations(tx, chosen(), "1", MOST).page
    return Table([Seen(one, frozenset()) for one in page.items], of_offers.ORGANISATIONS)


def pledges(tx: Tx, reader: Actor, arguments: Any, now: datetime) -> Table:
    """The pledges of one side of a portfolio, line by line."""
    sides = portfolio.sides_of(reader)
    side, wanted = arguments.get("side", ""), arguments.get("state", "")
    rows = portfolio.portfolio(tx, reader, side if side in sides else sides[0], now.date())
    lines = of_pledges.lines_of(portfolio.only(rows, wanted if wanted in FILTERS else ""))
    return Table(lines, of_pledges.pledge_columns(lines))


def matches(tx: Tx, reader: Actor, need: Need) -> Table:
    """Who could meet a need."""
    return Table(matches_of_need(tx, reader, need, limit=MOST), of_needs.MATCHES)


def finds(tx: Tx, reader: Actor, engine: SearchEngine, arguments: Any, language: str, now: datetime) -> Table:
    """What a search finds, best first."""
    asked = replace(SearchRequest.from_address(arguments), size=FOUND_AT_ONCE, page="1")
    found: list[Found] = []
    while len(found) < MOST_FOUND:
        answer = search(tx, reader, engine, asked, language, now.date())
        found += answer.page.items
        if answer.page.last >= answer.page.total or answer.degraded:
            break
        asked = replace(asked, page=str(int(asked.page) + 1))
    return Table(found[:MOST_FOUND], of_finds.FINDS)
