"""What a meeting on a country could speak of: where nothing is offered for what is asked, where several do the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.coordination.models import AgendaItem, Meeting
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, readable, visible_to
from app.foundation.messages import Message, msg
from app.foundation.permissions import ANONYMOUS, Actor, Membership
from app.foundation.tags import has_code
from app.matching.overlaps.models import Overlap
from app.needs.models import Need
from app.needs.rules import OPEN
from app.notifications.queries import visible_records
from app.notifications.rules import Part
from app.organisations.models import Organisation
from app.overview.places import place_of_country
from app.overview.queries import gaps_by
from app.overview.rules import widest_first
from app.programmes.models import Programme

SHOWN = 20
"""So many findings are offered for an agenda, the widest gaps first."""


@dataclass(frozen=True)
class Found:
    """One finding on a country, and the records that it rests on. Quarters are written 2027-Q1, or empty."""

    kind: str
    theme: str
    why: tuple[Message, ...]
    records: tuple[Part, ...]
    first: str = ""
    last: str = ""

    @property
    def key(self) -> str:
        """By what a form names it: the same finding has the same key as long as it rests on the same records."""
        refs = "+".join(ref for _kind, ref in self.records[:2])
        return f"{self.kind}:{self.theme}:{self.first}:{self.last}:{refs}"


def findings_on(tx: Tx, reader: Actor, iso2: str, today: date) -> list[Found]:
    """What this reader may see of the gaps and overlaps in a country."""
    return [*_gaps(tx, reader, iso2, today), *_overlaps(tx, reader, iso2)][:SHOWN]


def _gaps(tx: Tx, reader: Actor, iso2: str, today: date) -> list[Found]:
    found = gaps_by(tx, reader, "theme", today, place_of_country(iso2))
    wide = [gap for gap in widest_first(found.values()) if gap.is_unanswered]
    return [
        Found(
            "gap",
            gap.code,
            (msg("%(lines)s items are asked for, and nobody offers any", lines=gap.open_lines),),
            tuple(("need", ref) for ref in _needs_behind(tx, reader, iso2, gap.code)),
        )
        for gap in wide
    ]


def _needs_behind(tx: Tx, reader: Actor, iso2: str, theme: str) -> Sequence[str]:
    here = (has_code(Need, "country", [iso2]), has_code(Need, "theme", [theme]))
    query = select(Need.ref).where(visible_to(reader, Need), Need.is_published, Need.status.in_(OPEN), *here)
    return tx.scalars(query.order_by(Need.id)).all()


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


def hidden_from_some(tx: Tx, meeting: Meeting, found: Iterable[Found]) -> set[str]:
    """The keys of the findings that not everybody will see who may see the meeting: some may not see what is behind.

    Nothing is said of who: that would tell whom somebody else's record is shown to.
    """
    findings = list(found)
    parts = {part for finding in findings for part in finding.records}
    closed = parts - visible_records(tx, ANONYMOUS, parts)
    for reader in _readers_of(tx, meeting) if closed else ():
        parts -= closed - visible_records(tx, reader, closed)
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
