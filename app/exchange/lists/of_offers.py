"""Programmes, courses, their sessions, outputs and organisations as tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from app.courses.models import CourseSession
from app.courses.rules import DISCLOSURE_NAMES as COURSE_READERS
from app.courses.rules import FORMATS, LEVELS, TYPES
from app.courses.rules import STATUS_NAMES as COURSE_STATUSES
from app.exchange.lists import columns as c
from app.exchange.lists.columns import Column, Seen, field
from app.foundation.messages import Message, msg, pmsg
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import current_language
from app.lessons.rules import LICENCES, OUTPUT_KINDS
from app.organisations.rules import KINDS as ORGANISATION_KINDS
from app.organisations.rules import STATUSES as ORGANISATION_STATUSES
from app.programmes.models import Programme
from app.programmes.rules import ACCEPTING, DISCLOSURE_NAMES, REVISED

DISBURSEMENT, EXPENDITURE = "3", "4"
"""IATI TransactionType: money that has left the donor."""

Sums = dict[tuple[int, str], Decimal]
"""Amounts by year and currency; two currencies are never added."""

PROGRAMMES = [
    c.REFERENCE, c.TITLE, *c.LANGUAGE,
    *c.coded("activity_status", msg("Status, code"), msg("Status"), lambda one: one.status),
    *c.own_code(
        ACCEPTING, msg("May States ask for it? Code"), msg("May States ask for it?"), lambda one: one.accepting
    ),
    field(msg("Until when one may ask"), "apply_by"), *c.owner(msg("Organisation")),
    *c.COUNTRIES, *c.tagged("grouping", msg("Groupings, codes"), msg("Groupings")), *c.THEMES, *c.KINDS,
    field(msg("Description"), "description"), field(msg("Conditions"), "conditions"), c.STARTS, c.ENDS, *c.BUDGET,
    *c.coded("purpose", msg("DAC purpose code"), msg("DAC purpose"), lambda one: one.purpose_code),
    *c.coded("aid_type", msg("Type of aid, code"), msg("Type of aid"), lambda one: one.aid_type),
    *c.LANGUAGES, field(msg("IATI identifier"), "iati_identifier"), c.POSTED, c.CHANGED, c.CONFIRM_BY,
    *c.own_code(
        DISCLOSURE_NAMES, msg("Who may see this programme, code"), msg("Who may see this programme"),
        lambda one: one.disclosure,
    ),
    c.address("programmes.page"),
]  # fmt: skip


def programme_columns(rows: Sequence[Seen]) -> list[Column]:
    """The columns of programmes, and of each year that one of them has money in: what is planned, and what was paid."""
    return [
        *PROGRAMMES,
        *by_year(rows, budgets_of, lambda year, code: msg("Budget %(year)s, %(currency)s", year=year, currency=code)),
        *by_year(rows, paid_by, lambda year, code: msg("Paid %(year)s, %(currency)s", year=year, currency=code)),
    ]


def by_year(rows: Sequence[Seen], sums_of: Callable[[Any], Sums], head: Callable[[str, str], Message]) -> list[Column]:
    """One column for each year and currency that occurs in the rows; the reader has to be shown the money."""
    sums = {id(row): sums_of(row.record) for row in rows if "budget" in row.sees}
    places = sorted({place for found in sums.values() for place in found})

    def column(place: tuple[int, str]) -> Column:
        return Column(head(str(place[0]), place[1]), lambda row: c.plain(sums.get(id(row), {}).get(place)))

    return [column(place) for place in places]


def budgets_of(programme: Programme) -> Sums:
    """The budgets of a programme by the year in which each begins; a revised one stands for that of its period."""
    best: dict[tuple[Any, Any, str], Any] = {}
    for budget in programme.budgets:
        place = (budget.starts_on, budget.ends_on, budget.currency)
        if place not in best or budget.kind == REVISED:
            best[place] = budget
    return _sums((one.starts_on, one.currency, one.amount) for one in best.values())


def paid_by(programme: Programme) -> Sums:
    """Disbursements and expenditure of a programme by year."""
    paid = [one for one in programme.transactions if one.kind in {DISBURSEMENT, EXPENDITURE}]
    return _sums((one.happened_on, one.currency, one.amount) for one in paid)


def _sums(amounts: Iterable[tuple[Any, str, Decimal]]) -> Sums:
    sums: Sums = defaultdict(Decimal)
    for day, currency, amount in amounts:
        if day is not None:
            sums[day.year, currency] += amount
    return dict(sums)


COURSES = [
    c.REFERENCE, c.TITLE, *c.LANGUAGE,
    *c.own_code(COURSE_STATUSES, msg("Status, code"), msg("Status"), lambda one: one.status),
    *c.own_code(TYPES, msg("Type of course, code"), msg("Type of course"), lambda one: one.type),
    field(msg("The centre’s own code"), "code"), *c.owner(msg("Training centre")), *c.THEMES, *c.COUNTRIES,
    *c.tagged("grouping", msg("Groupings, codes"), msg("Groupings")), *c.LANGUAGES,
    *c.own_code(FORMATS, msg("Form, code"), msg("Form"), lambda one: one.format),
    *c.own_code(LEVELS, msg("Level, code"), msg("Level"), lambda one: one.level),
    field(msg("Hours of teaching"), "hours"), field(msg("Description"), "description"),
    field(msg("Whom it is for"), "audience"), field(msg("Fee of a participant"), "fee_amount"),
    field(msg("Currency"), "currency"), Column(msg("Sessions"), lambda row: len(row.record.sessions)),
    Column(
        msg("Sessions begin on"),
        lambda row: c.AMONG.join(one.starts_on.isoformat() for one in row.record.sessions),
    ),
    c.POSTED, c.CHANGED, c.CONFIRM_BY,
    *c.own_code(
        COURSE_READERS, msg("Who may see this course, code"), msg("Who may see this course"),
        lambda one: one.disclosure,
    ),
    c.address("courses.page"),
]  # fmt: skip

SESSION_STATUSES: dict[str, Message] = {
    "open": msg("Open for registration"), "full": pmsg("session", "Full"), "cancelled": pmsg("session", "Cancelled"),
}  # fmt: skip


def _course(head: Message, read: Callable[[Any], Cell]) -> Column:
    return Column(head, lambda row: read(row.record.course))


SESSIONS = [
    c.REFERENCE, _course(msg("Course, reference"), lambda one: one.ref), _course(msg("Course"), lambda one: one.title),
    _course(msg("Training centre, reference"), lambda one: one.organisation.ref),
    _course(msg("Training centre"), lambda one: one.organisation.named(current_language())),
    c.STARTS, c.ENDS, field(msg("Time zone"), "time_zone"), field(msg("Register by"), "register_by"),
    *c.own_code(SESSION_STATUSES, msg("Registration, code"), msg("Registration"), lambda one: one.status),
    field(msg("Seats"), "seats"), field(msg("Place"), "place"),
    *c.coded("country", msg("Country, code"), msg("Country"), lambda one: one.country),
    *c.several("language", msg("Languages, codes"), msg("Languages"), lambda one: one.languages),
    c.CHANGED,
    c.address("courses.session_page", ref=lambda one: one.course.ref, session_ref=lambda one: one.ref),
]  # fmt: skip

OUTPUTS = [
    c.REFERENCE, c.TITLE, *c.LANGUAGE,
    *c.own_code(OUTPUT_KINDS, msg("Kind, code"), msg("Kind"), lambda one: one.kind), *c.owner(msg("Organisation")),
    *c.THEMES, *c.COUNTRIES, *c.KINDS, field(msg("Description"), "description"),
    *c.own_code(LICENCES, msg("Licence, code"), msg("Licence"), lambda one: one.licence),
    field(msg("Website"), "website"), c.POSTED, c.CHANGED, c.address("outputs.page"),
]  # fmt: skip

ORGANISATIONS = [
    c.REFERENCE, Column(msg("Name"), lambda row: row.record.named(current_language())),
    field(msg("Own name"), "name"), field(msg("Short name"), "acronym"),
    *c.own_code(ORGANISATION_KINDS, msg("Kind, code"), msg("Kind"), lambda one: one.kind),
    *c.own_code(ORGANISATION_STATUSES, msg("Status, code"), msg("Status"), lambda one: one.status),
    *c.coded("country", msg("Country, code"), msg("Country"), lambda one: one.country),
    *c.coded("grouping", msg("Grouping, code"), msg("Grouping"), lambda one: one.grouping),
    *c.coded(
        "organisation_type", msg("Type of organisation, code"), msg("Type of organisation"), lambda one: one.iati_type
    ),
    field(msg("IATI identifier"), "iati_identifier"), field(msg("Website"), "website"), field(msg("About"), "about"),
    c.address("organisations.page"),
]  # fmt: skip


def sessions_of(sessions: Sequence[CourseSession]) -> list[Seen]:
    """Sessions as rows; nothing of a session is kept for fewer readers than its course."""
    return [Seen(session, frozenset()) for session in sessions]
