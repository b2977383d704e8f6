"""Reading pledges: who may see which, how far a need is covered, and what waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, union
from sqlalchemy.orm import lazyload, load_only, selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, may_see_field, readable, visible_to
from app.foundation.money import Money
from app.foundation.permissions import SYSTEM, Actor
from app.needs.models import Need, NeedLine
from app.pledges import reckoning
from app.pledges.models import Contribution, Cover, Pledge, PledgeLine
from app.pledges.reckoning import Asked, Claim, Coverage, Other
from app.pledges.rules import RUNNING
from app.programmes.models import Programme

WHOLE = (
    selectinload(Pledge.organisation),
    selectinload(Pledge.lines).selectinload(PledgeLine.contributions),
)


COUNTED = (
    load_only(
        Pledge.need_id, Pledge.need_organisation_id, Pledge.organisation_id, Pledge.status, Pledge.accepted_at,
        Pledge.disclosure, Pledge.field_disclosure,
    ),
    selectinload(Pledge.lines).selectinload(PledgeLine.contributions),
    lazyload(Pledge.tranches),
)  # fmt: skip
"""What is loaded to count with, and to know who may."""


@dataclass(frozen=True)
class Sight:
    """What of a pledge a reader may see: who gives, and how much."""

    donor: bool
    amount: bool


@dataclass(frozen=True)
class Waiting:
    """What waits for one person: pledges to answer, and deliveries to confirm."""

    to_answer: Sequence[Pledge]
    to_confirm: Sequence[Contribution]

    def __bool__(self) -> bool:
        return bool(self.to_answer or self.to_confirm)


def shown(reader: Actor) -> Select[Pledge]:
    """A query that yields only pledges this reader may see; every other one begins with it."""
    # disclosure: is_shown is the criterion
    return select(Pledge).where(is_shown(reader))


def is_shown(reader: Actor) -> ColumnElement[bool]:
    """The criterion of it: those that the tier shows, of needs that may be seen too, one's own, and what one receives.

    What one receives is every pledge against a need of one's own.
    """
    ids = reader.organisation_ids
    own = Pledge.organisation_id.in_(ids) if ids else false()
    received = Pledge.need_organisation_id.in_(ids) if ids else false()
    need = select(Need.id).where(Need.id == Pledge.need_id, visible_to(reader, Need)).exists()
    return or_(and_(visible_to(reader, Pledge), or_(need, own)), received)


def find_pledge(tx: Tx, reader: Actor, ref: str) -> Pledge | None:
    """The pledge with that reference, if the reader may see it."""
    return tx.scalar(shown(reader).where(Pledge.ref == ref).options(*WHOLE))


def find_contribution(tx: Tx, pledge: Pledge, ref: str) -> Contribution | None:
    """A delivery of a pledge that the caller has found for the reader."""
    query = select(Contribution).join(PledgeLine).where(PledgeLine.pledge_id == pledge.id, Contribution.ref == ref)
    return tx.scalar(query)


def pledges_on(tx: Tx, reader: Actor, need: Need) -> list[Pledge]:
    """The pledges against a need that this reader may see, oldest first."""
    return list(tx.scalars(wanted_on(reader, need).order_by(Pledge.id)))


def wanted_on(reader: Actor, need: Need) -> Select[Pledge]:
    """The pledges against a need that this reader may see, whole, in no order."""
    return shown(reader).where(Pledge.need_id == need.id).options(*WHOLE)


def pledges_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Pledge]:
    """The pledges with these numbers that the reader may see, by number."""
    query = shown(reader).where(Pledge.id.in_(ids)).options(*WHOLE)
    return {pledge.id: pledge for pledge in tx.scalars(query)}


def pledges_of(tx: Tx, reader: Actor, organisation_id: int) -> list[Pledge]:
    """The pledges of one donor that this reader may see with the donor's name, latest first."""
    query = shown(reader).where(Pledge.organisation_id == organisation_id).order_by(Pledge.id.desc())
    return [pledge for pledge in tx.scalars(query.options(*WHOLE)) if sight_of(tx, reader, pledge).donor]


