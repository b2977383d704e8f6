"""A State's account: what it asked, what was promised and delivered for each line, and what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.languages import name_of, number_text, say
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.lessons.models import Lesson
from app.needs.models import Need
from app.needs.rules import OPEN, STATUS_NAMES
from app.nominations import rules as seats
from app.nominations.models import Nomination
from app.organisations.models import Organisation
from app.overview.queries import Place, asked_by
from app.overview.radar.queries import findings_in
from app.pledges.models import Pledge
from app.pledges.portfolio.queries import standing_of
from app.pledges.portfolio.rules import state_of
from app.pledges.queries import WHOLE, coverage_shown, shown, sight_of
from app.pledges.reckoning import Coverage
from app.reports import document as parts
from app.reports.accounts.parts import (
    PledgeRow,
    country_named,
    finding_table,
    lesson_table,
    line_table,
    need_facts,
    nothing,
    pledge_table,
)
from app.reports.closing_words import signature
from app.reports.document import Document, Text
from app.reports.pictures import bars_of_gaps
from app.reports.rules import Signer
from app.reports.wording import days_words, heads, moment_words, page_words

SEAT_HEAD = (msg("Course"), msg("When"), msg("Candidates"), msg("Seats"), msg("Passed"))


@dataclass(frozen=True)
class Read:
    """What is read of a State, as far as one reader may see it; each thing once."""

    tx: Tx
    reader: Actor
    iso2: str
    language: str
    now: datetime

    @cached_property
    def needs(self) -> Sequence[Need]:
        """The posted needs for the State, the latest first."""
        query = readable(self.reader, Need).where(Need.is_published, has_code(Need, "country", [self.iso2]))
        latest = query.order_by(Need.posted_at.desc(), Need.id.desc())
        return self.tx.scalars(latest.options(selectinload(Need.organisation))).all()

    @cached_property
    def cover(self) -> Mapping[int, Coverage]:
        """How far each line of them is covered."""
        found: dict[int, Coverage] = {}
        for need in self.needs:
            found |= coverage_shown(self.tx, self.reader, need)
        return found

    @cached_property
    def pledges(self) -> list[PledgeRow]:
        """The pledges for them."""
        needs = {need.id: need for need in self.needs}
        query = shown(self.reader).where(Pledge.need_id.in_(needs)).order_by(Pledge.id).options(*WHOLE)
        rows = []
        for pledge in self.tx.scalars(query):
            sight, need = sight_of(self.tx, self.reader, pledge), needs[pledge.need_id]
            standing = standing_of(pledge, need, sight, self.now.date())
            rows.append(PledgeRow(pledge, sight, need, state_of(standing)))
        return rows

    @cached_property
    def candidates(self) -> dict[int, Counter[str]]:
        """How many candidates of the State stand how, by session."""
        query = (
            select(Nomination.session_id, Nomination.status, func.count())
            .join(Organisation, Organisation.id == Nomination.organisation_id)
            .where(visible_to(self.reader, Nomination), Organisation.country == self.iso2)
            .group_by(Nomination.session_id, Nomination.status)
        )
        found: dict[int, Counter[str]] = {}
        for session, status, count in self.tx.execute(query):
            found.setdefault(session, Counter())[status] = count
        return found


def account_of_state(tx: Tx, reader: Actor, iso2: str, language: str, now: datetime, signer: Signer) -> Document:
    """The account of a State as one reader may see it."""
    read, blocks = Read(tx, reader, iso2, language, now), list[parts.Block]()
    chapters = (_in_short, _by_line, _pledges, _seats, _overlaps, _lessons, _open)
    for chapter in chapters:
        blocks += chapter(read)
    lead = say(msg("What was asked, promised and delivered, as far as whoever had it made may see it"), language)
    return Document(
        language=language,
        title=say(msg("Account of %(country)s", country=country_named(iso2)), language),
        lead=f"{lead}. {moment_words(now, language)}.",
        kicker=say(msg("Account of a State"), language),
        blocks=(*blocks, signature(signer, now, language)),
        made_at=now,
        page=page_words(language),
    )


def _heading(text: Message, read: Read) -> parts.Heading:
    return parts.Heading(say(text, read.language))


def _in_short(read: Read) -> list[parts.Block]:
    covered = sum(one.open == 0 for one in read.cover.values())
    held = sum(count for each in read.candidates.values() for status, count in each.items() if status in seats.HOLDING)
    figures = (
        (len(read.needs), msg("needs posted")),
        (sum(need.status in OPEN for need in read.needs), msg("of them open")),
        (len(read.cover), msg("items asked for")),
        (covered, msg("of them covered whole")),
        (len(read.pledges), msg("pledges for them")),
        (held, msg("seats in courses given to its people")),
    )
    items = tuple((number_text(count, read.language), say(label, read.language)) for count, label in figures)
    place = Place(frozenset({read.iso2}), frozenset())
    gaps = asked_by(read.tx, read.reader, "theme", place)
    picture = bars_of_gaps(gaps.values(), "theme", read.language)
    return [_heading(msg("In short"), read), parts.KeyFigures(items), *picture]


def _by_line(read: Read) -> list[parts.Block]:
    blocks: list[parts.Block] = [_heading(msg("Needs, line by line"), read)]
    if not read.needs:
        return [*blocks, nothing(msg("No need has been posted."), read.language)]
    for need in read.needs:
        status = STATUS_NAMES[need.status][0]
        blocks += [parts.Heading(need.title, 2, need.language), need_facts(need, status, read.language)]
        blocks += [line_table(need, read.cover, read.language)] if need.lines else []
    return blocks


def _pledges(read: Read) -> list[parts.Block]:
    heading = _heading(msg("Pledges"), read)
    if not read.pledges:
        return [heading, nothing(msg("Nobody has pledged yet."), read.language)]
    return [heading, pledge_table(read.pledges, read.language, with_donor=True)]


def _seats(read: Read) -> list[parts.Block]:
    heading = _heading(msg("Seats in courses"), read)
    query = select(CourseSession).join(CourseSession.course).where(visible_to(read.reader, Course))
    mine = query.where(CourseSession.id.in_(read.candidates)).order_by(CourseSession.starts_on, CourseSession.id)
    rows: list[tuple[parts.Cell, ...]] = []
    for session in read.tx.scalars(mine.options(selectinload(CourseSession.course))):
        counted = read.candidates[session.id]
        numbers = (
            sum(counted.values()), sum(counted[status] for status in seats.HOLDING), counted[seats.PASSED],
        )  # fmt: skip
        when = days_words(session.starts_on, session.ends_on, read.language)
        title = Text(session.course.title, session.course.language)
        rows.append((title, when, *(number_text(number, read.language) for number in numbers)))
    if not rows:
        return [heading, nothing(msg("Nobody has been put forward for a course."), read.language)]
    table = parts.Table("", heads(SEAT_HEAD, read.language), tuple(rows), (6, 5, 2, 2, 2), frozenset({2, 3, 4}))
    return [heading, table]


def _overlaps(read: Read) -> list[parts.Block]:
    heading = _heading(msg("Gaps and overlaps found"), read)
    found = findings_in(read.tx, read.reader, read.now.date(), country=read.iso2)
    if not found:
        return [heading, nothing(msg("Nothing was found."), read.language)]
    return [heading, finding_table(found, read.language, with_country=False)]


def _lessons(read: Read) -> list[parts.Block]:
    heading = _heading(msg("Lessons"), read)
    query = readable(read.reader, Lesson).where(Lesson.is_published, has_code(Lesson, "country", [read.iso2]))
    lessons = read.tx.scalars(query.order_by(Lesson.posted_at.desc(), Lesson.id.desc())).all()
    if not lessons:
        return [heading, nothing(msg("No lesson has been told."), read.language)]
    return [heading, lesson_table(lessons, read.language)]


def _open(read: Read) -> list[parts.Block]:
    """What nobody covers, of needs that go on."""
    heading = _heading(msg("What is open"), read)
    items = []
    for need in read.needs:
        for line in need.lines if need.status in OPEN else ():
            if left := read.cover[line.id].open:
                much = f"{number_text(left, read.language)} {name_of('unit', line.unit, read.language)}"
                kind = name_of("kind", line.kind, read.language)
                items.append(Text(f"{kind}: {much} ({need.ref})"))
    if not items:
        return [heading, nothing(msg("Nothing is open."), read.language)]
    return [heading, parts.Bullets(tuple(items))]
