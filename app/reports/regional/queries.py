"""Reading regional reports, and the figures in them: always as their stated audience may see them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.coordination.models import ActionPoint, Meeting
from app.coordination.queries import invited_to, sees_point
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.needs.models import Need
from app.needs.rules import OPEN
from app.overview.giving.queries import donors_of, givings
from app.overview.giving.rules import GROUPING, NOT_SAID, Choice, Giving, codes
from app.overview.giving.words import Names
from app.overview.radar.queries import radar_of, to_come
from app.overview.radar.rules import Finding
from app.overview.radar.whole import tell
from app.reference.groupings import members
from app.reports.models import RegionalReport
from app.reports.regional.rules import SIGNED

MOST_OF_KIND = 12
"""So many findings of each kind stand in a report: the widest."""


def find_regional(tx: Tx, reader: Actor, ref: str) -> RegionalReport | None:
    """The regional report with that reference, if the reader may see it: a draft is seen by its desk alone."""
    query = readable(reader, RegionalReport).where(RegionalReport.ref == ref)
    return tx.scalar(query.options(joinedload(RegionalReport.organisation)))


def list_regional(tx: Tx, reader: Actor, grouping: str = "") -> Sequence[RegionalReport]:
    """The regional reports that the reader may see, drafts first, then the latest."""
    query = readable(reader, RegionalReport)
    if grouping:
        query = query.where(RegionalReport.grouping == grouping)
    order = (RegionalReport.signed_at.desc().nulls_first(), RegionalReport.id.desc())
    return tx.scalars(query.order_by(*order).options(joinedload(RegionalReport.organisation)).limit(50)).all()


def last_signed(tx: Tx, reader: Actor, grouping: str) -> RegionalReport | None:
    """The last report of a grouping that was signed, as far as the reader may see it."""
    query = readable(reader, RegionalReport).where(RegionalReport.grouping == grouping, RegionalReport.status == SIGNED)
    return tx.scalar(query.order_by(RegionalReport.signed_at.desc(), RegionalReport.id.desc()).limit(1))


def open_needs(tx: Tx, reader: Actor, countries: Collection[str]) -> Sequence[Need]:
    """The open needs of some States, by the day until which they are wanted."""
    query = readable(reader, Need).where(
        Need.is_published, Need.status.in_(OPEN), has_code(Need, "country", sorted(countries))
    )
    order = (Need.ends_on.asc().nulls_last(), Need.posted_at.desc(), Need.id)
    return tx.scalars(query.order_by(*order).options(selectinload(Need.organisation))).all()


@dataclass(frozen=True)
class Doing:
    """Who does what: by State and theme the names of those who give, and the records that say so."""

    by_place: Mapping[tuple[str, str], Sequence[str]]
    records: Sequence[Giving]

    def themes(self) -> list[str]:
        """The themes, those in which most is done first."""
        counts = Counter[str]()
        for (_country, theme), names in self.by_place.items():
            counts[theme] += len(names)
        return sorted(counts, key=lambda theme: (-counts[theme], theme))

    def by_giver(self) -> dict[tuple[str, str], list[str]]:
        """By State and the name of who gives, the themes."""
        found: dict[tuple[str, str], list[str]] = {}
        for (country, theme), names in sorted(self.by_place.items()):
            for name in names:
                found.setdefault((country, name), []).append(theme)
        return dict(sorted(found.items()))

    def countries(self) -> list[str]:
        """The States in which anything is done."""
        return sorted({country for country, _theme in self.by_place})


def who_does_what(tx: Tx, reader: Actor, grouping: str, language: str, today: date) -> Doing:
    """The organisations at work in each member of a grouping, theme by theme; what is for all counts for each."""
    here = [one for one in givings(tx, reader, today) if Choice(grouping).wants(one)]
    names = Names(language, donors_of(tx, (one.donor for one in here)))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in here:
        for country in _countries(one, grouping):
            for theme in codes(one.themes):
                found[country, theme].add(names.donor(one.donor))
    return Doing({key: sorted(those) for key, those in found.items()}, here)


def _countries(one: Giving, grouping: str) -> set[str]:
    own, found = members(grouping), set[str]()
    for place in codes(one.places):
        if place.startswith(GROUPING):
            found |= own if place == GROUPING + grouping else set()
        elif place != NOT_SAID and place in own:
            found.add(place)
    return found


def findings_of(tx: Tx, reader: Actor, countries: Iterable[str], today: date) -> list[Finding]:
    """Gaps, crowding and collisions in some States, the widest of each kind."""
    radar, counts, told = radar_of(tx, reader, today, countries), Counter[str](), []
    for found in to_come(radar.found):
        counts[found.kind] += 1
        if counts[found.kind] <= MOST_OF_KIND:
            told.append(tell(radar, found))
    return told


def points_seen(tx: Tx, reader: Actor, rows: Iterable[Mapping[str, Any]]) -> dict[str, ActionPoint]:
    """The action points that a follow-up names, by reference, as far as the reader may see them."""
    refs = {ref for row in rows for ref in row["points"]}
    query = select(ActionPoint).join(ActionPoint.meeting).where(visible_to(reader, Meeting), ActionPoint.ref.in_(refs))
    points = tx.scalars(query.options(contains_eager(ActionPoint.meeting), joinedload(ActionPoint.organisation))).all()
    named = invited_to(tx, {point.meeting_id for point in points})
    return {
        point.ref: point
        for point in points
        if sees_point(reader, point.meeting, point, named.get(point.meeting_id, []))
    }
