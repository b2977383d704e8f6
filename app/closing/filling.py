"""The lesson as far as the record tells it by itself: when and where it was, what was given, and by which codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.closing.queries import Asked, pledges_between
from app.courses.models import CourseSession
from app.foundation.db import Tx
from app.foundation.languages import money_text, name_of, number_text, say
from app.foundation.messages import Message, Named, Several, msg
from app.foundation.money import Money
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.needs.queries import lines_by_ids
from app.pledges.models import Pledge
from app.pledges.queries import is_confirmed, money_of

FACETS = ("theme", "kind", "country")
BEGUN: Mapping[str, Message] = {
    "need": msg("Need “%(title)s”, %(where)s."),
    "programme": msg("Programme “%(title)s”, %(where)s."),
    "course": msg("Course “%(title)s”, %(where)s."),
}


def codes_of(asked: Asked) -> dict[str, tuple[str, ...]]:
    """Themes, kinds of assistance and countries of the record."""
    found = {facet: tuple(asked.side.record.codes(facet)) for facet in FACETS}
    if asked.side.kind == "course":
        found["kind"] = ("training",)
    return found


def parts_of(tx: Tx, reader: Actor, asked: Asked, session: CourseSession | None, language: str) -> dict[str, str]:
    """Context and action in one language, as the record tells them to this person."""
    given = _given(tx, reader, asked, session, language)
    return {"context": say(_context(asked, session), language), "action": " ".join(given)}


def _context(asked: Asked, session: CourseSession | None) -> Message:
    record = asked.side.record
    countries = tuple(record.codes("country"))
    days = _days(session.starts_on, session.ends_on) if session else _days(*_dates(record))
    place: Any = Several("country", countries) if countries else ""
    where: Any = place or days
    if place and days:
        where = msg("%(place)s, %(days)s", place=place, days=days)
    return Message(BEGUN[asked.side.kind].text, {"title": record.title, "where": where or record.ref})


def _dates(record: Any) -> tuple[date | None, date | None]:
    return getattr(record, "starts_on", None), getattr(record, "ends_on", None)


def _days(start: date | None, end: date | None) -> Message | str:
    first, last = (Named("day", day.isoformat()) if day else None for day in (start, end))
    if first and last:
        return msg("from %(start)s to %(end)s", start=first, end=last)
    if last:
        return msg("until %(end)s", end=last)
    return msg("from %(start)s on", start=first) if first else ""


def _given(tx: Tx, reader: Actor, asked: Asked, session: CourseSession | None, language: str) -> Iterable[str]:
    """What was delivered, as both sides have confirmed; else what was promised or given by the record itself."""
    if session is not None:
        hours = asked.side.record.hours
        yield say(msg("%(centre)s gave the course.", centre=asked.side.organisation.name), language)
        if hours:
            yield say(msg("It took %(hours)s hours.", hours=hours), language)
        return
    pledges = pledges_between(tx, reader, asked.request)
    delivered, promised = _sums(tx, reader, pledges)
    if delivered:
        yield say(msg("Delivered: %(what)s.", what=_listed(delivered, language)), language)
    elif promised:
        yield say(msg("Promised: %(what)s.", what=_listed(promised, language)), language)
    elif isinstance(asked.side.record, Need):
        asked_for = [(line.kind, line.unit, line.quantity) for line in asked.side.record.lines]
        yield say(msg("Asked for: %(what)s.", what=_listed(asked_for, language)), language)


Sum = tuple[str, str, Decimal | int | Money | None]


def _sums(tx: Tx, reader: Actor, pledges: Iterable[Pledge]) -> tuple[list[Sum], list[Sum]]:
    """What was confirmed of each line, and what was promised for it."""
    lines = [line for pledge in pledges for line in pledge.lines]
    asked = lines_by_ids(tx, reader, [line.need_line_id for line in lines])
    delivered: list[Sum] = []
    promised: list[Sum] = []
    for line in lines:
        its = asked.get(line.need_line_id)
        if its is not None:
            promised.append((its.kind, its.unit, line.quantity if line.quantity is not None else line.money))
            sound = [part for part in line.contributions if is_confirmed(part)]
            delivered += [
                (its.kind, its.unit, part.quantity if part.quantity is not None else money_of(part)) for part in sound
            ]
    return delivered, promised


def _listed(sums: Iterable[Sum], language: str) -> str:
    return "; ".join(f"{name_of('kind', kind, language)}: {_much(much, unit, language)}" for kind, unit, much in sums)


def _much(much: Decimal | int | Money | None, unit: str, language: str) -> str:
    if isinstance(much, Money):
        return money_text(much, language)
    return f"{number_text(much or 0, language)} {name_of('unit', unit, language)}"