def running_of(tx: Tx, reader: Actor, organisation_id: int) -> list[Pledge]:
    """The accepted pledges that one organisation gives or receives and that go on, the oldest first."""
    query = _of_either(reader, organisation_id).where(Pledge.status.in_(RUNNING), Pledge.accepted_at.is_not(None))
    return list(tx.scalars(query.order_by(Pledge.id).options(*WHOLE)))


def delivered_of(tx: Tx, reader: Actor, organisation_id: int) -> list[Pledge]:
    """The pledges that one organisation gives or receives and of which something was delivered, the oldest first."""
    query = _of_either(reader, organisation_id).where(Pledge.lines.any(PledgeLine.contributions.any()))
    return list(tx.scalars(query.order_by(Pledge.id).options(*WHOLE)))


def _of_either(reader: Actor, organisation_id: int) -> Select[Pledge]:
    either = or_(Pledge.organisation_id == organisation_id, Pledge.need_organisation_id == organisation_id)
    return shown(reader).where(either)


def need_of(tx: Tx, reader: Actor, pledge: Pledge) -> Need | None:
    """The need that a pledge is made against, if the reader may see it."""
    return tx.scalar(readable(reader, Need).where(Need.id == pledge.need_id))


def programme_of(tx: Tx, reader: Actor, pledge: Pledge) -> Programme | None:
    """The programme that a pledge is paid from, if it names one that the reader may see."""
    return tx.scalar(readable(reader, Programme).where(Programme.id == pledge.programme_id))


def programmes_of(tx: Tx, reader: Actor, organisation_ids: Iterable[int]) -> list[Programme]:
    """The programmes that these organisations may pledge from, by title."""
    query = readable(reader, Programme).where(Programme.organisation_id.in_(list(organisation_ids)))
    return list(tx.scalars(query.order_by(Programme.title, Programme.id)))


def sight_of(tx: Tx, reader: Actor, pledge: Pledge) -> Sight:
    """What of this pledge the reader may see; the recipient and the donor see everything."""
    if pledge.need_organisation_id in reader.organisation_ids:
        return Sight(donor=True, amount=True)
    named = audience_of(tx, pledge) if "named" in {pledge.disclosure, *pledge.field_disclosure.values()} else []
    return Sight(
        donor=may_see_field(reader, pledge, "donor", named), amount=may_see_field(reader, pledge, "amount", named)
    )


def is_of_either_side(reader: Actor, pledge: Pledge) -> bool:
    """Whether the reader belongs to the donor or to the recipient of the pledge."""
    return bool({pledge.organisation_id, pledge.need_organisation_id} & reader.organisation_ids)


def may_see_costs(tx: Tx, reader: Actor, need: Need) -> bool:
    """Whether the reader may see what the lines of the need cost."""
    # Whom the record names says something only where it, or a field of it, is for those who are named.
    named = audience_of(tx, need) if "named" in {need.disclosure, *need.field_disclosure.values()} else []
    return may_see_field(reader, need, "budget", named)


def coverage_of(tx: Tx, need: Need) -> dict[int, Coverage]:
    """How far each line of a need is covered, by the number of the line, counting every pledge.

    For rules and for the worker; what people are shown is `coverage_shown`.
    """
    return _coverage(need, pledges_on(tx, SYSTEM, need), covers_of(tx, need), knows_costs=True)


def coverage_shown(tx: Tx, reader: Actor, need: Need) -> dict[int, Coverage]:
    """How far each line is covered, counting only what this reader may see.

    A pledge that is hidden from the reader, or whose amount is, stays out of the totals, so that nothing of it can be
    found by subtraction. Where the reader may not see costs, money is shown beside and not reckoned in the line's unit.
    """
    return coverage_by(tx, reader, need, pledges_on(tx, reader, need))


def coverage_by(tx: Tx, reader: Actor, need: Need, pledges: Iterable[Pledge]) -> dict[int, Coverage]:
    """The same by pledges on the need that the caller has found for this reader."""
    shown = [pledge for pledge in pledges if sight_of(tx, reader, pledge).amount]
    return _coverage(need, shown, covers_of(tx, need), knows_costs=may_see_costs(tx, reader, need))


