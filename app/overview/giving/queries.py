"""Gathering what is given, as far as one reader may see it: running programmes and accepted pledges, without rows.

What a reader may not see is not there: a pledge of a hidden need, the donor of a pledge, an amount, a tie to a hidden
record. So nothing can be found by subtraction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, select

from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.money import Money, is_currency
from app.foundation.permissions import Actor
from app.matching.relations.queries import ties_for
from app.matching.relations.totals import CHILD, CO_FUND, SAME, Key, Tie
from app.needs.models import Need, NeedTag
from app.organisations.models import Organisation
from app.overview.changes import Changed
from app.overview.coverage import field_visible
from app.overview.giving.rules import GROUPING, NOT_NAMED, Giving, Period, Shares
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import shown
from app.pledges.rules import RUNNING as RUNNING_PLEDGES
from app.programmes.models import Programme, ProgrammeLink, ProgrammeTag
from app.programmes.rules import CANCELLED, RUNNING, SUSPENDED
from app.reference.groupings import groupings

DELIVERED = "delivered"
PLACES = ("country", "grouping", "likely_country")
TIES: Mapping[str, tuple[str, bool]] = {
    "1": (CHILD, False), "2": (CHILD, True), "4": (CO_FUND, False), "5": (SAME, False),
}  # fmt: skip
"""What an IATI RelatedActivityType makes of two activities, and whether the other comes first; a sibling is none."""

Coded = dict[int, dict[str, list[tuple[str, Decimal | None]]]]


def givings(tx: Tx, reader: Actor, today: date, period: Period | None = None) -> list[Giving]:
    """What runs today, or what ran in a period: programmes that were not cancelled, pledges that were accepted."""
    return [*_programmes(tx, reader, today, period), *_pledges(tx, reader, period)]


def renewed(
    tx: Tx, reader: Actor, today: date, period: Period | None, kept: Sequence[Giving], changed: Changed
) -> list[Giving]:
    """The same as givings() after these records have changed: of them it says what is read now, of others what it said.

    A change of a pledge is a change of its need.
    """
    programmes, needs = changed.refs("programme"), changed.refs("need")
    gone = {("programme", ref) for ref in programmes}
    stays = [each for each in kept if (each.kind, each.ref) not in gone and each.need not in needs]
    read = [
        *(_programmes(tx, reader, today, period, [Programme.ref.in_(programmes)]) if programmes else ()),
        *(_pledges(tx, reader, period, [Pledge.need_ref.in_(needs)]) if needs else ()),
    ]
    return sorted([*stays, *read], key=lambda each: (each.kind != "programme", each.number))


def _programmes(
    tx: Tx, reader: Actor, today: date, period: Period | None, among: Iterable[ColumnElement[bool]] = ()
) -> list[Giving]:
    where = (visible_to(reader, Programme), Programme.is_published, _lives(today, period), *among)
    budget = case((field_visible(reader, Programme, "budget"), Programme.budget_amount))
    query = select(
        Programme.id, Programme.ref, Programme.title, Programme.language, Programme.organisation_id,
        Programme.starts_on, Programme.ends_on, budget, Programme.currency,
    ).where(*where).order_by(Programme.id)  # fmt: skip
    coded = _coded(tx, ProgrammeTag, ("theme", *PLACES), select(Programme.id).where(*where))
    return [
        Giving(
            "programme", number, ref, title, language, donor,
            themes=tuple(coded[number]["theme"]), places=_places(coded[number]), money=_money([(amount, currency)]),
            starts_on=starts_on, ends_on=ends_on,
        )
        for number, ref, title, language, donor, starts_on, ends_on, amount, currency in tx.execute(query)
    ]  # fmt: skip


def _lives(today: date, period: Period | None) -> ColumnElement[bool]:
    if period is None:
        return and_(Programme.status.in_(RUNNING), or_(Programme.ends_on.is_(None), Programme.ends_on >= today))
    return and_(
        Programme.status.not_in((CANCELLED, SUSPENDED)),
        or_(Programme.starts_on.is_(None), Programme.starts_on <= period.last),
        or_(Programme.ends_on.is_(None), Programme.ends_on >= period.first),
    )


def _pledges(tx: Tx, reader: Actor, period: Period | None, among: Iterable[ColumnElement[bool]] = ()) -> list[Giving]:
    """Accepted pledges of needs that the reader may see; what is hidden of one is left out of it."""
    received = Pledge.need_organisation_id.in_(reader.organisation_ids) if reader.organisation_ids else false()
    sees_donor, sees_amount = (or_(received, field_visible(reader, Pledge, name)) for name in ("donor", "amount"))
    statuses = RUNNING_PLEDGES if period is None else {*RUNNING_PLEDGES, DELIVERED}
    # The needs are named once inside what may be seen and once here.
    ids = shown(reader).with_only_columns(Pledge.id).subquery()
    mine = (
        select(Pledge.id)
        .join(ids, ids.c.id == Pledge.id)
        .join(Need, Need.id == Pledge.need_id)
        .where(visible_to(reader, Need), Pledge.accepted_at.is_not(None), Pledge.status.in_(statuses), *among)
    )
    columns: tuple[Any, ...] = (
        Pledge.id, Pledge.ref, Need.id, Need.title, Need.language, Need.starts_on, Need.ends_on, Pledge.accepted_at,
        Pledge.expires_on, case((sees_donor, Pledge.organisation_id)), case((sees_donor, Pledge.programme_id)),
        Pledge.need_ref,
    )  # fmt: skip
    amounts = _amounts(tx, mine.where(sees_amount))
    coded = _coded(tx, NeedTag, ("theme", "country"), mine.with_only_columns(Need.id))
    made = []
    for number, ref, need, title, language, starts, ends, accepted, expires, donor, paid_from, its in tx.execute(
        mine.with_only_columns(*columns).order_by(Pledge.id)
    ):
        # When it is delivered follows the need; a pledge says itself only until when it stands.
        days = starts or accepted.date(), ends or expires
        if period is None or period.meets(*days):
            codes = tuple(coded[need]["theme"]), _places(coded[need])
            money = _money(amounts.get(number, ()))
            made.append(
                Giving("pledge", number, ref, title, language, donor or NOT_NAMED, *codes, money, *days, paid_from, its)
            )
    return made


def _amounts(tx: Tx, pledges: Any) -> dict[int, list[tuple[Decimal | None, str]]]:
    """The amounts of the lines of these pledges."""
    query = select(PledgeLine.pledge_id, PledgeLine.amount, PledgeLine.currency)
    found: dict[int, list[tuple[Decimal | None, str]]] = defaultdict(list)
    for number, amount, currency in tx.execute(query.where(PledgeLine.pledge_id.in_(pledges))):
        found[number].append((amount, currency))
    return found


def _coded(tx: Tx, tag: Any, facets: Iterable[str], records: Any) -> Coded:
    """The codes of these records, by record and facet."""
    query = select(tag.record_id, tag.facet, tag.value, tag.share)
    found: Coded = defaultdict(lambda: defaultdict(list))
    rows = query.where(tag.facet.in_(list(facets)), tag.record_id.in_(records)).order_by(tag.record_id, tag.value)
    for number, facet, value, share in tx.execute(rows):
        found[number][facet].append((value, share))
    return found


def _places(coded: Mapping[str, list[tuple[str, Decimal | None]]]) -> Shares:
    """The countries and groupings that a record names or, where it names none, the country that it is likely about."""
    named = [*coded["country"], *((GROUPING + code, share) for code, share in coded["grouping"] if code in groupings())]
    return tuple(named or coded["likely_country"])


def _money(amounts: Iterable[tuple[Decimal | None, str]]) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for amount, currency in amounts:
        if amount is not None and amount > 0 and is_currency(currency):
            money = Money(amount, currency)
            sums[currency] = sums[currency] + money if currency in sums else money
    return tuple(sums[currency] for currency in sorted(sums))


def ties_of(tx: Tx, reader: Actor, keys: Iterable[Key]) -> list[Tie]:
    """What these programmes and pledges are to one another, where the reader may see both.

    They are told by the related activities of IATI files, and by what people declare and nobody disputes.
    """
    keys = set(keys)
    wanted = {number for kind, number in keys if kind == "programme"}
    query = (
        select(ProgrammeLink.programme_id, ProgrammeLink.kind, Programme.id)
        .join(Programme, Programme.iati_identifier == ProgrammeLink.identifier)
        .where(visible_to(reader, Programme), ProgrammeLink.kind.in_(list(TIES)))
    )
    ties = []
    for number, kind, other in tx.execute(query):
        if number in wanted and other in wanted and number != other:
            relation, is_turned = TIES[kind]
            pair = (other, number) if is_turned else (number, other)
            ties.append((("programme", pair[0]), ("programme", pair[1]), relation))
    return sorted({*ties, *ties_for(tx, reader, keys)})


def donors_of(tx: Tx, numbers: Iterable[int]) -> dict[int, Organisation]:
    """The organisations with these numbers."""
    query = select(Organisation).where(Organisation.id.in_(set(numbers)))
    return {organisation.id: organisation for organisation in tx.scalars(query)}
