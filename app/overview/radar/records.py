"""The records behind a cell or a finding, read anew as this reader may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import joinedload, lazyload

from app.courses.models import Course
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor
from app.needs.limits.models import Limit
from app.needs.models import Need
from app.overview.quarters import Quarter
from app.overview.radar.rules import UNNAMED, WHOLE, Asking, Presence
from app.overview.radar.whole import Radar
from app.pledges.models import Pledge
from app.pledges.queries import shown
from app.programmes.models import Programme

KINDS: Mapping[str, Message] = {
    "need": msg("Needs"),
    "pledge": msg("Accepted pledges"),
    "programme": msg("Programmes"),
    "course": msg("Course sessions"),
    "limit": msg("Limits of absorption"),
}
ENDPOINTS: Mapping[str, str] = {
    "need": "needs.page", "pledge": "pledges.page", "programme": "programmes.page", "course": "courses.page",
    "limit": "limits.page",
}  # fmt: skip


@dataclass(frozen=True)
class Behind:
    """One record behind a cell with what it counts: lines asked, and how much of them is pledged and delivered.

    For who is there `asked` is 0, `kinds` is what it gives, and `first` and `last` are the quarters of the window in
    which it is there. `is_named` tells whether the reader may know whose it is.
    """

    kind: str
    record: Any
    asked: int = 0
    pledged: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)
    kinds: tuple[str, ...] = ()
    first: Quarter | None = None
    last: Quarter | None = None
    is_named: bool = True


def behind_cell(tx: Tx, reader: Actor, radar: Radar, key: tuple[str, str], place: int) -> dict[str, list[Behind]]:
    """What one cell is made of, by kind of record."""
    asked = [asking for asking in radar.at(key[0]).asked(key[1]) if asking.first <= place <= asking.last]
    there = [presence for presence in radar.at(key[0]).there(key[1]) if presence.first <= place <= presence.last]
    wanted = {("need", asking.need) for asking in asked} | {presence.record for presence in there}
    records = records_of(tx, reader, wanted)
    found: dict[str, list[Behind]] = {"need": _needs(asked, records)}
    for (kind, ref), presences in _by_record(there).items():
        if (kind, ref) in records:
            found.setdefault(kind, []).append(_there(radar, kind, records[kind, ref], presences))
    return {kind: found[kind] for kind in KINDS if found.get(kind)}


def _by_record(there: Iterable[Presence]) -> dict[tuple[str, str], list[Presence]]:
    found: dict[tuple[str, str], list[Presence]] = {}
    for presence in sorted(there, key=lambda each: each.record):
        found.setdefault(presence.record, []).append(presence)
    return found


def _there(radar: Radar, kind: str, record: Any, presences: Iterable[Presence]) -> Behind:
    mine, quarters = list(presences), radar.window.quarters
    kinds = sorted({each for presence in mine for each in presence.kinds})
    first, last = min(presence.first for presence in mine), max(presence.last for presence in mine)
    return Behind(
        kind, record, kinds=tuple(kinds), first=quarters[first], last=quarters[last],
        is_named=all(presence.provider != UNNAMED for presence in mine),
    )  # fmt: skip


def _needs(asked: Iterable[Asking], records: Mapping[tuple[str, str], Any]) -> list[Behind]:
    lines: dict[str, list[Asking]] = {}
    for asking in asked:
        lines.setdefault(asking.need, []).append(asking)
    return [
        Behind(
            "need", records["need", ref], len(its), _lines(sum(line.pledged for line in its)),
            _lines(sum(line.delivered for line in its)),
        )
        for ref, its in sorted(lines.items())
        if ("need", ref) in records
    ]  # fmt: skip


def _lines(part: int) -> Decimal:
    return Decimal(part) / WHOLE


def records_of(tx: Tx, reader: Actor, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """The records with these kinds and references that the reader may see, with their organisations."""
    refs: dict[str, list[str]] = {}
    for kind, ref in sorted(wanted):
        refs.setdefault(kind, []).append(ref)
    queries: Mapping[str, Any] = {
        "need": readable(reader, Need).options(lazyload(Need.lines), lazyload(Need.tags)),
        "programme": readable(reader, Programme).options(lazyload(Programme.offers), lazyload(Programme.tags)),
        "course": readable(reader, Course).options(lazyload(Course.tags)),
        "pledge": shown(reader).options(lazyload(Pledge.lines)),
        "limit": readable(reader, Limit),
    }
    models: Mapping[str, Any] = {
        "need": Need, "programme": Programme, "course": Course, "pledge": Pledge, "limit": Limit,
    }  # fmt: skip
    found: dict[tuple[str, str], Any] = {}
    for kind, its in refs.items():
        query = queries[kind].where(models[kind].ref.in_(its)).options(joinedload(models[kind].organisation))
        found |= {(kind, record.ref): record for record in tx.scalars(query)}
    return found
