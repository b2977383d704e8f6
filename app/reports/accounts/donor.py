"""A donor's portfolio: its programmes, its pledges, what of them was accepted and delivered, and how it answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.languages import money_text, name_of, number_text, say
from app.foundation.messages import Message, msg
from app.foundation.money import Money
from app.foundation.permissions import Actor
from app.lessons.models import Lesson
from app.needs.models import Need
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.pledges.portfolio.queries import standing_of
from app.pledges.portfolio.rules import state_of
from app.pledges.queries import WHOLE, shown, sight_of
from app.programmes.models import Programme
from app.reports import document as parts
from app.reports.accounts.parts import (
    NOTHING,
    PledgeRow,
    arrived_of,
    lesson_table,
    nothing,
    pledge_table,
    promised_of,
    sums_words,
)
from app.reports.closing_words import signature
from app.reports.document import Document, Text
from app.reports.rules import Signer
from app.reports.wording import days_words, heads, moment_words, named, page_words
from app.upkeep.response.queries import measured
from app.upkeep.response.rules import Times, times_of

PROGRAMME_HEAD = (msg("Programme"), msg("Status"), msg("Countries"), msg("When"), msg("Budget"))
YEAR_HEAD = (msg("Year"), msg("Country"), msg("Pledges"), msg("Promised"), msg("Accepted"), msg("Delivered"))
TIME_HEAD = (msg("What"), msg("Answered"), msg("Median, in working days"), msg("Nine in ten within"), msg("Waiting"))


@dataclass(frozen=True)
class Read:
    """What is read of an organisation, as far as one reader may see it; each thing once."""

    tx: Tx
    reader: Actor
    organisation: Organisation
    language: str
    now: datetime

    @cached_property
    def programmes(self) -> Sequence[Programme]:
        """Its posted programmes, the latest to begin first."""
        query = readable(self.reader, Programme).where(
            Programme.is_published, Programme.organisation_id == self.organisation.id
        )
        return self.tx.scalars(query.order_by(Programme.starts_on.desc().nulls_last(), Programme.id.desc())).all()

    @cached_property
    def pledges(self) -> list[PledgeRow]:
        """Its pledges with the needs that they are for, where the reader may know that they are its own."""
        query = shown(self.reader).where(Pledge.organisation_id == self.organisation.id).order_by(Pledge.id)
        pledges = self.tx.scalars(query.options(*WHOLE)).all()
        wanted = readable(self.reader, Need).where(Need.id.in_({pledge.need_id for pledge in pledges}))
        needs = {need.id: need for need in self.tx.scalars(wanted.options(selectinload(Need.organisation)))}
        rows = []
        for pledge in pledges:
            sight, need = sight_of(self.tx, self.reader, pledge), needs.get(pledge.need_id)
            if sight.donor:
                state = state_of(standing_of(pledge, need, sight, self.now.date()))
                rows.append(PledgeRow(pledge, sight, need, state))
        return rows


def portfolio_of(
    tx: Tx, reader: Actor, organisation: Organisation, language: str, now: datetime, signer: Signer
) -> Document:
    """The portfolio of an organisation as one reader may see it."""
    read, blocks = Read(tx, reader, organisation, language, now), list[parts.Block]()
    for chapter in (_in_short, _programmes, _by_year, _pledges, _times, _lessons):
        blocks += chapter(read)
    lead = say(msg("What was offered, pledged and delivered, as far as whoever had it made may see it"), language)
    return Document(
        language=language,
        title=say(msg("Portfolio of %(organisation)s", organisation=organisation.named(language)), language),
        lead=f"{lead}. {moment_words(now, language)}.",
        kicker=say(msg("Portfolio of an organisation that gives"), language),
        blocks=(*blocks, signature(signer, now, language)),
        made_at=now,
        page=page_words(language),
        author=organisation.named(language),
    )


def _heading(text: Message, read: Read) -> parts.Heading:
    return parts.Heading(say(text, read.language))


def _in_short(read: Read) -> list[parts.Block]:
    accepted = [row for row in read.pledges if row.pledge.accepted_at]
    delivered = [row for row in read.pledges if row.state == "delivered"]
    figures = (
        (len(read.programmes), msg("programmes")), (len(read.pledges), msg("pledges")),
        (len(accepted), msg("of them accepted")), (len(delivered), msg("of them delivered")),
    )  # fmt: skip
    items = tuple((number_text(count, read.language), say(label, read.language)) for count, label in figures)
    return [_heading(msg("In short"), read), parts.KeyFigures(items)]


def _programmes(read: Read) -> list[parts.Block]:
    heading = _heading(msg("Programmes"), read)
    if not read.programmes:
        return [heading, nothing(msg("No programme has been posted."), read.language)]
    rows = tuple(_programme(programme, read) for programme in read.programmes)
    return [heading, parts.Table("", heads(PROGRAMME_HEAD, read.language), rows, (7, 3, 4, 4, 3), frozenset({4}))]


def _programme(programme: Programme, read: Read) -> tuple[parts.Cell, ...]:
    knows = programme.organisation_id in read.reader.organisation_ids and programme.budget_amount is not None
    money = Money(programme.budget_amount or Decimal(0), programme.currency) if knows else None
    budget = money_text(money, read.language) if money else NOTHING

    places = named("country", programme.codes("country"), read.language)
    grouped = named("grouping", programme.codes("grouping"), read.language)
    return (
        Text(programme.title, programme.language), name_of("activity_status", programme.status, read.language),
        "; ".join(text for text in (places, grouped) if text) or NOTHING,
        days_words(programme.starts_on, programme.ends_on, read.language) or NOTHING, budget,
    )  # fmt: skip


def _by_year(read: Read) -> list[parts.Block]:
    """By the year in which they were posted and the countries of their needs; money of several is told once each."""
    heading = _heading(msg("Pledges by year and country"), read)
    groups: Mapping[tuple[int, str], list[PledgeRow]] = defaultdict(list)
    for row in read.pledges:
        year = (row.pledge.posted_at or row.pledge.created_at).year
        places = named("country", row.need.codes("country"), read.language) if row.need else NOTHING
        groups[year, places].append(row)
    if not groups:
        return [heading, nothing(msg("No pledge has been made."), read.language)]
    rows = tuple(_group(str(year), places, groups[year, places], read) for year, places in sorted(groups, reverse=True))
    table = parts.Table("", heads(YEAR_HEAD, read.language), rows, (2, 4, 2, 4, 4, 4), frozenset({2, 3, 4, 5}))
    return [heading, *_bars(groups, read), table]


def _group(year: str, places: str, rows: Sequence[PledgeRow], read: Read) -> tuple[parts.Cell, ...]:
    accepted = [row for row in rows if row.pledge.accepted_at]
    sums = (
        [money for row in rows for money in promised_of(row)],
        [money for row in accepted for money in promised_of(row)],
        [money for row in rows for money in arrived_of(row)],
    )
    return (year, places, str(len(rows)), *(sums_words(each, read.language) or NOTHING for each in sums))


def _bars(groups: Mapping[tuple[int, str], list[PledgeRow]], read: Read) -> list[parts.Block]:
    """How many pledges of each year were delivered, accepted, or neither."""
    years: dict[int, list[PledgeRow]] = defaultdict(list)
    for (year, _places), rows in groups.items():
        years[year] += rows
    counts = {year: _counts(rows) for year, rows in sorted(years.items(), reverse=True)}
    names = tuple(say(one, read.language) for one in (msg("Delivered"), msg("Accepted"), msg("Neither")))
    language = read.language
    lines = tuple((str(year), *(number_text(each, language) for each in each_of)) for year, each_of in counts.items())
    told = say(msg("Pledges of each year, by what became of them"), language)
    bars = tuple(parts.Bar(str(year), each, number_text(sum(each), language)) for year, each in counts.items())
    table = parts.Table("", (say(msg("Year"), language), *names), lines, (3, 2, 2, 2), frozenset({1, 2, 3}))
    return [parts.Bars(say(msg("Pledges by year"), language), told, names, bars, table)]


def _counts(rows: Sequence[PledgeRow]) -> tuple[int, int, int]:
    delivered = sum(row.state == "delivered" for row in rows)
    accepted = sum(bool(row.pledge.accepted_at) and row.state in {"pledged", "committed"} for row in rows)
    return delivered, accepted, len(rows) - delivered - accepted


def _pledges(read: Read) -> list[parts.Block]:
    if not read.pledges:
        return []
    return [_heading(msg("Each pledge"), read), pledge_table(read.pledges, read.language, with_donor=False)]


def _times(read: Read) -> list[parts.Block]:
    """How long it takes to answer, in working days."""
    rows = []
    for which in measured():
        times = times_of(which.query(read.tx, read.reader), read.now)
        rows += [_time(which.label, one, read) for one in times if one.organisation_id == read.organisation.id]
    heading = _heading(msg("How long it takes to answer"), read)
    if not rows:
        return [heading, nothing(msg("Nobody has waited for an answer."), read.language)]
    table = parts.Table("", heads(TIME_HEAD, read.language), tuple(rows), (6, 2, 3, 3, 2), frozenset({1, 2, 3, 4}))
    return [heading, table]


def _time(label: Message, times: Times, read: Read) -> tuple[parts.Cell, ...]:
    figures = (times.answered, times.median, times.most, times.waiting)
    words = (NOTHING if each is None else number_text(each, read.language) for each in figures)
    return (say(label, read.language), *words)


def _lessons(read: Read) -> list[parts.Block]:
    heading = _heading(msg("Lessons"), read)
    of_it = (visible_to(read.reader, Lesson), Lesson.is_published, Lesson.organisation_id == read.organisation.id)
    lessons = read.tx.scalars(select(Lesson).where(*of_it).order_by(Lesson.posted_at.desc(), Lesson.id.desc())).all()
    if not lessons:
        return [heading, nothing(msg("No lesson has been told."), read.language)]
    return [heading, lesson_table(lessons, read.language)]
