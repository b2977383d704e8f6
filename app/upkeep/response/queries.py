"""What is measured: the questions that organisations are asked here, each with when it was put and answered.

A feature that has one more adds it with `register_clock`, in one line of the wiring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import func, select

from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.needs.rules import OPEN
from app.organisations.models import Organisation
from app.organisations.queries import offices
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.pledges.queries import shown as shown_pledges
from app.upkeep.clocks.models import NeedMoment
from app.upkeep.clocks.queries import posted_needs
from app.upkeep.clocks.rules import ACKNOWLEDGED, HAND
from app.upkeep.response.rules import Span, Times, times_of

Query: TypeAlias = Callable[[Tx, Actor], Iterable[Span]]
"""Every question of one kind that this reader may know of."""


@dataclass(frozen=True)
class Measured:
    """One kind of question; `label` is what the organisation does when it answers."""

    name: str
    label: Message
    query: Query


_MEASURED: dict[str, Measured] = {}


def register_clock(name: str, label: Message, query: Query) -> None:
    """Let one more kind of answer be measured."""
    _MEASURED[name] = Measured(name, label, query)


def measured() -> list[Measured]:
    """Everything that is measured, in the order in which it was registered."""
    return list(_MEASURED.values())


@dataclass(frozen=True)
class Row:
    """How long one organisation takes to answer one kind of question."""

    organisation: Organisation
    times: Times


def rows_of(tx: Tx, reader: Actor, which: Measured, now: datetime) -> list[Row]:
    """The organisations that were asked, the slowest first: all for the secretariat, for a desk its members."""
    times = times_of(which.query(tx, reader), now)
    query = select(Organisation).where(Organisation.id.in_([one.organisation_id for one in times]))
    if not reader.is_secretariat:
        query = query.where(Organisation.country.in_(sorted(reader.desk_countries)))
    here = {one.id: one for one in tx.scalars(query)}
    return [Row(here[one.organisation_id], one) for one in times if one.organisation_id in here]


# --- what this feature measures by itself ---


def pledges_answered(tx: Tx, reader: Actor) -> Iterable[Span]:
    """From a pledge to the word of the State that it was offered to."""
    first = (
        select(AuditEvent.record_ref, func.min(AuditEvent.happened_at).label("at"))
        .where(AuditEvent.action.in_(("pledge.accepted", "pledge.declined")))
        .group_by(AuditEvent.record_ref)
        .subquery()
    )
    query = shown_pledges(reader).outerjoin(first, first.c.record_ref == Pledge.ref)
    posted = query.where(Pledge.posted_at.is_not(None), Pledge.status != "interest")
    wanted = posted.with_only_columns(Pledge.need_organisation_id, Pledge.posted_at, first.c.at, Pledge.status)
    for number, began, ended, status in tx.execute(wanted):
        # What was taken back before anybody answered is no answer, and nobody waits for one any more.
        if ended is not None or status == "pledged":
            yield number, began, ended


def deliveries_confirmed(tx: Tx, reader: Actor) -> Iterable[Span]:
    """From the word of one side of a delivery to that of the other."""
    sides = (Pledge.id, Pledge.organisation_id, Pledge.need_organisation_id)
    seen = shown_pledges(reader).with_only_columns(*sides).subquery()
    said = (Contribution.donor_confirmed_at, Contribution.recipient_confirmed_at)
    query = (
        select(*said, seen.c.organisation_id, seen.c.need_organisation_id)
        .join(PledgeLine, PledgeLine.id == Contribution.pledge_line_id)
        .join(seen, seen.c.id == PledgeLine.pledge_id)
    )
    for donor, recipient, donor_id, recipient_id in tx.execute(query):
        if donor is not None and (recipient is None or donor <= recipient):
            yield recipient_id, donor, recipient
        elif recipient is not None:
            yield donor_id, recipient, donor


def needs_acknowledged(tx: Tx, reader: Actor) -> Iterable[Span]:
    """From the posting of a need to its acknowledgement; as long as nobody has, the secretariat lets it wait."""
    needs: dict[int, Need] = {need.id: need for need in posted_needs(tx, reader)}
    query = select(NeedMoment.need_id, NeedMoment.organisation_id, NeedMoment.happened_at).where(
        NeedMoment.need_id.in_(needs), NeedMoment.what == ACKNOWLEDGED, NeedMoment.how == HAND
    )
    done = {number: (organisation_id, at) for number, organisation_id, at in tx.execute(query)}
    office = next(iter(offices(tx)), None)
    for number, need in needs.items():
        assert need.posted_at is not None
        organisation_id, ended = done.get(number, (office.id if office else None, None))
        if organisation_id is not None and (ended is not None or need.status in OPEN):
            yield organisation_id, need.posted_at, ended


def register_own() -> None:
    """Measure what this feature knows of by itself."""
    register_clock("pledges", msg("Answers to pledges"), pledges_answered)
    register_clock("deliveries", msg("Confirmations of deliveries"), deliveries_confirmed)
    register_clock("acknowledgements", msg("Acknowledgements of needs"), needs_acknowledged)


def longest(rows: Sequence[Row]) -> int:
    """The longest bar of a picture, in days; never nothing, so that one can divide by it."""
    return max((one.times.most or 0 for one in rows), default=0) or 1
