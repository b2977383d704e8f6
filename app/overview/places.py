"""What the page of one country or one theme shows: who asks, who is active, what one may attend, what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Account, Membership
from app.courses.models import Course, CourseSession, CourseTag
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import STATUSES_THAT_COUNT, Actor
from app.foundation.tags import has_code
from app.lessons.models import Lesson, Output
from app.needs.models import Need
from app.organisations.models import Organisation
from app.organisations.rules import LISTED
from app.overview import queries
from app.overview.presence import Presence, who_is_active
from app.overview.queries import Numbers, Place
from app.overview.rules import Month, by_month, first_month
from app.programmes.models import Programme
from app.programmes.queries import open_offers
from app.reference.groupings import groupings_of

SHOWN = 8


@dataclass(frozen=True)
class Part:
    """The first few of many, and how many there are."""

    items: Sequence[Any]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, self.total - len(self.items))


@dataclass(frozen=True)
class CountryDesk:
    """Everything on the page of one country."""

    numbers: Numbers
    active: list[Presence]
    needs: list[Need]
    offers: Part
    records: Part
    sessions: Sequence[CourseSession]
    lessons: list[Lesson]
    outputs: list[Output]
    organisations: list[Organisation]
    people: list[Membership]
    months: list[Month]


def place_of_country(iso2: str) -> Place:
    """A country and the groupings that it belongs to."""
    return Place(frozenset({iso2}), groupings_of(iso2))


def country_desk(tx: Tx, reader: Actor, iso2: str, today: date) -> CountryDesk:
    """Gather the page of a country, as far as this reader may see it."""
    place = place_of_country(iso2)
    here = has_code(Need, "country", [iso2])
    offers, records = _programmes(tx, reader, today, place.met_by(Programme))
    return CountryDesk(
        numbers=queries.numbers(tx, reader, [iso2]),
        active=who_is_active(tx, reader, iso2),
        needs=queries.latest_needs(tx, reader, SHOWN, here),
        offers=offers,
        records=records,
        sessions=queries.next_sessions(tx, reader, today, SHOWN, _may_attend(place)),
        lessons=lessons(tx, reader, has_code(Lesson, "country", [iso2])),
        outputs=outputs(tx, reader, has_code(Output, "country", [iso2])),
        organisations=organisations_in(tx, iso2),
        people=people_to_write_to(tx, reader, iso2),
        months=by_month(queries.posting_days(tx, reader, first_month(today), here), today),
    )


@dataclass(frozen=True)
class ThemeDesk:
    """Everything on the page of one theme."""

    needs: list[Need]
    offers: Part
    records: Part
    sessions: Sequence[CourseSession]
    lessons: list[Lesson]
    outputs: list[Output]


def theme_desk(tx: Tx, reader: Actor, code: str, today: date) -> ThemeDesk:
    """Gather the page of a theme, as far as this reader may see it."""
    offers, records = _programmes(tx, reader, today, has_code(Programme, "theme", [code]))
    return ThemeDesk(
        needs=queries.latest_needs(tx, reader, SHOWN, has_code(Need, "theme", [code])),
        offers=offers,
        records=records,
        sessions=queries.next_sessions(tx, reader, today, SHOWN, has_code(Course, "theme", [code])),
        lessons=lessons(tx, reader, has_code(Lesson, "theme", [code])),
        outputs=outputs(tx, reader, has_code(Output, "theme", [code])),
    )


def _programmes(tx: Tx, reader: Actor, today: date, where: ColumnElement[bool]) -> tuple[Part, Part]:
    asked = open_offers(today)
    offers = queries.open_programmes(tx, reader, today, SHOWN, where)
    records = queries.other_programmes(tx, reader, today, SHOWN, where)
    open_count = queries.count_programmes(tx, reader, where, asked)
    return Part(offers, open_count), Part(records, queries.count_programmes(tx, reader, where) - open_count)


def _may_attend(place: Place) -> ColumnElement[bool]:
    """A course for this place, or one that names no place and so is for everybody."""
    names_a_place = (
        select(CourseTag.record_id)
        .where(CourseTag.record_id == Course.id, CourseTag.facet.in_(("country", "grouping")))
        .exists()
    )
    return or_(place.met_by(Course), ~names_a_place)


def lessons(tx: Tx, reader: Actor, where: ColumnElement[bool]) -> list[Lesson]:
    """The latest published lessons of a place or theme, validated ones first."""
    query = readable(reader, Lesson).where(Lesson.is_published, where).options(joinedload(Lesson.organisation))
    return list(
        tx.scalars(query.order_by(Lesson.status.desc(), Lesson.posted_at.desc(), Lesson.id.desc()).limit(SHOWN))
    )


def outputs(tx: Tx, reader: Actor, where: ColumnElement[bool]) -> list[Output]:
    """The latest outputs of a place or theme."""
    query = readable(reader, Output).where(Output.is_published, where).options(joinedload(Output.organisation))
    return list(tx.scalars(query.order_by(Output.posted_at.desc(), Output.id.desc()).limit(SHOWN)))


def organisations_in(tx: Tx, iso2: str) -> list[Organisation]:
    """The organisations of a country that anybody may see, by name."""
    query = select(Organisation).where(Organisation.country == iso2, Organisation.status.in_(LISTED))
    return list(tx.scalars(query.order_by(Organisation.folded_name, Organisation.id).limit(50)))


def people_to_write_to(tx: Tx, reader: Actor, iso2: str) -> list[Membership]:
    """The focal points of a country's verified authorities, for people of verified organisations alone."""
    if not (reader.is_verified or reader.is_system):
        # Names and addresses of law-enforcement officers are not for harvesting.
        return []
    of_the_state = and_(
        Organisation.country == iso2, Organisation.kind == "state", Organisation.status.in_(STATUSES_THAT_COUNT)
    )
    query = (
        select(Membership)
        .join(Membership.organisation)
        .join(Membership.account)
        .where(of_the_state, Membership.role == "focal_point", Account.status == "active")
        .options(joinedload(Membership.organisation), joinedload(Membership.account))
        .order_by(Organisation.folded_name, Account.name)
    )
    return list(tx.scalars(query.limit(20)))
