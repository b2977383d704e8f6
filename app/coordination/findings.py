"""What a meeting on a country could speak of: where nothing is offered for what is asked, where several do the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.coordination.models import AgendaItem, Meeting
from app.coordination.queries import fully_seen
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import ANONYMOUS, Actor, Membership
from app.foundation.tags import has_code
from app.matching.overlaps.models import Overlap
from app.notifications.rules import Part
from app.organisations.models import Organisation
from app.overview.radar.queries import findings_in
from app.overview.radar.rules import Finding
from app.programmes.models import Programme
from app.reference.themes import themes

MOST_OF_KIND = 8
"""So many findings of each kind are offered for an agenda."""

MOST_CHOSEN = 3
"""So many of each kind are ticked when the form is opened."""


@dataclass(frozen=True)
class Found:
    """One finding on a country, and the records that it rests on. Quarters are written 2027-Q1, or empty.

    `subject` is the kind of assistance, the unit or the limit that it is about, where it is about one.
    """

    kind: str
    theme: str
    why: tuple[Message, ...]
    records: tuple[Part, ...]
    first: str = ""
    last: str = ""
    subject: str = ""

    @property
    def key(self) -> str:
        """By what a form names it: the same finding has the same key as long as it rests on the same records."""
        refs = "+".join(ref for _kind, ref in self.records[:2])
        return f"{self.kind}:{self.theme}:{self.first}:{self.last}:{self.subject}:{refs}"


def findings_on(tx: Tx, reader: Actor, iso2: str, today: date) -> list[Found]:
    """What this reader may see of gaps, crowding, collisions and overlaps in a country, the widest of a kind first."""
    found = [*map(_of_radar, findings_in(tx, reader, today, country=iso2)), *_overlaps(tx, reader, iso2)]
    counts: Counter[str] = Counter()
    shown = []
    for finding in found:
        counts[finding.kind] += 1
        if counts[finding.kind] <= MOST_OF_KIND:
            shown.append(finding)
    return shown


def _of_radar(finding: Finding) -> Found:
    return Found(
        kind=finding.kind,
        theme=finding.theme if finding.theme in themes() else "",
        why=finding.why,
        records=finding.records,
        first=str(finding.first),
        last=str(finding.last),
        subject=finding.assistance or finding.unit or finding.limit,
    )


def _overlaps(tx: Tx, reader: Actor, iso2: str) -> list[Found]:
    """Pairs of programmes of which one names the country, and which seem to do the same."""
    named = readable(reader, Programme).where(Programme.is_published, has_code(Programme, "country", [iso2]))
    here = {row.id: row for row in tx.scalars(named.options(selectinload(Programme.organisation)))}
    pairs = select(Overlap).where(Overlap.first_id.in_(here), Overlap.second_id.in_(here))
    return [
        Found(
            "overlap",
            next(iter(sorted({*here[pair.first_id].codes("theme")} & {*here[pair.second_id].codes("theme")})), ""),
            _why(pair, here[pair.first_id], here[pair.second_id]),
            (("programme", here[pair.first_id].ref), ("programme", here[pair.second_id].ref)),
        )
        for pair in tx.scalars(pairs.order_by(Overlap.score.desc(), Overlap.id))
        if here[pair.first_id].organisation_id != here[pair.second_id].organisation_id
    ]


def _why(pair: Overlap, one: Programme, other: Programme) -> tuple[Message, ...]:
    both = msg("%(one)s and %(other)s seem to do the same", one=one.organisation.name, other=other.organisation.name)
    return (both, *(Message.from_json(reason) for reason in pair.reasons))


def item_of(found: Found, position: int, today: date) -> AgendaItem:
    """A finding as an item of an agenda, in the words that it has today."""
    return AgendaItem(
        position=position,
        kind=found.kind,
        theme=found.theme,
        first_quarter=found.first,
        last_quarter=found.last,
        why=[message.as_json() for message in found.why],
        records=[list(part) for part in found.records],
        noted_on=today,
    )


def still_to_add(tx: Tx, meeting: Meeting, found: Iterable[Found]) -> list[Found]:
    """The findings that are not on the agenda yet."""
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.kind != "free")
    there = [
        (item.kind, item.theme, item.first_quarter, item.last_quarter, item.why, item.records)
        for item in tx.scalars(query)
    ]
    return [
        one
        for one in found
        if (
            one.kind, one.theme, one.first, one.last, [message.as_json() for message in one.why],
            [list(part) for part in one.records],
        )
        not in there
    ]  # fmt: skip


def widest(found: Iterable[Found]) -> list[Found]:
    """The first few of each kind, and of each theme one: what a meeting has time for."""
    counts: Counter[str] = Counter()
    chosen: dict[tuple[str, str], Found] = {}
    for one in found:
        if (one.kind, one.theme) not in chosen and counts[one.kind] < MOST_CHOSEN:
            counts[one.kind] += 1
            chosen[one.kind, one.theme] = one
    return list(chosen.values())


def hidden_from_some(tx: Tx, meeting: Meeting, found: Iterable[Found]) -> set[str]:
    """The keys of the findings that not everybody will see who may see the meeting: some may not see what is behind.

    Nothing is said of who: that would tell whom somebody else's record is shown to.
    """
    findings = list(found)
    parts = {part for finding in findings for part in finding.records}
    closed = parts - fully_seen(tx, ANONYMOUS, parts)
    for reader in _readers_of(tx, meeting) if closed else ():
        parts -= closed - fully_seen(tx, reader, closed)
    return {finding.key for finding in findings if not parts.issuperset(finding.records)}


def _readers_of(tx: Tx, meeting: Meeting) -> list[Actor]:
    """One reader of each kind that sees the meeting: anybody, somebody of a verified organisation, those invited."""
    if meeting.disclosure == "public":
        return [ANONYMOUS]
    if meeting.disclosure == "members":
        return [_member(0, "", "ngo", "verified")]
    query = select(Organisation).where(Organisation.id.in_(audience_of(tx, meeting))).order_by(Organisation.id)
    return [_member(one.id, one.ref, one.kind, one.status) for one in tx.scalars(query)]


def _member(number: int, ref: str, kind: str, status: str) -> Actor:
    return Actor(account_id=0, memberships=(Membership(number, ref, "", kind, status, "member"),))
