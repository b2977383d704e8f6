"""How far need lines are covered, for all needs at once: what pledges.reckoning.coverage says of one line, said in SQL.

Like there, an accepted pledge that runs covers what it promises, any other what both sides have confirmed as delivered;
and like in pledges.queries.coverage_shown, a pledge that the reader may not see, or whose amount, is left out, so that
nothing of it can be found by subtraction. A test keeps the two alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Float,
    FromClause,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from app.foundation.disclosure import Audience, Owned, visible_to
from app.foundation.permissions import Actor
from app.needs.models import Need, NeedLine
from app.pledges.models import Contribution, Cover, Pledge, PledgeLine
from app.pledges.rules import RUNNING

HALF = 0.5
"""Half a hundredth of a unit, which reckoning in floating numbers may cost."""


def covered_hundredths(reader: Actor, *among: ColumnElement[bool]) -> Subquery:
    """For each need line, how many hundredths of its unit are covered and delivered, as far as this reader may see.

    `among` are criteria of needs, where only the lines of some are asked for.
    """
    share = _share_of_cost(reader)
    delivered = _delivered(share, among)
    is_running = and_(Pledge.accepted_at.is_not(None), Pledge.status.in_(RUNNING))
    arrived = func.coalesce(delivered.c.hundredths, 0.0)
    whole = func.coalesce(_hundredths(PledgeLine.quantity), share(_worth()), 0.0)
    running = case((whole > arrived, whole), else_=arrived)
    pledged = (
        select(
            PledgeLine.need_line_id.label("line_id"),
            func.sum(case((is_running, running), else_=arrived)).label("hundredths"),
            func.sum(arrived).label("delivered"),
        )
        .join(Pledge, Pledge.id == PledgeLine.pledge_id)
        .join(NeedLine, NeedLine.id == PledgeLine.need_line_id)
        .join(Need, Need.id == NeedLine.need_id)
        .outerjoin(delivered, delivered.c.pledge_line_id == PledgeLine.id)
        .where(or_(received(reader), and_(visible_to(reader, Pledge), field_visible(reader, Pledge, "amount"))), *among)
        .group_by(PledgeLine.need_line_id)
    )
    # What is no pledge is seen by whoever sees the need.
    much = _hundredths(Cover.quantity)
    others = select(
        Cover.need_line_id.label("line_id"),
        func.sum(much).label("hundredths"),
        func.sum(case((Cover.confirmed_at.is_not(None), much), else_=0.0)).label("delivered"),
    ).group_by(Cover.need_line_id)
    if among:
        others = others.join(NeedLine, NeedLine.id == Cover.need_line_id).join(Need).where(*among)
    both = union_all(pledged, others).subquery()
    sums = [func.sum(both.c[name]).label(name) for name in ("hundredths", "delivered")]
    return select(both.c.line_id, *sums).group_by(both.c.line_id).subquery()


def enough(covering: FromClause) -> ColumnElement[bool]:
    """Whether a need line that is joined to what covers it is covered whole."""
    covered: ColumnElement[bool] = func.coalesce(covering.c.hundredths, 0.0) + HALF >= _hundredths(NeedLine.quantity)
    return covered


def received(reader: Actor) -> ColumnElement[bool]:
    """The criterion that a pledge is made against a need of one's own."""
    return Pledge.need_organisation_id.in_(reader.organisation_ids) if reader.organisation_ids else false()


def field_visible(reader: Actor, model: type[Owned], field: str) -> ColumnElement[bool]:
    """The criterion of disclosure.may_see_field for rows that the reader may see."""
    if reader.is_system:
        return true()
    # A field without a tier of its own has its record's, and the record may be seen.
    tier = func.coalesce(type_coerce(model.field_disclosure, JSON)[field].as_string(), "public")
    tiers = {"public", "members"} if reader.is_verified else {"public"}
    own = model.organisation_id.in_(reader.organisation_ids) if reader.organisation_ids else false()
    return or_(own, tier.in_(tiers), and_(tier == "named", _is_named(reader, model)))


def _is_named(reader: Actor, model: type[Owned]) -> ColumnElement[bool]:
    ids = [m.organisation_id for m in reader.memberships if m.is_verified]
    query = select(Audience.record_id).where(
        Audience.record_kind == model.record_kind, Audience.record_id == model.id, Audience.organisation_id.in_(ids)
    )
    return query.exists()


def _delivered(share: Any, among: Iterable[ColumnElement[bool]]) -> Subquery:
    # A part of the promised money is worth as much of the whole worth as it is of the whole.
    part = _hundredths(Contribution.amount) / func.nullif(_hundredths(PledgeLine.amount), 0.0)
    arrived = func.coalesce(_hundredths(Contribution.quantity), share(_worth() * part), 0.0)
    query = (
        select(Contribution.pledge_line_id, func.sum(arrived).label("hundredths"))
        .join(PledgeLine, PledgeLine.id == Contribution.pledge_line_id)
        .join(NeedLine, NeedLine.id == PledgeLine.need_line_id)
        .join(Need, Need.id == NeedLine.need_id)
        .where(Contribution.donor_confirmed_at.is_not(None), Contribution.recipient_confirmed_at.is_not(None), *among)
        .group_by(Contribution.pledge_line_id)
    )
    return query.subquery()


def _hundredths(column: Any) -> Any:
    return cast(type_coerce(column, BigInteger), Float)


def _worth() -> Any:
    """The promised money in hundredths of the currency of the line's cost: as it is, or as it was reckoned."""
    return case(
        (NeedLine.currency == PledgeLine.currency, _hundredths(PledgeLine.amount)),
        (NeedLine.currency == PledgeLine.worth_currency, _hundredths(PledgeLine.worth_amount)),
    )


def _share_of_cost(reader: Actor) -> Any:
    """Money covers as much of a line as it is of the line's cost in the same currency, where one may see the cost."""
    knows_costs = field_visible(reader, Need, "budget")

    def share(hundredths: Any) -> Any:
        cost = func.nullif(_hundredths(NeedLine.cost_amount), 0.0)
        known = and_(NeedLine.cost_amount > 0, knows_costs)
        return case((known, _hundredths(NeedLine.quantity) * hundredths / cost))

    return share