def places_of(tx: Tx, reader: Actor, needs: Sequence[Need]) -> dict[int, reckoning.Place]:
    """How far each of these needs is covered as a whole, counting only what this reader may see."""
    ids = [need.id for need in needs]
    claims: dict[int, list[Pledge]] = defaultdict(list)
    for pledge in tx.scalars(shown(reader).where(Pledge.need_id.in_(ids)).options(*COUNTED)):
        if sight_of(tx, reader, pledge).amount:
            claims[pledge.need_id].append(pledge)
    others = covers_of(tx, *needs)
    return {
        need.id: reckoning.place_of(
            _coverage(
                need, claims[need.id], others, knows_costs=bool(claims[need.id]) and may_see_costs(tx, reader, need)
            ).values()
        )
        for need in needs
    }


def covers_of(tx: Tx, *needs: Need) -> dict[int, list[Other]]:
    """What covers lines of these needs without being a pledge, by the number of the line; as visible as the need."""
    lines = [line.id for need in needs for line in need.lines]
    found: dict[int, list[Other]] = defaultdict(list)
    for row in tx.scalars(select(Cover).where(Cover.need_line_id.in_(lines)).order_by(Cover.id)):
        found[row.need_line_id].append(Other(row.quantity, row.confirmed_at is not None))
    return found


def asked_by(line: NeedLine, *, knows_costs: bool = True) -> Asked:
    """What a line of a need asks for, in the words of the rules."""
    return Asked(line.quantity, line.cost if knows_costs else None)


def claim_of(pledge: Pledge, line: PledgeLine) -> Claim:
    """What a pledge says about one line, in the words of the rules."""
    delivered = tuple((part.quantity, money_of(part)) for part in line.contributions if is_confirmed(part))
    return Claim(pledge.status, pledge.accepted_at is not None, line.quantity, line.money, delivered, line.worth)


def is_confirmed(contribution: Contribution) -> bool:
    """Whether both sides have confirmed the delivery."""
    return contribution.donor_confirmed_at is not None and contribution.recipient_confirmed_at is not None


def money_of(part: Contribution) -> Money | None:
    """The money of a delivery, if it is one of money."""
    return None if part.amount is None else Money(part.amount, part.currency)


def _coverage(
    need: Need, pledges: Iterable[Pledge], others: Mapping[int, Iterable[Other]], *, knows_costs: bool
) -> dict[int, Coverage]:
    claims: Mapping[int, list[Claim]] = defaultdict(list)
    for pledge in pledges:
        for line in pledge.lines:
            claims[line.need_line_id].append(claim_of(pledge, line))
    return {
        line.id: reckoning.coverage(asked_by(line, knows_costs=knows_costs), claims[line.id], others.get(line.id, ()))
        for line in need.lines
    }


def waiting_for(tx: Tx, reader: Actor) -> Waiting:
    """What waits for this person: pledges against own needs to answer, and deliveries that the other side recorded."""
    ids = reader.editing_ids
    if not ids:
        return Waiting((), ())
    answers = shown(reader).where(
        Pledge.need_organisation_id.in_(ids), Pledge.status == "pledged", Pledge.accepted_at.is_(None)
    )
    as_donor = and_(Pledge.organisation_id.in_(ids), Contribution.donor_confirmed_at.is_(None))
    as_recipient = and_(Pledge.need_organisation_id.in_(ids), Contribution.recipient_confirmed_at.is_(None))
    # disclosure: pledges of one's own, by two indexes, so that not every delivery of everybody is asked is_shown
    own = union(
        *(select(Pledge.id).where(side.in_(ids)) for side in (Pledge.organisation_id, Pledge.need_organisation_id))
    )
    lines = select(PledgeLine.id).where(PledgeLine.pledge_id.in_(own))
    deliveries = (
        select(Contribution)
        .join(PledgeLine, Contribution.pledge_line_id == PledgeLine.id)
        .join(Pledge, PledgeLine.pledge_id == Pledge.id)
        .where(
            Contribution.pledge_line_id.in_(lines),
            is_shown(reader),
            or_(as_donor, as_recipient),
        )
        .options(selectinload(Contribution.line).selectinload(PledgeLine.pledge))
    )
    return Waiting(
        list(tx.scalars(answers.order_by(Pledge.id).options(*WHOLE))),
        list(tx.scalars(deliveries.order_by(Contribution.id))),
    )
